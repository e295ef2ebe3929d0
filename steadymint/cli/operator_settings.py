"""`steadymint setting ...`: what an operator changes while everything runs, with who and why."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeVar

import typer
from rich.table import Table

from steadymint.audit.keys import KEYS, Key
from steadymint.audit.operator_settings import OperatorSettings
from steadymint.cli.arguments import operator_name
from steadymint.cli.stores import end, open_pool
from steadymint.cli.tables import wide_console

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Settings: list, set, reset, history.")

Result = TypeVar("Result")
Name = Annotated[str, typer.Argument(help="A key of `steadymint setting list`.")]
Reason = Annotated[str, typer.Option(help="Why; kept in the history.")]


@app.command("list")
def show_list() -> None:
    """Show every setting with its value."""

    async def run(settings: OperatorSettings) -> list[tuple[Key[Any], Any]]:
        return [(key, await settings.get(key)) for _, key in sorted(KEYS.items())]

    table = Table("setting", "value", "default", "shown to all", "what it is", box=None, pad_edge=False)
    for key, value in _with_settings(run):
        table.add_row(key.name, str(value), str(key.default), "yes" if key.public else "no", key.description)
    wide_console().print(table)


@app.command("set")
def change(name: Name, value: str, reason: Reason) -> None:
    """Change a setting. Every process has it within a second."""
    key = _key(name)

    async def run(settings: OperatorSettings) -> bool:
        return await settings.set(key, value, reason=_given(reason), operator=operator_name())

    try:
        changed = _with_settings(run)
    except ValueError as error:
        end(f"{name} {error}")
    typer.echo(f"{name} is {value}" if changed else f"{name} was {value} already")


@app.command()
def reset(name: Name, reason: Reason) -> None:
    """Go back to the default."""
    key = _key(name)

    async def run(settings: OperatorSettings) -> bool:
        return await settings.reset(key, reason=_given(reason), operator=operator_name())

    _with_settings(run)
    typer.echo(f"{name} is {key.default}, the default")


@app.command()
def history(
    name: Annotated[str | None, typer.Argument(help="Of this setting only.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1_000)] = 20,
) -> None:
    """Show who changed what, and why, newest first."""
    key = None if name is None else _key(name)
    table = Table("when", "setting", "from", "to", "by", "why", box=None, pad_edge=False)
    for one in _with_settings(lambda settings: settings.history(key, limit=limit)):
        shown = ["the default" if value is None else value for value in (one.old, one.new)]
        table.add_row(f"{one.changed_at:%Y-%m-%d %H:%M:%S}", one.key, *shown, one.changed_by, one.reason)
    wide_console().print(table)


def _key(name: str) -> Key[Any]:
    if name not in KEYS:
        raise typer.BadParameter(f"there is no setting {name!r}; there are: {', '.join(sorted(KEYS))}")
    return KEYS[name]


def _given(reason: str) -> str:
    if not reason.strip():
        raise typer.BadParameter("say why")
    return reason


def _with_settings(work: Callable[[OperatorSettings], Awaitable[Result]]) -> Result:
    async def run() -> Result:
        async with open_pool() as pool:
            return await work(OperatorSettings(pool))

    return asyncio.run(run())
