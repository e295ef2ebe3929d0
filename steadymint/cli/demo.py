"""`steadymint demo` and its `gallery`, `market` and `people`: they run on the embedded stack and print each step."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Annotated, Any

import typer
from filelock import FileLock, Timeout
from rich.console import Console
from rich.table import Table
from rich.text import Text

from steadymint.cli.local_stack import StackFiles
from steadymint.cli.progress import Progress
from steadymint.cli.signals import StoppedError, StopSignals
from steadymint.demo.gallery import Gallery
from steadymint.demo.main_job import MainJob
from steadymint.demo.market.story import MarketStory
from steadymint.demo.people.story import PeopleStory
from steadymint.demo.run import DemoFailedError, DemoRun, Done
from steadymint.domain.counting import counted
from steadymint.stack.configuration import description
from steadymint.stack.embedded import EmbeddedStack
from steadymint.stack.home import HOME
from steadymint.stack.part import PartFailedError
from steadymint_client import SteadymintError

app = typer.Typer(add_completion=False)
console = Console() if Console().is_terminal else Console(width=180)  # a log file has no width

DemoJob = Callable[[DemoRun], Awaitable[str]]
"""Runs a job and returns its closing line."""

Keep = Annotated[bool, typer.Option("--keep", "--stay", help="Leave the stack running afterwards, to look around.")]
BlockTime = Annotated[float, typer.Option(min=0.1, help="Seconds between blocks of the local chain.")]

_COLOURS = {
    "ready": "bold green",
    "signed in": "green",
    "compared": "green",
    "ranked": "green",
    "sent": "yellow",
    "prepared": "blue",
}


@app.callback(invoke_without_command=True)
def demo(context: typer.Context, keep: Keep = False, block_time: BlockTime = 1.0) -> None:
    """Sign in, create collections and mint on the embedded stack, and compare the catalog with the contracts."""
    if context.invoked_subcommand is not None:
        return
    raise typer.Exit(asyncio.run(_on_own_stack(HOME / "demo", block_time, keep, _main_job)))


@app.command()
def gallery(
    tokens: Annotated[int, typer.Option(min=2, max=5000, help="Pictures to draw, upload and mint.")] = 1000,
    keep: Keep = False,
    block_time: BlockTime = 1.0,
) -> None:
    """Upload generated pictures, publish and mint them as one collection, and browse it by rank. A stack that runs
    (`steadymint up`) is filled with them; otherwise one is started for it, and ends with it."""

    async def run(demo: DemoRun) -> str:
        job = Gallery(demo, tokens)
        await job.run()
        console.print(f"\nThe collection: {demo.stack['apiUrl']}{job.path}/tokens?sort=rank", soft_wrap=True)
        seen = counted(job.pictures_seen, "rendering")
        return f"{counted(tokens, 'token')} with pictures, traits and ranks; {seen} looked at"

    running = StackFiles(HOME)
    if running.running() is not None and running.description.exists():
        raise typer.Exit(asyncio.run(_on_running_stack(running.describe(), run)))
    code = asyncio.run(_on_own_stack(HOME / "demo", block_time, keep, run))
    if code == 0 and not keep:
        console.print("Its stack has ended. To look around: `make up`, and `make gallery` again beside it.")
    raise typer.Exit(code)


@app.command()
def market(keep: Keep = False, block_time: BlockTime = 1.0) -> None:
    """Two keys and a contract wallet trade on real Seaport, half of it through OpenSea's library, and each order, token
    and wei is compared with the chain. On a stack of its own."""

    async def run(demo: DemoRun) -> str:
        story = MarketStory(demo, HOME / "node")
        await story.run()
        orders, sales = counted(story.ledger.orders, "order"), counted(story.ledger.sales, "sale")
        paid = f"{story.ledger.wei / 10**18:g} ETH"
        console.print(f"\nThe market: {demo.stack['apiUrl']}/v1/orders?sort=newest", soft_wrap=True)
        return f"{orders} and {sales} for {paid} compared with the chain, to the wei"

    raise typer.Exit(asyncio.run(_on_own_stack(HOME / "demo", block_time, keep, run)))


@app.command()
def people(keep: Keep = False, block_time: BlockTime = 1.0) -> None:
    """Two users with three wallets follow, hide, block, link, launch a token and revoke an approval, while a webhook
    waits for its receiver; holders and allowances are compared with the chain. On a stack of its own."""

    async def run(demo: DemoRun) -> str:
        story = PeopleStory(demo, HOME / "node")
        await story.run()
        console.print(
            f"\nThe tokens: {demo.stack['apiUrl']}/v1/tokens-fungible?chainId={demo.chain_id}", soft_wrap=True
        )
        holders, events = counted(story.coin.holders, "holder"), counted(story.hook.events, "event")
        return f"{holders} compared with the contract; {events} came once, in order, signed"

    raise typer.Exit(asyncio.run(_on_own_stack(HOME / "demo", block_time, keep, run)))


async def _main_job(demo: DemoRun) -> str:
    job = MainJob(demo)
    await job.run()
    compared = counted(job.tokens_compared, "token")
    return f"{counted(len(demo.done), 'intent')} ready, {compared} compared with their contracts"


async def _on_running_stack(described: dict[str, Any], job: DemoJob) -> int:
    """The stack keeps running afterwards, with what the job has made. Returns the exit code."""
    console.print(f"On the stack that runs: {described['apiUrl']}")
    with StopSignals() as told:
        try:
            return await told.unless_told(_show(described, job))
        except StoppedError as stopped:
            return stopped.exit_code


async def _on_own_stack(home: Path, block_time: float, keep: bool, job: DemoJob) -> int:
    """The job's exit code, also when a signal ends the stack afterwards."""
    _forget(home)
    # The stack is closed outside of what a signal cancels.
    with Progress(console) as progress, StopSignals() as told:
        stack = EmbeddedStack(home, node_dir=HOME / "node", report=progress, block_time=block_time)
        try:
            async with AsyncExitStack() as started:
                await told.unless_told(started.enter_async_context(stack))
                progress.done()
                code = await told.unless_told(_show(description(stack), job))
                if keep:
                    console.print(
                        f"\nThe stack keeps running until Ctrl-C. The storefront: {stack.api_url}/", soft_wrap=True
                    )
                    await told.wait()
                return code
        except PartFailedError as error:
            progress.done()
            console.print(str(error), style="red", markup=False, highlight=False, soft_wrap=True)
            return 1
        except StoppedError as stopped:
            return stopped.exit_code


def _forget(home: Path) -> None:
    """Empty the stores and the chain of the last demo, unless it is still running. Then the stack refuses to start."""
    home.mkdir(parents=True, exist_ok=True)
    with suppress(Timeout), FileLock(home / "stack.lock", timeout=0):
        for entry in home.iterdir():
            if entry.is_dir():
                shutil.rmtree(entry)


async def _show(described: dict[str, Any], job: DemoJob) -> int:
    begun = time.perf_counter()

    def tell(who: str, what: str, detail: str) -> None:
        line = Text(f"{time.perf_counter() - begun:7.2f} s  ", style="dim")
        line.append(f"{who[:30]:<30} ", style="bold")
        line.append(f"{what:<11}", style=_COLOURS.get(what, "cyan"))
        line.append(detail)
        console.print(line, soft_wrap=True)

    console.print()
    async with DemoRun(described, tell) as demo:
        try:
            closing = await job(demo)
        except (DemoFailedError, SteadymintError) as error:
            console.print(f"\n[bold red]The demo failed:[/bold red] {error}")
            return 1
    _print_table(demo.done, described["temporalUiUrl"])
    console.print(f"\n[bold green]{closing}, in {time.perf_counter() - begun:.1f} s.[/bold green]")
    return 0


def _print_table(done: list[Done], temporal_ui: str) -> None:
    table = Table(title="\nIntents", title_justify="left", title_style="bold", box=None)
    for column in ("what", "workflow id", "transaction", "confirmations", "duration"):
        table.add_column(
            column, overflow="fold", justify="right" if column in {"confirmations", "duration"} else "left"
        )
    for one in done:
        table.add_row(one.what, one.workflow_id, one.tx_hash, one.confirmations, f"{one.seconds:.2f} s")
    console.print(table)
    console.print(f"\nEach flow as it happened: {temporal_ui}/namespaces/default/workflows", soft_wrap=True)
