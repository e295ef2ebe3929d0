"""`steadymint doctor`: checks that each dependency answers and suits this version."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from steadymint.cli.check_chains import check_chains
from steadymint.cli.check_stores import check_stores
from steadymint.cli.check_workers import check_workers
from steadymint.cli.findings import Finding
from steadymint.cli.tables import wide_console
from steadymint.settings import Settings, load_settings


async def examine(settings: Settings | None = None, console: Console | None = None) -> int:
    """Print the findings; returns the exit code, 1 if anything is unfit."""
    console = console or wide_console()
    findings = await findings_of(settings or load_settings())
    table = Table(box=None, pad_edge=False)
    for column in ("dependency", "", "time", "address", "detail"):
        table.add_column(column, justify="right" if column == "time" else "left", overflow="fold")
    for found in findings:
        mark = Text(found.mark, style="green" if found.fit else "bold red")
        table.add_row(found.name, mark, f"{found.seconds * 1000:.0f} ms", Text(found.address), Text(found.detail))
    console.print(table)
    unfit = [found.name for found in findings if not found.fit]
    console.print(f"\n{', '.join(unfit)}: to be mended" if unfit else "\neverything is fit")
    return 1 if unfit else 0


async def findings_of(settings: Settings) -> list[Finding]:
    """In a fixed order; chains come last, one finding for each endpoint and one for the indexer."""
    stores = await check_stores(settings)
    if not stores[0].fit:
        return stores
    chains, found = await check_chains(settings)
    if stores[3].fit:
        return [*stores, await check_workers(settings, chains), *found]
    return [*stores, *found]
