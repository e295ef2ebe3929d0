"""`steadymint up` and `down`: run the embedded stack in the foreground or as a daemon, and stop it."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from steadymint.cli.local_stack import StackFiles
from steadymint.cli.progress import Progress
from steadymint.cli.signals import StoppedError, StopSignals
from steadymint.stack.part import PartFailedError
from steadymint.telemetry.logs import redact

if TYPE_CHECKING:
    from steadymint.stack.embedded import EmbeddedStack

STOP_TIMEOUT = 60.0
"""Seconds that `down` waits. A stack takes two or three to stop."""

console = Console()


def foreground(home: Path, block_time: float, gallery: int | None = None) -> int:
    """Run the stack until Ctrl-C, SIGTERM or a closed terminal. Returns the exit code.

    `gallery` is the seed of what the stack is filled with, once everything answers. A stack that runs already is filled
    too.
    """
    files = StackFiles(home)
    if gallery is not None and (pid := files.running()) is not None and files.description.exists():
        console.print(f"already running as process {pid}")
        return _fill(home, gallery)
    return asyncio.run(_run(home, block_time, gallery))


def detached(home: Path, block_time: float, gallery: int | None = None) -> int:
    """Start the stack as a daemon, and return the exit code once everything answers and is filled with what was asked
    for. As in the foreground, a stack that was started for it and cannot be filled is stopped."""
    found = StackFiles(home).running() is not None
    code = _detached(home, block_time)
    if code or gallery is None:
        return code
    code = _fill(home, gallery)
    if code and not found:
        stop(home)
    return code


def _fill(home: Path, seed: int) -> int:
    from steadymint.cli.showcase import fill

    return asyncio.run(fill(home, seed, console))


def _detached(home: Path, block_time: float) -> int:
    files = StackFiles(home)
    if (pid := files.running()) is not None:
        console.print(f"already running as process {pid}")
        _print_addresses(files)
        return 0
    log = home / "logs" / "up.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        daemon = subprocess.Popen(
            [sys.executable, "-m", "steadymint.cli", "up", "--block-time", str(block_time)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    with console.status("starting the stack"):
        while not (files.description.exists() and files.running() == daemon.pid):
            if daemon.poll() is not None:
                console.print(log.read_text(), markup=False, highlight=False, soft_wrap=True)
                return daemon.returncode or 1
            time.sleep(0.1)
    _print_addresses(files)
    return 0


def stop(home: Path) -> int:
    """Stop the stack that runs in `home`. Returns the exit code."""
    files = StackFiles(home)
    pid = files.running()
    if pid is None:
        console.print("no stack is running")
        return 0
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + STOP_TIMEOUT
    with console.status("stopping the stack"):
        while files.running() is not None:
            if time.monotonic() > deadline:
                console.print(f"process {pid} does not end. `kill -9 {pid}` ends it and its parts")
                return 1
            time.sleep(0.05)
    console.print("stopped")
    return 0


async def _run(home: Path, block_time: float, gallery: int | None) -> int:
    from steadymint.stack.embedded import EmbeddedStack

    files = StackFiles(home)
    if (pid := files.running()) is not None:
        console.print(f"already running as process {pid}: `steadymint down` stops it")
        return 1
    progress = Progress(console)

    def stopping() -> None:
        progress.done()
        console.print("\nstopping")

    # The stack is closed outside of what a signal cancels.
    with progress, StopSignals(stopping) as told:
        files.begin()
        stack = EmbeddedStack(home, report=progress, block_time=block_time)
        try:
            async with AsyncExitStack() as started:
                await told.unless_told(started.enter_async_context(stack))
                return await told.unless_told(_serve(stack, files, progress, gallery))
        except PartFailedError as error:
            progress.done()
            console.print(str(error), style="red", markup=False, highlight=False, soft_wrap=True)
            return 1
        except StoppedError:
            return 0


async def _serve(stack: EmbeddedStack, files: StackFiles, progress: Progress, gallery: int | None) -> int:
    """Until it is cancelled, or the stack could not be filled. Returns the exit code."""
    from steadymint.stack.configuration import description

    files.publish(description(stack), stack.environment())
    try:
        progress.done()
        _print_addresses(files)
        supervising = asyncio.ensure_future(stack.supervise())
        try:
            if gallery is not None and (code := await fill_watched(files.home, gallery, supervising)):
                return code
            console.print("Ctrl-C stops it; the data stays.", style="dim")
            await supervising
            return 0
        finally:
            supervising.cancel()
    finally:
        files.withdraw()


async def fill_watched(home: Path, seed: int, supervising: asyncio.Future[None]) -> int:
    """Fill the stack while its parts are watched. Returns the exit code. Raises PartFailedError if a part is lost."""
    from steadymint.cli.showcase import fill

    filling = asyncio.ensure_future(fill(home, seed, console))
    try:
        await asyncio.wait([filling, supervising], return_when=asyncio.FIRST_COMPLETED)
        if supervising.done():
            supervising.result()
        return await filling
    finally:
        filling.cancel()
        await asyncio.gather(filling, return_exceptions=True)  # what it raises now is not why it ends


def _print_addresses(files: StackFiles) -> None:
    known = files.describe()
    chain = known["chains"][0]
    table = Table(box=None, pad_edge=False, show_header=False)
    for name, address in (
        ("Storefront", f"{known['apiUrl']}/"),
        ("API", known["apiUrl"]),
        ("API reference", f"{known['apiUrl']}/docs"),
        ("Temporal UI", known["temporalUiUrl"]),
        ("Temporal", known["temporalAddress"]),
        ("Chain", f"{chain['rpcUrl']}  ({chain['chainId']}, factory {chain['factory']})"),
        ("Postgres", redact(known["postgresDsn"])),
        ("Mongo", known["mongoUrl"]),
        ("Redis", redact(known["redisUrl"])),
        ("Sign-in domain", known["signInDomain"]),
        ("Everything", f"{files.description}  (with passwords)"),
    ):
        table.add_row(name, address)
    console.print()
    console.print(table, soft_wrap=True)
    console.print()
