"""Looking for secrets where they must not be: in workflow histories, sealed and opened, and in texts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from google.protobuf.message import Message
from temporalio.api.common.v1 import Payload
from temporalio.client import Client, WorkflowExecution
from temporalio.converter import PayloadCodec

from tests.support.people import Visitor

TELLING = {"nonce", "signature", "accessToken", "refreshToken"}
"""Members of the sign-in's documents that open a door."""


@dataclass
class Secrets:
    """What must be found nowhere, each with a name to report it by."""

    known: dict[str, str] = field(default_factory=dict)

    def keep(self, name: str, value: str) -> str:
        """`value` without `0x`, since it may be written without."""
        bare = value.removeprefix("0x")
        assert len(bare) >= 8, f"{name} is too short to be looked for"
        self.known[f"{name} #{len(self.known)}"] = bare
        return value

    def keep_members(self, document: Any) -> None:
        if isinstance(document, dict):
            for name in TELLING & document.keys():
                if isinstance(document[name], str) and len(document[name]) > 8:
                    self.keep(name, document[name])

    def found_in(self, haystack: bytes | str) -> list[str]:
        """Names of the secrets that stand in `haystack`, in whatever case."""
        text = haystack.decode("latin-1") if isinstance(haystack, bytes) else haystack
        folded = text.casefold()
        return [name for name, value in self.known.items() if value.casefold() in folded]


class KeepingVisitor(Visitor):
    """A visitor that notes each secret that goes to the API or comes from it, and each problem document."""

    def __init__(self, base_url: str, origin: str, secrets: Secrets) -> None:
        super().__init__(base_url, origin)
        self.secrets = secrets

    async def ask(self, method: str, path: str, body: Any = None, **how: Any) -> Any:
        self.secrets.keep_members(body)
        answer = await super().ask(method, path, body, **how)
        self.secrets.keep_members(answer.body)
        return answer

    async def call(self, method: str, path: str, body: Any = None, **how: Any) -> Any:
        self.secrets.keep_members(body)
        answer = await super().call(method, path, body, **how)
        self.secrets.keep_members(answer)
        return answer


async def histories(client: Client, query: str | None = None) -> AsyncIterator[tuple[str, list[Message]]]:
    """Every execution of the namespace: its id and its events, as they are stored."""
    at_once = asyncio.Semaphore(8)

    async def of(execution: WorkflowExecution) -> tuple[str, list[Message]]:
        handle = client.get_workflow_handle(execution.id, run_id=execution.run_id)
        async with at_once:
            return execution.id, list((await handle.fetch_history()).events)

    executions = [execution async for execution in client.list_workflows(query)]
    for fetched in asyncio.as_completed([of(execution) for execution in executions]):
        yield await fetched


def stored(events: Iterable[Message]) -> bytes:
    """What whoever reads Temporal's database sees."""
    return b"\n".join(event.SerializeToString() for event in events)


async def opened(events: Iterable[Message], codec: PayloadCodec) -> bytes:
    """What whoever has the codec's keys sees: every payload, those of failures included."""
    events = list(events)
    payloads = [payload for event in events for payload in _payloads(event)]
    return b"\n".join([stored(events), *(plain.SerializeToString() for plain in await codec.decode(payloads))])


def _payloads(message: Message) -> Iterator[Payload]:
    if isinstance(message, Payload):
        yield message
        return
    for descriptor, value in message.ListFields():
        for one in _messages(descriptor, value):
            yield from _payloads(one)


def _messages(descriptor: Any, value: Any) -> list[Message]:
    if descriptor.message_type is None:
        return []
    if descriptor.message_type.GetOptions().map_entry:
        return [one for one in value.values() if isinstance(one, Message)]
    return [value] if isinstance(value, Message) else list(value)
