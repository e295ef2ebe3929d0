"""Intents for tests: a migrated database, a pool on it, and drafts of mints."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from steadymint.database import create_pool
from steadymint.domain.intents.identity import Facts, workflow_id_of
from steadymint.domain.intents.kinds import KINDS, IntentKind
from steadymint.domain.intents.machine import Step
from steadymint.domain.intents.mint import facts_of_erc721
from steadymint.domain.intents.rows import Effects, NewIntent, Sighting
from steadymint.domain.transactions import TxRequest
from steadymint.domain.types import Address, BlockHash, BlockNumber, Bytes32, ChainId, IntentId, TxHash
from steadymint.intents.repository import IntentRepository

CHAIN = ChainId("eip155:31337")
ALICE = Address("0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266")
BOB = Address("0x70997970c51812dc3a010c7d01b50e0d17dc79c8")
COLLECTION = Address("0x5fbdb2315678afecb367f032d93f642f64180aa3")
ALICES_ID = UUID(int=1)
SESSION_ID = UUID(int=2)
MINT_CALL = TxRequest(chain_id=CHAIN, from_=ALICE, to=COLLECTION, data="0x", value=0)
UNSET = Bytes32("")
ONE_TOKEN = facts_of_erc721(COLLECTION, ALICE, ALICE, 1)

_numbers = itertools.count(1)


def tx_hash(number: int | None = None) -> TxHash:
    return TxHash("0x" + f"{next(_numbers) if number is None else number:064x}")


def block_hash(number: int, fork: int = 0) -> BlockHash:
    return BlockHash("0x" + f"{fork:02x}{number:062x}")


@dataclass(frozen=True, kw_only=True)
class Draft(NewIntent):
    """A mint of one ERC-721 token by and for Alice, as `prepare` would write it."""

    intent_id: IntentId = field(default_factory=lambda: IntentId(uuid4()))
    kind: IntentKind = IntentKind.MINT
    chain_id: ChainId = CHAIN
    user_id: UUID = field(default_factory=uuid4)
    session_id: UUID = SESSION_ID
    account: Address = ALICE
    contract: Address | None = COLLECTION
    request: Mapping[str, Any] = field(default_factory=lambda: {"quantity": 1})
    request_hash: str = "a" * 64
    idempotency_key: str | None = None
    tx_request: TxRequest = MINT_CALL
    match_key: Bytes32 = UNSET
    facts: Facts = field(default_factory=lambda: ONE_TOKEN)
    foreseen: Effects = field(default_factory=dict)
    required_confirmations: int = 2
    workflow_id: str = ""
    deadline_at: datetime = field(default_factory=lambda: datetime.now(UTC) + timedelta(hours=6))

    def __post_init__(self) -> None:
        key = KINDS[self.kind].match_key(self.intent_id, self.chain_id, self.facts)
        object.__setattr__(self, "match_key", self.match_key or key)
        object.__setattr__(self, "workflow_id", self.workflow_id or workflow_id_of(self.kind, self.intent_id))

    def but(self, **changes: Any) -> Draft:
        return replace(self, **({"match_key": UNSET, "workflow_id": ""} | changes))

    def sighting(self, block: int = 10, **changes: Any) -> Sighting:
        """What an honest chain shows once the mint is in `block`."""
        seen = Sighting(
            match_key=self.match_key,
            kind=self.kind,
            chain_id=self.chain_id,
            block_number=BlockNumber(block),
            block_hash=block_hash(block),
            log_index=0,
            tx_hash=tx_hash(),
            facts=self.facts,
            effects=self.foreseen or {"tokenIds": ["7"]},
        )
        return replace(seen, **changes)


@pytest.fixture(scope="session")
async def intents_pool(postgres: str) -> AsyncIterator[asyncpg.Pool]:
    """A pool on one migrated database for each xdist worker; tests have intents and users of their own."""
    from tests.support import postgres as databases  # after pytest has taken it as a plugin

    async for dsn in databases.fresh_database(postgres):
        pool = await create_pool(dsn, min_size=1, max_size=8)
        yield pool
        await pool.close()


@pytest.fixture
def intents(intents_pool: asyncpg.Pool) -> IntentRepository:
    return IntentRepository(intents_pool)


async def log(intents: IntentRepository, draft: Draft) -> list[tuple[int, Step]]:
    """The lines of an intent's log: number and step."""
    return [(line.seq, line.step) for line in await intents.steps_after(draft.intent_id, 0)]
