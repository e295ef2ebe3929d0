"""`steadymint user ...`: an operator looks a user up, suspends or bans them, and takes it back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Annotated

import typer
from redis.asyncio import Redis

from steadymint.cli.arguments import operator_name
from steadymint.cli.stores import end, open_pool
from steadymint.domain.counting import form
from steadymint.domain.errors import SteadymintError
from steadymint.identity.sessions.revocation import Revocation
from steadymint.identity.sessions.store import Sessions
from steadymint.identity.users.standing import FoundUser, SettableStatus, Standing
from steadymint.settings import load_settings

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Users: show, suspend, ban, restore.")

Key = Annotated[str, typer.Argument(help="User id, username, or the address of a linked wallet.")]
Reason = Annotated[str, typer.Option(help="Why; kept in the audit log.")]


@app.command()
def show(key: Key) -> None:
    """Show a user's status and how many sessions are open."""

    async def run(standing: Standing) -> None:
        _print(await standing.find(key))

    _with_standing(run)


@app.command()
def suspend(key: Key, reason: Reason) -> None:
    """Close the account for a time. All sessions end at once."""
    _change(key, "suspended", reason)


@app.command()
def ban(key: Key, reason: Reason) -> None:
    """Close the account for good. All sessions end at once."""
    _change(key, "banned", reason)


@app.command()
def restore(key: Key, reason: Reason) -> None:
    """Open a suspended or banned account again. The user signs in anew."""
    _change(key, "active", reason)


def _change(key: str, status: SettableStatus, reason: str) -> None:
    async def run(standing: Standing) -> None:
        user = await standing.find(key)
        ended = await standing.change(user.user_id, status, reason=reason, operator=operator_name())
        now = (await standing.find(str(user.user_id))).status  # of whom has asked for their deletion, not `active`
        typer.echo(f"{user.username or user.user_id} is {now}; {ended} {form(ended, 'session')} ended")

    _with_standing(run)


def _print(user: FoundUser) -> None:
    for name, value in (
        ("user", user.user_id),
        ("name", user.username or "none yet"),
        ("status", user.status),
        ("since", f"{user.created_at:%Y-%m-%d %H:%M:%S} UTC"),
        ("sessions", user.sessions),
    ):
        typer.echo(f"{name:9}{value}")


def _with_standing(work: Callable[[Standing], Awaitable[None]]) -> None:
    async def run() -> None:
        async with _opened() as standing:
            await work(standing)

    try:
        asyncio.run(run())
    except SteadymintError as error:
        end(f"{error.code}: {error.detail}")


@asynccontextmanager
async def _opened() -> AsyncGenerator[Standing]:
    """Open the services on connections of their own. Ends the command with a message if there is no database."""
    settings = load_settings()
    auth = settings.auth
    redis = Redis.from_url(
        settings.redis.url.get_secret_value(),
        socket_timeout=settings.redis.timeout,
        socket_connect_timeout=settings.redis.timeout,
    )
    async with open_pool(settings) as pool, redis:
        sessions = Sessions(pool, auth.refresh_ttl, auth.session_max_age, auth.contract_session_max_age)
        yield Standing(pool, Revocation(sessions, redis, auth.access_ttl))
