"""The indexer against the node's own speed, over chains of Transfer logs.

Baseline: the same spans by `eth_getLogs`, three in flight, every byte read and dropped. Beside it, interleaved in the
same run, the whole indexer into a freshly migrated Postgres, without and with the raw store; its rows are counted after
each run, since a fast index that is wrong is worth nothing. Alone: `python -m benchmarks.indexer [SHAPE]`.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence

import uvloop

from benchmarks.indexer_readings import opened
from benchmarks.options import Options
from benchmarks.report import Goal, Measure, print_notes

GOALS = {
    "dense": (Goal("ratio", ">=", 0.40), Goal("ratio", ">=", 0.28)),
    "sparse": (Goal("ratio", ">=", 0.30), None),
    "factory": (Goal("ratio", ">=", 0.30), None),
    "import": (Goal("ratio", ">=", 0.18), None),
}
"""Logs a second over those of the baseline, without and with the raw store."""
BASELINE, ALONE, WITH_RAW = "raw eth_getLogs", "full projection", "full projection and raw store"


async def measure_import(rounds: int, **shape: int) -> list[Measure]:
    """The history of a dense collection, read as that of somebody else's, beside the same `eth_getLogs`."""
    baselines: list[float] = []
    imports: list[float] = []
    async with opened(**shape) as bench:
        for number in range(rounds + 1):
            baseline, seconds = await bench.raw(), await bench.imported()
            if number:  # the first round warms up
                baselines.append(baseline)
                imports.append(seconds)
        logs = bench.made.logs
    return [
        Measure(
            "indexer, import of a dense collection",
            logs / statistics.median(imports),
            "logs/s",
            baseline=logs / statistics.median(baselines),
            against=BASELINE,
            goal=GOALS["import"][0],
            notes={"logs": logs, "rounds": rounds},
        )
    ]


async def measure_shape(name: str, rounds: int, **shape: int) -> list[Measure]:
    """The ways to read one chain take turns, so that a slow minute of the machine hits all of them."""
    seconds: dict[str, list[float]] = defaultdict(list)
    spent: dict[str, dict[str, float]] = {}
    async with opened(**shape) as bench:
        runs: dict[str, Callable[[], Awaitable[float]]] = {
            BASELINE: bench.raw,
            ALONE: lambda: bench.full(with_raw=False),
            WITH_RAW: lambda: bench.full(with_raw=True),
        }
        for number in range(rounds + 1):
            for label, run in runs.items():
                before = bench.spent()
                took = await run()
                if number:  # the first round warms up
                    seconds[label].append(took)
                    after = bench.spent()
                    spent[label] = {
                        part: round((after[part] - before[part]) * 1e6 / bench.made.logs, 1) for part in after
                    }
        logs = bench.made.logs
    baseline = logs / statistics.median(seconds[BASELINE])
    goals = dict(zip((ALONE, WITH_RAW), GOALS[name], strict=True))
    return [
        Measure(
            f"indexer, {name}: {label}",
            logs / statistics.median(seconds[label]),
            "logs/s",
            baseline=baseline,
            against=BASELINE,
            goal=goals[label],
            notes={"logs": logs, "rounds": rounds, "cpu_us_per_log": spent[label]},
        )
        for label in (ALONE, WITH_RAW)
    ]


def sizes(options: Options) -> dict[str, dict[str, int]]:
    """The chains by name: 200,000 logs in 2,000 blocks; single logs; 200 collections created along the way."""
    logs = options.of(200_000, 40_000)
    return {
        "dense": {"collections": 1, "blocks": logs // 100, "logs_per_block": 100},
        "sparse": {"collections": 1, "blocks": logs // 20, "logs_per_block": 1},
        "factory": {"collections": 200, "blocks": logs // 200, "logs_per_block": 100},
    }


async def measure(options: Options, shapes: Sequence[str] = ("dense", "sparse", "factory", "import")) -> list[Measure]:
    """Each shape in turn."""
    known = sizes(options)
    measures: list[Measure] = []
    for name in shapes:
        if name == "import":
            measures += await measure_import(options.of(3, 1), **known["dense"])
        else:
            measures += await measure_shape(name, options.of(3, 1), **known[name])
    return measures


async def _alone(arguments: Sequence[str]) -> None:
    from rich.console import Console

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shape", nargs="*", default=["dense", "sparse", "factory", "import"])
    parser.add_argument("--quick", action="store_true")
    chosen = parser.parse_args(arguments)
    measures = await measure(Options(quick=chosen.quick), chosen.shape)
    print_notes(Console(), measures)
    for one in measures:
        print(
            f"{one.name:50} {one.median:10,.0f} of {one.baseline:10,.0f} logs/s  {one.over_baseline:.3f}  {one.notes}"
        )


if __name__ == "__main__":
    uvloop.run(_alone(sys.argv[1:]))
