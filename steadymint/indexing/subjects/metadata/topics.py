"""Topic 0 of the events that only announce changed metadata."""

from __future__ import annotations

from typing import Final

from steadymint.domain.keccak import topic_of

METADATA_UPDATE: Final = topic_of("MetadataUpdate(uint256)")  # ERC-4906
BATCH_METADATA_UPDATE: Final = topic_of("BatchMetadataUpdate(uint256,uint256)")  # ERC-4906
URI: Final = topic_of("URI(string,uint256)")  # EIP-1155
# Earlier forms of ERC-7572 that two widespread libraries still emit: with the new URI (SeaDrop), and with the old and
# the new URI (thirdweb).
CONTRACT_URI_UPDATED_TO: Final = topic_of("ContractURIUpdated(string)")
CONTRACT_URI_UPDATED_FROM: Final = topic_of("ContractURIUpdated(string,string)")

ANNOUNCED: Final[tuple[str, ...]] = (
    METADATA_UPDATE,
    BATCH_METADATA_UPDATE,
    URI,
    CONTRACT_URI_UPDATED_TO,
    CONTRACT_URI_UPDATED_FROM,
)
