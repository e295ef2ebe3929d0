"""Preparing an approval."""

from __future__ import annotations

from datetime import datetime

from temporalio import activity

from activities.preparing.base import Preparing, made_once
from steadymint.domain.errors import (
    CallRevertedError,
    NotFoundError,
    OperatorUnknownError,
    UnknownCurrencyError,
)
from steadymint.domain.errors.intents import AlreadySatisfiedError
from steadymint.domain.intents.approve import ApproveOrder, ApproveTerms
from steadymint.domain.intents.messages import Prepared
from steadymint.domain.market.approvals import ApprovalContracts
from steadymint.domain.market.facts import ALL
from steadymint.domain.market.findings import ApprovalKind
from steadymint.domain.transactions import TxRequest
from steadymint.domain.types import show_address
from steadymint.durable.failures import activity_boundary


class PrepareApprove(Preparing):
    @activity.defn(name="prepare_approve")
    @activity_boundary
    @made_once
    async def prepare(self, order: ApproveOrder, deadline_at: datetime) -> Prepared:
        """The approval's calldata, once it is known that the market may ask for it and that the contract accepts it.

        An approval is given to contracts of the market only. It may be taken from anybody. What stands already is
        AlreadySatisfiedError: there is nothing to sign.
        """
        owner, contracts = order.caller.account, await self.approvals.contracts(order.chain_id)
        terms = _with_spender(order.terms, contracts)
        await self._check(order, terms, contracts)
        order = order.model_copy(update={"task": terms})
        allowed = await self.approvals.allowed(order.chain_id, owner, terms)
        if allowed == _wanted(terms):
            raise AlreadySatisfiedError(_already(terms))
        tx = await self._accepted(await self.transactions.request(order), changes=terms.grants and allowed > 0)
        return await self.write(order, tx, deadline_at, contract=terms.contract, facts=terms.facts(owner))

    async def _check(self, order: ApproveOrder, terms: ApproveTerms, contracts: ApprovalContracts) -> None:
        # An ERC-721 takes the call `approve` as well, for the token of that number, so the contract must be known as a
        # currency, or as a token that was launched here: its allowances are taken back, and there is no reason to give
        # one.
        if terms.approval is ApprovalKind.ERC20_APPROVE and not (
            terms.contract in contracts.currencies
            or (not terms.grants and await self.collections.has_launched(order.chain_id, terms.contract))
        ):
            raise UnknownCurrencyError(f"{show_address(terms.contract)} is not a currency of this market")
        if terms.grants and terms.spender not in contracts.spenders:
            assert terms.spender is not None, "it was filled in"
            raise OperatorUnknownError(
                f"{show_address(terms.spender)} is no contract of this market: do not approve it"
            )

    async def _accepted(self, tx: TxRequest, *, changes: bool) -> TxRequest:
        """`changes`: whether one allowance would replace another, which some currencies refuse without a reason."""
        try:
            return await self.transactions.simulate(tx)
        except CallRevertedError as error:
            if not changes:
                raise
            raise CallRevertedError(
                f"{error.detail} Some currencies change an allowance only from zero: first revoke it, with amount 0.",
                **error.extra,
            ) from None


def _with_spender(terms: ApproveTerms, contracts: ApprovalContracts) -> ApproveTerms:
    """The terms with the spender of the orders that we build, if they name none."""
    if terms.spender is not None:
        return terms
    if not contracts.spenders:
        raise NotFoundError("This chain has no market")
    return terms.model_copy(update={"spender": contracts.spenders[0]})


def _wanted(terms: ApproveTerms) -> int:
    if terms.approval is ApprovalKind.ERC20_APPROVE:
        return terms.amount or 0
    return ALL if terms.approved else 0


def _already(terms: ApproveTerms) -> str:
    """Says no more than was asked of the chain: who may not move all tokens of a contract may still move one."""
    assert terms.spender is not None, "it was filled in"
    spender, contract = show_address(terms.spender), show_address(terms.contract)
    one_token = "" if terms.token_id is None else f"token {terms.token_id} of "
    if terms.grants:
        return f"{spender} is already approved for {one_token}{contract}"
    if terms.approval is ApprovalKind.ERC20_APPROVE:
        return f"{spender} has no allowance of yours in {contract}"
    return f"{spender} is not approved for {one_token or 'all of your tokens in '}{contract}"
