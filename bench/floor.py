"""The floor: bare Flask behind the same server, saving what the product saves and answering from memory."""

import copy
import hashlib
import os
from pathlib import Path
from typing import Any

from flask import Flask, Response, jsonify, render_template, request, template_rendered
from jinja2 import Template
from pymongo import MongoClient, ReadPreference, ReplaceOne, UpdateOne, WriteConcern
from pymongo.client_session import ClientSession
from pymongo.read_concern import ReadConcern

from bench import pattern
from bench.pattern import Document, filled
from portal import app as portal_app
from portal.config import read_settings

ROOT = Path(__file__).resolve().parents[1]
DURABLE = WriteConcern(w="majority", j=True, wtimeout=10_000)
PAGE = "plans/show.html"
READY = b"ready"


class Save:
    """The bare transaction: one read for the guard, then the writes of the pattern. No session, permission or HTML."""

    def __init__(self, uri: str, name: str, kept: Path) -> None:
        self.client: MongoClient[Document] = MongoClient(
            uri, tz_aware=True, w="majority", journal=True, readConcernLevel="majority"
        )
        self.db = self.client[name]
        found = pattern.kept(kept)
        self.writes, self.marks = found["writes"], found["marks"]

    def __call__(self, plan: str, sent: dict[str, str]) -> None:
        found = self.db["plans"].find_one(place_of(plan), {"sequence": 1, "head": 1})
        assert found
        marks = self._marks(plan, found, sent)
        self._commit([filled(each, marks) for each in self.writes])

    def _commit(self, writes: list[Document]) -> None:
        def body(session: ClientSession) -> None:
            for each in writes:
                self._write(each, session)

        with self.client.start_session() as session:
            session.with_transaction(body, ReadConcern("snapshot"), DURABLE, ReadPreference.PRIMARY)

    def _marks(self, plan: str, found: Document, sent: dict[str, str]) -> dict[Any, Any]:
        """What stands in place of each mark: this plan's numbers, these words, and their hashes."""
        old = self.marks
        words = hashlib.sha256((sent["effect"] + sent["strengths"]).encode()).digest()
        link = hashlib.sha256(bytes(found["head"]) + words).digest()
        revision, sequence = int(sent["revision"]), int(found["sequence"])
        return {
            old["sequence"]: sequence,
            old["sequence"] + 1: sequence + 1,
            old["revision"] + 1: revision + 1,
            old["head"]: bytes(found["head"]),
            old["link"]: link,
            old["hash"]: words,
            old["plan"]: plan,
            str(old["sequence"] + 1): str(sequence + 1),
            str(old["revision"] + 1): str(revision + 1),
            old["request"]: sent["request_id"],
            old["hash"].hex(): words.hex(),
            old["effect"]: sent["effect"],
            old["strengths"]: sent["strengths"],
        }

    def _write(self, write: Document, session: ClientSession) -> None:
        if "insert" in write:
            self.db[write["insert"]].insert_many(write["documents"], session=session)
            return
        changes = [
            ReplaceOne(each["q"], each["replace"]) if "replace" in each else UpdateOne(each["q"], each["u"])
            for each in write["updates"]
        ]
        done = self.db[write["update"]].bulk_write(changes, session=session)
        assert done.matched_count == len(changes)


class SnapshotSave(Save):
    """The same save by a design that keeps whole plans: the plan replaced, and a snapshot of it beside the chain."""

    def __call__(self, plan: str, sent: dict[str, str]) -> None:
        found = self.db["plans"].find_one(place_of(plan))
        assert found
        writes = filled(self.writes, self._marks(plan, found, sent))
        changes = next(each for each in writes if each.get("update") == "plans")["updates"][0]
        whole = applied(found, changes["u"]["$set"])
        snapshot = {**place_of(f"{plan}:{whole['sequence']}"), "plan": plan, "whole": whole}
        beside = [each for each in writes if each.get("insert") not in (None, "section_revisions")]
        replaced = {"update": "plans", "updates": [{"q": changes["q"], "replace": whole}]}
        self._commit([replaced, {"insert": "snapshots", "documents": [snapshot]}, *beside])


def place_of(key: str) -> Document:
    return {"authority": key.partition("-")[0], "_id": key}


def applied(document: Document, changes: Document) -> Document:
    """A document with $set done to it; paths are dotted."""
    after = copy.deepcopy(document)
    for path, value in changes.items():
        *above, last = path.split(".")
        place = after
        for each in above:
            place = place[each]
        place[last] = value
    return after


class Page:
    """The product's own page: its template and what was put into it once, held in memory."""

    def __init__(self, app: Flask) -> None:
        """Opens the page once as the product's own reader, and keeps what the template was given."""
        product = portal_app.create_app(read_settings())
        given: dict[str, Any] = {}

        def note(_: Flask, template: Template, context: dict[str, Any], **__: Any) -> None:
            if template.name == PAGE:
                given.update(context)

        browser = product.test_client()
        browser.set_cookie("golden_thread_session", os.environ["BENCH_COOKIE"])
        with template_rendered.connected_to(note, product):
            assert browser.get(os.environ["BENCH_PAGE"]).status_code == 200
        product.extensions["database"].close()
        self.context = {key: value for key, value in given.items() if key not in ("request", "session")}
        self._furnish(app, product)

    def _furnish(self, app: Flask, product: Flask) -> None:
        """The product's filters and addresses, so that its template renders; the form's token comes from memory."""
        app.jinja_env.filters.update(product.jinja_env.filters)
        app.jinja_env.globals.update({"csrf_token": lambda: "a token of the usual length " * 4})
        app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
        for rule in product.url_map.iter_rules():
            if rule.endpoint != "static":
                app.add_url_rule(rule.rule, rule.endpoint, methods=["GET"])

    def __call__(self) -> str:
        return render_template(PAGE, **self.context)


def create_app() -> Flask:
    """The floor for one process; everything it needs is in the environment."""
    app = Flask("floor", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "portal" / "static"))
    page = Page(app)
    bare = Save(os.environ["BENCH_FLOOR_URI"], os.environ["BENCH_FLOOR"], Path(os.environ["BENCH_PATTERN"]))

    @app.post("/plans/<plan_id>/save")
    def save(plan_id: str) -> Response:
        bare(plan_id, request.form.to_dict())
        return jsonify(revision=int(request.form["revision"]) + 1)

    @app.get("/one-read/<int:size>")
    def one_read(size: int) -> Response:
        """The least that any signed-on answer does: its session found in the database, then bytes from memory."""
        key = hashlib.sha256(request.cookies["golden_thread_session"].encode()).hexdigest()
        assert bare.db["sessions"].find_one({"_id": key})
        return Response(READY + b"." * (size - len(READY)), mimetype="application/json")

    @app.get("/ready")
    def ready() -> str:
        return READY.decode()

    app.view_functions["plans.show"] = lambda plan_id: page()  # noqa: ARG005  (the address is the product's)
    return app
