"""How a page stands with whoever must prove who they are before its button is pressed, and what they typed there."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import request

from portal.domain.step_up import is_fresh
from portal.operations import step_up
from portal.web import current
from portal.web.security import FIELD

# What the page gives its forms anew each time, and a child's number, which is typed anew rather than kept.
NOT_TYPED = (FIELD, "request_id", "nhs_number")


@dataclass(frozen=True)
class Proof:
    """`typed` is what the form held when its author was sent away to prove who they are; None when nobody was."""

    fresh: bool
    typed: Mapping[str, str] | None = None

    @property
    def came_back(self) -> bool:
        return self.fresh and self.typed is not None


def proof() -> Proof:
    """The signed-on person's proof on this page. Opening the page gives back what was typed there, and only once."""
    actor, moment = current.actor(), current.moment()
    typed = step_up.take(current.db(), actor.person, request.path, moment) if request.method == "GET" else None
    return Proof(is_fresh(actor, moment.wall), typed)


def proof_at(kind: str) -> tuple[Proof, str]:
    """The proof on a page whose address says of which `kind` it is, and that kind: whoever comes back comes to theirs.

    The way to the provider and back carries no more than the page itself.
    """
    proved = proof()
    left = (proved.typed or {}).get("kind", "")
    return (Proof(proved.fresh), kind) if kind and kind != left else (proved, left)


def keep_typed(page: str) -> None:
    """Keep what this request's form holds, for the page it came from."""
    typed = {name: text for name, text in request.form.items() if name not in NOT_TYPED}
    step_up.keep(current.db(), current.actor().person, page, typed, current.moment())
