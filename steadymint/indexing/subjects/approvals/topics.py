"""Topic 0 of the event of operators. Approvals of currencies, and of single tokens, are read by `orders`."""

from __future__ import annotations

from typing import Final

from steadymint.domain.keccak import topic_of

APPROVAL_FOR_ALL: Final = topic_of("ApprovalForAll(address,address,bool)")  # EIP-721 and EIP-1155
