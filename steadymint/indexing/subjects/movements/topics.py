"""Topic 0 of the events that move tokens, and of those that announce a mint of our contracts."""

from __future__ import annotations

from typing import Final

from steadymint.domain.keccak import topic_of

TRANSFER: Final = topic_of("Transfer(address,address,uint256)")  # EIP-721; EIP-20 has the same with three topics
CONSECUTIVE_TRANSFER: Final = topic_of("ConsecutiveTransfer(uint256,uint256,address,address)")  # EIP-2309
TRANSFER_SINGLE: Final = topic_of("TransferSingle(address,address,address,uint256,uint256)")  # EIP-1155
TRANSFER_BATCH: Final = topic_of("TransferBatch(address,address,address,uint256[],uint256[])")  # EIP-1155
MINTED: Final = topic_of("Minted(bytes32,address,address,uint256,uint256,uint256)")
MINTED_BATCH: Final = topic_of("MintedBatch(bytes32,address,address,uint256[],uint256[],uint256)")
