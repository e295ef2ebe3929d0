"""Measures Steadymint against baselines that run beside it.

    python -m benchmarks [NAME ...] [--without NAME] [--quick] [--events N]

Figures depend on the machine; ratios to a baseline of the same run do so much less. Nothing here asserts a time. What
did not happen at all (a row that is missing, an intent that failed) is an error, and the exit code 1.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import AsyncExitStack
from functools import partial
from typing import Final

import uvloop
from rich.console import Console

from benchmarks import (
    flows,
    graphql,
    history,
    indexer,
    lists,
    live,
    market,
    market_checking,
    market_indexing,
    market_lists,
    media,
    memory,
    ponder,
    ponder_live,
    ponder_relaunch,
    product,
    refresh,
    report,
    sign_in_parse,
    streams,
    throttled,
    webhooks,
)
from benchmarks.options import Options
from benchmarks.processes import load, machine
from benchmarks.product import Product
from benchmarks.report import Measure
from steadymint.cli.progress import Progress

console = Console() if Console().is_terminal else Console(width=150)

ON_PRODUCT: Final[dict[str, Callable[[Product, Options], Awaitable[list[Measure]]]]] = {
    "history": history.measure,
    "sign-in": flows.sign_ins,
    "prepare": flows.prepares,
    "live": live.measure,
    "market-orders": market.intake,
    "ponder-live": ponder_live.measure,
}
"""On one running stack, one after another. The last one kills its worker."""
ALONE: Final[dict[str, Callable[[Options], Awaitable[list[Measure]]]]] = {
    "parse": sign_in_parse.measure,
    "streams": streams.measure,
    "memory": memory.measure,
    "media": media.measure,
    "metadata": refresh.measure,
    "lists": lists.measure,
    "graphql": graphql.measure,
    "throttled": throttled.measure,
    "webhooks": webhooks.measure,
    "dense": partial(indexer.measure, shapes=("dense",)),
    "sparse": partial(indexer.measure, shapes=("sparse",)),
    "factory": partial(indexer.measure, shapes=("factory",)),
    "import": partial(indexer.measure, shapes=("import",)),
    "market-checks": market_checking.measure,
    "market-fills": market_indexing.measure,
    "market-lists": market_lists.measure,
    "ponder-dense": partial(ponder.measure, shapes=("dense",)),
    "ponder-sparse": partial(ponder.measure, shapes=("sparse",)),
    "ponder-factory": partial(ponder.measure, shapes=("factory",)),
    "ponder-kill": ponder_relaunch.measure,
}
"""With parts of their own."""
FAMILIES: Final = {
    family: tuple(name for name in (*ALONE, *ON_PRODUCT) if name.startswith(f"{family}-"))
    for family in ("market", "ponder")
}
"""Names that stand for several."""


class Run:
    """One call of the command: what was measured so far, and what went wrong."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.measures: list[Measure] = []
        self.failures: list[str] = []
        self._begun = time.perf_counter()

    async def do(self, name: str, work: Callable[[], Awaitable[list[Measure]]]) -> None:
        """One benchmark. What it raises is shown at the end, and the others go on."""
        self.say(f"{name} …")
        try:
            measured = await work()
        except Exception as error:
            self.failures.append(name)
            self.say(f"{name} FAILED: {type(error).__name__}: {error}")
            if not self.options.quick:
                console.print_exception()
            return
        self.measures += measured
        report.print_notes(console, measured)

    def say(self, what: str) -> None:
        line = f"{time.perf_counter() - self._begun:7.1f} s  load {load():4.1f}  {what}"
        console.print(line, highlight=False, markup=False, soft_wrap=True)


async def run(names: Collection[str], options: Options) -> int:
    """The exit code: 1 if a benchmark did not come to an end."""
    about = machine() | {"load_before": load(), "quick": options.quick}
    current = Run(options)
    for name in [name for name in ALONE if name in names]:
        await current.do(name, lambda name=name: ALONE[name](options))
    wanted = [name for name in ON_PRODUCT if name in names]
    if wanted:
        async with AsyncExitStack() as stack:
            progress = stack.enter_context(Progress(console))
            running = await stack.enter_async_context(product.opened(progress))
            progress.done()
            for name in wanted:
                await current.do(name, lambda name=name: ON_PRODUCT[name](running, options))
    console.print()
    console.print(report.table(current.measures, current.failures))
    saved = report.save(current.measures, current.failures, about | {"load_after": load()})
    console.print(
        f"\n{about['cores']} cores of {about['cpu']}, load {about['load_before']:.1f} before and {load():.1f}"
    )
    console.print(f"All of it: {saved}")
    return 1 if current.failures else 0


def each(names: Sequence[str]) -> set[str]:
    """The benchmarks that these names stand for."""
    return {one for name in names for one in FAMILIES.get(name, (name,))}


def main() -> None:
    known = [*ALONE, *ON_PRODUCT, *FAMILIES]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"what to measure (all): {', '.join(known)}")
    parser.add_argument("--without", action="append", default=[], metavar="NAME", help="leave this out")
    parser.add_argument("--quick", action="store_true", help="less of everything: a look, not figures to publish")
    parser.add_argument("--events", type=int, help="how many the benchmark `webhooks` delivers (100,000)")
    chosen = parser.parse_args()
    if unknown := {*chosen.names, *chosen.without} - set(known):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}")
    names = each(chosen.names or known) - each(chosen.without)
    sys.exit(uvloop.run(run(names, Options(quick=chosen.quick, events=chosen.events))))


if __name__ == "__main__":
    main()
