"""Turns an approval into the body that its owner sees."""

from __future__ import annotations

from api.accounts.bodies.approvals import AtStakeBody, StandingApprovalBody
from api.http import shown
from steadymint.catalog.stakes import Stake
from steadymint.identity.wallets.approvals import StandingApproval


def approval_body(approval: StandingApproval, stake: Stake) -> StandingApprovalBody:
    return {
        "wallet": shown.address(approval.owner),
        "chainId": approval.chain_id,
        "contract": shown.address(approval.contract),
        "standard": approval.standard,  # type: ignore[typeddict-item]
        "collection": stake.name,
        "slug": stake.slug,
        "operator": shown.address(approval.operator),
        "operatorName": stake.operator_name,
        "amount": None if approval.amount is None else str(approval.amount),
        "atStake": _at_stake(stake),
        "since": approval.since,
        "txHash": approval.tx_hash,
    }


def _at_stake(stake: Stake) -> AtStakeBody | None:
    if stake.tokens is None:
        return None
    return {"tokens": str(stake.tokens), "value": None if stake.value is None else shown.amount(stake.value)}
