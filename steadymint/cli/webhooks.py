"""`steadymint webhook ...`: the webhooks of operators, which are told of everybody."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated
from uuid import UUID

import asyncpg
import orjson
import typer

from steadymint.catalog.contracts import named_contract
from steadymint.cli.arguments import argument, operator_name
from steadymint.cli.stores import end, open_pool
from steadymint.domain.counting import counted
from steadymint.domain.errors import SteadymintError
from steadymint.domain.slugs import ContractName, parse_contract
from steadymint.domain.types import ChainId, parse_address, parse_chain_id
from steadymint.domain.webhooks import DeliveryStatus, EventName, WebhookStatus
from steadymint.outbound.errors import OutboundError
from steadymint.outbound.gate import parse_url
from steadymint.settings import load_settings
from steadymint.webhooks import history
from steadymint.webhooks.deeds import By, Deed, note
from steadymint.webhooks.resealing import Resealed, reseal, under_others
from steadymint.webhooks.sealing import Seal
from steadymint.webhooks.subscriptions import Subscription, Subscriptions
from steadymint.webhooks.told import collection_key
from steadymint.webhooks.wanted import Change, Wanted

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="Webhooks of operators: create, list, show, pause, resume, delete, rotate, deliveries, events, replay, test. "
    "`reseal` is for all webhooks.",
)

Id = Annotated[UUID, typer.Argument(help="The webhook's id.")]


@app.command()
def create(
    url: Annotated[str, typer.Argument(help="An https address at port 443 of the public internet.")],
    event: Annotated[list[EventName] | None, typer.Option(help="Only events of this name; may be repeated.")] = None,
    collection: Annotated[
        list[str] | None, typer.Option(help="Only of this collection: chain/contract, or chain/slug.")
    ] = None,
    account: Annotated[list[str] | None, typer.Option(help="Only those in which this account takes part.")] = None,
    description: Annotated[str | None, typer.Option(help="For yourself.")] = None,
) -> None:
    """Subscribe to everything that happens, or to a part of it. Prints the secret, this once."""
    names = [argument(_collection, one) for one in collection or []]
    accounts = [argument(parse_address, one) for one in account or []]
    target = argument(_url, url)

    async def run(pool: asyncpg.Pool, webhooks: Subscriptions) -> None:
        collections = [collection_key(chain, await named_contract(pool, chain, name)) for chain, name in names]
        wanted = Wanted(event or [], collections, accounts)
        made = await webhooks.create(None, target, description, wanted, by=_operator())
        typer.echo(f"webhook {made.subscription.webhook_id}\nsecret  {made.secret}")

    _with_webhooks(run)


@app.command("list")
def list_all() -> None:
    """List the webhooks of operators."""

    async def run(_: asyncpg.Pool, webhooks: Subscriptions) -> None:
        for one in await webhooks.all_of(None, limit=1000):
            typer.echo(f"{one.webhook_id}  {_state(one):12} {one.last_seq:>8}  {one.url}")

    _with_webhooks(run)


@app.command()
def show(webhook: Id) -> None:
    """Show one webhook, without its secret."""

    async def run(_: asyncpg.Pool, webhooks: Subscriptions) -> None:
        one = await webhooks.get(None, webhook)
        for name, value in (
            ("webhook", one.webhook_id),
            ("url", one.url),
            ("about", one.description or ""),
            ("state", _state(one)),
            ("events", ", ".join(one.event_names) or "all"),
            ("collections", ", ".join(one.collections) or "all"),
            ("accounts", ", ".join(one.accounts) or "all"),
            ("last number", one.last_seq),
        ):
            typer.echo(f"{name:12}{value}")

    _with_webhooks(run)


@app.command()
def pause(webhook: Id) -> None:
    """Send nothing until `resume`. Events are kept for 30 days."""
    _change(webhook, Change(status=WebhookStatus.PAUSED), "paused")


@app.command()
def resume(webhook: Id) -> None:
    """Send what has waited, and go on."""
    _change(webhook, Change(status=WebhookStatus.ACTIVE), "active")


@app.command()
def delete(webhook: Id) -> None:
    """End the subscription."""

    async def run(_: asyncpg.Pool, webhooks: Subscriptions) -> None:
        await webhooks.delete(None, webhook, by=_operator())
        typer.echo("deleted")

    _with_webhooks(run)


@app.command()
def rotate(
    webhook: Id, stolen: Annotated[bool, typer.Option("--stolen", help="The old secret signs no more at once.")] = False
) -> None:
    """Replace the secret. Prints the new one, this once. The old one signs as well for 24 hours."""

    async def run(_: asyncpg.Pool, webhooks: Subscriptions) -> None:
        secret = await webhooks.rotate(None, webhook, overlap=not stolen, by=_operator())
        typer.echo(f"secret  {secret}")

    _with_webhooks(run)


@app.command("reseal")
def reseal_all() -> None:
    """Seal all stored secrets, those of users too, by the active key of STEADYMINT_CODEC. Run it when that key is the
    active one of every process, and each has the old one too. The old key may go when nothing is left here, and
    Temporal keeps no history that it encrypted. It may be stopped and run again."""

    async def run() -> None:
        settings = load_settings()
        total, seal = Resealed(), Seal(settings.codec)
        async with open_pool(settings) as pool:
            await note(pool, Deed.RESEAL, _operator())  # before it takes effect, since it may be stopped
            async for total in reseal(pool, seal):
                typer.echo(f"{total.sealed} of {counted(total.seen, 'webhook')} sealed again")
            left = await under_others(pool, seal)
        for webhook_id in total.lost:
            typer.echo(f"{webhook_id}  its key is not configured: configure it, or rotate the secret")
        if total.changed and left:
            typer.echo(f"{counted(total.changed, 'secret')} rotated meanwhile: run it again")
        typer.echo(f"{counted(left, 'webhook')} not under the active key")
        if left:
            raise typer.Exit(1)

    asyncio.run(run())


@app.command()
def deliveries(
    webhook: Id,
    status: Annotated[DeliveryStatus | None, typer.Option(help="dead: the dead letters.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
) -> None:
    """List what has come of the last events, the newest first."""

    async def run(pool: asyncpg.Pool, webhooks: Subscriptions) -> None:
        await webhooks.get(None, webhook)
        for one in await history.deliveries(pool, webhook, status=status, before=None, limit=limit):
            said = one.error or ""
            typer.echo(f"{one.seq:>8}  {one.status:10}{one.attempts:>4} tries  {one.name:28} {said}".rstrip())

    _with_webhooks(run)


@app.command()
def events(webhook: Id, after: int = 0, limit: Annotated[int, typer.Option(min=1, max=1000)] = 100) -> None:
    """Print the events behind a number as they are sent, one JSON object a line."""

    async def run(pool: asyncpg.Pool, webhooks: Subscriptions) -> None:
        await webhooks.get(None, webhook)
        for body in await history.bodies_after(pool, webhook, after, limit):
            typer.echo(orjson.dumps(body))

    _with_webhooks(run)


@app.command()
def replay(
    webhook: Id,
    first: Annotated[int, typer.Argument(min=1, help="The number to begin with.")],
    last: Annotated[int | None, typer.Argument(min=1, help="The number to end with; the last one if left out.")] = None,
    dead: Annotated[bool, typer.Option("--dead", help="Only those that were given up.")] = False,
) -> None:
    """Send events again, at most 10,000 at once."""

    async def run(pool: asyncpg.Pool, webhooks: Subscriptions) -> None:
        await webhooks.get(None, webhook)
        found = await history.replay(pool, webhook, first, last, dead_only=dead, by=_operator())
        typer.echo(f"{counted(found.events, 'event')} will be sent again, up to number {found.last}")

    _with_webhooks(run)


@app.command()
def test(webhook: Id) -> None:
    """Send an event of no meaning."""

    async def run(pool: asyncpg.Pool, webhooks: Subscriptions) -> None:
        await webhooks.get(None, webhook)
        typer.echo(f"number {await history.send_test(pool, webhook)} will be sent")

    _with_webhooks(run)


def _change(webhook: UUID, change: Change, state: str) -> None:
    async def run(_: asyncpg.Pool, webhooks: Subscriptions) -> None:
        await webhooks.change(None, webhook, change, by=_operator())
        typer.echo(state)

    _with_webhooks(run)


def _operator() -> By:
    return By(operator=operator_name())


def _state(one: Subscription) -> str:
    return f"paused: {one.paused_because}" if one.paused_because else "failing" if one.retry_at else str(one.status)


def _url(text: str) -> str:
    try:
        return str(parse_url(text))
    except OutboundError as error:
        raise ValueError(f"is refused: {error.failure.detail}") from None


def _collection(text: str) -> tuple[ChainId, ContractName]:
    chain, _, name = text.partition("/")
    return parse_chain_id(chain), parse_contract(name)


def _with_webhooks(work: Callable[[asyncpg.Pool, Subscriptions], Awaitable[None]]) -> None:
    async def run() -> None:
        settings = load_settings()
        async with open_pool(settings) as pool:
            await work(pool, Subscriptions(pool, Seal(settings.codec)))

    try:
        asyncio.run(run())
    except SteadymintError as error:
        end(f"{error.code}: {error.detail}")
