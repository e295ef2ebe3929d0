"""The events that the indexer follows: their signatures, and topic 0 of each.

Every name is spelled as in the contracts; the topic is the Keccak-256 of the canonical signature (Solidity ABI).
"""

from __future__ import annotations

from typing import Final

from eth_utils.crypto import keccak

from steadymint.chain.calls.table import PROOFS

INIT_TYPE: Final = (
    "(address,string,string,string,string,uint256,uint96,address,address,(uint128,uint64,uint64,uint32,bytes32))"
)


def topic_of(signature: str) -> str:
    """Topic 0 of an event, 0x hex lower case."""
    return "0x" + keccak(text=signature).hex()


CREATED: Final = topic_of(f"CollectionCreated(address,address,bytes32,uint8,address,{INIT_TYPE})")
TRANSFER: Final = topic_of("Transfer(address,address,uint256)")  # EIP-721; EIP-20 has the same with three topics
TRANSFER_SINGLE: Final = topic_of("TransferSingle(address,address,address,uint256,uint256)")  # EIP-1155
TRANSFER_BATCH: Final = topic_of("TransferBatch(address,address,address,uint256[],uint256[])")  # EIP-1155
MINTED: Final = topic_of("Minted(bytes32,address,address,uint256,uint256,uint256)")
MINTED_BATCH: Final = topic_of("MintedBatch(bytes32,address,address,uint256[],uint256[],uint256)")

MINT_CONFIG_SET: Final = topic_of("MintConfigSet((uint128,uint64,uint64,uint32,bytes32))")
ROYALTY_SET: Final = topic_of("RoyaltySet(address,uint96)")
PAYOUT_SET: Final = topic_of("PayoutSet(address)")
BASE_URI_SET: Final = topic_of("BaseURISet(string)")
CONTRACT_URI_UPDATED: Final = topic_of("ContractURIUpdated()")  # ERC-7572
# From before ERC-7572 was settled, and still emitted by what two widespread libraries deploy: with the new URI
# (SeaDrop), with the old one and the new one (thirdweb).
CONTRACT_URI_UPDATED_TO: Final = topic_of("ContractURIUpdated(string)")
CONTRACT_URI_UPDATED_FROM: Final = topic_of("ContractURIUpdated(string,string)")
METADATA_FROZEN: Final = topic_of("MetadataFrozen()")
METADATA_UPDATE: Final = topic_of("MetadataUpdate(uint256)")  # ERC-4906
BATCH_METADATA_UPDATE: Final = topic_of("BatchMetadataUpdate(uint256,uint256)")  # ERC-4906
URI: Final = topic_of("URI(string,uint256)")  # EIP-1155
WITHDRAWN: Final = topic_of("Withdrawn(address,uint256)")
PAUSED: Final = topic_of("Paused(address)")
UNPAUSED: Final = topic_of("Unpaused(address)")
OWNERSHIP_TRANSFERRED: Final = topic_of("OwnershipTransferred(address,address)")  # ERC-173
ROLE_GRANTED: Final = topic_of("RoleGranted(bytes32,address,address)")
ROLE_REVOKED: Final = topic_of("RoleRevoked(bytes32,address,address)")

NAMES: Final[dict[str, str]] = {
    CREATED: "CollectionCreated",
    MINT_CONFIG_SET: "MintConfigSet",
    ROYALTY_SET: "RoyaltySet",
    PAYOUT_SET: "PayoutSet",
    BASE_URI_SET: "BaseURISet",
    CONTRACT_URI_UPDATED: "ContractURIUpdated",
    METADATA_FROZEN: "MetadataFrozen",
    PAUSED: "Paused",
    UNPAUSED: "Unpaused",
    OWNERSHIP_TRANSFERRED: "OwnershipTransferred",
    ROLE_GRANTED: "RoleGranted",
    ROLE_REVOKED: "RoleRevoked",
}
"""Collection-level events: those that change a collection's state."""

FOLDED: Final[tuple[str, ...]] = tuple(topic for topic in NAMES if topic != CREATED)

ANNOUNCED: Final[tuple[str, ...]] = (
    METADATA_UPDATE,
    BATCH_METADATA_UPDATE,
    URI,
    CONTRACT_URI_UPDATED_TO,
    CONTRACT_URI_UPDATED_FROM,
)
"""They say that metadata has changed, and no more."""

NOTED: Final[tuple[str, ...]] = (WITHDRAWN,)
"""Kept raw, folded by nobody: anyone may cause it at will."""

FOLLOWED: Final[tuple[str, ...]] = (
    *(TRANSFER, TRANSFER_SINGLE, TRANSFER_BATCH, MINTED, MINTED_BATCH),
    *NAMES,
    *ANNOUNCED,
    *NOTED,
    *(topic for proof in PROOFS if (topic := topic_of(proof.signature)) not in (CREATED, MINTED, MINTED_BATCH)),
)
"""Topic 0 of every event that one `eth_getLogs` asks for: births and what follows them come in one reply, in order."""

FOREIGN: Final[tuple[str, ...]] = (
    *(TRANSFER, TRANSFER_SINGLE, TRANSFER_BATCH, OWNERSHIP_TRANSFERRED, CONTRACT_URI_UPDATED),
    *ANNOUNCED,
)
"""Topic 0 of every event that is believed of an imported contract."""
