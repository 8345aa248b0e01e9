"""How a fault of the database is named in a log: by its kind, its number and its labels, and by no word of it."""

from pymongo.errors import AutoReconnect, OperationFailure

from portal.store.database import kind_of


def test_a_fault_is_named_by_its_kind_and_its_number_and_never_by_its_message() -> None:
    assert kind_of(OperationFailure("dup key: Amira Rahman", 112)) == "OperationFailure 112"
    assert kind_of(AutoReconnect("connection closed")) == "AutoReconnect"


def test_it_says_whether_it_could_have_been_tried_again() -> None:
    details = {"errorLabels": ["TransientTransactionError", "SomethingElse"]}
    assert kind_of(OperationFailure("Amira", 112, details)) == "OperationFailure 112 TransientTransactionError"
