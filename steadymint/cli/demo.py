"""`steadymint demo`: the main job on the embedded stack, told as it happens."""

from __future__ import annotations

import asyncio
import shutil
import time
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer
from filelock import FileLock, Timeout
from rich.console import Console
from rich.table import Table
from rich.text import Text

from steadymint.cli.progress import Progress
from steadymint.demo.client import ProblemError
from steadymint.demo.story import DemoFailedError, Done, Story
from steadymint.stack.configuration import description
from steadymint.stack.embedded import EmbeddedStack
from steadymint.stack.home import HOME
from steadymint.stack.part import PartFailedError

app = typer.Typer()
console = Console() if Console().is_terminal else Console(width=180)  # a log has no width to keep to

_COLOURS = {"ready": "bold green", "signed in": "green", "compared": "green", "sent": "yellow", "prepared": "blue"}


@app.command()
def demo(
    keep: Annotated[bool, typer.Option("--keep", help="Leave the stack running afterwards, to look around.")] = False,
    block_time: Annotated[float, typer.Option(min=0.1, help="Seconds between blocks of the local chain.")] = 1.0,
) -> None:
    """Sign in, create collections and mint on the embedded stack, and compare the catalog with the contracts."""
    raise typer.Exit(asyncio.run(_demo(HOME / "demo", block_time, keep)))


async def _demo(home: Path, block_time: float, keep: bool) -> int:
    _forget(home)
    try:
        with Progress(console) as progress:
            stack = EmbeddedStack(home, node_dir=HOME / "node", report=progress, block_time=block_time)
            async with stack:
                progress.done()
                code = await _tell_story(stack)
                if keep:
                    console.print("\nThe stack goes on; Ctrl-C stops it.")
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


async def _tell_story(stack: EmbeddedStack) -> int:
    begun = time.perf_counter()

    def tell(who: str, what: str, detail: str) -> None:
        line = Text(f"{time.perf_counter() - begun:7.2f} s  ", style="dim")
        line.append(f"{who[:30]:<30} ", style="bold")
        line.append(f"{what:<11}", style=_COLOURS.get(what, "cyan"))
        line.append(detail)
        console.print(line, soft_wrap=True)

    story = Story(description(stack), tell)
    console.print()
    try:
        await story.run()
    except (DemoFailedError, ProblemError) as error:
        console.print(f"\n[bold red]The demo failed:[/bold red] {error}")
        return 1
    _print_table(story.done, stack)
    console.print(
        f"\n[bold green]{len(story.done)} intents ready, {story.tokens_compared} tokens compared with their contracts,"
        f" in {time.perf_counter() - begun:.1f} s.[/bold green]"
    )
    return 0


def _print_table(done: list[Done], stack: EmbeddedStack) -> None:
    table = Table(title="\nIntents", title_justify="left", title_style="bold", box=None)
    for column in ("what", "workflow id", "transaction", "confirmations", "duration"):
        table.add_column(
            column, overflow="fold", justify="right" if column in {"confirmations", "duration"} else "left"
        )
    for one in done:
        table.add_row(one.what, one.workflow_id, one.tx_hash, one.confirmations, f"{one.seconds:.2f} s")
    console.print(table)
    console.print(f"\nEach flow as it happened: {stack.temporal.ui_url}/namespaces/default/workflows", soft_wrap=True)
