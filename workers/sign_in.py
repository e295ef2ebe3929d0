"""The sign-in side of a worker: the sweep of what has expired."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final

import structlog

from steadymint.identity.sweeping import SignInSweep
from workers.parts import WorkerParts

SWEEP_EVERY: Final = 3_600.0
"""Seconds. Rows wait for a day or more to be swept, so an hour is soon enough; a peer that asks for nonces as fast as
it may has left seven thousand by then."""

_log = structlog.get_logger(__name__)


@asynccontextmanager
async def sweeping_sign_ins(parts: WorkerParts) -> AsyncGenerator[None]:
    """Sweeps for as long as the block runs."""
    task = asyncio.create_task(
        sweep_for_ever(SignInSweep(parts.pool, parts.settings.auth.session_max_age)), name="expired sign-ins"
    )
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def sweep_for_ever(sweep: SignInSweep) -> None:
    """A round an hour. What one round could not do, the next one does."""
    while True:
        try:
            if deleted := await sweep.run():
                _log.info("expired_sign_ins_deleted", rows=deleted)
        except Exception as error:  # whatever it is: nobody else does this
            _log.warning("sweep_delayed", error=type(error).__name__)
        await asyncio.sleep(SWEEP_EVERY)
