"""The transaction that gives an approval which an order needs."""

from __future__ import annotations

from typing import Final

from steadymint.chain.calls.abi import selector
from steadymint.domain.market.findings import ApprovalKind, MissingApproval
from steadymint.domain.transactions import TxRequest
from steadymint.domain.types import Address, ChainId

_APPROVE: Final = selector("approve", ("address", "uint256"))
_SET_APPROVAL_FOR_ALL: Final = selector("setApprovalForAll", ("address", "bool"))
_YES: Final = (1).to_bytes(32)


def approval_request(chain_id: ChainId, maker: Address, approval: MissingApproval) -> TxRequest:
    """What the maker's wallet is asked to send. An ERC-20 is approved for the amount that is needed, and no more."""
    spender = bytes.fromhex(approval.spender[2:]).rjust(32, b"\0")
    if approval.kind is ApprovalKind.ERC20_APPROVE:
        data = _APPROVE + spender + (approval.amount or 0).to_bytes(32)
    else:
        data = _SET_APPROVAL_FOR_ALL + spender + _YES
    return TxRequest.model_validate(
        {"chain_id": chain_id, "from_": maker, "to": approval.contract, "data": "0x" + data.hex(), "value": 0}
    )
