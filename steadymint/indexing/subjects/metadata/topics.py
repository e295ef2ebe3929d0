"""Topic 0 of the events that say that metadata has changed, and no more."""

from __future__ import annotations

from typing import Final

from steadymint.indexing.reading.logs import topic_of

METADATA_UPDATE: Final = topic_of("MetadataUpdate(uint256)")  # ERC-4906
BATCH_METADATA_UPDATE: Final = topic_of("BatchMetadataUpdate(uint256,uint256)")  # ERC-4906
URI: Final = topic_of("URI(string,uint256)")  # EIP-1155
# From before ERC-7572 was settled, and still emitted by what two widespread libraries deploy: with the new URI
# (SeaDrop), with the old one and the new one (thirdweb).
CONTRACT_URI_UPDATED_TO: Final = topic_of("ContractURIUpdated(string)")
CONTRACT_URI_UPDATED_FROM: Final = topic_of("ContractURIUpdated(string,string)")

ANNOUNCED: Final[tuple[str, ...]] = (
    METADATA_UPDATE,
    BATCH_METADATA_UPDATE,
    URI,
    CONTRACT_URI_UPDATED_TO,
    CONTRACT_URI_UPDATED_FROM,
)
