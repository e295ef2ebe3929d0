"""The console on which the command line prints its tables."""

from __future__ import annotations

from typing import Final

from rich.console import Console

WIDTH: Final = 132
"""Columns of the widest row."""


def wide_console() -> Console:
    """A console as wide as the terminal, but wide enough for whole ids and addresses, which people copy.

    Markup is off, because strangers write names and reasons, and a bracket in one of them is no style of ours.
    """
    return Console(width=max(WIDTH, Console().width), markup=False, emoji=False)
