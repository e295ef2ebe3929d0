"""Temporal for tests: one server per run, a namespace for each test, and a clock that can be moved."""

from __future__ import annotations

import asyncio
import uuid
from itertools import chain, repeat

import pytest
from google.protobuf.duration_pb2 import Duration
from temporalio.api.workflowservice.v1 import RegisterNamespaceRequest
from temporalio.client import Client
from temporalio.service import RPCError
from temporalio.testing import TimeSkipper, TimeSkippingConfig

from migrations.search_attributes import register_search_attributes
from steadymint.durable import search_attributes
from steadymint.durable.client import data_converter
from steadymint.settings import Settings
from tests.support.keeper import shared

DAY = 86_400

_unused: list[str] = []
"""Namespaces that no test of this process has had. The server learns of new ones once a second, so some are made at
once: to learn of each within 100 ms it would read all of them ten times a second, a seventh of a core at their end."""
_sizes = chain([1, 2, 4], repeat(8))


@pytest.fixture(scope="session")
def temporal() -> str:
    """The address of the server that all workers share. Never stop it."""
    return shared("temporal")


@pytest.fixture
async def temporal_namespace(temporal: str) -> str:
    """A namespace of this test's own, with our search attributes: workflow ids and queues are free to use."""
    if not _unused:
        made = await asyncio.gather(*(_registered(temporal) for _ in range(next(_sizes))))
        _unused.extend(made)
    return _unused.pop()


async def _registered(temporal: str) -> str:
    name = f"test-{uuid.uuid4().hex[:12]}"
    client = await Client.connect(temporal, namespace=name)
    wanted = RegisterNamespaceRequest(namespace=name, workflow_execution_retention_period=Duration(seconds=DAY))
    await _until_known(client.workflow_service.register_namespace, wanted)
    await _until_known(register_search_attributes, client)
    await _until_known(client.count_workflows, f"{search_attributes.FLOW.name} = 'none'")
    return name


@pytest.fixture
async def temporal_client(temporal: str, temporal_namespace: str) -> Client:
    """A client for this test's namespace, with the converter of the product (no codec)."""
    return await Client.connect(temporal, namespace=temporal_namespace, data_converter=data_converter(Settings()))


@pytest.fixture
def time_skipping(temporal_client: Client) -> TimeSkipper:
    """The clock of this test's workflows.

    Start workflows through `time_skipping.client` and move one with `await time_skipping.fast_forward(handle, 3600)`.
    Nothing is skipped otherwise: unbounded skipping would jump straight to the timeout where a signal is awaited.
    """
    return TimeSkipper(temporal_client, config=TimeSkippingConfig(enabled=False))


async def _until_known(call, *arguments) -> None:
    """A new namespace takes a moment to reach every part of the server."""
    for _ in range(100):
        try:
            await call(*arguments)
        except RPCError as error:
            last = error
            await asyncio.sleep(0.1)
        else:
            return
    raise last
