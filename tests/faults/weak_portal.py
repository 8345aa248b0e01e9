"""The portal with its promise weakened from outside: a save is acknowledged as soon as one server has it in memory."""

from tests.faults.ready_portal import app  # isort: skip  # first, since it is patched before anything is imported

from pymongo import WriteConcern

from portal.store import database

__all__ = ["app"]

assert database.DURABLE.document["w"] == "majority"
database.DURABLE = WriteConcern(w=1, j=False)
