"""`steadymint intent ...`: shows an intent and its steps, and lets an operator act on it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final

import asyncpg
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from steadymint.chain.inspecting import ChainInspector
from steadymint.chain.nodes.client import ChainClients
from steadymint.chain.nodes.registry import ChainRegistry
from steadymint.cli import rebinding
from steadymint.cli.check_stores import check_redis, check_temporal
from steadymint.cli.deeds import note_intent
from steadymint.cli.findings import Finding
from steadymint.cli.stores import end, open_pool
from steadymint.cli.tables import wide_console
from steadymint.domain.errors import SteadymintError
from steadymint.domain.intents.fills import in_words
from steadymint.domain.intents.kinds import KINDS, IntentKind
from steadymint.domain.intents.machine import IntentStatus, Step
from steadymint.domain.types import parse_tx_hash, show_address
from steadymint.durable.client import connect
from steadymint.durable.intents import IntentFlows
from steadymint.durable.queues import Queues
from steadymint.indexing.index_progress import IndexProgress
from steadymint.intents.repository import IntentRepository
from steadymint.intents.search import FoundIntent, IntentSearch
from steadymint.intents.waits import Waits
from steadymint.settings import Settings, load_settings

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="Intents: list, show, retry, extend, rebind, cancel."
)

PATIENCE: Final = 2.0
"""Seconds for an answer of the parts around an intent."""
NODE_PATIENCE: Final = 4.0
"""Seconds for a node's answer: an operator waits."""

Key = Annotated[str, typer.Argument(help="Intent id, workflow id, transaction hash or account.")]

_COLOURS = {"ready": "green", "failed": "red", "replaced": "red", "expired": "yellow", "reorged": "magenta"}


@dataclass(frozen=True, slots=True)
class IntentTools:
    """The services that these commands use."""

    settings: Settings
    pool: asyncpg.Pool
    search: IntentSearch
    intents: IntentRepository
    flows: IntentFlows
    waits: Waits

    async def one(self, key: str) -> FoundIntent:
        """The intent that `key` names. Ends the command with a message if it names none or several."""
        try:
            found = await self.search.find(key)
        except ValueError:
            raise typer.BadParameter("give an intent id, a workflow id, a transaction hash or an account") from None
        if not found:
            raise typer.BadParameter("no such intent")
        if len(found) > 1:
            _print_table(found)
            raise typer.BadParameter("more than one: give the intent's id")
        return found[0]


@app.command("list")
def show_list(
    status: Annotated[IntentStatus | None, typer.Option(help="pending, ready, failed or expired.")] = None,
    step: Annotated[Step | None, typer.Option(help="prepared, tracked, confirming, ...")] = None,
    kind: Annotated[IntentKind | None, typer.Option(help=", ".join(IntentKind) + ".")] = None,
    limit: Annotated[int, typer.Option(min=1, max=500)] = 20,
) -> None:
    """Intents by their latest change, newest first."""

    async def run(tools: IntentTools) -> None:
        _print_table(await tools.search.recent(status=status, step=step, kind=kind, limit=limit))

    _with_tools(run)


@app.command()
def show(key: Key) -> None:
    """One intent: every step it took, what it waits for and why, and where its flow is in the Temporal UI."""

    async def run(tools: IntentTools) -> None:
        found = await tools.one(key)
        await _print_intent(tools, found)
        await _print_wait(tools, found)

    _with_tools(run)


@app.command()
def retry(key: Key) -> None:
    """Start the current wait again, on any free worker. Nothing is done twice."""

    async def run(tools: IntentTools) -> None:
        found = await tools.one(key)
        await note_intent(tools.pool, "retry", found)
        typer.echo(await tools.flows.retry_step(found.workflow_id))

    _with_tools(run)


@app.command()
def extend(
    key: Key, hours: Annotated[float, typer.Option("--hours", "-h", min=0.01, max=720, help="How much longer.")] = 6
) -> None:
    """Move the deadline: give the wallet or the chain more time."""

    async def run(tools: IntentTools) -> None:
        found = await tools.one(key)
        await note_intent(tools.pool, "extend", found, hours=hours)
        until = await tools.flows.extend_deadline(found.workflow_id, timedelta(hours=hours))
        typer.echo(f"the deadline is now {until}")

    _with_tools(run)


@app.command()
def rebind(key: Key, tx_hash: Annotated[str, typer.Argument(help="The transaction to follow from now on.")]) -> None:
    """Follow another transaction: the user's wallet has sped it up, or the frontend reported a wrong one.

    Says whether it was taken. One that cannot be the intent's is refused, and the one before is followed on.
    """

    try:
        right = parse_tx_hash(tx_hash.lower())
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None

    async def run(tools: IntentTools) -> None:
        found = await tools.one(key)
        await note_intent(tools.pool, "rebind", found, txHash=right)
        taken = await rebinding.rebind(tools.flows, tools.intents, found.intent_id, found.workflow_id, right)
        row = await tools.intents.get(found.intent_id)
        if taken:
            typer.echo(f"taken: {found.intent_id} is {row.step} and follows {right}")
        else:
            typer.echo(f"no verdict yet: the flow goes on asking, and {found.intent_id} is {row.step} until then")
        if not row.final:
            typer.echo((await tools.waits.of(row, right)).text)

    _with_tools(run)


@app.command()
def cancel(
    key: Key, reason: Annotated[str, typer.Option("--reason", "-r", help="Shown to the user.")] = "cancelled by support"
) -> None:
    """End an intent. If its transaction lands anyway, it is indexed, and the intent becomes ready."""

    async def run(tools: IntentTools) -> None:
        found = await tools.one(key)
        await note_intent(tools.pool, "cancel", found, reason=reason)
        view = await tools.flows.cancel(found.workflow_id, reason)
        typer.echo(f"{found.intent_id} is {view.step}")

    _with_tools(run)


# -- helpers -----------------------------------------------------------------------------------------------------------


def _with_tools(run: Callable[[IntentTools], Awaitable[None]]) -> None:
    async def opened() -> None:
        async with _open_tools() as tools:
            await run(tools)

    try:
        asyncio.run(opened())
    except SteadymintError as error:
        end(f"{error.code}: {error.detail}")


@asynccontextmanager
async def _open_tools() -> AsyncGenerator[IntentTools]:
    settings = load_settings()
    async with open_pool(settings, max_size=2) as pool:
        client = await connect(settings, lazy=True)
        flows = IntentFlows(client, Queues(settings.temporal.task_queue_prefix))
        clients = ChainClients(ChainRegistry(pool), timeout=NODE_PATIENCE)
        try:
            waits = Waits(ChainInspector(clients), IndexProgress(pool))
            yield IntentTools(settings, pool, IntentSearch(pool), IntentRepository(pool), flows, waits)
        finally:
            await clients.close()


def _print_table(found: list[FoundIntent]) -> None:
    table = Table(box=None, pad_edge=False)
    for column in ("intent", "kind", "chain", "step", "account", "transaction", "changed"):
        table.add_column(column, no_wrap=True)
    for one in found:
        table.add_row(
            str(one.intent_id),
            one.kind.value,
            one.chain_id,
            _coloured(one.step),
            _short(show_address(one.account)),
            _short(one.tx_hash or "-"),
            _ago(one.updated_at),
        )
    wide_console().print(table if found else "no intents")


async def _print_intent(tools: IntentTools, found: FoundIntent) -> None:
    console = wide_console()
    head = Table(box=None, show_header=False)
    for name, value in (
        ("intent", str(found.intent_id)),
        ("kind", f"{found.kind.value} on {found.chain_id}"),
        ("account", show_address(found.account)),
        ("transaction", found.tx_hash or "none yet"),
        ("deadline", f"{found.deadline_at:%Y-%m-%d %H:%M:%S} UTC"),
        ("workflow", _ui_link(tools.settings, found.workflow_id)),
    ):
        head.add_row(Text(name, style="dim"), value)
    console.print(head)
    steps = Table("", "step", "at", "transaction", "detail", box=None)
    for line in await tools.intents.steps_after(found.intent_id, 0):
        view = line.view
        detail = view.error.detail if view.error else KINDS[found.kind].words[view.step]
        if view.step is Step.CONFIRMING:
            detail = f"{detail}, {view.required_confirmations} in all"
        if view.step is Step.READY and view.fills is not None:
            detail = in_words(view.order_hashes or (), view.missed_order_hashes or ())
        at = f"{view.updated_at.astimezone(UTC):%H:%M:%S.%f}"[:-3]
        steps.add_row(str(line.seq), _coloured(view.step.value), at, _short(view.tx_hash or "-"), detail)
    console.print(steps)


async def _print_wait(tools: IntentTools, found: FoundIntent) -> None:
    """What an open intent waits for now, and the parts around it that do not answer."""
    row = await tools.intents.get(found.intent_id)
    if row.final:
        return
    waiting, *parts = await asyncio.gather(
        tools.waits.of(row, row.tx_hash),
        check_redis(tools.settings, PATIENCE),
        check_temporal(tools.settings, PATIENCE),
    )
    console = wide_console()
    console.print()
    mark = Text(waiting.problem.value if waiting.problem else "waits", style="bold red" if waiting.problem else "cyan")
    console.print(mark, waiting.text, soft_wrap=True)
    for part in parts:
        _print_unfit(part, console)


def _print_unfit(part: Finding, console: Console) -> None:
    if not part.fit:
        console.print(Text(part.name, style="bold red"), f"at {part.address}:", part.detail, soft_wrap=True)


def _ui_link(settings: Settings, workflow_id: str) -> str:
    return f"{settings.temporal.ui_url}/namespaces/{settings.temporal.namespace}/workflows/{workflow_id}"


def _coloured(step: str) -> Text:
    return Text(step, style=_COLOURS.get(step, "cyan"))


def _short(text: str) -> str:
    return text if len(text) <= 14 else f"{text[:8]}…{text[-4:]}"


def _ago(moment: datetime) -> str:
    seconds = (datetime.now(UTC) - moment).total_seconds()
    for size, unit in ((86_400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds / size:.0f} {unit} ago"
    return f"{max(0.0, seconds):.0f} s ago"
