"""What a process remembers: made once, bounded, never under another key, and safe between threads."""

import pytest

from portal.memory import Memory
from tests.at_once import at_once


def test_what_is_remembered_is_made_once() -> None:
    memory: Memory[str] = Memory(2)
    made: list[str] = []

    def make() -> str:
        made.append("a thing")
        return made[-1]

    assert [memory.get("key", make) for _ in range(3)] == ["a thing"] * 3
    assert made == ["a thing"]


@pytest.mark.parametrize("thing", ["", 0, False, (), {}])
def test_a_thing_that_is_empty_is_remembered_like_any_other(thing: object) -> None:
    memory: Memory[object] = Memory(2)
    memory.keep("key", thing)
    assert memory.get("key", lambda: "another") == thing


def test_what_could_not_be_made_is_made_again_when_it_is_asked_for_again() -> None:
    memory: Memory[str] = Memory(2)

    def fail() -> str:
        raise LookupError

    with pytest.raises(LookupError):
        memory.get("key", fail)
    assert memory.recall("key") is None
    assert memory.get("key", lambda: "made at last") == "made at last"


def test_the_thing_that_was_used_least_lately_goes_first_and_there_are_never_more_than_it_holds() -> None:
    memory: Memory[int] = Memory(3)
    for number in range(3):
        memory.keep(number, number)
    assert memory.recall(0) == 0
    memory.keep(3, 3)
    assert [memory.recall(each) for each in range(4)] == [0, None, 2, 3]
    for number in range(100):
        memory.keep(number, number)
    assert [each for each in range(100) if memory.recall(each) is not None] == [97, 98, 99]


def test_what_is_kept_anew_or_forgotten_is_never_recalled_as_it_was() -> None:
    memory: Memory[str] = Memory(2)
    memory.keep("key", "before")
    assert memory.keep("key", "after") == "after"
    assert memory.recall("key") == "after"
    memory.forget("key")
    memory.forget("key")
    assert memory.recall("key") is None


def test_keys_that_differ_in_one_part_share_nothing() -> None:
    memory: Memory[str] = Memory(9)
    keys = [("plan", 1, "parent"), ("plan", 2, "parent"), ("plan", 1, "parents"), ("plan", "1", "parent"), "plan"]
    for at, key in enumerate(keys):
        memory.keep(key, f"thing {at}")
    assert [memory.recall(key) for key in keys] == [f"thing {at}" for at in range(len(keys))]


def test_threads_that_make_keep_and_forget_at_once_are_each_given_what_belongs_to_their_key() -> None:
    memory: Memory[int] = Memory(5)

    def use(begin: int) -> None:
        for turn in range(2000):
            key = (begin + turn) % 11
            assert memory.get(key, lambda key=key: key * key) == key * key  # type: ignore[misc]  # bound here
            if turn % 7 == 0:
                memory.forget(key)

    assert at_once(*[lambda begin=begin: use(begin) for begin in range(8)]) == []
