"""The comparisons: which contenders run beside one another, and which figures are made of their rounds."""

from dataclasses import replace

from bench import correct, kept, live, past, seed
from bench.command import Comparison, Figures
from bench.contenders import EVE, FLOOR, SAVE, eve_saves, floor_saves, least, one_read, product_saves
from bench.crowd import gather
from bench.eve_peer import LIST as EVE_LIST
from bench.load import WrongAnswer
from bench.measure import Contender, Figure, Round, figure, p95, rate, ratio
from bench.prose import Writer
from bench.run import CONNECTIONS, PRODUCT, Run
from bench.works import ANEW, Read, Words, dealt, get

OWN, LISTED = 50, 10_000
JSON, JSON_ANEW, JSON_EVE = "plan as JSON", "plan as JSON, made anew", "plan as JSON, Eve"
PAGE, PAGE_ANEW, PAGE_FLOOR = "page", "page, made anew", "page from memory"


def saves(run: Run) -> Figures:
    """T1, T2 and T12: the product's save beside the bare transaction and Eve's PATCH; then that nothing was lost."""
    contenders = [product_saves(run), floor_saves(run)]
    beside_eve = run.wants("T2@1", "T2@8", "T2p95@1", "T2p95@8")
    if beside_eve:
        contenders.append(eve_saves(run))
    figures: Figures = {}
    asked = [each for each in (1, CONNECTIONS) if run.wants("T12", *(f"{key}@{each}" for key in ("T1", "T2", "T2p95")))]
    by_connections = {each: run.race(contenders, each) for each in asked}
    for connections, rounds in by_connections.items():
        figures[f"T1@{connections}"] = ratio(rounds, SAVE, FLOOR, rate)
        if beside_eve:
            bare = ratio(rounds, FLOOR, EVE, rate).value
            figures[f"T2@{connections}"] = ratio(rounds, SAVE, EVE, rate, f"the bare transaction / Eve: {bare:.2f}")
            figures[f"T2p95@{connections}"] = ratio(rounds, SAVE, EVE, p95)
    if run.wants("T12"):
        figures["T12"] = _more_writers(by_connections[CONNECTIONS], by_connections[1])
    *_, last = figures
    notes = "; ".join(filter(None, (figures[last].note, _checked(run))))
    return {**figures, last: replace(figures[last], note=notes)}


def _more_writers(many: list[Round], one: list[Round]) -> Figure:
    """How many times the saves of one writer eight writers make; the bare transaction's own figure beside it."""
    both = list(zip(many, one, strict=True))
    times = {name: figure([rate(eight[name]) / rate(alone[name]) for eight, alone in both]) for name in (SAVE, FLOOR)}
    return replace(times[SAVE], note=f"the bare transaction: {times[FLOOR].value:.2f}")


def _checked(run: Run) -> str:
    """Every save of the race is one link of a chain that verifies, and writers on one plan lose nothing."""
    saved = sum(work.saved for work in run.client.take_back(SAVE))
    links = sum(correct.verified(run.db, each.id) - 1 for each in run.plans)
    if links != saved:
        raise WrongAnswer(f"{saved} saves made {links} links.")
    (plan,) = seed.plans(run.db, Writer(13), 1)
    writers = enumerate(zip(run.people, run.tokens, strict=True))
    works = [
        correct.ClashingSave(run.product.port, person.cookie, token, plan, Words(100 + at))
        for at, (person, token) in writers
    ]
    return f"{saved} saves, each one link; {correct.conflict(run.client, run.product, run.db, works)}"


def plans_as_json(run: Run) -> Figures:
    """T3: the whole plan as JSON, the opening recorded, beside Eve's item; and the same made anew for each request."""
    ids = [each.id for each in run.plans]
    assert run.eve_etags
    cookie = run.people[0].cookie
    for name, server, requests in (
        (JSON, run.product, [get(f"/plans/{each}", cookie) for each in ids]),
        (JSON_ANEW, run.product, [get(f"/plans/{each}{ANEW}", cookie) for each in ids]),
        (JSON_EVE, run.eve, [get(f"/plans/{each}") for each in ids]),
    ):
        run.client.give(name, [Read(server.port, requests, _bytes(ids))])
    bare = one_read(run, run.product, f"/plans/{ids[0]}", cookie)
    contenders = [Contender(JSON, run.product), Contender(JSON_ANEW, run.product), Contender(JSON_EVE, run.eve), bare]
    rounds = run.race(contenders, 1)
    anew = ratio(rounds, JSON_ANEW, JSON_EVE, rate)
    note = f"made anew for each request: {anew.value:.2f}; {least(rounds, JSON_EVE)}"
    return {"T3@1": ratio(rounds, JSON, JSON_EVE, rate, note)}


def pages(run: Run) -> Figures:
    """T4: the plan's page, signed on, beside the same page rendered from memory; and made anew for each request."""
    _give_pages(run, PAGE, "")
    _give_pages(run, PAGE_ANEW, ANEW)
    first = run.plans[0].id
    same = Read(run.floor.port, [get(f"/plans/{first}", accept="text/html")], [first.encode()])
    run.client.give(PAGE_FLOOR, [same] * CONNECTIONS)
    contenders = [Contender(PAGE, run.product), Contender(PAGE_ANEW, run.product), Contender(PAGE_FLOOR, run.floor)]
    rounds = run.race(contenders, CONNECTIONS)
    figures: Figures = {}
    for key, of in (("T4rps@8", rate), ("T4p95@8", p95)):
        anew = ratio(rounds, PAGE_ANEW, PAGE_FLOOR, of)
        figures[key] = ratio(rounds, PAGE, PAGE_FLOOR, of, f"made anew for each request: {anew.value:.2f}")
    return figures


def _give_pages(run: Run, name: str, query: str) -> None:
    reads = []
    for person, hand in zip(run.people, dealt([each.id for each in run.plans], CONNECTIONS), strict=True):
        requests = [get(f"/plans/{each}{query}", person.cookie, "text/html") for each in hand]
        reads.append(Read(run.product.port, requests, _bytes(hand)))
    run.client.give(name, reads)


def worklists(run: Run) -> Figures:
    """T6: the list of somebody with fifty plans of ten thousand, beside Eve's list by an index that serves it."""
    person, ids = seed.with_own_plans(run.db, Writer(6), OWN)
    (other,) = seed.plans(run.db, Writer(8), 1)  # somebody else's, as Eve's rows beyond the fifty are
    gather(run.stage.client, PRODUCT, other.id, LISTED - OWN, [seed.AUTHORITY])
    run.eve_filling.list_rows(LISTED, OWN)
    run.client.give("worklist", [Read(run.product.port, [get("/worklist", person.cookie)], [max(ids).encode()])])
    run.client.give("worklist, Eve", [Read(run.eve.port, [get(EVE_LIST)], [b"plan-000049"])])
    bare = one_read(run, run.product, "/worklist", person.cookie)
    rounds = run.race([Contender("worklist", run.product), Contender("worklist, Eve", run.eve), bare], 1)
    return {"T6@1": ratio(rounds, "worklist", "worklist, Eve", rate, least(rounds, "worklist, Eve"))}


def _bytes(texts: list[str]) -> list[bytes]:
    return [each.encode() for each in texts]


# Each comparison with the targets it measures, in the order they are run.
COMPARISONS: tuple[Comparison, ...] = (
    (("T1@1", "T1@8", "T2@1", "T2@8", "T2p95@1", "T2p95@8", "T12"), saves),
    (("T3@1",), plans_as_json),
    (("T6@1",), worklists),
    (("T4rps@8", "T4p95@8"), pages),
    (("T5@1", "T5first@1"), past.earlier),
    (("T9eve@1",), past.history_beside_eve),
    (("T9history@1",), past.history_beside_django),
    (("T10",), kept.disk),
    (("T11",), kept.journal),
    (("T14",), live.shown),
    (("T15",), live.held),
)
