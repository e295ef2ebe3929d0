"""Keeps the orders of one chain true: takes what has changed, asks a node, and writes what follows."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol
from uuid import UUID

import asyncpg
import structlog

from steadymint.catalog.cache import Freshness
from steadymint.domain.errors import UpstreamUnavailableError
from steadymint.domain.market.checks import check
from steadymint.domain.market.facts import OrderFacts
from steadymint.domain.market.policy import MarketPolicy
from steadymint.domain.market.standing import standing_of
from steadymint.domain.types import Address, ChainId
from steadymint.market.checking import asking
from steadymint.market.checking.approvals import Approval, Approvals
from steadymint.market.checking.causes import Cause, CauseKind, Causes, checked_at
from steadymint.market.checking.kept import Change, KeptOrder, KeptOrders, time_of
from steadymint.market.checking.turns import Turns
from steadymint.market.checking.validated import ValidatedOrders
from steadymint.market.new_orders import hash_text

_log: Final = structlog.get_logger(__name__)

CAUSES: Final = 500
"""Causes that are taken at once. Those of one block are seldom more."""
ORDERS: Final = 200
"""Orders that are read, asked about and written at once: four round trips to a node, and some 200 KB of rows."""
PART: Final = 1_000
"""Orders of one cause in one round. Anybody may hand in tens of thousands of offers and touch their currency with each
block: the causes of others do not wait for all of those."""
MOST: Final = 2_000
"""Orders of one round: some seconds, after which newer causes are seen."""
EXPIRED: Final = 5_000
"""Orders that are marked as expired in one statement, so that it holds its locks for a moment only."""


class Head(Protocol):
    """The newest block that a node has."""

    @property
    def number(self) -> int: ...
    @property
    def timestamp(self) -> int:
        """Unix seconds."""
        ...


class Market(asking.Market, Protocol):
    """What the checker asks of a chain."""

    async def head(self) -> Head:
        """Raises UpstreamUnavailableError."""
        ...

    async def policy(self) -> MarketPolicy:
        """Raises NotFoundError: the chain has no market."""
        ...

    async def approves(self, contract: Address, owner: Address, spenders: Sequence[Address], block: int) -> list[bool]:
        """Whether each spender may move all of the owner's tokens. Raises UpstreamUnavailableError."""
        ...


class Moment(NamedTuple):
    """When a round takes place."""

    block: int
    """At which orders are checked."""
    head: int
    """The newest block."""
    time: int
    """Unix seconds."""
    turn: int
    """Of the round: nothing is written once another round has begun."""
    behind: bool
    """Whether the index has read blocks that the node does not have yet, or not any more."""


@dataclass(frozen=True, slots=True)
class Round:
    """What one round has done."""

    causes: int = 0
    orders: int = 0
    """Orders that were checked."""
    changed: int = 0
    """Orders whose standing is another than before."""

    @property
    def idle(self) -> bool:
        """Whether there was nothing to do."""
        return not (self.causes or self.orders)

    def __add__(self, other: Round) -> Round:
        return Round(self.causes + other.causes, self.orders + other.orders, self.changed + other.changed)


class OrderChecker:
    """The checker of one chain. Several may run: only the round that began last writes what it has found."""

    def __init__(self, pool: asyncpg.Pool, chain_id: ChainId, market: Market, pages: Freshness) -> None:
        """`pages`: kept pages of the catalog, which show floors."""
        self._chain_id = chain_id
        self._market = market
        self._pages = pages
        self._turns = Turns(pool, chain_id)
        self._causes = Causes(pool, chain_id)
        self._approvals = Approvals(pool, chain_id)
        self._orders = KeptOrders(pool, chain_id)
        self._validated = ValidatedOrders(pool, chain_id, market)

    async def round(self) -> Round:
        """Take some causes, some orders that are due, and some that were validated on chain, and settle them.

        A kill at any point loses nothing: a cause is removed after its orders are written.

        Raises:
            NotFoundError: the chain has no market.
            UpstreamUnavailableError: no node answers.
        """
        turn = await self._turns.take()  # before the block is chosen: a later turn is of no earlier block
        head = await self._market.head()
        indexed = await self._causes.indexed()
        moment = Moment(
            block=checked_at(head.number, indexed),
            head=head.number,
            time=max(int(time.time()), head.timestamp),
            turn=turn,
            behind=indexed is not None and head.number < indexed,
        )
        ended = await self._settle_due(moment)
        settled = await self._settle_causes(moment)
        return ended + settled + await self._take_validated(moment)

    async def next_due(self) -> float | None:
        """Seconds until time alone changes an order; None if it changes none."""
        due = await self._orders.next_due()
        return None if due is None else max(0.0, due - time.time())

    async def _settle_causes(self, moment: Moment) -> Round:
        causes = await self._causes.take(moment.block, CAUSES)
        if not causes:
            return Round()
        part = await self._causes.part_of(causes, PART, MOST)
        done = Round(causes=len(part.complete) + len(part.begun))
        unanswered: list[Cause] = []
        for cause in (*part.complete, *part.begun):
            if cause.kind is CauseKind.APPROVAL:
                settled = await self._settle_approval(cause, moment)
                if settled is None:
                    unanswered.append(cause)
                else:
                    done += settled
        for at in range(0, len(part.orders), ORDERS):
            done += await self._check(part.orders[at : at + ORDERS], moment)
        await self._causes.put_off(unanswered, moment.block + 1)
        await self._causes.done(part.complete, moment.block, moment.turn)
        await self._causes.pause(part.begun, moment.turn)
        return done

    async def _settle_approval(self, cause: Cause, moment: Moment) -> Round | None:
        """None if the contract lets no node answer."""
        block = moment.block
        assert cause.contract is not None, "an approval is of a contract"
        assert cause.account is not None, "an approval is by an account"
        spenders = await self._approvals.spenders(cause.contract, cause.account)
        if not spenders:
            return Round()
        try:
            given = await self._market.approves(cause.contract, cause.account, spenders, block)
        except UpstreamUnavailableError as error:
            await self._market.answers(block)
            _log.warning("approval_unanswered", contract=cause.contract, maker=cause.account, error=str(error))
            return None
        changed = 0
        for spender, yes in zip(spenders, given, strict=True):
            approval = Approval(cause.contract, cause.account, spender, yes, block)
            changed += await self._approvals.write(approval, moment.turn)
        await self._show(changed * [cause.contract])
        await self._causes.again(await self._approvals.ahead(cause.contract, cause.account, block), block)
        return Round(orders=changed, changed=changed)

    async def _settle_due(self, moment: Moment) -> Round:
        """Mark what has ended, and queue what time has changed otherwise."""
        expired = await self._orders.expire(moment.time, EXPIRED)
        await self._show(expired)
        await self._causes.due(time_of(moment.time), moment.block, ORDERS)
        return Round(orders=len(expired), changed=len(expired))

    async def _take_validated(self, moment: Moment) -> Round:
        looked_at, taken = await self._validated.take(moment.block, moment.time)
        await self._show(taken)
        return Round(orders=looked_at, changed=len(taken))

    async def _check(self, ids: Sequence[UUID], moment: Moment) -> Round:
        """Ask a node about the orders, and write what has changed. One that cannot be asked about goes to the end of
        the queue until the next block.

        An order that was checked at a later block, as each is when it is handed in, is not put back to an older one.
        It is checked at the newest block, and once more when the index has read that. If a reorg has left the chain
        shorter than it was at its check, it is put back to the newest block. A node that is behind the index tells
        nothing of such an order.
        """
        kept = await self._orders.read(ids)
        ahead = [one for one in kept if one.checked_block > moment.block]
        done = await self._check_at(moment.block, [one for one in kept if one.checked_block <= moment.block], moment)
        if ahead:
            # Not at a block that is there already: the next round would take them at once.
            await self._causes.again([one.id for one in ahead], max(moment.head, moment.block + 1))
            asked = [one for one in ahead if one.checked_block <= moment.head or not moment.behind]
            done += await self._check_at(moment.head, asked, moment)
        return done

    async def _check_at(self, block: int, kept: Sequence[KeptOrder], moment: Moment) -> Round:
        if not kept:
            return Round()
        policy = await self._market.policy()
        facts = await asking.facts_apart(self._market, [one.order for one in kept], block)
        found = [
            change
            for one, said in zip(kept, facts, strict=True)
            if said is not None and (change := _change(one, said, policy, moment.time)) is not None
        ]
        unknown = {one.id for one in kept} - {one.kept.id for one in found}
        await self._causes.again(unknown, moment.block + 1)
        other = {one.kept.id for one in found if one.standing != one.kept.standing}
        # One that was checked at a later block, which has left the chain, is from now on known as of this one.
        changes = [one for one in found if one.kept.id in other or one.kept.checked_block > block]
        missed = await self._orders.write(changes, block, moment.turn)
        await self._show(change.kept.order.read.contract for change in changes)
        await self._causes.again(missed, moment.block)
        return Round(orders=len(kept), changed=len(other - missed))

    async def _show(self, contracts: Iterable[Address]) -> None:
        """Drop the kept pages about these collections."""
        await self._pages.bump((self._chain_id, contract) for contract in set(contracts))


def _change(kept: KeptOrder, facts: OrderFacts, policy: MarketPolicy, now: int) -> Change | None:
    """What the facts say of the order. None if we fail to say it: that must not hold up other orders."""
    try:
        verdict = check(kept.order, facts, policy, now)
        standing = standing_of(kept.order.read, verdict, facts, now)
    except Exception:
        _log.exception("order_not_checked", order_hash=hash_text(kept.order.hash))
        return None
    currency = policy.currencies.get(kept.order.read.currency)
    return Change(kept, standing, currency.decimals if currency else None)
