"""Somebody who buys and sells on the stage of the contract tests, through what is prepared."""

from __future__ import annotations

from typing import Any

from web3.types import TxReceipt

from steadymint.chain.calls.missing_approvals import approval_request
from steadymint.chain.fulfilment import FulfilmentBuilder
from steadymint.domain.market.build import Price, Token, listing
from steadymint.domain.market.fulfilment.outcomes import PreparedFulfilment
from steadymint.domain.market.fulfilment.parts import Part
from steadymint.domain.market.submitted import SubmittedOrder
from steadymint.domain.transactions import TxRequest
from steadymint.domain.types import UINT256_MAX, Address
from steadymint.market.policies import policy_of
from tests.contracts.order_stage import FEES, Stage, lower
from tests.contracts.seaport import ETHER, checksum
from tests.support.trading import CHAIN, Trading

LONG = 10**12
"""A deadline that no test reaches."""


class Taking:
    """Somebody who buys and sells on the stage, through what is prepared."""

    def __init__(self, trading: Trading, account: str) -> None:
        self.stage = trading.stage
        self.account = account
        self.builder = FulfilmentBuilder(trading.clients, policy_of)

    async def prepare(self, *parts: Part, highest: int = UINT256_MAX, deadline: int = LONG) -> PreparedFulfilment:
        return await self.builder.purchase(CHAIN, lower(self.account), parts, highest_total=highest, deadline=deadline)

    async def prepare_sale(self, part: Part, lowest: int = 0) -> PreparedFulfilment:
        return await self.builder.sale(CHAIN, lower(self.account), part, lowest_total=lowest)

    def send(self, tx: TxRequest) -> TxReceipt:
        """Mine it, whatever comes of it."""
        evm = self.stage.chain
        request: Any = {"from": self.account, "to": checksum(tx.to), "data": tx.data, "value": tx.value}
        sent = evm.w3.eth.send_transaction(request | {"gas": tx.gas or 16_000_000})
        return evm.w3.eth.wait_for_transaction_receipt(sent, poll_latency=0.01)

    def approve(self, prepared: PreparedFulfilment) -> None:
        for approval in prepared.approvals:
            assert self.send(approval_request(CHAIN, lower(self.account), approval))["status"] == 1

    def pays(self, tx: TxRequest, currency: Address | None = None) -> int:
        """What the account is short of after the transaction, without its gas."""
        before = self.has(currency)
        receipt = self.send(tx)
        assert receipt["status"] == 1
        gas = 0 if currency else receipt["gasUsed"] * receipt["effectiveGasPrice"]
        return before - gas - self.has(currency)

    def has(self, currency: Address | None) -> int:
        if currency is None:
            return self.stage.chain.w3.eth.get_balance(checksum(self.account))
        return self.stage.seaport.currency.functions.balanceOf(self.account).call()

    def owned(self, *numbers: int) -> list[bool]:
        """Whether the cats are the account's."""
        return [self.stage.cats.functions.ownerOf(number).call() == self.account for number in numbers]


def listed(
    stage: Stage, token: Token, maker: str | None = None, price: Price | None = None, **frame: Any
) -> SubmittedOrder:
    made = listing(
        lower(maker or stage.seller), token, price or Price.fixed(ETHER + 1), FEES, stage.seaport.frame(**frame)
    )
    return stage.sign(made)
