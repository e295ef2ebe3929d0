"""The sign-in flow, seen from Temporal."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Iterator
from contextlib import AsyncExitStack
from typing import Any

import httpx
import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import PollWorkflowTaskQueueRequest
from temporalio.client import WorkflowExecutionStatus, WorkflowHandle
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from steadymint.domain import sign_in as flow
from steadymint.domain.errors import UpstreamUnavailableError
from steadymint.domain.outcome import Outcome
from steadymint.domain.sign_in import workflow_id_of_nonce
from steadymint.durable.queues import Queues
from steadymint.durable.search_attributes import OUTCOME
from steadymint.durable.sign_in import SignInFlows
from steadymint.events.event import AUTH, WALLETS
from steadymint.identity.events import LINKED, LOGGED_IN
from steadymint.identity.login_events import LoginEvents
from steadymint.identity.messages.verification import hash_of_nonce
from steadymint.identity.sessions.store import Sessions
from tests.support.sign_in import CHAIN, Desk, Wallet, bearer, nonce_for, sign_in, verify

MAX_EVENTS = 12
"""The goal of the design. The billable actions are three: the start, the update, one task with local activities."""


@pytest.fixture(scope="module")
def desk(sandboxed_desk: Desk) -> Desk:
    return sandboxed_desk


@pytest.fixture(autouse=True)
def _restored(desk: Desk) -> Iterator[None]:
    yield
    desk.contracts.valid.clear()


def handle_of(desk: Desk, nonce: str) -> WorkflowHandle[Any, Any]:
    return desk.temporal.get_workflow_handle(workflow_id_of_nonce(hash_of_nonce(nonce)))


async def kinds(handle: WorkflowHandle[Any, Any]) -> list[str]:
    return [
        EventType.Name(event.event_type).removeprefix("EVENT_TYPE_") async for event in handle.fetch_history_events()
    ]


async def events_of(desk: Desk, stream: str, user_id: str) -> list[dict[str, Any]]:
    """What others will hear about a user."""
    rows = await desk.pool.fetch(
        "SELECT event_id, type, payload FROM event_service.outbox"
        " WHERE stream = $1 AND payload ->> 'userId' = $2 ORDER BY id",
        stream,
        user_id,
    )
    return [dict(row) for row in rows]


async def test_a_sign_in_costs_at_most_twelve_events(desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet) -> None:
    await sign_in(visitor, Wallet())  # connections that an earlier test has cut are found out by another's sign-in
    nonce = await nonce_for(visitor, wallet.address)
    text = wallet.message(nonce).text()
    assert (await verify(visitor, wallet.address, text, wallet.sign(text))).status_code == 200
    handle = handle_of(desk, nonce)
    await handle.result()
    assert (await handle.describe()).status == WorkflowExecutionStatus.COMPLETED
    found = await kinds(handle)
    assert len(found) <= MAX_EVENTS, found
    assert found.count("MARKER_RECORDED") == 1
    assert found.count("WORKFLOW_TASK_STARTED") == 1


async def test_no_secret_is_in_the_history(desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet) -> None:
    nonce = await nonce_for(visitor, wallet.address)
    text = wallet.message(nonce).text()
    signature = wallet.sign(text)
    tokens = (await verify(visitor, wallet.address, text, signature)).json()
    history = (await handle_of(desk, nonce).fetch_history()).to_json_dict()
    written = json.dumps(history) + json.dumps([_decoded(data) for data in _payloads(history)])
    assert wallet.address.lower() in written, "the payloads were read"
    for secret in (nonce, signature[2:], tokens["accessToken"], tokens["refreshToken"], "Sign in to the market"):
        assert secret not in written


def _payloads(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, each in value.items():
            if key == "data" and isinstance(each, str):
                yield each
            else:
                yield from _payloads(each)
    elif isinstance(value, list):
        for each in value:
            yield from _payloads(each)


def _decoded(data: str) -> str:
    return base64.b64decode(data).decode(errors="replace")


async def test_the_outside_hears_of_each_sign_in_and_of_a_new_link(
    desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet
) -> None:
    user_id = (await sign_in(visitor, wallet))["userId"]
    await sign_in(visitor, wallet)
    logged_in, linked = await events_of(desk, AUTH, user_id), await events_of(desk, WALLETS, user_id)
    assert [event["type"] for event in logged_in] == [LOGGED_IN, LOGGED_IN]
    assert [event["type"] for event in linked] == [LINKED]
    assert len({event["event_id"] for event in logged_in}) == 2
    shared = {"userId": user_id, "address": wallet.address, "chainId": CHAIN}
    assert linked[0]["payload"].items() > shared.items()
    assert all(event["payload"].items() > shared.items() for event in logged_in)
    assert {*logged_in[0]["payload"]} - {*shared} == {"sessionId"}
    assert {*linked[0]["payload"]} - {*shared} == {"walletId"}


async def test_t05_a_flow_that_has_granted_is_the_last_one_of_its_nonce(
    desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet
) -> None:
    nonce = await nonce_for(visitor, wallet.address)
    text = wallet.message(nonce).text()
    assert (await verify(visitor, wallet.address, text, wallet.sign(text))).status_code == 200
    handle = handle_of(desk, nonce)
    await handle.result()
    with pytest.raises(WorkflowAlreadyStartedError):
        await desk.temporal.start_workflow(
            flow.SIGN_IN,
            args=[{}],
            id=handle.id,
            task_queue=Queues().flows,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
        )


async def test_a_refused_flow_leaves_the_nonce_to_the_right_signature(
    desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet
) -> None:
    nonce = await nonce_for(visitor, wallet.address)
    text = wallet.message(nonce).text()
    assert (await verify(visitor, wallet.address, text, "0x" + "12" * 65)).status_code == 401
    described = await handle_of(desk, nonce).describe()
    assert described.status == WorkflowExecutionStatus.COMPLETED
    assert described.typed_search_attributes.get(OUTCOME) == Outcome.REFUSED
    assert (await verify(visitor, wallet.address, text, wallet.sign(text))).status_code == 200
    assert await desk.events(wallet.address) == ["invalid_signature", "success"]


async def test_an_operator_finds_the_flow_by_kind_and_chain_and_no_account_is_shown(
    desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet
) -> None:
    nonce = await nonce_for(visitor, wallet.address)
    text = wallet.message(nonce).text()
    await verify(visitor, wallet.address, text, wallet.sign(text))
    described = await handle_of(desk, nonce).describe()
    shown = {pair.key.name: pair.value for pair in described.typed_search_attributes}
    assert shown["Flow"] == flow.SIGN_IN
    assert shown["ChainId"] == CHAIN
    assert wallet.address.lower() not in (str(shown) + described.id + str(await described.static_summary())).lower()


async def test_an_answer_that_was_lost_is_found_on_file(
    desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Temporal's answer does not come, but the flow has granted: the request is answered all the same."""
    verified = SignInFlows.verify

    async def lost(self: SignInFlows, attempt: flow.SignInAttempt) -> flow.SignInGrant:
        await verified(self, attempt)
        raise UpstreamUnavailableError("no answer")

    monkeypatch.setattr(SignInFlows, "verify", lost)
    tokens = await sign_in(visitor, wallet)
    assert (await visitor.get("/v1/auth/sessions", headers=bearer(tokens))).status_code == 200
    assert await desk.events(wallet.address) == ["success"]


async def test_a_request_that_has_given_up_is_granted_nothing_later(
    desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No worker answers in time. When one comes, the attempt is on file as failed."""
    reached, go_on = asyncio.Event(), asyncio.Event()
    opened = Sessions.open
    verified = SignInFlows.verify

    async def late(self: Sessions, *args: Any) -> Any:
        reached.set()
        await go_on.wait()
        return await opened(self, *args)

    async def impatient(self: SignInFlows, attempt: flow.SignInAttempt) -> flow.SignInGrant:
        waiting = asyncio.ensure_future(verified(self, attempt))
        await reached.wait()
        waiting.cancel()
        await asyncio.wait([waiting])
        raise UpstreamUnavailableError("no answer")

    monkeypatch.setattr(Sessions, "open", late)
    monkeypatch.setattr(SignInFlows, "verify", impatient)
    nonce = await nonce_for(visitor, wallet.address)
    text = wallet.message(nonce).text()
    assert (await verify(visitor, wallet.address, text, wallet.sign(text))).status_code == 503
    go_on.set()
    with pytest.raises(Exception, match="Workflow execution failed"):
        await handle_of(desk, nonce).result()
    assert await desk.sessions(wallet.address) == 0
    assert await desk.events(wallet.address) == ["failed"]


async def test_a_request_that_goes_away_takes_nothing_with_it(
    desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The API is killed while the flow grants: the flow ends, all is on file, and nobody holds the tokens."""
    reached, go_on = asyncio.Event(), asyncio.Event()
    opened = Sessions.open

    async def late(self: Sessions, *args: Any) -> Any:
        reached.set()
        await go_on.wait()
        return await opened(self, *args)

    async def killed(*_: object) -> bool:
        raise asyncio.CancelledError

    monkeypatch.setattr(Sessions, "open", late)
    monkeypatch.setattr(LoginEvents, "file_failure", killed)
    nonce = await nonce_for(visitor, wallet.address)
    text = wallet.message(nonce).text()
    request = asyncio.ensure_future(verify(visitor, wallet.address, text, wallet.sign(text)))
    await reached.wait()
    request.cancel()
    await asyncio.wait([request])
    go_on.set()
    await asyncio.wait_for(handle_of(desk, nonce).result(), 30)
    assert await desk.events(wallet.address) == ["success"]
    assert await desk.sessions(wallet.address) == 1


async def test_a_worker_that_dies_with_the_task_in_hand_costs_no_sign_in(
    desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first worker takes the task and is never heard of again. The second has it within the same request."""
    queues = Queues("dying-")
    verified = SignInFlows.verify
    monkeypatch.setattr(
        SignInFlows, "verify", lambda self, attempt: verified(SignInFlows(desk.temporal, queues), attempt)
    )
    poll = PollWorkflowTaskQueueRequest(
        namespace=desk.temporal.namespace, task_queue=TaskQueue(name=queues.flows), identity="a worker that dies"
    )
    taken = asyncio.ensure_future(desk.temporal.workflow_service.poll_workflow_task_queue(poll))
    text = wallet.message(await nonce_for(visitor, wallet.address)).text()
    request = asyncio.ensure_future(verify(visitor, wallet.address, text, wallet.sign(text)))
    assert (await taken).task_token
    async with AsyncExitStack() as stack:
        for worker in desk.workers(queues):
            await stack.enter_async_context(worker)
        assert (await request).status_code == 200
    assert await desk.sessions(wallet.address) == 1


async def test_r17_a_worker_that_dies_between_two_statements_is_replaced(
    desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The activity is cut off after the link; its repetition comes to one user, one link, one session."""
    cut = 0
    original = Sessions.open

    async def cut_off(self: Sessions, *args: Any) -> Any:
        nonlocal cut
        cut += 1
        if cut == 1:
            raise ConnectionResetError("the worker was killed here")
        grant = await original(self, *args)
        if cut == 2:
            raise ConnectionResetError("and here, with the session written and nobody answered")
        return grant

    monkeypatch.setattr(Sessions, "open", cut_off)
    tokens = await sign_in(visitor, wallet)
    assert cut == 3
    assert await desk.sessions(wallet.address) == 1
    assert await desk.events(wallet.address) == ["success"]
    links = "SELECT count(*) FROM wallet_service.wallet_links WHERE user_id = $1"
    assert await desk.pool.fetchval(links, tokens["userId"]) == 1
    assert len(await events_of(desk, WALLETS, tokens["userId"])) == 1
    assert len(await events_of(desk, AUTH, tokens["userId"])) == 1
