"""Shows the parts of a stack while they start: a live table on a terminal, elsewhere a line for each change."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from steadymint.stack.report import State

STYLES = {
    State.STARTING: "yellow",
    State.READY: "green",
    State.FAILED: "bold red",
    State.STOPPING: "yellow",
    State.STOPPED: "dim",
}


class Progress:
    """A `Report` for `EmbeddedStack`, used as a context manager. After `done` it prints lines instead of the table."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console()
        self._rows: dict[str, tuple[State, float, float, str]] = {}
        self._live = Live(self, console=self._console, refresh_per_second=8) if self._console.is_terminal else None

    def __enter__(self) -> Self:
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.done()

    def __call__(self, part: str, state: State, seconds: float, detail: str) -> None:
        self._rows[part] = (state, time.monotonic(), seconds, detail)
        if self._live is None:
            took = f"{seconds:5.1f} s" if seconds else " " * 7
            line = f"{part:<13} {state:<9} {took}  {detail}".rstrip()
            self._console.print(line, highlight=False, markup=False, soft_wrap=True)

    def done(self) -> None:
        """End the live table. It stays on the screen."""
        if self._live is not None:
            self._live.stop()
            self._live = None

    def __rich__(self) -> Table:
        table = Table(box=None, pad_edge=False)
        for column in ("part", "state", "time", ""):
            table.add_column(column, justify="right" if column == "time" else "left", no_wrap=True)
        for part, (state, since, seconds, detail) in self._rows.items():
            shown = seconds or (time.monotonic() - since if state is State.STARTING else 0)
            table.add_row(part, Text(state, style=STYLES[state]), f"{shown:.1f} s" if shown else "", detail)
        return table
