"""`steadymint demo` and `steadymint demo gallery`: stories on the embedded stack, told as they happen."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any

import typer
from filelock import FileLock, Timeout
from rich.console import Console
from rich.table import Table
from rich.text import Text

from steadymint.cli.local_stack import StackFiles
from steadymint.cli.progress import Progress
from steadymint.demo.client import ProblemError
from steadymint.demo.gallery import Gallery
from steadymint.demo.stage import DemoFailedError, Done, Stage
from steadymint.demo.story import Story
from steadymint.stack.configuration import description
from steadymint.stack.embedded import EmbeddedStack
from steadymint.stack.home import HOME
from steadymint.stack.part import PartFailedError

app = typer.Typer(add_completion=False)
console = Console() if Console().is_terminal else Console(width=180)  # a log has no width to keep to

Telling = Callable[[Stage], Awaitable[str]]
"""Tells a story on a stage and returns its closing line."""

Keep = Annotated[bool, typer.Option("--keep", help="Leave the stack running afterwards, to look around.")]
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
    raise typer.Exit(asyncio.run(_on_stage(HOME / "demo", block_time, keep, _main_job)))


@app.command()
def gallery(
    tokens: Annotated[int, typer.Option(min=2, max=5000, help="Pictures to draw, upload and mint.")] = 1000,
    keep: Keep = False,
    block_time: BlockTime = 1.0,
) -> None:
    """Upload generated pictures, publish and mint them as one collection, and browse it by rank. A stack that runs
    (`steadymint up`) is filled with them; otherwise one is started for it, and ends with it."""

    async def tell(stage: Stage) -> str:
        story = Gallery(stage, tokens)
        await story.run()
        console.print(f"\nThe collection: {stage.stack['apiUrl']}{story.path}/tokens?sort=rank", soft_wrap=True)
        return f"{tokens} tokens with pictures, traits and ranks; {story.pictures_seen} renderings looked at"

    running = StackFiles(HOME)
    if running.running() is not None and running.description.exists():
        raise typer.Exit(asyncio.run(_fill(running.describe(), tell)))
    code = asyncio.run(_on_stage(HOME / "demo", block_time, keep, tell))
    if code == 0 and not keep:
        console.print("Its stack has ended. To look around: `make up`, and `make gallery` again beside it.")
    raise typer.Exit(code)


async def _main_job(stage: Stage) -> str:
    story = Story(stage)
    await story.run()
    return f"{len(stage.done)} intents ready, {story.tokens_compared} tokens compared with their contracts"


async def _fill(described: dict[str, Any], telling: Telling) -> int:
    """Tell a story on the stack that runs, which goes on afterwards."""
    console.print(f"Filling the stack that runs: {described['apiUrl']}")
    try:
        return await _tell_story(described, telling)
    except (KeyboardInterrupt, asyncio.CancelledError):
        return 0


async def _on_stage(home: Path, block_time: float, keep: bool, telling: Telling) -> int:
    _forget(home)
    try:
        with Progress(console) as progress:
            stack = EmbeddedStack(home, node_dir=HOME / "node", report=progress, block_time=block_time)
            async with stack:
                progress.done()
                code = await _tell_story(description(stack), telling)
                if keep:
                    console.print(f"\nThe stack goes on: {stack.api_url}/docs. Ctrl-C stops it.")
                    await asyncio.Event().wait()
                return code
    except PartFailedError as error:
        console.print(f"[red]{error}[/red]")
        return 1
    except (KeyboardInterrupt, asyncio.CancelledError):
        return 0


def _forget(home: Path) -> None:
    """Each demo begins with empty stores and a new chain. One that is running is left alone, and reported as such."""
    home.mkdir(parents=True, exist_ok=True)
    with suppress(Timeout), FileLock(home / "stack.lock", timeout=0):
        for entry in home.iterdir():
            if entry.is_dir():
                shutil.rmtree(entry)


async def _tell_story(described: dict[str, Any], telling: Telling) -> int:
    begun = time.perf_counter()

    def tell(who: str, what: str, detail: str) -> None:
        line = Text(f"{time.perf_counter() - begun:7.2f} s  ", style="dim")
        line.append(f"{who[:30]:<30} ", style="bold")
        line.append(f"{what:<11}", style=_COLOURS.get(what, "cyan"))
        line.append(detail)
        console.print(line, soft_wrap=True)

    console.print()
    async with Stage(described, tell) as stage:
        try:
            closing = await telling(stage)
        except (DemoFailedError, ProblemError) as error:
            console.print(f"\n[bold red]The demo failed:[/bold red] {error}")
            return 1
    _print_table(stage.done, described["temporalUiUrl"])
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
