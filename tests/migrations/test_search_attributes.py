"""A namespace knows our search attributes, whoever registered them and how often."""

from __future__ import annotations

import asyncio
import uuid

import pytest
from google.protobuf.duration_pb2 import Duration
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import RegisterNamespaceRequest
from temporalio.client import Client
from temporalio.service import RPCError

from migrations.search_attributes import KEYWORD, SearchAttributeConflictError, register_search_attributes

NAMES = {"Flow", "ChainId", "Account", "Collection", "TxHash"}


@pytest.fixture
async def bare_client(temporal: str) -> Client:
    """A client of a namespace without any search attribute of ours."""
    name = f"bare-{uuid.uuid4().hex[:12]}"
    client = await Client.connect(temporal, namespace=name)
    await client.workflow_service.register_namespace(
        RegisterNamespaceRequest(namespace=name, workflow_execution_retention_period=Duration(seconds=86_400))
    )
    while True:
        try:
            await registered(client)
        except RPCError:  # not yet known to every part of the server
            await asyncio.sleep(0.05)
        else:
            return client


async def registered(client: Client) -> dict[str, IndexedValueType.ValueType]:
    request = ListSearchAttributesRequest(namespace=client.namespace)
    return dict((await client.operator_service.list_search_attributes(request)).custom_attributes)


async def test_registering_twice_and_at_once_gives_five_keywords(bare_client: Client) -> None:
    await asyncio.gather(register_search_attributes(bare_client), register_search_attributes(bare_client))
    await register_search_attributes(bare_client)
    found = await registered(bare_client)
    assert {name: found.get(name) for name in NAMES} == dict.fromkeys(NAMES, KEYWORD)


async def test_an_attribute_of_another_type_is_not_passed_over(bare_client: Client) -> None:
    number = IndexedValueType.INDEXED_VALUE_TYPE_INT
    await bare_client.operator_service.add_search_attributes(
        AddSearchAttributesRequest(namespace=bare_client.namespace, search_attributes={"Flow": number})
    )
    while "Flow" not in await registered(bare_client):  # noqa: ASYNC110  (a server tells nobody)
        await asyncio.sleep(0.05)
    with pytest.raises(SearchAttributeConflictError, match="Flow"):
        await register_search_attributes(bare_client)
