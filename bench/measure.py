"""Rounds of shuffled slices, and ratios taken within each round: the only figures that mean anything here."""

import random
import statistics
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bench.load import Client, Slice
from bench.servers import Server
from bench.stage import Stage

WARM_S, SLICE_S = 0.4, 1.2
Round = dict[str, Slice]


@dataclass(frozen=True)
class Contender:
    """Something measured beside others: a server under the works that the client keeps by this name."""

    name: str
    server: Server
    writes: bool = False


@dataclass(frozen=True)
class Figure:
    """One measured number: the median of its rounds is judged, the extremes are told."""

    value: float
    lowest: float
    highest: float
    rounds: int
    note: str = ""


@dataclass
class Meter:
    """Runs rounds on one stage; the order of each round comes from a fixed generator."""

    stage: Stage
    client: Client
    rounds: int
    order: random.Random

    def run(self, contenders: list[Contender], connections: int) -> list[Round]:
        """Every contender once a round, in an order shuffled anew; a round before them only warms."""
        self._round(contenders, connections)
        return [self._round(contenders, connections) for _ in range(self.rounds)]

    def _round(self, contenders: list[Contender], connections: int) -> Round:
        order = self.order.sample(contenders, len(contenders))
        return {each.name: self._slice(each, connections) for each in order}

    def _slice(self, contender: Contender, connections: int) -> Slice:
        if contender.writes:
            self.stage.settle()
        before = contender.server.cpu_seconds()
        measured = self.client.run(contender.name, connections, contender.server.workers, WARM_S, SLICE_S)
        measured.cpu_ms = (contender.server.cpu_seconds() - before) * 1000 / measured.sent
        return measured


def rate(measured: Slice) -> float:
    return measured.rate


def p50(measured: Slice) -> float:
    return measured.at(50)


def p95(measured: Slice) -> float:
    return measured.at(95)


def ratio(rounds: Iterable[Round], ours: str, theirs: str, of: Callable[[Slice], float], note: str = "") -> Figure:
    """Ours over theirs, round by round."""
    return figure([of(each[ours]) / of(each[theirs]) for each in rounds], note)


def figure(values: list[float], note: str = "") -> Figure:
    return Figure(statistics.median(values), min(values), max(values), len(values), note)
