"""Where the command line prints its tables."""

from __future__ import annotations

from typing import Final

from rich.console import Console

WIDTH: Final = 132
"""Columns that the widest row needs."""


def wide_console() -> Console:
    """As wide as the terminal, but never so narrow that an id or an address is cut: they are there to be copied.

    Texts are shown as they are. Names and reasons are strangers', and a bracket in one of them is no style of ours.
    """
    return Console(width=max(WIDTH, Console().width), markup=False, emoji=False)
