"""Those who save: the product, the bare transaction and Eve, each with plans of its own for every connection.

Their works are given once, since a work remembers which revision each of its plans is at.
"""

from bench.measure import Contender
from bench.run import CONNECTIONS, Run
from bench.works import EveSave, FloorSave, ProductSave, Words, dealt

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
