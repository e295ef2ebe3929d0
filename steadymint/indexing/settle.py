"""From what was seen on chain to what people are told: sightings settle intents.

Crash-safe without a second log: a sighting is settled only after its intent's row was moved, viewers were told and
flows were told. Whoever dies in between leaves it unsettled, and the sweep does all of it again; each of those steps
knows its own repetition.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any, Final, Protocol

import asyncpg

from steadymint.domain.intent_records import LoggedStep, Settled, Sighting
from steadymint.domain.intents import FINAL_STEPS, IntentKind, Step, intent_of
from steadymint.domain.types import (
    Address,
    BlockHash,
    BlockNumber,
    Bytes32,
    ChainId,
    IntentId,
    TokenId,
    TxHash,
)

log = logging.getLogger(__name__)

AT_ONCE: Final = 500
"""Sightings in one statement. A block of a thousand mints is two."""

TOLD_AT_ONCE: Final = 16
"""Flows told side by side."""

_UNSETTLED: Final = """
select block_number, log_index, block_hash, tx_hash, reference, kind, contract, minter, recipient, token_ids,
    quantities, status
from indexer_service.intent_sightings
where chain_id = $1 and settled_at is null and (block_number, log_index) > ($2, $3)
order by block_number, log_index limit $4"""

# One that a rollback has turned since it was read stays unsettled.
_SETTLED: Final = """
update indexer_service.intent_sightings s set settled_at = clock_timestamp()
from unnest($2::text[], $3::int[], $4::text[]) as done (block_hash, log_index, status)
where s.chain_id = $1 and s.block_hash = done.block_hash and s.log_index = done.log_index and s.status = done.status"""


class Intents(Protocol):
    """What is used of `steadymint.intents.repository.IntentRepository`."""

    async def settle(self, sightings: Iterable[Sighting]) -> list[Settled]: ...

    async def orphan(self, sightings: Iterable[Sighting]) -> list[Settled]: ...


class Announcer(Protocol):
    """What is used of `steadymint.live.publisher.StatusPublisher`."""

    async def nudge(
        self, chain_id: ChainId, block: int, settled: Iterable[IntentId], steps: Sequence[LoggedStep] = ()
    ) -> bool: ...


class FlowTeller(Protocol):
    """Tells flows that would not find out by themselves. Must bear being told twice; may raise, and is asked again."""

    async def landed(self, settled: Sequence[Settled]) -> None:
        """The intents are ready, and their flows wait for a wallet that never reported this hash, or have ended."""
        ...

    async def reorged(self, settled: Sequence[Settled]) -> None:
        """The intents' blocks have left the chain after their flows had ended."""
        ...


class Settler:
    """Settles the sightings of one chain. Not for concurrent use."""

    def __init__(
        self, pool: asyncpg.Pool, chain_id: ChainId, intents: Intents, announcer: Announcer, teller: FlowTeller
    ) -> None:
        self._pool = pool
        self._chain_id = chain_id
        self._intents = intents
        self._announcer = announcer
        self._teller = teller

    async def run(self, block: int) -> int:
        """Settle everything that is unsettled, the checkpoint being at `block`; how many sightings that was.

        Those whose flow could not be told stay unsettled and hold up no others; the next run tells them.
        """
        done, after = 0, (-1, -1)
        while rows := await self._pool.fetch(_UNSETTLED, self._chain_id, *after, AT_ONCE):
            done += await self._settle(rows, block)
            after = (rows[-1]["block_number"], rows[-1]["log_index"])
        return done

    async def nudge(self, block: int) -> None:
        """Tell those who wait for the chain's checkpoint that it is at `block`, where no intent was settled."""
        await self._announcer.nudge(self._chain_id, block, ())

    async def _settle(self, rows: Sequence[Mapping[str, Any]], block: int) -> int:
        orphaned = [self._sighting(row) for row in rows if row["status"] == "orphaned"]
        landed = [self._sighting(row) for row in rows if row["status"] == "landed"]
        # Orphans first: an intent mined again in another block goes through `reorged` on its way back to `ready`.
        reorged = await self._intents.orphan(orphaned) if orphaned else []
        ready = await self._intents.settle(landed) if landed else []
        steps = [step for settled in (*reorged, *ready) for step in settled.steps]
        await self._announcer.nudge(self._chain_id, block, [settled.intent_id for settled in ready], steps)
        untold = await self._tell(self._teller.reorged, [one for one in reorged if one.previous in FINAL_STEPS])
        untold |= await self._tell(self._teller.landed, [one for one in ready if _waits_unaware(one)])
        settled = [row for row in rows if intent_of(row["reference"]) not in untold]
        await self._pool.execute(
            _SETTLED,
            self._chain_id,
            [row["block_hash"] for row in settled],
            [row["log_index"] for row in settled],
            [row["status"] for row in settled],
        )
        return len(settled)

    async def _tell(
        self, tell: Callable[[Sequence[Settled]], Awaitable[None]], settled: Sequence[Settled]
    ) -> set[IntentId | None]:
        """Tell flows one by one, some at a time; the intents of those that could not be told."""
        gate, untold = asyncio.Semaphore(TOLD_AT_ONCE), set[IntentId | None]()

        async def one(told: Settled) -> None:
            async with gate:
                try:
                    await tell((told,))
                except Exception as error:
                    # Whatever it is, the row is right and viewers know; only this flow has not heard of it yet.
                    log.warning("flow %s could not be told: %s", told.workflow_id, type(error).__name__)
                    untold.add(told.intent_id)

        await asyncio.gather(*(one(told) for told in settled))
        return untold

    def _sighting(self, row: Mapping[str, Any]) -> Sighting:
        token_ids = tuple(TokenId(int(text)) for text in row["token_ids"])
        quantities = [int(text) for text in row["quantities"]]
        of_721 = row["kind"] == IntentKind.MINT and not quantities
        return Sighting(
            reference=Bytes32(row["reference"]),
            kind=IntentKind(row["kind"]),
            chain_id=self._chain_id,
            contract=Address(row["contract"]),
            minter=Address(row["minter"]),
            tx_hash=TxHash(row["tx_hash"]),
            block_number=BlockNumber(row["block_number"]),
            block_hash=BlockHash(row["block_hash"]),
            recipient=None if row["recipient"] is None else Address(row["recipient"]),
            token_ids=token_ids or None,
            quantity=len(token_ids) if of_721 else None,
            quantities=dict(zip(token_ids, quantities, strict=True)) if quantities else None,
        )


def _waits_unaware(settled: Settled) -> bool:
    """Whether the flow may have no follower on this transaction: it waits for the wallet, was given another hash (which
    may have been refused since), or has ended."""
    return settled.previous_hash != settled.tx_hash or settled.previous in FINAL_STEPS - {Step.READY}
