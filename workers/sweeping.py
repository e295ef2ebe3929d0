"""The sweeps of a worker: what sign-ins have left, old security events, what nothing names (allowlists, sets of
tokens), and deletions of accounts that are late."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final, Protocol

import structlog

from steadymint.audit.operator_settings import OperatorSettings
from steadymint.audit.sweeping import AuditSweep
from steadymint.catalog.allowlists import AllowlistSweep
from steadymint.durable.accounts import AccountFlows
from steadymint.identity.log_sweeping import SignInLogSweep
from steadymint.identity.sweeping import SignInSweep
from steadymint.identity.users.deletions_sweeping import DeletionSweep
from steadymint.market.token_sets import TokenSetSweep
from workers.parts import WorkerParts

SWEEP_EVERY: Final = 3_600.0
"""Seconds. Rows wait for a day or more to be swept, so an hour is soon enough; a peer that asks for nonces as fast as
it may has left seven thousand by then."""

_log = structlog.get_logger(__name__)


@asynccontextmanager
async def sweeping_old_rows(parts: WorkerParts) -> AsyncGenerator[None]:
    """Sweeps for as long as the block runs."""
    settings = OperatorSettings(parts.pool)
    sweeps: list[Sweep] = [
        SignInSweep(parts.pool, parts.settings.auth.session_max_age),
        SignInLogSweep(parts.pool, settings),
        AuditSweep(parts.pool, settings),
        AllowlistSweep(parts.pool),
        TokenSetSweep(parts.pool),
        DeletionSweep(parts.pool, AccountFlows(parts.temporal, parts.queues)),
    ]
    tasks = [asyncio.create_task(sweep_for_ever(one), name=type(one).__name__) for one in sweeps]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class Sweep(Protocol):
    async def run(self) -> int:
        """Do away with what is old, and return the number of rows."""
        ...


async def sweep_for_ever(sweep: Sweep) -> None:
    """A round an hour. What one round could not do, the next one does."""
    while True:
        try:
            if rows := await sweep.run():
                _log.info("swept", sweep=type(sweep).__name__, rows=rows)
        except Exception as error:  # whatever it is: nobody else does this
            _log.warning("sweep_delayed", error=type(error).__name__)
        await asyncio.sleep(SWEEP_EVERY)
