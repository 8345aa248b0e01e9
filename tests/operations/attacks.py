"""Everything that somebody can change who has the database as root, each with what is said where it is found."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from bson.binary import Binary
from pymongo.database import Database as Mongo

from portal.domain import hashing
from portal.domain.content import content_hash
from portal.store.codec import content_in

Raw = Mongo[dict[str, Any]]
Change = Callable[[Raw, str], None]


def mine(plan_id: str) -> dict[str, str]:
    return {"authority": "nmr", "plan": plan_id}


def change_text(root: Raw, plan: str) -> None:
    place = {**mine(plan), "_id": f"{plan}:F:1"}
    assert (
        root["section_revisions"]
        .update_one(place, {"$set": {"content.items.0.slots.what.v": "Speech therapy, if there is time"}})
        .modified_count
    )


def change_text_and_its_hash(root: Raw, plan: str) -> None:
    change_text(root, plan)
    kept = root["section_revisions"].find_one({**mine(plan), "_id": f"{plan}:F:1"})
    assert kept
    again = content_hash("F", content_in(kept["content"]))
    root["section_revisions"].update_one({**mine(plan), "_id": kept["_id"]}, {"$set": {"hash": again}})


def change_the_plan_itself(root: Raw, plan: str) -> None:
    place = {"authority": "nmr", "_id": plan}
    change = {"$set": {"sections.F.content.items.0.slots.what.v": "Less of it"}}
    assert root["plans"].update_one(place, change).modified_count


def drop_a_link(root: Raw, plan: str) -> None:
    assert root["chain"].delete_one({**mine(plan), "sequence": 5}).deleted_count


def cut_the_chain(root: Raw, plan: str) -> None:
    assert root["chain"].delete_many({**mine(plan), "sequence": {"$gt": 12}}).deleted_count


def recompute_the_whole_chain(root: Raw, plan: str) -> None:
    """Everything over the entry made good, the plan's own head too: only the signed checkpoint still knows."""
    previous = b""
    for link in list(root["chain"].find(mine(plan)).sort("sequence", 1)):
        facts = {**link["facts"], **({"agency_name": "Somebody else"} if link["sequence"] == 1 else {})}
        now_hash = hashing.entry(previous, facts)
        change = {"facts": facts, "previous": previous, "hash": now_hash}
        root["chain"].update_one({"authority": "nmr", "_id": link["_id"]}, {"$set": change})
        root["versions"].update_many({**mine(plan), "head": link["hash"]}, {"$set": {"head": now_hash}})
        previous = now_hash
    root["plans"].update_one({"authority": "nmr", "_id": plan}, {"$set": {"head": previous}})


def drop_a_revision(root: Raw, plan: str) -> None:
    assert root["section_revisions"].delete_one({**mine(plan), "_id": f"{plan}:B:1"}).deleted_count


def past_the_schema(root: Raw, name: str, query: dict[str, Any], change: Any) -> None:
    """A change that the server's own schema would refuse, as the retention user's are let past it."""
    updates = [{"q": query, "u": change, "multi": isinstance(change, list)}]
    root.command({"update": name, "updates": updates, "bypassDocumentValidation": True})


def empty_a_revision(root: Raw, plan: str) -> None:
    place = {**mine(plan), "_id": f"{plan}:B:1"}
    past_the_schema(root, "section_revisions", place, {"$unset": {"content": ""}})


def add_a_sign_off(root: Raw, plan: str) -> None:
    kept = root["plans"].find_one({"authority": "nmr", "_id": plan})
    assert kept
    (signed,) = kept["sections"]["B"]["sign_offs"]
    forged = {**signed, "by": {**signed["by"], "person": "somebodyelse0000"}}
    change = {"$push": {"sections.B.sign_offs": forged}}
    root["plans"].update_one({"authority": "nmr", "_id": plan}, change)


def change_an_answer(root: Raw, plan: str) -> None:
    query = {**mine(plan), "beside.words": {"$exists": True}}
    assert root["statements"].update_one(query, {"$set": {"beside.words": "We agree with all of it."}}).modified_count


def change_a_version(root: Raw, plan: str) -> None:
    place = {**mine(plan), "_id": f"{plan}:v2"}
    assert root["versions"].update_one(place, {"$set": {"sections.0.agreed": False}}).modified_count


def drop_a_version(root: Raw, plan: str) -> None:
    assert root["versions"].delete_one({**mine(plan), "_id": f"{plan}:v1"}).deleted_count


def point_a_link_at_other_words(root: Raw, plan: str) -> None:
    place = {**mine(plan), "sequence": {"$gte": 5}, "revisions.B": {"$gte": 1}}
    assert root["chain"].update_one(place, {"$set": {"revisions.B": 0}}).modified_count


def change_a_digest(root: Raw, plan: str) -> None:
    assert root["documents"].update_one(mine(plan), {"$set": {"digest": "0" * 64}}).modified_count


def break_a_revision(root: Raw, plan: str) -> None:
    place = {**mine(plan), "_id": f"{plan}:D:0"}
    assert root["section_revisions"].update_one(place, {"$set": {"content": {"items": 7}}}).modified_count


def break_a_cover(root: Raw, plan: str) -> None:
    place = {**mine(plan), "_id": f"{plan}:v1"}
    kept = root["versions"].find_one(place)
    assert kept
    broken = Binary(kept["cover"][:-1] + bytes([kept["cover"][-1] ^ 1]), kept["cover"].subtype)
    assert root["versions"].update_one(place, {"$set": {"cover": broken}}).modified_count


def change_the_plan(root: Raw, plan: str, change: dict[str, Any]) -> None:
    past_the_schema(root, "plans", {"authority": "nmr", "_id": plan}, change)


def bring_back_a_withdrawn_sign_off(root: Raw, plan: str) -> None:
    given = root["chain"].find_one(
        {**mine(plan), "kind": "section_signed", "facts.section": "C"}, sort=[("sequence", 1)]
    )
    kept = root["plans"].find_one({"authority": "nmr", "_id": plan})
    assert given
    assert kept
    (signed,) = kept["sections"]["C"]["sign_offs"]
    back = {**signed, "by": {**signed["by"], "at": given["at"]}}
    change_the_plan(root, plan, {"$set": {"sections.C.sign_offs": [back]}})


def take_a_sign_off_away(root: Raw, plan: str) -> None:
    change_the_plan(root, plan, {"$set": {"sections.G.sign_offs": []}})


def take_a_section_away(root: Raw, plan: str) -> None:
    change_the_plan(root, plan, {"$unset": {"sections.F": ""}})


def change_the_stage(root: Raw, plan: str) -> None:
    change_the_plan(root, plan, {"$set": {"state": "drafting"}})


def invent_two_confirmations(root: Raw, plan: str) -> None:
    at = datetime.now(UTC)
    two = [{"person": each, "name": "", "agency": "northmere-council", "at": at} for each in ("first", "second")]
    change_the_plan(root, plan, {"$set": {"keeping": {"hold": None, "confirmed": two}}})


def invent_a_hold(root: Raw, plan: str) -> None:
    by = {"person": "first", "name": "", "agency": "northmere-council", "at": datetime.now(UTC)}
    hold = {"by": by, "words": "Never let it go.", "revision": 0}
    change_the_plan(root, plan, {"$set": {"keeping": {"hold": hold, "confirmed": []}}})


def change_the_last_writer(root: Raw, plan: str) -> None:
    """Who issues a final may not have changed B, F or I last: this is what is asked."""
    change_the_plan(root, plan, {"$set": {"sections.B.changed.person": "somebodyelse0000"}})


def change_what_was_sent_back(root: Raw, plan: str) -> None:
    change_the_plan(root, plan, {"$set": {"sections.D.handed_over": None}})


def forget_a_version(root: Raw, plan: str) -> None:
    change_the_plan(root, plan, {"$pop": {"versions": 1}})


def forget_an_answer(root: Raw, plan: str) -> None:
    change_the_plan(root, plan, {"$set": {"answers": []}})


def change_an_author(root: Raw, plan: str) -> None:
    place = {**mine(plan), "_id": f"{plan}:F:1"}
    assert root["section_revisions"].update_one(place, {"$set": {"by.person": "somebodyelse0000"}}).modified_count


def change_an_authors_agency(root: Raw, plan: str) -> None:
    place = {**mine(plan), "_id": f"{plan}:F:1"}
    assert root["section_revisions"].update_one(place, {"$set": {"agency_name": "Somebody else"}}).modified_count


def change_when_it_was_written(root: Raw, plan: str) -> None:
    place = {**mine(plan), "_id": f"{plan}:F:0"}
    change = {"$set": {"by.at": datetime(2020, 1, 1, tzinfo=UTC)}}
    assert root["section_revisions"].update_one(place, change).modified_count


def change_a_kind(root: Raw, plan: str) -> None:
    place = {**mine(plan), "sequence": 5}
    assert root["chain"].update_one(place, {"$set": {"kind": "section_signed"}}).modified_count


def change_a_time(root: Raw, plan: str) -> None:
    place = {**mine(plan), "sequence": 5}
    assert root["chain"].update_one(place, {"$set": {"at": datetime(2020, 1, 1, tzinfo=UTC)}}).modified_count


def change_a_printed_sign_off(root: Raw, plan: str) -> None:
    place = {**mine(plan), "_id": f"{plan}:v2"}
    change = {"$set": {"sections.1.sign_offs.0.agency_name": "Somebody else"}}
    assert root["versions"].update_one(place, change).modified_count


def change_who_issued(root: Raw, plan: str) -> None:
    place = {**mine(plan), "_id": f"{plan}:v2"}
    assert root["versions"].update_one(place, {"$set": {"agency_name": "Somebody else"}}).modified_count


def put_a_gravestone(root: Raw, plan: str) -> None:
    """As portal/store/retention.py leaves it, though nobody has confirmed anything."""
    at = datetime.now(UTC)
    kept = root["plans"].find_one({"authority": "nmr", "_id": plan})
    assert kept
    stone = {"authority": "nmr", "sequence": kept["sequence"], "head": kept["head"], "destroyed": at}
    change_the_plan(root, plan, stone)
    for name, stays in (("section_revisions", ("section", "number", "hash")), ("versions", ("number", "hash", "head"))):
        left = dict.fromkeys(("authority", "plan", *stays), 1)
        past_the_schema(root, name, mine(plan), [{"$project": left}, {"$set": {"destroyed": at}}])
    root["statements"].delete_many(mine(plan))
    root["documents"].delete_many(mine(plan))


def call_a_revision_destroyed(root: Raw, plan: str) -> None:
    place = {**mine(plan), "_id": f"{plan}:B:1"}
    change = {"$unset": {"content": "", "by": ""}, "$set": {"destroyed": datetime.now(UTC)}}
    past_the_schema(root, "section_revisions", place, change)


def take_the_plan_away(root: Raw, plan: str) -> None:
    assert root["plans"].delete_one({"authority": "nmr", "_id": plan}).deleted_count


def take_the_plan_and_its_words_away(root: Raw, plan: str) -> None:
    take_the_plan_away(root, plan)
    assert root["section_revisions"].delete_many(mine(plan)).deleted_count


def leave_revisions_alone(root: Raw, plan: str) -> None:
    take_the_plan_away(root, plan)
    for name in ("chain", "versions", "statements"):
        assert root[name].delete_many(mine(plan)).deleted_count


ATTACKS: list[tuple[Change, str]] = [
    (change_text, "section F, revision 1: its words are not those that were saved"),
    (change_text_and_its_hash, "section F, revision 1: the chain has it otherwise"),
    (change_the_plan_itself, "section F: its words were changed"),
    (drop_a_link, "entry 5: it is missing or out of order"),
    (cut_the_chain, "the chain: it does not end where the plan does"),
    (recompute_the_whole_chain, "it is not the one that was signed"),
    (drop_a_revision, "section B, revision 1: it is missing"),
    (empty_a_revision, "section B, revision 1: its words are gone"),
    (add_a_sign_off, "section B: a sign-off of revision 1 does not stand on the chain"),
    (bring_back_a_withdrawn_sign_off, "section C: a sign-off of revision 1 does not stand on the chain"),
    (take_a_sign_off_away, "section G: a sign-off of revision 1 was taken from the plan"),
    (take_a_section_away, "section F: the plan has lost it"),
    (change_the_stage, "the plan: its stage is not the one that the chain leads to"),
    (invent_two_confirmations, "the plan: the confirmations that it may be destroyed are not those on the chain"),
    (invent_a_hold, "the plan: its hold is not as the chain says"),
    (change_the_last_writer, "section B: who changed it last is not as the chain says"),
    (change_what_was_sent_back, "section D: whether it was handed over or sent back is not as the chain says"),
    (forget_a_version, "the plan: its versions are not those that the chain names"),
    (forget_an_answer, "the plan: its answers are not those on the chain"),
    (change_an_author, "section F, revision 1: its author is not as the chain says"),
    (change_an_authors_agency, "section F, revision 1: its author is not as the chain says"),
    (change_when_it_was_written, "section F, revision 0: its author is not as the chain says"),
    (change_a_kind, "entry 5: its kind or its time is not that of its facts"),
    (change_a_time, "entry 5: its kind or its time is not that of its facts"),
    (change_a_printed_sign_off, "version 2: it prints a sign-off of section B that is not on the chain"),
    (change_who_issued, "version 2: the agency that issued it is not as the chain says"),
    (put_a_gravestone, "its chain does not end with two people's confirmation and no hold"),
    (call_a_revision_destroyed, "section B, revision 1: its words are gone"),
    (take_the_plan_away, "there is no such plan, though its chain or some of its words are kept"),
    (take_the_plan_and_its_words_away, "it was signed for, and there is no such plan now"),
    (leave_revisions_alone, "there is no such plan, though its chain or some of its words are kept"),
    (change_an_answer, "what stands beside it is not what was said"),
    (change_a_version, "version 2: it is not what was issued"),
    (drop_a_version, "the versions: they are not those that the chain says were issued"),
    (break_a_revision, "something of it can't be read (TypeError)"),
    (break_a_cover, "something of it can't be read (EncryptionError)"),
    (point_a_link_at_other_words, "it names other revisions than those that stood then"),
    (change_a_digest, "the PDF of version 2: it is not the one that was kept"),
]
