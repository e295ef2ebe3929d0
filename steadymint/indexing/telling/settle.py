"""Settles sightings: it moves the intents, then notifies viewers and flows.

Only then a sighting is marked as settled. If the process dies before, the next sweep does everything again. Every part
may be repeated.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any, Final, Protocol

import asyncpg

from steadymint.domain.intents.kinds import IntentKind
from steadymint.domain.intents.machine import FINAL_STEPS, Step
from steadymint.domain.intents.rows import Settled, Sighting
from steadymint.domain.intents.view import LoggedStep
from steadymint.domain.types import (
    Bytes32,
    ChainId,
    IntentId,
)

log = logging.getLogger(__name__)

AT_ONCE: Final = 500
"""Sightings in one statement. A block of a thousand mints takes two statements."""

TOLD_AT_ONCE: Final = 16
"""Flows that are told at the same time."""
PATIENCE: Final = 2.0
"""Seconds for one flow. The indexer reads no block meanwhile."""
REST: Final = 15.0
"""Seconds in which no flow is told after one could not be told within `PATIENCE`: Temporal is away."""

_UNSETTLED: Final = """
select chain_id, block_number, log_index, block_hash, tx_hash, match_key, kind, facts, effects, status
from indexer_service.intent_sightings
where chain_id = $1 and settled_at is null and (block_number, log_index) > ($2, $3)
order by block_number, log_index limit $4"""

# A sighting whose status a rollback has changed since it was read stays unsettled.
_SETTLED: Final = """
update indexer_service.intent_sightings s set settled_at = clock_timestamp()
from unnest($2::text[], $3::int[], $4::text[]) as done (block_hash, log_index, status)
where s.chain_id = $1 and s.block_hash = done.block_hash and s.log_index = done.log_index and s.status = done.status"""


class Intents(Protocol):
    """The part of `steadymint.intents.repository.IntentRepository` that is used here."""

    async def settle(self, sightings: Iterable[Sighting]) -> list[Settled]: ...

    async def orphan(self, sightings: Iterable[Sighting]) -> list[Settled]: ...


class Announcer(Protocol):
    """The part of `steadymint.live.publisher.StatusPublisher` that is used here."""

    async def nudge(
        self, chain_id: ChainId, block: int, settled: Iterable[IntentId], steps: Sequence[LoggedStep] = ()
    ) -> bool: ...


class FlowTeller(Protocol):
    """Tells flows what they cannot find out by themselves. A call may be repeated, and is repeated if it raises."""

    async def landed(self, settled: Settled) -> None:
        """The intent is ready, and its flow waits for a wallet that never reported this hash, or has ended."""
        ...

    async def reorged(self, settled: Settled) -> None:
        """The intent's block has left the chain after its flow had ended."""
        ...


class Settler:
    """Settles the sightings of one chain. One call at a time."""

    def __init__(
        self, pool: asyncpg.Pool, chain_id: ChainId, intents: Intents, announcer: Announcer, teller: FlowTeller
    ) -> None:
        self._pool = pool
        self._chain_id = chain_id
        self._intents = intents
        self._announcer = announcer
        self._teller = teller
        self._rests_until = float("-inf")
        """On the loop's clock."""

    async def run(self, block: int) -> int:
        """Settle everything that is unsettled, with the checkpoint at `block`. Returns the number of sightings.

        If a flow could not be told, its sighting stays unsettled, and the next run tries again. Others do not wait. If
        Temporal does not answer, no more flows are told for a while.
        """
        done, after = 0, (-1, -1)
        while rows := await self._pool.fetch(_UNSETTLED, self._chain_id, *after, AT_ONCE):
            done += await self._settle(rows, block)
            after = (rows[-1]["block_number"], rows[-1]["log_index"])
        return done

    async def nudge(self, block: int) -> None:
        """Tell waiting flows that the checkpoint is at `block`, in which no intent was settled."""
        await self._announcer.nudge(self._chain_id, block, ())

    async def _settle(self, rows: Sequence[Mapping[str, Any]], block: int) -> int:
        orphaned = [_sighting(row) for row in rows if row["status"] == "orphaned"]
        landed = [_sighting(row) for row in rows if row["status"] == "landed"]
        # Orphaned ones first: an intent that is mined again in another block goes through `reorged` back to `ready`.
        reorged = await self._intents.orphan(orphaned) if orphaned else []
        ready = await self._intents.settle(landed) if landed else []
        steps = [step for settled in (*reorged, *ready) for step in settled.steps]
        await self._announcer.nudge(self._chain_id, block, [settled.intent_id for settled in ready], steps)
        untold = await self._tell(self._teller.reorged, [one for one in reorged if one.previous in FINAL_STEPS])
        untold |= await self._tell(self._teller.landed, [one for one in ready if _waits_unaware(one)])
        settled = [row for row in rows if row["match_key"] not in untold]
        await self._pool.execute(
            _SETTLED,
            self._chain_id,
            [row["block_hash"] for row in settled],
            [row["log_index"] for row in settled],
            [row["status"] for row in settled],
        )
        return len(settled)

    async def _tell(self, tell: Callable[[Settled], Awaitable[None]], settled: Sequence[Settled]) -> set[Bytes32]:
        """Tell the flows, some at a time. Returns the keys of those that could not be told."""
        gate, untold, clock = asyncio.Semaphore(TOLD_AT_ONCE), set[Bytes32](), asyncio.get_running_loop().time

        async def one(told: Settled) -> None:
            async with gate:
                if clock() < self._rests_until:
                    untold.add(told.match_key)
                    return
                try:
                    async with asyncio.timeout(PATIENCE):
                        await tell(told)
                except Exception as error:
                    if isinstance(error, TimeoutError):
                        self._rests_until = clock() + REST
                    # Any error: the row is right and viewers know, and the next run tells this flow.
                    log.warning("flow %s could not be told: %s", told.workflow_id, type(error).__name__)
                    untold.add(told.match_key)

        await asyncio.gather(*(one(told) for told in settled))
        return untold


def _sighting(row: Mapping[str, Any]) -> Sighting:
    return Sighting(
        match_key=row["match_key"],
        kind=IntentKind(row["kind"]),
        chain_id=row["chain_id"],
        block_number=row["block_number"],
        block_hash=row["block_hash"],
        log_index=row["log_index"],
        tx_hash=row["tx_hash"],
        facts=row["facts"],
        effects=row["effects"],
    )


def _waits_unaware(settled: Settled) -> bool:
    """Whether the flow may not follow this transaction: it waits for the wallet, was given another hash, or has
    ended."""
    return settled.previous_hash != settled.tx_hash or settled.previous in FINAL_STEPS - {Step.READY}
