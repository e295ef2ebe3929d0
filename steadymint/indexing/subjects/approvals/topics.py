"""Topic 0 of the event of operators. Approvals of single tokens and of currencies are read by `orders`, those of
launched tokens by `fungibles`."""

from __future__ import annotations

from typing import Final

from steadymint.domain.keccak import topic_of

APPROVAL_FOR_ALL: Final = topic_of("ApprovalForAll(address,address,bool)")  # EIP-721 and EIP-1155
