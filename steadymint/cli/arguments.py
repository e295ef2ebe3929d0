"""Arguments of commands: read by the rules of the domain, with a sentence for what is none. And who gives them."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from typing import TypeVar

import typer

T = TypeVar("T")


def argument(parse: Callable[[str], T], text: str) -> T:
    """The value of an argument. Raises BadParameter, which ends the command with a sentence."""
    try:
        return parse(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} {error}") from None


def operator_name() -> str:
    """The name of the user at this terminal; "unknown" if the machine does not tell it."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"
