"""A worker for one test: the product's flows and its real rows, on a chain that the test scripts.

`ScriptedChain` is a fake: a wallet that answers tomorrow, a node that is silent for an hour and a nonce used by another
transaction cannot be had from a real node on demand. Everything the flows write goes to a real Postgres.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

from temporalio.client import Client
from temporalio.worker import Worker

from activities.closing import Closing
from activities.following.activity import Following
from activities.following.needs import FollowingNeeds
from activities.preparing.base import PreparingNeeds
from steadymint.domain.collections import Mintable
from steadymint.domain.errors import IntentErrorCode
from steadymint.domain.index_standing import IndexStanding, Pace
from steadymint.domain.intents.collection import CollectionOrder
from steadymint.domain.intents.identity import reference_of
from steadymint.domain.intents.kinds import AnyOrder
from steadymint.domain.intents.launch import LaunchOrder
from steadymint.domain.intents.mint import MintOrder, MintTerms
from steadymint.domain.intents.order import Caller
from steadymint.domain.intents.purchase import PurchaseOrder
from steadymint.domain.intents.view import IntentError
from steadymint.domain.transactions import BlockState, Deep, Mined, NonceUsed, SeenTransaction, TxRequest, TxState
from steadymint.domain.types import Address, BlockHash, ChainId, IntentId, Standard, TokenId, TxHash, Wei
from steadymint.durable.intents import IntentFlows
from steadymint.durable.notices import Notices
from steadymint.durable.queues import Queues
from steadymint.durable.reopening import Reopening
from steadymint.intents.recorder import IntentRecorder
from steadymint.intents.repository import IntentRepository
from steadymint.intents.waits import Waits
from tests.support.intents import ALICE, ALICES_ID, CHAIN, COLLECTION, SESSION_ID
from tests.workflows.bench_market import ETHER, BenchMarket, fill_data
from workers.kinds import preparing_activities, workflows_of_kinds
from workers.sandbox import workflow_runner

HOUR = 3600
SOON = 6
"""Seconds until a deadline that is waited for in real time. A busy machine prepares within them."""
FREE = Wei(0)


class NoViewers:
    """Nobody watches these intents."""

    async def announce(self, steps: Any) -> bool:
        return True


class ScriptedChain(BenchMarket):
    """A chain whose states the test pushes, by transaction hash."""

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[TxHash, SeenTransaction] = {}
        self.refuses: Exception | None = None
        self.launched_token = Address("0x" + "1a" * 20)
        """The one fungible token that was launched here."""
        self.newest = 10
        """The number of the newest block, for those who ask."""
        self.outages = 0
        """How many more follows fail before one works."""
        self.used_by: SeenTransaction | None = None
        """What has used the nonce of each transaction."""
        self._states: dict[TxHash, list[TxState]] = {}
        self._said = asyncio.Event()
        self._newest: dict[TxHash, object] = {}

    def say(self, tx_hash: TxHash, *states: TxState) -> None:
        """The newest follower of the hash is told. One before it may not have heard yet that it was stopped."""
        self._states.setdefault(tx_hash, []).extend(states)
        self._said.set()
        self._said = asyncio.Event()

    async def confirmations(self, chain_id: ChainId) -> int:
        return 2

    async def request(self, order: AnyOrder, value: Wei = FREE) -> TxRequest:
        """Its calldata is nothing but the reference."""
        data = reference_of(order.intent_id)
        return TxRequest(chain_id=order.chain_id, from_=order.caller.account, to=COLLECTION, data=data, value=value)

    async def address_of_collection(self, order: CollectionOrder) -> Address:
        """A fake factory: it makes all collections at one address."""
        return COLLECTION

    async def address_of_token(self, order: LaunchOrder) -> Address:
        return COLLECTION

    async def simulate(self, tx: TxRequest) -> TxRequest:
        if self.refuses is not None:
            raise self.refuses
        return tx

    async def mintable(self, chain_id: ChainId, contract: Address) -> Mintable | None:
        return Mintable(standard=Standard.ERC721, price=5)

    async def has_launched(self, chain_id: ChainId, contract: Address) -> bool:
        return contract == self.launched_token

    async def check_next(self, base_uri: str, next_id: int, quantity: int) -> None:
        """No collection of this chain has metadata of ours."""

    async def check_ids(self, base_uri: str, ids: tuple[TokenId, ...]) -> None:
        """No collection of this chain has metadata of ours."""

    async def inspect(self, chain_id: ChainId, tx_hash: TxHash) -> SeenTransaction | None:
        return self.known.get(tx_hash)

    async def head(self, chain_id: ChainId) -> int:
        return self.newest

    async def pace(self, chain_id: ChainId) -> Pace:
        return Pace(confirmations=2, block_time=1)

    async def nodes(self, chain_id: ChainId) -> str:
        return "endpoint 1 at http://127.0.0.1:8545"

    @asynccontextmanager
    async def follow(
        self, chain_id: ChainId, tx_hash: TxHash, sender: Address, nonce: int | None
    ) -> AsyncIterator[AsyncIterator[TxState]]:
        if self.outages:
            self.outages -= 1
            raise ConnectionError("the node is down")
        self._newest[tx_hash] = follower = object()
        yield self._pushed(tx_hash, follower, nonce)

    async def revert_reason(self, chain_id: ChainId, tx_hash: TxHash) -> IntentError:
        return IntentError(code=IntentErrorCode.CALL_REVERTED, detail="The contract refused it", reason="MintEnded")

    async def user_of_nonce(self, chain_id: ChainId, sender: Address, nonce: int) -> SeenTransaction | None:
        return self.used_by

    async def _pushed(self, tx_hash: TxHash, follower: object, nonce: int | None) -> AsyncIterator[TxState]:
        while True:
            said, states = self._said, self._states.get(tx_hash)
            if states and self._newest[tx_hash] is follower and self._can_tell(states[0], tx_hash, nonce):
                yield states.pop(0)
            else:
                await said.wait()

    def _can_tell(self, state: TxState, tx_hash: TxHash, nonce: int | None) -> bool:
        """That a nonce is used is told to those only who know it, or learn it from the transaction."""
        return not isinstance(state, NonceUsed) or nonce is not None or tx_hash in self.known


class QuietIndex:
    """An indexer that has passed every block, and nudges nobody: waiters look for themselves."""

    def __init__(self) -> None:
        self.every = 0.02
        """Seconds between two looks of a waiter."""

    async def block_state(
        self, chain_id: ChainId, block_number: int, block_hash: str | None, match_key: str
    ) -> BlockState:
        return BlockState.INDEXED

    async def standing(self, chain_id: ChainId) -> IndexStanding:
        return IndexStanding(chain_id=chain_id, checkpoint=1_000_000)

    async def wait(self, intent_id: UUID, timeout: float) -> None:
        await asyncio.sleep(self.every)


@dataclass
class FlowBench:
    client: Client
    repository: IntentRepository
    chain: ScriptedChain = field(default_factory=ScriptedChain)
    index: QuietIndex = field(default_factory=QuietIndex)
    queues: Queues = field(default_factory=Queues)

    @property
    def flows(self) -> IntentFlows:
        return IntentFlows(self.client, self.queues)

    @property
    def reopening(self) -> Reopening:
        return Reopening(self.client, self.queues, deadline=6 * HOUR)

    @asynccontextmanager
    async def workers(self) -> AsyncIterator[None]:
        recorder, index = IntentRecorder(self.repository, NoViewers()), self.index
        closing = Closing(self.repository, recorder)
        flows = Worker(
            self.client,
            task_queue=self.queues.flows,
            workflows=workflows_of_kinds(),
            activities=[
                *preparing_activities(preparing_needs(self.chain, self.repository, recorder)),
                closing.find_prepared,
                closing.read_intent,
                closing.expire_intent,
                closing.extend_intent,
                closing.cancel_intent,
            ],
            workflow_runner=workflow_runner(),
        )
        waits, notices = Waits(self.chain, index), Notices(self.client)
        following = Following(FollowingNeeds(self.repository, recorder, self.chain, index, index, waits, notices))
        waiting = Worker(self.client, task_queue=self.queues.chain_wait, activities=[following.follow_transaction])
        async with flows, waiting:
            yield

    async def steps(self, intent_id: UUID) -> list[str]:
        return [step.step.value for step in await self.repository.steps_after(IntentId(intent_id), 0)]


def preparing_needs(chain: Any, rows: Any, intents: Any) -> PreparingNeeds:
    """The chain says all that preparing asks."""
    return PreparingNeeds(chain, chain, chain, chain, chain, chain, chain, chain, rows, intents)


def mint_order(*, deadline: int = 6 * HOUR, key: str | None = None, quantity: int = 1) -> MintOrder:
    return MintOrder(
        intent_id=uuid4(),
        chain_id=CHAIN,
        caller=Caller(user_id=ALICES_ID, session_id=SESSION_ID, account=ALICE),
        request_hash=sha256(bytes([quantity])).hexdigest(),
        idempotency_key=key,
        deadline_seconds=deadline,
        task=MintTerms(contract=COLLECTION, standard=Standard.ERC721, to=ALICE, quantity=quantity),
    )


def price_of(order: AnyOrder) -> Wei:
    """What the chain asks for it."""
    if isinstance(order, PurchaseOrder):
        return Wei(ETHER * len(order.terms.items))
    return Wei(5 * order.terms.total()) if isinstance(order, MintOrder) else FREE


def data_of(order: AnyOrder) -> str:
    """The calldata that the bench's chain prepares for it."""
    if isinstance(order, PurchaseOrder):
        return fill_data(item.order_hash for item in order.terms.items)
    return reference_of(order.intent_id)


def call_of(order: AnyOrder, tx_hash: TxHash, **changes: Any) -> SeenTransaction:
    """The very transaction that was prepared, as a node shows it."""
    facts: dict[str, Any] = {
        "tx_hash": tx_hash,
        "sender": ALICE,
        "to": COLLECTION,
        "data": data_of(order),
        "value": price_of(order),
        "nonce": 7,
        "block_number": None,
    }
    return SeenTransaction(**(facts | changes))


def block(number: int, fork: int = 0) -> BlockHash:
    return BlockHash("0x" + f"{fork:02x}{number:062x}")


def mined(number: int, *, succeeded: bool = True, fork: int = 0) -> Mined:
    return Mined(number, block(number, fork), succeeded, 1)


def deep(number: int, *, succeeded: bool = True, fork: int = 0) -> Deep:
    return Deep(number, block(number, fork), succeeded)


def nonce_used(number: int) -> NonceUsed:
    return NonceUsed(7, number)
