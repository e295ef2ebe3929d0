"""Search attributes: how an operator finds a flow in the Temporal UI. All keywords, none of them secret."""

from __future__ import annotations

from typing import Final

from temporalio.common import SearchAttributeKey, SearchAttributePair, TypedSearchAttributes

FLOW: Final = SearchAttributeKey.for_keyword("Flow")
CHAIN_ID: Final = SearchAttributeKey.for_keyword("ChainId")
ACCOUNT: Final = SearchAttributeKey.for_keyword("Account")
COLLECTION: Final = SearchAttributeKey.for_keyword("Collection")
TX_HASH: Final = SearchAttributeKey.for_keyword("TxHash")

ALL: Final = (FLOW, CHAIN_ID, ACCOUNT, COLLECTION, TX_HASH)


def attributes(
    *, flow: str, chain_id: str | None = None, account: str | None = None, collection: str | None = None
) -> TypedSearchAttributes:
    """The attributes that are known when a flow starts; what is None is left out."""
    given = ((FLOW, flow), (CHAIN_ID, chain_id), (ACCOUNT, account), (COLLECTION, collection))
    return TypedSearchAttributes([SearchAttributePair(key, value) for key, value in given if value is not None])
