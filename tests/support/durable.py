"""Temporal for tests: one server per run, a namespace for each test, and a clock that can be moved."""

from __future__ import annotations

import asyncio
import uuid
from itertools import chain, repeat

import pytest
from google.protobuf.duration_pb2 import Duration
from temporalio.api.command.v1 import (
    Command,
    CompleteWorkflowExecutionCommandAttributes,
    UpsertWorkflowSearchAttributesCommandAttributes,
)
from temporalio.api.common.v1 import SearchAttributes
from temporalio.api.enums.v1 import CommandType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import (
    PollWorkflowTaskQueueRequest,
    RegisterNamespaceRequest,
    RespondWorkflowTaskCompletedRequest,
)
from temporalio.client import Client
from temporalio.converter import DataConverter
from temporalio.service import RPCError, RPCStatusCode
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
        made = await asyncio.gather(*(registered(temporal) for _ in range(next(_sizes))))
        _unused.extend(made)
    return _unused.pop()


async def registered(temporal: str) -> str:
    """The name of a new namespace with our search attributes, once each part of the server knows of them."""
    name = f"test-{uuid.uuid4().hex[:12]}"
    client = await Client.connect(temporal, namespace=name)
    wanted = RegisterNamespaceRequest(namespace=name, workflow_execution_retention_period=Duration(seconds=DAY))
    await _until_known(client.workflow_service.register_namespace, wanted)
    await _until_known(register_search_attributes, client)
    await _until_known(client.count_workflows, f"{search_attributes.FLOW.name} = 'none'")
    await _set_by_a_workflow(client)
    return name


async def _set_by_a_workflow(client: Client) -> None:
    """Set all of our search attributes as a workflow does: the part of the server that hears of it learns of them by
    itself, at times after the part that clients ask."""
    await client.start_workflow("probe", id="probe", task_queue="probe")
    (nothing,) = DataConverter.default.payload_converter.to_payloads(["none"])
    fields = {key.name: nothing for key in search_attributes.ALL}
    upsert = UpsertWorkflowSearchAttributesCommandAttributes(search_attributes=SearchAttributes(indexed_fields=fields))
    commands = [
        Command(
            command_type=CommandType.COMMAND_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES,
            upsert_workflow_search_attributes_command_attributes=upsert,
        ),
        Command(
            command_type=CommandType.COMMAND_TYPE_COMPLETE_WORKFLOW_EXECUTION,
            complete_workflow_execution_command_attributes=CompleteWorkflowExecutionCommandAttributes(),
        ),
    ]
    poll = PollWorkflowTaskQueueRequest(namespace=client.namespace, task_queue=TaskQueue(name="probe"))
    while True:
        try:
            task = await client.workflow_service.poll_workflow_task_queue(poll)
        except RPCError as error:
            if error.status is not RPCStatusCode.CANCELLED:  # as a busy server ends a poll
                raise
            continue
        answer = RespondWorkflowTaskCompletedRequest(
            namespace=client.namespace, task_token=task.task_token, commands=commands
        )
        try:
            await client.workflow_service.respond_workflow_task_completed(answer)
        except RPCError as error:
            if error.status is not RPCStatusCode.INVALID_ARGUMENT:
                raise
        else:
            return


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
