"""The transaction that gives an approval which an order needs."""

from __future__ import annotations

from steadymint.chain.calls.abi import encode
from steadymint.chain.calls.approvals import Approve, SetApprovalForAll
from steadymint.domain.market.findings import ApprovalKind, MissingApproval
from steadymint.domain.transactions import TxRequest
from steadymint.domain.types import Address, ChainId


def approval_request(chain_id: ChainId, maker: Address, approval: MissingApproval) -> TxRequest:
    """What the maker's wallet is asked to send. An ERC-20 is approved for the amount that is needed, and no more."""
    if approval.kind is ApprovalKind.ERC20_APPROVE:
        call = Approve(approval.spender, approval.amount or 0)
    else:
        call = SetApprovalForAll(approval.spender, approved=True)
    return TxRequest.model_validate(
        {"chain_id": chain_id, "from_": maker, "to": approval.contract, "data": encode(call), "value": 0}
    )
