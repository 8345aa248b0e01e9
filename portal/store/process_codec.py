"""Representations, consultations and ordered words as documents, and back."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from portal.domain.consultation import Consulted
from portal.domain.pinned import Pinned
from portal.domain.process_account import Process
from portal.domain.representation import Representation

Document = dict[str, Any]


def process_out(process: Process) -> Document:
    """The three lists of a plan's document."""
    return {
        "representations": [vars(each) for each in process.representations],
        "consulted": [_consulted_out(each) for each in process.consulted],
        "ordered": [vars(each) for each in process.ordered],
    }


def process_in(document: Mapping[str, Any]) -> Process:
    """A plan of before has none of them."""
    return Process(
        tuple(Representation(**each) for each in document.get("representations", ())),
        tuple(_consulted_in(each) for each in document.get("consulted", ())),
        tuple(_pinned_in(each) for each in document.get("ordered", ())),
    )


def _consulted_out(one: Consulted) -> Document:
    days = {"on": one.on.isoformat(), "replied": one.replied.isoformat() if one.replied else ""}
    return {**vars(one), "pack": list(one.pack), **days}


def _consulted_in(document: Mapping[str, Any]) -> Consulted:
    replied = date.fromisoformat(document["replied"]) if document["replied"] else None
    days = {"on": date.fromisoformat(document["on"]), "replied": replied}
    return Consulted(**{**document, "pack": tuple(document["pack"]), **days})


def _pinned_in(document: Mapping[str, Any]) -> Pinned:
    return Pinned(**{**document, "salt": bytes(document["salt"]), "hash": bytes(document["hash"])})
