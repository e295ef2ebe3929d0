"""The command line as an operator types it, in this process: starting Python for each command takes a second."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping

from typer.testing import CliRunner

from steadymint.cli.main import app
from steadymint.settings import load_settings


async def steadymint(environment: Mapping[str, str], *words: str) -> tuple[int, str]:
    """The exit code and output of a command beside no stack, with these settings.

    A command that ends in an exception that it does not word raises it here.
    """
    return await asyncio.to_thread(_run, environment, words)


def at_database(dsn: str) -> dict[str, str]:
    """The setting that names the database."""
    return {"STEADYMINT_POSTGRES__DSN": dsn}


def _run(environment: Mapping[str, str], words: tuple[str, ...]) -> tuple[int, str]:
    before = dict(os.environ)
    for name in before:
        if name.startswith("STEADYMINT_"):
            del os.environ[name]
    os.environ |= {**environment, "NO_COLOR": "1", "COLUMNS": "160"}
    load_settings.cache_clear()  # a process reads them once
    try:
        result = CliRunner().invoke(app, words, prog_name="steadymint")
    finally:
        os.environ.clear()
        os.environ |= before
        load_settings.cache_clear()
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output
