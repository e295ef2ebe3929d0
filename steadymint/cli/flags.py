"""`steadymint flag ...`: an operator flags tokens and collections."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Annotated, Any

import asyncpg
import typer
from redis.asyncio import Redis

from steadymint.catalog.cache import CatalogCache
from steadymint.catalog.contracts import named_contract
from steadymint.catalog.flags import TOKEN_FLAGS, Flags, TokenFlags
from steadymint.cli.arguments import argument, operator_name
from steadymint.cli.stores import end, open_pool
from steadymint.domain.errors import NotFoundError, UnknownCollectionError
from steadymint.domain.slugs import parse_contract
from steadymint.domain.types import Address, ChainId, TokenId, parse_chain_id, parse_uint256
from steadymint.settings import load_settings

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="Mark tokens as spam or nsfw, hide or verify collections."
)

Chain = Annotated[str, typer.Argument(help="CAIP-2, such as eip155:1.")]
Contract = Annotated[str, typer.Argument(help="The collection's address or slug.")]
TokenNumber = Annotated[str, typer.Argument(help="Its id, decimal.")]
Reason = Annotated[str, typer.Option(help="Why; kept beside the flag and in the audit log.")]


@app.command("set")
def set_flags(
    chain: Chain,
    contract: Contract,
    token: TokenNumber,
    reason: Reason,
    spam: Annotated[bool | None, typer.Option("--spam/--no-spam", help="Hidden from lists and search.")] = None,
    nsfw: Annotated[bool | None, typer.Option("--nsfw/--no-nsfw", help="Marked; lists can leave it out.")] = None,
    frozen: Annotated[bool | None, typer.Option("--frozen/--no-frozen", help="Shown as not to be traded.")] = None,
    flagged: Annotated[bool | None, typer.Option("--flagged/--no-flagged", help="Shown as reported.")] = None,
) -> None:
    """Set flags of a token. Flags that are not named stay."""
    changes = _changes({"spam": spam, "nsfw": nsfw, "frozen": frozen, "flagged": flagged})
    number = _token_id(token)

    async def run(flags: Flags, chain_id: ChainId, address: Address) -> TokenFlags:
        return await flags.set_token(chain_id, address, number, changes, reason=reason, operator=operator_name())

    _print(_with_flags(chain, contract, run))


@app.command()
def show(chain: Chain, contract: Contract, token: TokenNumber) -> None:
    """Show the flags of a token and their reasons."""
    number = _token_id(token)

    async def run(flags: Flags, chain_id: ChainId, address: Address) -> TokenFlags | None:
        return await flags.of_token(chain_id, address, number)

    _print(_with_flags(chain, contract, run))


@app.command()
def clear(chain: Chain, contract: Contract, token: TokenNumber, reason: Reason) -> None:
    """Remove all flags of a token."""
    number = _token_id(token)

    async def run(flags: Flags, chain_id: ChainId, address: Address) -> bool:
        return await flags.clear_token(chain_id, address, number, reason=reason, operator=operator_name())

    typer.echo("cleared" if _with_flags(chain, contract, run) else "nothing was said of it")


@app.command()
def collection(
    chain: Chain,
    contract: Contract,
    reason: Reason,
    hidden: Annotated[bool | None, typer.Option("--hidden/--shown", help="With everything in it.")] = None,
    verified: Annotated[bool | None, typer.Option("--verified/--no-verified")] = None,
) -> None:
    """Hide a collection or show it again, mark it as verified or not."""
    changes = _changes({"hidden": hidden, "verified": verified})

    async def run(flags: Flags, chain_id: ChainId, address: Address) -> Any:
        return await flags.set_collection(chain_id, address, changes, reason=reason, operator=operator_name())

    found = _with_flags(chain, contract, run)
    typer.echo(f"hidden {_word(found.hidden)}, verified {_word(found.verified)}")


def _changes(given: dict[str, bool | None]) -> dict[str, bool]:
    changes = {name: value for name, value in given.items() if value is not None}
    if not changes:
        raise typer.BadParameter("say what to change: " + ", ".join(f"--{name}" for name in given))
    return changes


def _token_id(token: str) -> TokenId:
    return TokenId(argument(parse_uint256, token))


def _print(found: TokenFlags | None) -> None:
    if found is None:
        typer.echo("nothing is said of it")
        return
    for name in TOKEN_FLAGS:
        why = found.reason.get(name, {})
        typer.echo(f"{name:8} {_word(getattr(found, name)):4} {why.get('reason', '')}".rstrip())


def _word(value: bool) -> str:
    return "yes" if value else "no"


def _with_flags(chain: str, contract: str, work: Callable[[Flags, ChainId, Address], Awaitable[Any]]) -> Any:
    """Do `work` on the collection that the arguments name."""
    chain_id, name = argument(parse_chain_id, chain), argument(parse_contract, contract)

    async def run() -> Any:
        async with _opened() as (pool, flags):
            return await work(flags, chain_id, await named_contract(pool, chain_id, name))

    try:
        return asyncio.run(run())
    except (NotFoundError, UnknownCollectionError) as error:
        end(error.detail)


@asynccontextmanager
async def _opened() -> AsyncGenerator[tuple[asyncpg.Pool, Flags]]:
    """Open the flags on connections of their own. Ends the command with a message if there is no database."""
    settings = load_settings()
    redis = Redis.from_url(
        settings.redis.url.get_secret_value(),
        socket_timeout=settings.redis.timeout,
        socket_connect_timeout=settings.redis.timeout,
    )
    async with open_pool(settings) as pool, redis:
        yield pool, Flags(pool, CatalogCache(redis))
