"""Requests for advice, and which words were made of which, to documents and back."""

from collections.abc import Mapping
from typing import Any

from portal.domain.actor import Role
from portal.domain.advice import AdviceRequest, AdviceState, Adviser, Given, Side, Taken
from portal.store.codec import Document, mark_in, mark_out


def request_out(request: AdviceRequest) -> Document:
    to = request.to
    return {
        "number": request.number,
        "ref": request.ref,
        "kind": request.kind,
        "to": {**vars(to), "role": to.role.value},
        "by": mark_out(request.by),
        "state": request.state.value,
        "chased": [mark_out(each) for each in request.chased],
        "reuses": request.reuses,
        "agreed": [each.value for each in request.agreed],
        "given": [
            {"number": each.number, "by": mark_out(each.by), "item": each.item, "hash": each.hash}
            for each in request.given
        ],
    }


def request_in(document: Mapping[str, Any]) -> AdviceRequest:
    given = document["given"]
    return AdviceRequest(
        number=document["number"],
        ref=document["ref"],
        kind=document["kind"],
        to=Adviser(**{**document["to"], "role": Role(document["to"]["role"])}),
        by=mark_in(document["by"]),
        state=AdviceState(document["state"]),
        chased=tuple(mark_in(each) for each in document["chased"]),
        reuses=document["reuses"],
        agreed=tuple(Side(each) for each in document["agreed"]),
        given=tuple(Given(each["number"], mark_in(each["by"]), each["item"], bytes(each["hash"])) for each in given),
    )


def taken_out(taken: Taken) -> Document:
    return dict(vars(taken))


def taken_in(document: Mapping[str, Any]) -> Taken:
    return Taken(**document)
