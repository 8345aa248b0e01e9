"""One portal for this folder; a module that counts what is in the whole database has one of its own."""

from tests.one_portal import app, db, settings

__all__ = ["app", "db", "settings"]  # of one portal for this folder
