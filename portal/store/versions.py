"""Issued versions: manifests of revisions and their hashes, added and read and never changed."""

from collections.abc import Mapping
from typing import Any

from portal.domain.decision import Version, VersionSection
from portal.domain.error import NotFound
from portal.domain.plan import Plan
from portal.domain.state import VersionKind
from portal.store.codec import Document, child_in, child_out, mark_in, mark_out, sign_off_in, sign_off_out
from portal.store.database import Database, Session
from portal.store.plans import keyed


def add(db: Database, plan: Plan, version: Version, head: bytes, session: Session) -> None:
    document: Document = {
        "_id": f"{plan.id}:v{version.number}",
        "authority": plan.authority,
        "plan": plan.id,
        "number": version.number,
        "kind": version.kind.value,
        "by": mark_out(version.by),
        "agency_name": version.agency_name,
        "authority_name": version.authority_name,
        "commissioner": version.commissioner,
        "cover": db.seal(child_out(version.cover)),
        "cover_salt": version.cover_salt,
        "sections": [_version_section_out(each) for each in version.sections],
        "hash": version.hash,
        "head": head,
    }
    db["versions"].insert_one(document, session=session)


def find(db: Database, plan_id: str, number: int) -> Version:
    document = db["versions"].find_one(keyed(plan_id, f":v{number}"))
    if document is None:
        raise NotFound("no such version")
    return Version(
        number=document["number"],
        kind=VersionKind(document["kind"]),
        by=mark_in(document["by"]),
        agency_name=document["agency_name"],
        authority_name=document["authority_name"],
        commissioner=document["commissioner"],
        cover=child_in(db.unseal(document["cover"])),
        cover_salt=bytes(document["cover_salt"]),
        sections=tuple(_version_section_in(each) for each in document["sections"]),
        hash=bytes(document["hash"]),
        head=bytes(document["head"]),
    )


def _version_section_out(each: VersionSection) -> Document:
    return {
        "letter": each.letter,
        "revision": each.revision,
        "hash": each.hash,
        "sign_offs": [sign_off_out(signed) for signed in each.sign_offs],
        "reason": each.reason,
        "reason_salt": each.reason_salt,
        "agreed": each.agreed,
    }


def _version_section_in(document: Mapping[str, Any]) -> VersionSection:
    return VersionSection(
        document["letter"],
        document["revision"],
        bytes(document["hash"]),
        tuple(sign_off_in(each) for each in document["sign_offs"]),
        document["reason"],
        bytes(document["reason_salt"]),
        document["agreed"],
    )
