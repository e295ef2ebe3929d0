"""Purchases and sales, tried on the chain before anybody signs: what would be filled, and what keeps the rest."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Final

from steadymint.chain.calls.lookups import look_up
from steadymint.chain.calls.taker import TakerQuestions
from steadymint.chain.fulfilment_attempt import Attempt
from steadymint.chain.nodes.chain import Chain
from steadymint.chain.nodes.client import ChainClients
from steadymint.chain.orders import OrderInspector
from steadymint.chain.patience import answering
from steadymint.chain.trials import Trials
from steadymint.domain.errors import InvalidInputError
from steadymint.domain.market.fulfilment.outcomes import PreparedFulfilment
from steadymint.domain.market.fulfilment.parts import FulfilmentError, Part
from steadymint.domain.market.fulfilment.plans import Period, Taker, check_offer, check_purchase, purchase, sale
from steadymint.domain.market.policy import MarketPolicy
from steadymint.domain.types import Address, ChainId

PATIENCE: Final = 3.5
"""Seconds for all answers of the nodes: less than an attempt to prepare may take, so that a silent node is named."""


class FulfilmentBuilder:
    """Builds the transactions of purchases and sales, and tries them. Share one per process.

    `policies` gives the rules of a chain's market; it raises NotFoundError for a chain without one.
    """

    def __init__(
        self,
        clients: ChainClients,
        policies: Callable[[Chain], MarketPolicy],
        now: Callable[[], float] = time.time,
    ) -> None:
        self._clients = clients
        self._policies = policies
        self._now = now
        self._inspector = OrderInspector(clients)
        self._trials = Trials()

    async def purchase(
        self, chain_id: ChainId, buyer: Address, parts: Sequence[Part], *, highest_total: int, deadline: int
    ) -> PreparedFulfilment:
        """The transaction that buys those of the listings that can be filled now, for `highest_total` at most.

        `deadline` (Unix seconds) is when it must be mined: what is sent along in the chain's own currency covers a
        price that rises until then.

        Raises UnknownChainError, NotFoundError (the chain has no market), InvalidInputError (no plan can be made of the
        parts), OrdersUnavailableError (none can be filled), PriceMovedError, InsufficientFundsError, CallRevertedError,
        UpstreamUnavailableError.
        """
        try:
            check_purchase(parts)
        except FulfilmentError as error:
            raise InvalidInputError(str(error)) from None
        async with answering(chain_id, PATIENCE):
            attempt = await self._attempt(chain_id, buyer, parts)
            period = Period(attempt.now, deadline)
            return await attempt.fill(lambda these: purchase(these, attempt.taker, period, highest_total))

    async def sale(
        self, chain_id: ChainId, seller: Address, part: Part, *, lowest_total: int = 0
    ) -> PreparedFulfilment:
        """The transaction that accepts an offer, if it brings `lowest_total` at least.

        Raises as `purchase` does. A seller who does not have the token is refused with CallRevertedError.
        """
        try:
            check_offer(part)
        except FulfilmentError as error:
            raise InvalidInputError(str(error)) from None
        async with answering(chain_id, PATIENCE):
            attempt = await self._attempt(chain_id, seller, [part])
            period = Period(attempt.now, part.order.read.end_time)
            return await attempt.fill(lambda these: sale(these[0], attempt.taker, period, lowest_total))

    async def _attempt(self, chain_id: ChainId, account: Address, parts: Sequence[Part]) -> Attempt:
        """Asks for all that bears on the parts, in one round trip."""
        chain = await self._clients.registry.get(chain_id)
        client = await self._clients.of(chain_id)
        market = await self._inspector.contracts(chain_id)
        key = await self._inspector.conduit_key(chain_id)
        spender = market.conduits[0] if market.conduits else market.seaport
        taker = Taker(account, market.seaport, key, spender)
        questions = TakerQuestions(taker, parts)
        facts, answers, head = await asyncio.gather(
            self._inspector.facts(chain_id, [part.order for part in parts]),
            look_up(client, questions.lookups),
            client.header("latest"),
        )
        # A block is later than the one before it, whatever our clock says.
        now = max(int(self._now()), head.timestamp + 1)
        policy = self._policies(chain)
        attempt = Attempt(chain, client, policy, self._inspector, self._trials, taker, questions.facts(answers), now)
        attempt.take(parts, facts)
        return attempt
