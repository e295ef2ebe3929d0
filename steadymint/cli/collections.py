"""`steadymint collection ...`: imports collections that others have deployed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated, Final

import asyncpg
import typer
from rich.table import Column, Table

from steadymint.catalog.contracts import named_contract
from steadymint.catalog.imports import import_progress
from steadymint.cli.arguments import argument
from steadymint.cli.stores import end, open_pool
from steadymint.cli.tables import wide_console
from steadymint.domain.counting import form
from steadymint.domain.errors import SteadymintError
from steadymint.domain.importing import ImportOrder, ImportProgress
from steadymint.domain.slugs import ContractName, parse_contract
from steadymint.domain.types import Address, ChainId, parse_chain_id, show_address
from steadymint.durable.client import connect
from steadymint.durable.importing import ImportFlows
from steadymint.durable.queues import Queues
from steadymint.settings import load_settings

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="Collections that others have deployed: import, imports."
)

LOOK_EVERY: Final = 1.0
"""Seconds between two readings of the progress."""

_IMPORTS: Final = """
select c.chain_id, c.contract_address, c.name, s.status, s.done, s.total, s.failed, s.note
from catalog_service.collections c
join catalog_service.sync_state s on s.collection_id = c.id and s.source = 'import'
order by s.started_at desc limit $1"""


@dataclass(frozen=True, slots=True)
class _ImportTools:
    """The services that these commands use."""

    pool: asyncpg.Pool
    flows: ImportFlows


@app.command("import")
def begin(
    chain: Annotated[str, typer.Argument(help="CAIP-2, such as eip155:1.")],
    contract: Annotated[
        str, typer.Argument(help="An ERC-721 or ERC-1155, or the slug of a collection whose import is known.")
    ],
    from_block: Annotated[
        int | None, typer.Option(min=0, help="The first block of its history. By default it is searched for.")
    ] = None,
    wait: Annotated[bool, typer.Option("--wait", help="Return when all of its history is read.")] = False,
) -> None:
    """Read a contract's whole history, then follow it. Repeating the command joins the import that runs, and starts a
    failed one anew."""
    chain_id, name = argument(parse_chain_id, chain), argument(parse_contract, contract)
    asyncio.run(_begin(chain_id, name, from_block, wait))


@app.command("imports")
def show(limit: Annotated[int, typer.Option(min=1, max=500)] = 20) -> None:
    """Show imports and their progress, newest first."""
    table = Table(
        "chain", Column("contract", no_wrap=True), "name", "status", "blocks", "not understood", "note", box=None
    )
    rows = asyncio.run(_rows(limit))
    for row in rows:
        blocks = f"{row['done']:,} of {row['total']:,}"
        contract = show_address(row["contract_address"])
        table.add_row(
            row["chain_id"], contract, row["name"], row["status"], blocks, f"{row['failed']:,}", row["note"] or ""
        )
    wide_console().print(table if rows else "no imports")


async def _begin(chain_id: ChainId, name: ContractName, from_block: int | None, wait: bool) -> None:
    async with _open_tools() as tools:
        contract = await named_contract(tools.pool, chain_id, name)
        order = ImportOrder(chain_id=chain_id, contract=contract, from_block=from_block)
        found = await tools.flows.begin(order)
        typer.echo(f"{found.name or order.contract} ({found.standard}) is being imported")
        while wait:
            if await _told(tools.pool, order.chain_id, order.contract):
                break
            await asyncio.sleep(LOOK_EVERY)


async def _told(pool: asyncpg.Pool, chain_id: ChainId, contract: Address) -> bool:
    """Print the progress. Returns whether the import has ended."""
    progress = await import_progress(pool, chain_id, contract)
    typer.echo(_line(progress))
    return progress is not None and progress.status in ("done", "failed")


def _line(progress: ImportProgress | None) -> str:
    if progress is None:
        return "looking for its first block"
    line = f"{progress.status}: {progress.done:,} of {progress.total:,} {form(progress.total, 'block')}"
    if progress.failed:
        line += f", {progress.failed:,} {form(progress.failed, 'event')} not understood"
    return f"{line} ({progress.note})" if progress.note else line


async def _rows(limit: int) -> list[asyncpg.Record]:
    async with _open_tools() as tools:
        return await tools.pool.fetch(_IMPORTS, limit)


@asynccontextmanager
async def _open_tools() -> AsyncGenerator[_ImportTools]:
    """Open the services. Ends the command with a message if one is missing or the import is refused."""
    settings = load_settings()
    async with open_pool(settings) as pool:
        temporal = await connect(settings, lazy=True)
        try:
            yield _ImportTools(pool, ImportFlows(temporal, Queues(settings.temporal.task_queue_prefix)))
        except SteadymintError as error:
            end(f"{error.code}: {error.detail}")
