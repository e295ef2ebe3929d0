"""`steadymint chain ...`: shows and registers the chains that we serve. They are rows, not code."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import asyncpg
import typer
from pydantic import ValidationError
from rich.console import Console
from rich.table import Table

from migrations.seed import ChainSeed, register_chain
from steadymint.cli.stores import end, open_pool
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
    file: Annotated[
        Path,
        typer.Argument(
            exists=True, dir_okay=False, help="JSON: chainId, name, features, endpoints, contracts, gasPolicy."
        ),
    ],
) -> None:
    """Register or change a chain. The file's endpoints replace the registered ones; its contracts are added."""
    seed = _seed(file)
    try:
        version = asyncio.run(_add(seed))
    except ValueError as error:  # another genesis block, or a text that is no address
        end(str(error))
    except asyncpg.IntegrityConstraintViolationError as error:
        # The error's text is not shown: it quotes the whole row, with the key in an endpoint's address.
        end(f"out of bounds: {getattr(error, 'constraint_name', None)}")
    typer.echo(f"{seed.chain_id} is registered, version {version}")


@app.command()
def local(
    rpc_url: Annotated[str, typer.Argument(help="A development node with unlocked accounts, such as anvil.")],
    block_time: Annotated[float, typer.Option(help="Seconds between its blocks.")] = 1.0,
) -> None:
    """Register a development node. Our contracts are deployed on it if they are missing."""
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


def _seed(file: Path) -> ChainSeed:
    """The chain that the file describes. Ends the command with the faults of a file that is not valid."""
    try:
        return ChainSeed.model_validate_json(file.read_bytes())
    except ValidationError as error:
        # The values are left out: an endpoint's address holds a key.
        found = [
            (".".join(map(str, one["loc"])) or "the file", one["msg"]) for one in error.errors(include_input=False)
        ]
        end("\n".join(f"{where}: {what}" for where, what in found))


async def _add(seed: ChainSeed) -> int:
    async with open_pool() as pool:
        return await register_chain(pool, seed)


async def _local(node: RemoteNode) -> Deployment:
    deployment = await deploy(node)
    async with open_pool() as pool:
        await register_local_chain(pool, node, deployment)
    return deployment


async def _rows() -> list[dict[str, object]]:
    async with open_pool() as pool:
        return [dict(row) for row in await pool.fetch(_LIST)]
