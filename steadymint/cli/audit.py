"""`steadymint audit`: what security should know of, newest first."""

from __future__ import annotations

import asyncio
import json
import re
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from typing import Annotated, Any, Final
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from steadymint.audit.entries import EventType, Severity
from steadymint.audit.reading import Filter, SecurityEvent, search
from steadymint.cli.arguments import argument
from steadymint.cli.stores import open_pool
from steadymint.cli.tables import wide_console
from steadymint.domain.types import parse_address, show_address

app = typer.Typer(add_completion=False)

_COLOURS: Final[dict[Severity, str]] = {"info": "", "warning": "yellow", "error": "red", "critical": "bold red"}
_AGE: Final = re.compile(r"([1-9][0-9]{0,4})([hd])")


@app.command()
def show(
    type: Annotated[str | None, typer.Option(help="A type, such as users.deleted, or its beginning: users.")] = None,
    severity: Annotated[Severity, typer.Option(help="The least.")] = "info",
    user: Annotated[str | None, typer.Option(help="The id of the user it is about.")] = None,
    wallet: Annotated[str | None, typer.Option(help="The address of a wallet.")] = None,
    ip: Annotated[str | None, typer.Option(help="An IP address or a network, such as 192.0.2.0/24.")] = None,
    since: Annotated[str | None, typer.Option(help="How far back: 12h, 30d.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000)] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Show security events, newest first."""
    wanted = Filter(
        type=None if type is None else argument(_type, type),
        at_least=severity,
        user_id=None if user is None else argument(UUID, user),
        wallet=None if wallet is None else argument(parse_address, wallet),
        ip=None if ip is None else argument(_network, ip),
        since=None if since is None else argument(_moment, since),
    )
    found = asyncio.run(_search(wanted, limit))
    if as_json:
        for event in found:
            typer.echo(json.dumps(_object(event)))
    else:
        _print(found)


async def _search(wanted: Filter, limit: int) -> list[SecurityEvent]:
    async with open_pool() as pool:
        return await search(pool, wanted, limit=limit)


def _type(text: str) -> str:
    known = {one.value for one in EventType}
    if text not in known | {one.partition(".")[0] for one in known}:
        raise ValueError(f"is no type; there are: {', '.join(sorted(known))}")
    return text


def _network(text: str) -> str:
    try:
        return str(ip_network(text))
    except ValueError:
        raise ValueError("is no IP address and no network") from None


def _moment(text: str) -> datetime:
    read = _AGE.fullmatch(text)
    if read is None:
        raise ValueError("must be a number of hours or days, such as 12h or 30d")
    unit = timedelta(hours=1) if read[2] == "h" else timedelta(days=1)
    return datetime.now(UTC) - int(read[1]) * unit


def _print(found: list[SecurityEvent]) -> None:
    console = wide_console()
    if not found:
        console.print("nothing is recorded that fits")
        return
    table = Table(box=None, pad_edge=False)
    for column in ("when", "severity", "type", "what", "about", "from", "details"):
        table.add_column(column, no_wrap=column not in ("what", "details"))
    for event in found:
        table.add_row(
            f"{event.at:%Y-%m-%d %H:%M:%S}",
            Text(event.severity, style=_COLOURS[event.severity]),
            event.type,
            event.description,
            str(event.user_id or _shown(event.wallet) or ""),
            event.ip or "",
            ", ".join(f"{name} {value}" for name, value in event.details.items()),
        )
    Console.print(console, table)


def _object(event: SecurityEvent) -> dict[str, Any]:
    return {
        "at": event.at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "severity": event.severity,
        "type": event.type,
        "description": event.description,
        "userId": None if event.user_id is None else str(event.user_id),
        "wallet": _shown(event.wallet),
        "ip": event.ip,
        "details": dict(event.details),
        "id": str(event.id),
    }


def _shown(wallet: str | None) -> str | None:
    return None if wallet is None else show_address(parse_address(wallet))
