"""Topic 0 of the events of a collection. Names are spelled as in the contracts."""

from __future__ import annotations

from typing import Final

from steadymint.domain.keccak import topic_of

INIT_TYPE: Final = (
    "(address,string,string,string,string,uint256,uint96,address,address,(uint128,uint64,uint64,uint32,bytes32))"
)
CREATED: Final = topic_of(f"CollectionCreated(address,address,bytes32,uint8,address,{INIT_TYPE})")
"""The factory's event."""

MINT_CONFIG_SET: Final = topic_of("MintConfigSet((uint128,uint64,uint64,uint32,bytes32))")
ROYALTY_SET: Final = topic_of("RoyaltySet(address,uint96)")
PAYOUT_SET: Final = topic_of("PayoutSet(address)")
BASE_URI_SET: Final = topic_of("BaseURISet(string)")
CONTRACT_URI_UPDATED: Final = topic_of("ContractURIUpdated()")  # ERC-7572
METADATA_FROZEN: Final = topic_of("MetadataFrozen()")
PAUSED: Final = topic_of("Paused(address)")
UNPAUSED: Final = topic_of("Unpaused(address)")
OWNERSHIP_TRANSFERRED: Final = topic_of("OwnershipTransferred(address,address)")  # ERC-173
ROLE_GRANTED: Final = topic_of("RoleGranted(bytes32,address,address)")
ROLE_REVOKED: Final = topic_of("RoleRevoked(bytes32,address,address)")
WITHDRAWN: Final = topic_of("Withdrawn(address,uint256)")
"""Only the raw store keeps it, because anyone can cause it at will."""

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
"""The events that change a collection's state."""
