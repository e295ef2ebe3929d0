"""Registers in a Temporal namespace the search attributes by which operators find a flow."""

from __future__ import annotations

import asyncio

from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from steadymint.durable.search_attributes import ALL

# A server takes a while until every part of it has seen a new attribute.
_SEEN_WITHIN = 30.0
_POLL = 0.1

KEYWORD = IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD


class SearchAttributeConflictError(RuntimeError):
    """An attribute of ours exists in the namespace with another type: a person has to choose what goes."""


async def _missing(client: Client) -> dict[str, IndexedValueType.ValueType]:
    request = ListSearchAttributesRequest(namespace=client.namespace)
    known = (await client.operator_service.list_search_attributes(request)).custom_attributes
    wanted = {key.name: KEYWORD for key in ALL}
    for name, kind in wanted.items():
        if name in known and known[name] != kind:
            raise SearchAttributeConflictError(
                f"search attribute {name} of namespace {client.namespace} is of another type than Keyword"
            )
    return {name: kind for name, kind in wanted.items() if name not in known}


async def register_search_attributes(client: Client) -> None:
    """Add those that are missing in the client's namespace and wait until it knows them. Idempotent.

    Raises:
        SearchAttributeConflictError: one exists with another type.
        TimeoutError: the namespace did not show them in 30 s.
    """
    missing = await _missing(client)
    if not missing:
        return
    try:
        await client.operator_service.add_search_attributes(
            AddSearchAttributesRequest(namespace=client.namespace, search_attributes=missing)
        )
    except RPCError as error:
        if error.status is not RPCStatusCode.ALREADY_EXISTS:  # another process was first
            raise
    async with asyncio.timeout(_SEEN_WITHIN):
        while await _missing(client):  # noqa: ASYNC110  (a server tells nobody)
            await asyncio.sleep(_POLL)
