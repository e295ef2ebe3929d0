"""`steadymint chain ...`: shows and registers the chains that we serve. They are rows, not code."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Annotated, Any

import asyncpg
import typer
from pydantic import ValidationError
from rich.console import Console
from rich.table import Table

from migrations.seed import ChainSeed, register_chain
from steadymint.chain.nodes.checks import check_is_public, check_serves
from steadymint.chain.nodes.errors import WrongChainError
from steadymint.chain.nodes.registry import endpoint_config
from steadymint.cli.deeds import note_chain
from steadymint.cli.stores import end, open_pool
from steadymint.domain.errors import SteadymintError
from steadymint.domain.service_urls import HTTP, parse_service_url
from steadymint.domain.types import ChainId, parse_chain_id
from steadymint.stack.chain_node import RemoteNode
from steadymint.stack.deploy import Deployment, deploy
from steadymint.stack.local import register_local_chain
from steadymint.stack.market import open_market

app = typer.Typer(no_args_is_help=True, add_completion=False, help="The chains we serve.")

_LIST = """
select caip2, name, enabled, features_json->>'confirmations' as confirmations,
    (select count(*) from chain_registry_service.chain_endpoints e where e.chain_id = c.id and e.active) as endpoints,
    (select count(*) from chain_registry_service.chain_contracts k where k.chain_id = c.id) as contracts,
    case when exists (
            select from chain_registry_service.chain_contracts k where k.chain_id = c.id and k.name = 'seaport')
        then concat('fee ', coalesce(features_json->'market'->>'feeBps', '0'), ' bps, royalty ',
            coalesce(features_json->'market'->>'royalty', 'warn')) else 'none' end as market
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
    local: Annotated[
        bool,
        typer.Option("--local", help="Its nodes and its explorer may be on our own network, or on this machine."),
    ] = False,
    ask: Annotated[
        bool, typer.Option(help="Ask each node for its chain now. It is asked before its first use in any case.")
    ] = True,
) -> None:
    """Register or change a chain. The file's endpoints replace the registered ones; its contracts are added."""
    seed = _seed(file)
    if not local:
        _check_addresses(seed)
    try:
        version = asyncio.run(_add(seed, local, ask))
    except ValueError as error:  # another genesis block, or a text that is no address
        end(str(error))
    except asyncpg.IntegrityConstraintViolationError as error:
        # The error's text is not shown: it quotes the whole row, with the key in an endpoint's address.
        end(f"out of bounds: {getattr(error, 'constraint_name', None)}")
    typer.echo(f"{seed.chain_id} is registered, version {version}")


def _http_url(text: str) -> str:
    try:
        return parse_service_url(text, HTTP)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


@app.command()
def local(
    rpc_url: Annotated[
        str, typer.Argument(help="A development node with unlocked accounts, such as anvil.", callback=_http_url)
    ],
    block_time: Annotated[float, typer.Option(help="Seconds between its blocks.")] = 1.0,
) -> None:
    """Register a development node. Our contracts and a market are deployed on it if they are missing."""
    deployment = asyncio.run(_local(RemoteNode(rpc_url, block_time=block_time)))
    typer.echo(f"the factory is at {deployment.factory}")


@app.command("list")
def show() -> None:
    """Show the registered chains."""
    table = Table("chain", "name", "enabled", "confirmations", "endpoints", "contracts", "market", box=None)
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


def _check_addresses(seed: ChainSeed) -> None:
    """Ends the command if the text of an address leads to our own network."""
    named = {"explorerUrl": seed.explorer_url}
    for at, endpoint in enumerate(seed.endpoints):
        named |= {f"endpoints.{at}.url": endpoint.url, f"endpoints.{at}.wsUrl": endpoint.ws_url}
    for where, url in named.items():
        try:
            if url is not None:
                check_is_public(url)
        except ValueError as error:
            end(f"{where}: {error}; if it is meant to be on your own network, add --local")


async def _add(seed: ChainSeed, local: bool, ask: bool) -> int:
    chain_id = parse_chain_id(seed.chain_id)
    for at, endpoint in enumerate(seed.endpoints if ask else ()):
        await _check_node(chain_id, seed.genesis_hash, f"endpoints.{at}", endpoint.model_dump() | {"local": local})
    async with open_pool() as pool:
        version = await register_chain(pool, seed, local=local)
        await note_chain(pool, chain_id, version)
        return version


async def _check_node(chain_id: ChainId, genesis_hash: str | None, where: str, row: dict[str, Any]) -> None:
    """Ends the command if the endpoint does not answer, or serves another chain."""
    config = endpoint_config(row | {"id": where}, os.environ)
    if config is None:
        end(f"{where}: the variable {row['secret_ref']} is not set here, so the node cannot be asked; add --no-ask")
    try:
        await check_serves(chain_id, genesis_hash, config)
    except WrongChainError:
        end(f"{where}: the node does not serve {chain_id}")
    except SteadymintError:
        end(f"{where}: the node does not answer; if it is not up yet, add --no-ask")


async def _local(node: RemoteNode) -> Deployment:
    """Ends the command if the node is not what it is taken for: our contracts would be deployed on another chain."""
    if (number := int(await node.rpc("eth_chainId"), 16)) != node.chain_id:
        end(f"the node serves eip155:{number}, not {node.caip2}")
    deployment = await deploy(node)
    market = await open_market(node)
    async with open_pool() as pool:
        await register_local_chain(pool, node, deployment, market)
    return deployment


async def _rows() -> list[dict[str, object]]:
    async with open_pool() as pool:
        return [dict(row) for row in await pool.fetch(_LIST)]
