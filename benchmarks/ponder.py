"""The indexer against ponder: the same chains, the same Postgres, in turns of the same run.

Ponder is installed from npm by a lock file (`peers/ponder`), and both are at work for the same reading: tokens with
their owners, owners with what they hold, transfers. Ours keeps more of each and all indexes of the API's lists; ponder
keeps its primary keys only. Ponder is timed by its own log, from the first request for history to the last row, so its
start and its build do not count. Its rows are counted after each run as ours are.
"""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from benchmarks.indexer import sizes
from benchmarks.indexer_readings import Readings, opened
from benchmarks.options import Options
from benchmarks.ponder_process import UNTHROTTLED
from benchmarks.ponder_readings import read
from benchmarks.report import Goal, Measure

GOALS: Final = {
    "dense": Goal("ratio", ">=", 10),
    "factory": Goal("ratio", ">=", 8),
    "sparse": Goal("ratio", ">=", 12),
}
"""Our logs a second over ponder's."""
OURS: Final = "ours"
WITH_RAW: Final = "ours with the raw store"
PONDER_SHIPPED: Final = "ponder as shipped"
PONDER_UNTHROTTLED: Final = "ponder unthrottled"


@dataclass
class Costs:
    """What each way to read one chain has cost."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    """Of each reading."""
    cpu: dict[str, dict[str, float]] = field(default_factory=dict[str, dict[str, float]])
    """Microseconds of processor time a log, by part, of the last reading."""

    def median(self, way: str) -> float:
        return statistics.median(self.seconds[way])


async def measure(options: Options, shapes: Sequence[str] = tuple(GOALS)) -> list[Measure]:
    """One chain after another."""
    measures: list[Measure] = []
    for name in shapes:
        async with opened(**sizes(options)[name]) as bench:
            measures += measured(name, bench.made.logs, await _in_turns(bench, options.of(2, 1)))
    return measures


async def _in_turns(bench: Readings, rounds: int) -> Costs:
    """Ours before each reading of ponder's. As shipped that takes minutes, in which it mostly waits: once is enough."""
    costs = Costs()
    await bench.full(with_raw=False)  # warms up; each ponder is a new process
    for way in [PONDER_UNTHROTTLED] * rounds + [PONDER_SHIPPED]:
        for label, with_raw in ((OURS, False), (WITH_RAW, True)):
            before = bench.spent()
            costs.seconds[label].append(await bench.full(with_raw=with_raw))
            costs.cpu[label] = _each(bench, before, bench.spent())
        before = bench.spent()
        seconds, cpu = await read(bench, UNTHROTTLED if way == PONDER_UNTHROTTLED else 1)
        costs.seconds[way].append(seconds)
        shared = {part: now for part, now in bench.spent().items() if part in {"node", "postgres"}}
        costs.cpu[way] = _each(bench, before, shared) | {"ponder": round(cpu * 1e6 / bench.made.logs, 1)}
    return costs


def _each(bench: Readings, before: dict[str, float], after: dict[str, float]) -> dict[str, float]:
    return {part: round((after[part] - before[part]) * 1e6 / bench.made.logs, 1) for part in after}


def measured(name: str, logs: int, costs: Costs) -> list[Measure]:
    """Speeds, and processor time of all parts together, which a busy machine changes less."""
    notes = {"logs": logs, "seconds": dict(costs.seconds), "cpu_us_per_log": costs.cpu}
    lines = (
        (OURS, PONDER_UNTHROTTLED, GOALS[name]),
        (OURS, PONDER_SHIPPED, GOALS[name]),
        (WITH_RAW, PONDER_UNTHROTTLED, None),
    )
    return [
        Measure(
            f"beside ponder, {name}: {way}",
            logs / costs.median(way),
            "logs/s",
            logs / costs.median(other),
            other,
            goal,
            notes=notes,
        )
        for way, other, goal in lines
    ] + [
        Measure(
            f"beside ponder, {name}: processor time of a log",
            sum(costs.cpu[OURS].values()),
            "µs",
            sum(costs.cpu[PONDER_UNTHROTTLED].values()),
            PONDER_UNTHROTTLED,
        )
    ]
