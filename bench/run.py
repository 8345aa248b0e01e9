"""One run: the servers, people and plans that its comparisons ask for, each made when it is first asked for."""

import random
import re
import urllib.request
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import cached_property
from pathlib import Path

from bench import capture, pattern, seed
from bench.deep import Deep, deepen, for_eve
from bench.eve_peer import Filling, document
from bench.load import Client
from bench.measure import Contender, Meter, Round
from bench.prose import Writer
from bench.seed import Person, Written
from bench.servers import Server, serving
from bench.stage import Stage, stage
from bench.storage import Snapshots
from portal.store.database import Database

CONNECTIONS = 8
PLANS = 80
PRODUCT, FLOOR, EVE, DEEP = "product", "floor", "eve", "deep"
IN_EVE, WEIGHED = 20, 100
TOKEN = re.compile(r'name="csrf-token" content="([^"]*)"')


class Run:
    """What comparisons stand on. `tables` keeps every round that was run, for the table of speeds."""

    def __init__(self, on: Stage, client: Client, rounds: int, stack: ExitStack, wanted: frozenset[str]) -> None:
        self.stage, self.client, self.wanted = on, client, wanted
        self.rounds = rounds
        self.tables: list[tuple[int, list[Round]]] = []
        self._meter = Meter(on, client, rounds, random.Random(2026))
        self._stack = stack

    def race(self, contenders: list[Contender], connections: int) -> list[Round]:
        """Rounds of these contenders beside one another."""
        rounds = self._meter.run(contenders, connections)
        self.tables.append((connections, rounds))
        return rounds

    def wants(self, *keys: str) -> bool:
        return not self.wanted.isdisjoint(keys)

    @cached_property
    def db(self) -> Database:
        return self.stage.database(PRODUCT)

    @cached_property
    def people(self) -> list[Person]:
        return seed.caseworkers(self.db, CONNECTIONS)

    @cached_property
    def plans(self) -> list[Written]:
        return seed.plans(self.db, Writer(1), PLANS)

    @cached_property
    def floor_db(self) -> Database:
        return self.stage.database(FLOOR)

    @cached_property
    def floor_plans(self) -> list[Written]:
        return seed.plans(self.floor_db, Writer(1), PLANS)

    @cached_property
    def product(self) -> Server:
        assert self.db.name
        return self.product_over(PRODUCT)

    @cached_property
    def tokens(self) -> list[str]:
        """The form token of each person, as their pages carry it."""
        return [token_of(self.product, each) for each in self.people]

    @cached_property
    def pattern(self) -> Path:
        """What one save of the product writes, in a file."""
        kept = self.stage.folder / "pattern.bson"
        environment = dict(self.stage.environment(PRODUCT))
        pattern.keep(kept, capture.capture(self.db, environment, self.people[0], self.tokens[0]))
        return kept

    @cached_property
    def floor(self) -> Server:
        facts = {
            "BENCH_FLOOR_URI": self.stage.uri(FLOOR),
            "BENCH_FLOOR": FLOOR,
            "BENCH_PATTERN": str(self.pattern),
            "BENCH_COOKIE": self.people[0].cookie,
            "BENCH_PAGE": f"/plans/{self.plans[0].id}",
        }
        for session in self.db["sessions"].find():
            self.floor_db["sessions"].replace_one({"_id": session["_id"]}, session, upsert=True)
        return self._serving("floor", "bench.floor:create_app()", facts, "/ready")

    @cached_property
    def eve(self) -> Server:
        facts = {"BENCH_EVE_URI": self.stage.mongod.uri("root", EVE)}
        return self._serving("eve", "bench.eve_peer:create_app()", facts, "/")

    @cached_property
    def eve_filling(self) -> Filling:
        return Filling(self.stage.client, EVE)

    @cached_property
    def eve_etags(self) -> dict[str, str]:
        """Eve's ETag of each of the plans, which it holds in the same words."""
        return {each.id: self.eve_filling.plan([document(each)]) for each in seed.texts(Writer(1), PLANS)}

    @cached_property
    def eve_versions(self) -> list[str]:
        """The first of the deep plans, with all their versions in Eve; answers their ETags."""
        return [self.eve_filling.plan(versions) for versions in for_eve(IN_EVE)]

    @cached_property
    def snapshots(self) -> Snapshots:
        return Snapshots(self.stage.client, DEEP)

    @cached_property
    def deep(self) -> Deep:
        """Plans with sixty saves; with a whole snapshot after each, where those are to be weighed."""
        weighed = self.wants("T10")
        told = self.snapshots.take if weighed else (lambda _: None)
        return deepen(self.stage.database(DEEP), WEIGHED if weighed else IN_EVE, told)

    @cached_property
    def deep_product(self) -> Server:
        assert self.deep
        return self.product_over(DEEP)

    def product_over(self, database: str) -> Server:
        return self._serving(f"product-{database}", "wsgi:app", dict(self.stage.environment(database)), "/help")

    def beside(self, name: str, app: str, facts: dict[str, str], ready: str) -> AbstractContextManager[Server]:
        """A server for one comparison only."""
        return serving(name, app, facts, ready, self.stage.folder)

    def _serving(self, name: str, app: str, facts: dict[str, str], ready: str) -> Server:
        environment = {**self.stage.environment(PRODUCT), **facts}
        return self._stack.enter_context(serving(name, app, environment, ready, self.stage.folder))


def token_of(server: Server, person: Person) -> str:
    """The form token that the product puts into the person's pages."""
    return str(TOKEN.findall(fetched(f"{server.url}/help", person.cookie))[0])


def fetched(url: str, cookie: str, accept: str = "text/html") -> str:
    """An answer as the person with this session sees it."""
    headers = {"Cookie": f"golden_thread_session={cookie}", "Accept": accept}
    asked = urllib.request.Request(url, headers=headers)
    with urllib.request.urlopen(asked) as page:
        return str(page.read().decode())


@contextmanager
def running(rounds: int, wanted: frozenset[str]) -> Iterator[Run]:
    """A run, with everything it started stopped at the end."""
    with stage() as on, ExitStack() as stack:
        client = Client()
        stack.callback(client.stop)
        yield Run(on, client, rounds, stack, wanted)
