"""The search attributes, by which an operator finds a flow in the Temporal UI. All are keywords, and none is secret."""

from __future__ import annotations

from typing import Final

from temporalio.common import SearchAttributeKey, SearchAttributePair, TypedSearchAttributes

FLOW: Final = SearchAttributeKey.for_keyword("Flow")
CHAIN_ID: Final = SearchAttributeKey.for_keyword("ChainId")
ACCOUNT: Final = SearchAttributeKey.for_keyword("Account")
COLLECTION: Final = SearchAttributeKey.for_keyword("Collection")
TX_HASH: Final = SearchAttributeKey.for_keyword("TxHash")
STEP: Final = SearchAttributeKey.for_keyword("Step")
"""The step of an intent, or the state of a chain's index."""
OUTCOME: Final = SearchAttributeKey.for_keyword("Outcome")
"""How a flow ended (`steadymint.domain.outcome`)."""
PROBLEM: Final = SearchAttributeKey.for_keyword("Problem")
"""What keeps a flow from going on (`steadymint.domain.waiting`). A healthy flow has none."""

ALL: Final = (FLOW, CHAIN_ID, ACCOUNT, COLLECTION, TX_HASH, STEP, OUTCOME, PROBLEM)
"""Temporal's SQL stores hold ten keywords for a namespace."""


def attributes(
    *,
    flow: str,
    chain_id: str | None = None,
    account: str | None = None,
    collection: str | None = None,
    step: str | None = None,
) -> TypedSearchAttributes:
    """The attributes that are known when a flow starts. Those that are None are left out."""
    given = ((FLOW, flow), (CHAIN_ID, chain_id), (ACCOUNT, account), (COLLECTION, collection), (STEP, step))
    return TypedSearchAttributes([SearchAttributePair(key, value) for key, value in given if value is not None])
