"""Turns approvals, and what became of them, into the bodies that their owner sees."""

from __future__ import annotations

from api.accounts.bodies.approvals import ApprovalChangeBody, AtStakeBody, RevokeBody, StandingApprovalBody
from api.http import shown
from steadymint.catalog.stakes import Stake
from steadymint.domain.approvals import ERC20
from steadymint.identity.wallets.approvals import ApprovalChange, StandingApproval


def approval_body(approval: StandingApproval, stake: Stake, allowed: int | None) -> StandingApprovalBody:
    """`allowed` is how much the operator may move now; None if the chain has not said it."""
    amount = approval.amount if allowed is None or approval.amount is None else allowed
    return {
        "wallet": shown.address(approval.owner),
        "chainId": approval.chain_id,
        "contract": shown.address(approval.contract),
        "standard": approval.standard,  # type: ignore[typeddict-item]
        "collection": stake.name,
        "slug": stake.slug,
        "tokenId": approval.token or None,
        "operator": shown.address(approval.operator),
        "operatorName": stake.operator_name,
        "amount": None if amount is None else str(amount),
        "atStake": _at_stake(stake),
        "since": approval.since,
        "txHash": approval.tx_hash,
        "confirmed": allowed is not None,
        "revoke": _revoke(approval),
    }


def change_body(change: ApprovalChange) -> ApprovalChangeBody:
    return {
        "wallet": shown.address(change.owner),
        "chainId": change.chain_id,
        "contract": shown.address(change.contract),
        "standard": change.standard,  # type: ignore[typeddict-item]
        "tokenId": change.token or None,
        "operator": shown.address(change.operator),
        "approved": change.approved,
        "amount": None if change.amount is None else str(change.amount),
        "cause": change.cause,  # type: ignore[typeddict-item]
        "at": change.at,
        "txHash": change.tx_hash,
    }


def _revoke(approval: StandingApproval) -> RevokeBody:
    """What `PrepareApproveBody` takes."""
    contract, spender = shown.address(approval.contract), shown.address(approval.operator)
    if approval.standard == ERC20:
        return {
            "chainId": approval.chain_id,
            "kind": "erc20_approve",
            "contract": contract,
            "spender": spender,
            "amount": "0",
        }
    body: RevokeBody = {
        "chainId": approval.chain_id,
        "kind": "erc721_approve" if approval.token else "set_approval_for_all",
        "contract": contract,
        "spender": spender,
        "approved": False,
    }
    if approval.token:
        body["tokenId"] = approval.token
    return body


def _at_stake(stake: Stake) -> AtStakeBody | None:
    if stake.tokens is None:
        return None
    return {"tokens": str(stake.tokens), "value": None if stake.value is None else shown.amount(stake.value)}
