"""The kind `approve`: a spender may move somebody's tokens or currency, or may no longer."""

from __future__ import annotations

from typing import Literal

from steadymint.domain.intents.identity import Facts
from steadymint.domain.intents.order import Order, Terms
from steadymint.domain.market.findings import ApprovalKind
from steadymint.domain.types import ZERO_ADDRESS, Address, TokenId, TokenIdField, Uint256Field, show_address


class ApproveTerms(Terms):
    """What is to be approved or revoked, in the members of a `MissingApproval`."""

    approval: ApprovalKind
    contract: Address
    """Of the tokens or the currency."""
    spender: Address | None = None
    """None stands for the market's own, which `prepare` fills in."""
    amount: Uint256Field | None = None
    """Of an ERC-20, in its smallest unit: how much the spender may move from now on. 0 revokes."""
    approved: bool = True
    """Of tokens: whether the spender may move all of them, or the one. False revokes."""
    token_id: TokenIdField | None = None
    """Of the one token of an ERC-721."""

    def summary(self) -> str:
        verb = "Approve" if self.grants else "Revoke"
        spender = "the market" if self.spender is None else show_address(self.spender)
        token = "" if self.token_id is None else f"token {self.token_id} of "
        return f"{verb} {spender} for {token}{show_address(self.contract)}"

    def collection(self) -> Address | None:
        return None if self.approval is ApprovalKind.ERC20_APPROVE else self.contract

    @property
    def grants(self) -> bool:
        """Whether the spender may move something afterwards."""
        return bool(self.amount) if self.approval is ApprovalKind.ERC20_APPROVE else self.approved

    @property
    def one_token(self) -> TokenId:
        """The token of an `erc721_approve`. Raises ValueError if there is none."""
        if self.token_id is None:
            raise ValueError("an approval of one token names it")
        return self.token_id

    @property
    def operator(self) -> Address:
        """Who may move the one token afterwards: a token has one such account, and the zero address is nobody. Raises
        ValueError if there is no spender yet."""
        if self.spender is None:
            raise ValueError("an approval without a spender states nothing")
        return self.spender if self.approved else ZERO_ADDRESS

    def facts(self, owner: Address) -> Facts:
        """What the contract must announce. Raises ValueError if there is no spender yet."""
        if self.spender is None:
            raise ValueError("an approval without a spender states nothing")
        if self.approval is ApprovalKind.ERC20_APPROVE:
            return facts_of_allowance(self.contract, owner, self.spender, self.amount or 0)
        if self.approval is ApprovalKind.ERC721_APPROVE:
            return facts_of_token(self.contract, owner, self.operator, self.one_token)
        return facts_of_tokens(self.contract, owner, self.spender, self.approved)


class ApproveOrder(Order[Literal["approve"], ApproveTerms]):
    kind: Literal["approve"] = "approve"


def facts_of_tokens(contract: str, owner: str, spender: str, approved: bool) -> Facts:
    """Of all tokens of an ERC-721 or ERC-1155."""
    return {"contract": contract, "owner": owner, "spender": spender, "approved": str(approved).lower()}


def facts_of_token(contract: str, owner: str, operator: str, token_id: int) -> Facts:
    """Of one token of an ERC-721. The operator is the zero address where nobody may move it."""
    return {"contract": contract, "owner": owner, "spender": operator, "token": str(token_id)}


def facts_of_allowance(contract: str, owner: str, spender: str, amount: int) -> Facts:
    """Of an ERC-20. `amount` is the whole allowance, not what is added to it."""
    return {"contract": contract, "owner": owner, "spender": spender, "amount": str(amount)}
