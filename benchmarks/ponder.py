"""The indexer against ponder: the same chains, the same Postgres, in turns of the same run.

Ponder is installed from npm by a lock file (`peers/ponder`), and both are at work for the same reading: tokens with
their owners, owners with what they hold, transfers. Ours keeps more of each and all indexes of the API's lists; ponder
keeps its primary keys only. Ponder is timed by its own log, from the first request for history to the last row, so its
start and its build do not count. Its rows are counted after each run as ours are.
"""

from __future__ import annotations

import statistics
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
ALIASES: Final = {"unthrottled": UNTHROTTLED, "as shipped": 1}
"""Names of the node, by how ponder is run."""


@dataclass
class Times:
    """Seconds of each reading of one chain, and microseconds of processor time a log, by part, of the last."""

    ours: list[float] = field(default_factory=list[float])
    ponder: dict[str, list[float]] = field(default_factory=lambda: {way: list[float]() for way in ALIASES})
    spent: dict[str, dict[str, float]] = field(default_factory=dict[str, dict[str, float]])


async def measure(options: Options, shapes: Sequence[str] = tuple(GOALS)) -> list[Measure]:
    """One chain after another."""
    measures: list[Measure] = []
    for name in shapes:
        async with opened(**sizes(options)[name]) as bench:
            measures += measured(name, bench.made.logs, await _in_turns(bench, options.of(2, 1)))
    return measures


async def _in_turns(bench: Readings, rounds: int) -> Times:
    """Ours before each reading of ponder's. As shipped that takes minutes, in which it mostly waits: once is enough."""
    times = Times()
    await bench.full(with_raw=False)  # warms up; each ponder is a new process
    for way in ["unthrottled"] * rounds + ["as shipped"]:
        before = bench.spent()
        times.ours.append(await bench.full(with_raw=False))
        times.spent["ours"] = _each(bench, before, bench.spent())
        before = bench.spent()
        seconds, cpu = await read(bench, ALIASES[way])
        times.ponder[way].append(seconds)
        spent = {part: now for part, now in bench.spent().items() if part in {"node", "postgres"}}
        times.spent[f"ponder {way}"] = _each(bench, before, spent) | {"ponder": round(cpu * 1e6 / bench.made.logs, 1)}
    return times


def _each(bench: Readings, before: dict[str, float], after: dict[str, float]) -> dict[str, float]:
    return {part: round((after[part] - before[part]) * 1e6 / bench.made.logs, 1) for part in after}


def measured(name: str, logs: int, times: Times) -> list[Measure]:
    """A line for each way in which ponder was run."""
    ours = logs / statistics.median(times.ours)
    return [
        Measure(
            f"indexer beside ponder, {name}",
            ours,
            "logs/s",
            logs / statistics.median(seconds),
            f"ponder {way}",
            GOALS[name],
            notes={"logs": logs, "ours_s": times.ours, "ponder_s": seconds, "cpu_us_per_log": times.spent},
        )
        for way, seconds in times.ponder.items()
    ]
