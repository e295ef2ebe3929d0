"""What the API asks a worker about approvals, since it does not reach a chain: whether they stand, and how much may be
moved."""

from __future__ import annotations

from typing import Final, Literal

from steadymint.domain.record import Record
from steadymint.domain.types import AddressField, ChainIdField, TokenIdField, Uint256Field

ERC20: Final = "erc20"
SILENT: Final[Literal["silent"]] = "silent"
Said = Uint256Field | Literal["silent"] | None
"""How much the operator may move now: an amount of a currency, 1 or 0 of tokens. `SILENT`: the contract answers nothing
of use, and it is no use to ask again soon. None: no node has answered that could know it."""


class AskedApproval(Record):
    """An approval that events have told of."""

    chain_id: ChainIdField
    owner: AddressField
    contract: AddressField
    operator: AddressField
    standard: Literal["erc20", "erc721", "erc1155"]
    token_id: TokenIdField | None = None
    """Of the one token of an ERC-721. None: all tokens, or a currency."""
    block: int
    """In which it was given. A node that has not come so far cannot deny it."""


class AskedApprovals(Record):
    """Those of one page, of any chains."""

    approvals: tuple[AskedApproval, ...]


class SeenApprovals(Record):
    """What the chains say of them, in their order."""

    allowed: tuple[Said, ...]
