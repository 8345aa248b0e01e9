"""Those who save: the product, the bare transaction and Eve, each with plans of its own for every connection.

Their works are given once, since a work remembers which revision each of its plans is at. And the least that
any signed-on answer does, beside which a read may be judged.
"""

from bench.floor import READY
from bench.measure import Contender, Round, rate, ratio
from bench.run import CONNECTIONS, Run, fetched
from bench.servers import Server
from bench.works import EveSave, FloorSave, ProductSave, Read, Words, dealt, get

ONE_READ = "one read"
SAVE, FLOOR, EVE = "save", "save, bare transaction", "save, Eve"


def product_saves(run: Run) -> Contender:
    if SAVE not in run.client.given:
        run.client.give(SAVE, _product_works(run))
    return Contender(SAVE, run.product, writes=True)


def _product_works(run: Run) -> list[ProductSave]:
    hands = zip(run.people, run.tokens, dealt(run.plans, CONNECTIONS), strict=True)
    return [
        ProductSave(run.product.port, person.cookie, token, hand, Words(at))
        for at, (person, token, hand) in enumerate(hands, 1)
    ]


def floor_saves(run: Run) -> Contender:
    if FLOOR not in run.client.given:
        hands = dealt(run.floor_plans, CONNECTIONS)
        run.client.give(FLOOR, [FloorSave(run.floor.port, hand, Words(at)) for at, hand in enumerate(hands, 1)])
    return Contender(FLOOR, run.floor, writes=True)


def eve_saves(run: Run) -> Contender:
    if EVE not in run.client.given:
        run.client.give(EVE, _eve_works(run))
    return Contender(EVE, run.eve, writes=True)


def _eve_works(run: Run) -> list[EveSave]:
    hands = [(hand, {each.id: run.eve_etags[each.id] for each in hand}) for hand in dealt(run.plans, CONNECTIONS)]
    return [EveSave(run.eve.port, hand, etags, Words(at)) for at, (hand, etags) in enumerate(hands, 1)]


def one_read(run: Run, product: Server, path: str, cookie: str) -> Contender:
    """Bare Flask that finds one session by its key and answers as many bytes from memory as the product answers."""
    size = len(fetched(f"{product.url}{path}", cookie, "application/json").encode())
    run.client.give(ONE_READ, [Read(run.floor.port, [get(f"/one-read/{size}", run.people[0].cookie)], [READY])])
    return Contender(ONE_READ, run.floor)


def least(rounds: list[Round], theirs: str) -> str:
    """What no answer that looks up its session at each request can go past, for a note."""
    return f"bare Flask with one read and as many bytes: {ratio(rounds, ONE_READ, theirs, rate).value:.2f}"
