"""The API's side of orders: it has workers check and build them.

Orders go the short way first, which needs no more than Redis. What has no answer there goes through Temporal, as one
activity without a workflow (a standalone activity): the check is one step that may be repeated. Orders that come while
others of their chain are under way wait for them, and then go together: one round trip to a node for up to `MAX_ORDERS`
of them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol, TypeVar
from uuid import uuid4

import structlog
from pydantic import TypeAdapter
from temporalio.client import ActivityFailureError, Client, RPCError, RPCTimeoutOrCancelledError

from steadymint.domain.errors import SteadymintError, UpstreamUnavailableError
from steadymint.domain.market.intake import (
    BUILD_ORDERS,
    MAX_ORDERS,
    TAKE_ORDERS,
    BuiltOrders,
    HandedOrder,
    HandedOrders,
    OrderWishes,
    TakenOrder,
    TakenOrders,
)
from steadymint.domain.types import ChainId
from steadymint.domain.upstreams import Upstream
from steadymint.durable import policies
from steadymint.durable.client import never_connected
from steadymint.durable.failures import from_failure
from steadymint.durable.queues import Queues

AT_ONCE: Final = 4
"""Batches of one chain that one process has under way. More of them would be smaller and no faster."""
MAX_BYTES: Final = 1_000_000
"""Of one batch's JSON: half of what the server takes in one payload. A lone request is sent whatever its length."""

R = TypeVar("R")

_log = structlog.get_logger(__name__)

_JSON: Final = TypeAdapter(HandedOrder)


@dataclass(eq=False, slots=True)
class _Waiting:
    """A request that waits for its batch."""

    orders: Sequence[HandedOrder]
    answer: asyncio.Future[Sequence[TakenOrder]]

    def measured(self) -> int:
        """Bytes of the orders' JSON. It costs some 10 us for an order."""
        return sum(len(_JSON.dump_json(one)) for one in self.orders)


@dataclass(eq=False, slots=True)
class _Line:
    """The requests of one chain, in the order in which they came."""

    waiting: list[_Waiting] = field(default_factory=list[_Waiting])
    running: set[asyncio.Task[None]] = field(default_factory=set[asyncio.Task[None]])


class ShortWay(Protocol):
    """A way to a worker that is faster than Temporal, and may fail at any time."""

    async def ask(self, handed: HandedOrders) -> TakenOrders | None:
        """What became of the orders. None if nobody has answered in time."""
        ...


class MarketOrders:
    """Has orders checked and built by a worker. Share one per process."""

    def __init__(self, client: Client, queues: Queues, short: ShortWay) -> None:
        self._client = client
        self._short = short
        self._queues = queues
        self._lines: dict[ChainId, _Line] = {}

    async def take(self, chain_id: ChainId, orders: Sequence[HandedOrder]) -> Sequence[TakenOrder]:
        """What became of the orders, in their order.

        Raises UnknownChainError, NotFoundError (the chain has no market), UpstreamUnavailableError: then the orders may
        still be taken, and may be handed in again.
        """
        line = self._lines.setdefault(chain_id, _Line())
        one = _Waiting(orders, asyncio.get_running_loop().create_future())
        line.waiting.append(one)
        if len(line.running) < AT_ONCE:
            task = asyncio.create_task(self._serve(chain_id, line))
            line.running.add(task)
            task.add_done_callback(line.running.discard)
        return await one.answer

    async def build(self, wishes: OrderWishes) -> BuiltOrders:
        """The orders to sign.

        Raises UnknownChainError, NotFoundError (the chain has no market), UnknownCollectionError, InvalidInputError,
        UpstreamUnavailableError.
        """
        return await self._execute(BUILD_ORDERS, wishes, BuiltOrders, f"Build orders on {wishes.chain_id}")

    async def _serve(self, chain_id: ChainId, line: _Line) -> None:
        """Send batches until nobody waits. The task leaves the line in the turn in which it last looked: whoever comes
        next must not take it for one that will look again."""
        while batch := _batch(line.waiting):
            handed = HandedOrders(chain_id=chain_id, orders=tuple(order for one in batch for order in one.orders))
            try:
                taken = await self._short.ask(handed)
                if taken is None:
                    taken = await self._execute(TAKE_ORDERS, handed, TakenOrders, f"Take orders on {chain_id}")
            except Exception as error:
                for one in batch:
                    if not one.answer.done():  # done if its request has gone away
                        one.answer.set_exception(error)
                continue
            answers = iter(taken.orders)
            for one in batch:
                own = [next(answers) for _ in one.orders]
                if not one.answer.done():
                    one.answer.set_result(own)
        own_task = asyncio.current_task()
        assert own_task is not None
        line.running.discard(own_task)

    async def _execute(self, name: str, order: Any, result: type[R], summary: str) -> R:
        """Raises what the activity raised, or UpstreamUnavailableError."""
        try:
            async with asyncio.timeout(policies.UPDATE_TIMEOUT.total_seconds()):
                return await self._client.execute_activity(
                    name,
                    order,
                    id=str(uuid4()),
                    task_queue=self._queues.chain,
                    result_type=result,
                    start_to_close_timeout=policies.ORDERS_TIMEOUT,
                    schedule_to_close_timeout=policies.ORDERS_BUDGET,
                    retry_policy=policies.ORDERS_RETRY,
                    summary=summary,
                )
        except ActivityFailureError as failed:
            raise _told(from_failure(failed)) from None
        except (RPCError, RPCTimeoutOrCancelledError, TimeoutError) as error:
            status = error.status.name if isinstance(error, RPCError) else type(error).__name__
            _log.warning("orders_not_checked", activity=name, error=status)
            raise _unavailable() from None
        except RuntimeError as error:
            if not never_connected(error):
                raise
            raise _unavailable() from None


def _batch(waiting: list[_Waiting]) -> list[_Waiting]:
    """Take the first requests that fit into one batch. The first one always does, so it is not measured if it is
    alone."""
    if len(waiting) <= 1:
        taken, waiting[:] = waiting[:], []
        return taken
    fitting = orders = size = 0
    for one in waiting:
        orders, size = orders + len(one.orders), size + one.measured()
        if fitting and (orders > MAX_ORDERS or size > MAX_BYTES):
            break
        fitting += 1
    taken, waiting[:] = waiting[:fitting], waiting[fitting:]
    return taken


def _told(error: SteadymintError) -> SteadymintError:
    """The error as anybody may read it: an outage does not name the endpoint."""
    if not isinstance(error, UpstreamUnavailableError):
        return error
    return _unavailable(str(error.extra.get("upstream", Upstream.TEMPORAL)))


def _unavailable(upstream: str = Upstream.TEMPORAL) -> UpstreamUnavailableError:
    return UpstreamUnavailableError("The orders cannot be checked now; try again", upstream=upstream)
