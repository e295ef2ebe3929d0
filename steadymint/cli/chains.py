"""`steadymint chain ...`: the chains we serve are data."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated

import asyncpg
import typer
from rich.console import Console
from rich.table import Table

from migrations.seed import ChainSeed, register_chain
from steadymint.database import create_pool
from steadymint.settings import load_settings
from steadymint.stack.chain_node import RemoteNode
from steadymint.stack.deploy import Deployment, deploy
from steadymint.stack.local import register_local_chain

app = typer.Typer(no_args_is_help=True, add_completion=False, help="The chains we serve.")

_LIST = """
select caip2, name, enabled, features_json->>'confirmations' as confirmations,
    (select count(*) from chain_registry_service.chain_endpoints e where e.chain_id = c.id and e.active) as endpoints,
    (select count(*) from chain_registry_service.chain_contracts k where k.chain_id = c.id) as contracts
from chain_registry_service.chains c order by id
"""


@app.command()
def add(
    file: Annotated[Path, typer.Argument(help="JSON: chainId, name, features, endpoints, contracts, gasPolicy.")],
) -> None:
    """Register a chain, or change one: the file's endpoints replace those registered, contracts are added."""
    seed = ChainSeed.model_validate_json(file.read_bytes())
    version = asyncio.run(_add(seed))
    typer.echo(f"{seed.chain_id} is registered, version {version}")


@app.command()
def local(
    rpc_url: Annotated[str, typer.Argument(help="A development node with unlocked accounts, such as anvil.")],
    block_time: Annotated[float, typer.Option(help="Seconds between its blocks.")] = 1.0,
) -> None:
    """Deploy our contracts on a development node, unless they are there, and register the chain."""
    deployment = asyncio.run(_local(RemoteNode(rpc_url, block_time=block_time)))
    typer.echo(f"the factory is at {deployment.factory}")


@app.command("list")
def show() -> None:
    """Show the registered chains."""
    table = Table("chain", "name", "enabled", "confirmations", "endpoints", "contracts", box=None)
    rows = asyncio.run(_rows())
    for row in rows:
        table.add_row(*(_shown(value) for value in row.values()))
    Console().print(table if rows else "no chains")


def _shown(value: object) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


@asynccontextmanager
async def _registry() -> AsyncGenerator[asyncpg.Pool]:
    """A pool on the registry's database; ends the command with a message where there is none."""
    try:
        pool = await create_pool(load_settings().postgres.dsn.get_secret_value(), min_size=1, max_size=1)
    except OSError:
        typer.echo("Postgres cannot be reached; `steadymint doctor` says more", err=True)
        raise typer.Exit(1) from None
    try:
        yield pool
    finally:
        await pool.close()


async def _add(seed: ChainSeed) -> int:
    async with _registry() as pool:
        return await register_chain(pool, seed)


async def _local(node: RemoteNode) -> Deployment:
    deployment = await deploy(node)
    async with _registry() as pool:
        await register_local_chain(pool, node, deployment)
    return deployment


async def _rows() -> list[dict[str, object]]:
    async with _registry() as pool:
        return [dict(row) for row in await pool.fetch(_LIST)]
