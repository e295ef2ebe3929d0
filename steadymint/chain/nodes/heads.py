"""The head trackers: one per chain and process follows the chain's head and all transactions that somebody waits for.

For each new head the tracker sends one batched `eth_getTransactionReceipt` for all transactions without a receipt, even
for a thousand waiters. It asks for a known receipt again only if a reorg may have removed its block, or at N
confirmations. In between, the linked headers are enough. A node that hangs, fails or throttles delays a follow and
never ends it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Collection, Generator, Iterable
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Final

import structlog

from steadymint.chain.nodes.client import ChainClients, EvmClient, Header, Receipt
from steadymint.chain.nodes.follows import Follow
from steadymint.chain.nodes.head_source import MAX_BACKOFF, HeadSource
from steadymint.chain.nodes.recent_chain import Move, RecentChain
from steadymint.domain.errors import UpstreamUnavailableError
from steadymint.domain.transactions import SeenTransaction, TxState
from steadymint.domain.types import Address, BlockHash, ChainId, TxHash

NONCES_PER_HEAD: Final = 100
"""Senders whose nonce is asked for per head: one batch. With more waiters the senders take turns, so waiters are told
later but no more requests are sent."""
NONCES_OF_RATE: Final = 0.25
"""Seconds' worth of the calls that the endpoints bear, where that is fewer: receipts matter more."""
IDLE_AFTER: Final = 30.0
"""Seconds without a waiter after which the tracker stops asking the node."""
LAG_PATIENCE: Final = 1.0
"""Seconds (or two block times, if longer) for which a head behind the known one counts as the head of a lagging
node."""
FIRST_BACKOFF: Final = 0.1

_log = structlog.get_logger(__name__)


class HeadTracker:
    """The tracker of one chain: it knows the head and tells followers what happens to their transactions."""

    def __init__(self, clients: ChainClients, chain_id: ChainId) -> None:
        self.chain_id = chain_id
        self._clients = clients
        self._source = HeadSource(clients, chain_id)
        self._chain = RecentChain()
        self._follows: set[Follow] = set()
        self._incoming: Header | None = None
        self._behind_since: float | None = None
        self._woken = asyncio.Event()
        self._next_head: asyncio.Future[Header] | None = None
        self._users = 0
        self._task: asyncio.Task[None] | None = None

    @property
    def head(self) -> Header | None:
        """The newest block seen; None before the first one. It grows stale while there is no waiter."""
        return self._chain.head

    async def changed(self, since: BlockHash | None = None) -> Header:
        """Wait for a head other than `since`, or other than the current one if `since` is None. A caller that passes
        the last head's hash misses no head between two calls."""
        if since is not None and self.head is not None and self.head.hash != since:
            return self.head
        with self._using():
            if self._next_head is None or self._next_head.done():
                self._next_head = asyncio.get_running_loop().create_future()
            return await asyncio.shield(self._next_head)

    @asynccontextmanager
    async def follow(
        self, tx_hash: TxHash, sender: Address, nonce: int | None = None
    ) -> AsyncGenerator[AsyncIterator[TxState]]:
        """The states of a transaction, one per change. A transaction without a receipt starts with `Pending`; `Mined`
        and `Reorged` follow; `Deep` or `NonceUsed` ends the iterator. Without `nonce`, the tracker reads the nonce from
        the node as soon as the node knows the transaction.
        """
        follow = Follow(tx_hash, sender, nonce)
        with self._using():
            self._follows.add(follow)
            self._woken.set()
            try:
                yield follow
            finally:
                self._follows.discard(follow)

    async def inspect(self, tx_hash: TxHash) -> SeenTransaction | None:
        """The transaction as the node knows it, pending or mined; None if the node does not know it."""
        (seen,) = await (await self._clients.of(self.chain_id)).transactions([tx_hash])
        return seen

    async def close(self) -> None:
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    @property
    def waiters(self) -> int:
        """The number of transactions that are followed now."""
        return len(self._follows)

    @contextmanager
    def _using(self) -> Generator[None]:
        """Keep the tracker running while the block runs."""
        self._users += 1
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name=f"heads:{self.chain_id}")
        try:
            yield
        finally:
            self._users -= 1
            if self._users == 0:
                asyncio.get_running_loop().call_later(IDLE_AFTER, self._stop_if_unused)

    def _stop_if_unused(self) -> None:
        if self._users == 0 and self._task is not None:
            self._task.cancel()
            self._task = None

    def _tell(self, header: Header) -> None:
        self._incoming = header
        if self._chain.head is not None and self._chain.head.hash == header.hash:
            self._behind_since = None
        else:
            self._woken.set()

    async def _run(self) -> None:
        source = asyncio.create_task(self._source.run(self._tell))
        backoff = FIRST_BACKOFF
        try:
            while True:
                await self._woken.wait()
                self._woken.clear()
                try:
                    await self._work()
                    backoff = FIRST_BACKOFF
                except Exception as error:  # any error: the followers keep waiting
                    _log.info("follow_delayed", chain=self.chain_id, error=type(error).__name__)
                    self._woken.set()
                    await asyncio.sleep(backoff)
                    backoff = min(backoff * 2, MAX_BACKOFF)
        finally:
            source.cancel()

    async def _work(self) -> None:
        client = await self._clients.of(self.chain_id)
        chain = await self._clients.registry.get(self.chain_id)
        if self._incoming is not None:
            await self._take(client, self._incoming, chain.block_time_seconds)
        if self._chain.head is not None and self._follows:
            await _Round(client, self._chain, self._chain.head, chain.confirmations).settle(self._follows)

    async def _take(self, client: EvmClient, header: Header, block_time: float) -> None:
        before = self._chain.head
        move = await self._chain.advance(header, client.headers)
        now = asyncio.get_running_loop().time()
        if move is Move.BEHIND:
            self._behind_since = self._behind_since or now
            if now - self._behind_since < max(LAG_PATIENCE, 2 * block_time):
                return
            self._chain.wind_back(header)
            move = Move.REORGED
        self._behind_since = None
        if move is Move.REORGED:
            _log.warning("reorg", chain=self.chain_id, head=header.number, before=before.number if before else None)
            for follow in self._follows:
                follow.doubt()
        if move is not Move.NONE and self._next_head is not None and not self._next_head.done():
            self._next_head.set_result(header)


class _Round:
    """One check of all followed transactions at one head."""

    def __init__(self, client: EvmClient, chain: RecentChain, head: Header, confirmations: int) -> None:
        self._client = client
        self._chain = chain
        self._head = head
        self._confirmations = confirmations

    async def settle(self, follows: Collection[Follow]) -> None:
        """Send the open requests of this head and tell the followers. A repeat after an error sends no request again
        that was answered."""
        for follow in follows:
            self._compare(follow)
        due = [follow for follow in follows if self._is_due(follow)]
        await self._ask_receipts(due)
        await self._ask_nonces(follows)

    def _compare(self, follow: Follow) -> None:
        """Check a mined transaction against the headers, without a request."""
        block = follow.found
        if block is None or follow.ended:
            return
        if self._chain.contradicts(block.block_number, block.block_hash):
            follow.lost()
        elif self._chain.hash_at(block.block_number) is not None:
            follow.doubted = False

    def _depth(self, receipt: Receipt) -> int:
        """The number of confirmations, the block itself included."""
        return self._head.number - receipt.block_number + 1

    def _is_due(self, follow: Follow) -> bool:
        if follow.ended or follow.asked_at == self._head.hash:
            return False
        if follow.found is None or follow.doubted:
            return True
        return self._depth(follow.found) >= self._confirmations

    async def _ask_receipts(self, follows: Collection[Follow]) -> None:
        """What was answered is told at once. If some was not, the round is repeated, and asks for the rest only."""
        receipts = await self._receipts(follows)
        for follow in follows:
            if follow.tx_hash in receipts:
                follow.asked_at = self._head.hash
                self._tell(follow, receipts[follow.tx_hash])
        if any(follow.tx_hash not in receipts for follow in follows):
            raise UpstreamUnavailableError("Some receipts were not answered")

    async def _receipts(self, follows: Iterable[Follow]) -> dict[TxHash, Receipt | None]:
        hashes = list({follow.tx_hash for follow in follows})
        return await self._client.answered_receipts(hashes) if hashes else {}

    def _tell(self, follow: Follow, receipt: Receipt | None) -> None:
        if receipt is None:
            follow.missing()
        elif self._chain.contradicts(receipt.block_number, receipt.block_hash):
            # The node that answered is on another head than ours. The next head decides.
            follow.unsettled()
        else:
            follow.seen(receipt, self._depth(receipt))
            if self._depth(receipt) >= self._confirmations:
                follow.deep(receipt)

    async def _ask_nonces(self, follows: Collection[Follow]) -> None:
        """Find transactions without a receipt whose nonce is used N confirmations deep. The followers that were checked
        least come first."""
        block = self._head.number - self._confirmations + 1
        open_ = [f for f in follows if f.found is None and not f.ended and f.nonce_asked_at != self._head.hash]
        if block < 0 or not open_:
            return
        turn = sorted(open_, key=lambda follow: follow.nonce_asked)[: self._nonces_per_head()]
        await self._learn_nonces([follow for follow in turn if follow.nonce is None])
        known = [follow for follow in turn if follow.nonce is not None]
        senders = list({follow.sender for follow in known})
        counts = dict(zip(senders, await self._client.transaction_counts(senders, block), strict=True))
        past = [follow for follow in known if follow.nonce is not None and counts[follow.sender] > follow.nonce]
        receipts = await self._receipts(past)  # asked after the nonces, so a receipt that arrived meanwhile is found
        for follow in past:
            receipt = receipts.get(follow.tx_hash)
            if receipt is not None:
                self._tell(follow, receipt)
            elif follow.tx_hash in receipts:
                follow.nonce_used(block)
        for follow in turn:
            follow.nonce_asked += 1
            follow.nonce_asked_at = self._head.hash

    def _nonces_per_head(self) -> int:
        rate = self._client.rpc.rate
        return NONCES_PER_HEAD if rate is None else max(1, min(NONCES_PER_HEAD, int(rate * NONCES_OF_RATE)))

    async def _learn_nonces(self, follows: Collection[Follow]) -> None:
        seen = await self._client.transactions([follow.tx_hash for follow in follows])
        for follow, transaction in zip(follows, seen, strict=True):
            if transaction is not None:
                follow.sender, follow.nonce = transaction.sender, transaction.nonce


class HeadTrackers:
    """The head trackers of a process, one per chain."""

    def __init__(self, clients: ChainClients) -> None:
        self._clients = clients
        self._trackers: dict[ChainId, HeadTracker] = {}

    def of(self, chain_id: ChainId) -> HeadTracker:
        if chain_id not in self._trackers:
            self._trackers[chain_id] = HeadTracker(self._clients, chain_id)
        return self._trackers[chain_id]

    async def close(self) -> None:
        await asyncio.gather(*(tracker.close() for tracker in self._trackers.values()))
