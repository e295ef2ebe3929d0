"""The flow that deletes an account: it waits, asks the record, and erases store by store."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from temporalio.client import WorkflowHandle
from temporalio.testing import TimeSkipper

from steadymint.domain.accounts import DELETE_ACCOUNT, DeletionOrder, DueAnswer, workflow_id_of_deletion
from steadymint.domain.errors import AccountClosedError
from steadymint.domain.types import UserId
from steadymint.durable.accounts import AccountFlows
from steadymint.durable.queues import Queues
from tests.support.scripted_accounts import GRACE, ScriptedAccounts, serving_accounts

QUEUES = Queues("accounts-")
USER = UserId(uuid4())
ERASED = ["links", "exports", "media", "histories", "rows", "finished"]


class SlowToLook(ScriptedAccounts):
    """Finds that a deletion was taken back, and says so when it was asked for again."""

    def __init__(self) -> None:
        super().__init__()
        self.looked, self.closed_again = asyncio.Event(), asyncio.Event()

    async def close(self, user_id: UserId) -> datetime:
        due_at = await super().close(user_id)
        if self.looked.is_set():
            self.closed_again.set()
        return due_at

    async def begin(self, user_id: UserId, at: datetime) -> DueAnswer:
        answer = await super().begin(user_id, at)
        if answer.state == "taken_back":
            self.looked.set()
            await self.closed_again.wait()
        return answer


@pytest.fixture
async def accounts(time_skipping: TimeSkipper) -> AsyncIterator[ScriptedAccounts]:
    scripted = ScriptedAccounts()
    async with serving_accounts(time_skipping.client, QUEUES, scripted):
        yield scripted


async def test_nothing_is_erased_before_the_grace_period_ends_and_everything_after_it_histories_before_rows(
    time_skipping: TimeSkipper, accounts: ScriptedAccounts
) -> None:
    flows = AccountFlows(time_skipping.client, QUEUES)
    asked = await flows.delete(USER)
    assert asked.due_at == accounts.due_at
    assert await flows.delete(USER) == asked, "asking twice is asking once"
    flow: WorkflowHandle = time_skipping.client.get_workflow_handle(workflow_id_of_deletion(USER))
    await time_skipping.fast_forward(flow, GRACE - timedelta(hours=1))
    assert not set(accounts.done) & set(ERASED)
    await time_skipping.fast_forward(flow, timedelta(hours=2))
    assert (await flow.result())["outcome"] == "erased"
    assert [one for one in accounts.done if one in ERASED] == ERASED


async def test_what_was_taken_back_without_a_word_to_the_flow_is_not_erased_and_can_be_asked_for_again(
    time_skipping: TimeSkipper, accounts: ScriptedAccounts
) -> None:
    flows = AccountFlows(time_skipping.client, QUEUES)
    await flows.delete(USER)
    accounts.due_at = None  # a sign-in took it back, and the signal was lost
    accounts.now += timedelta(days=7)
    again = await flows.delete(USER)
    flow: WorkflowHandle = time_skipping.client.get_workflow_handle(workflow_id_of_deletion(USER))
    await time_skipping.fast_forward(flow, GRACE + timedelta(hours=1))
    assert not set(accounts.done) & set(ERASED), "the time of the first request does not count"
    accounts.due_at = None
    await flows.taken_back(USER)
    async with asyncio.timeout(30):
        assert (await flow.result())["outcome"] == "taken_back"
    assert again.due_at > accounts.now - timedelta(days=7)
    assert not set(accounts.done) & set(ERASED)


async def test_what_is_asked_for_again_while_the_flow_looks_whether_it_was_taken_back_is_erased(
    time_skipping: TimeSkipper,
) -> None:
    accounts, flows = SlowToLook(), AccountFlows(time_skipping.client, QUEUES)
    async with serving_accounts(time_skipping.client, QUEUES, accounts):
        await flows.delete(USER)
        accounts.due_at = None
        await flows.taken_back(USER)
        await accounts.looked.wait()
        asked = await flows.delete(USER)
        assert asked.due_at == accounts.due_at
        flow: WorkflowHandle = time_skipping.client.get_workflow_handle(workflow_id_of_deletion(USER))
        await time_skipping.fast_forward(flow, GRACE + timedelta(hours=1))
        assert (await flow.result())["outcome"] == "erased"


async def test_a_flow_whose_first_request_is_refused_ends_and_the_next_request_begins_a_new_one(
    time_skipping: TimeSkipper, accounts: ScriptedAccounts
) -> None:
    """An operator may have closed the account in the moment of the request."""
    flows, accounts.is_banned = AccountFlows(time_skipping.client, QUEUES), True
    user = UserId(uuid4())
    with pytest.raises(AccountClosedError):
        await flows.delete(user)
    flow: WorkflowHandle = time_skipping.client.get_workflow_handle(workflow_id_of_deletion(user))
    async with asyncio.timeout(30):
        assert (await flow.result())["outcome"] == "refused"
    accounts.is_banned = False
    assert (await flows.delete(user)).due_at == accounts.due_at


async def test_a_flow_that_is_lost_or_has_lost_its_request_erases_when_it_is_resumed_and_closes_no_account(
    time_skipping: TimeSkipper, accounts: ScriptedAccounts
) -> None:
    flows, client = AccountFlows(time_skipping.client, QUEUES), time_skipping.client
    for state, outcome in (("lost", "erased"), ("without its request", "erased"), ("taken back", "taken_back")):
        user, accounts.done[:] = UserId(uuid4()), []
        accounts.due_at = None if state == "taken back" else accounts.now - timedelta(hours=2)
        if state == "without its request":
            order, flow_id = DeletionOrder(user_id=user), workflow_id_of_deletion(user)
            await client.start_workflow(DELETE_ACCOUNT, order, id=flow_id, task_queue=QUEUES.flows)
        await flows.resume(user)
        async with asyncio.timeout(30):
            assert (await client.get_workflow_handle(workflow_id_of_deletion(user)).result())["outcome"] == outcome
        assert accounts.done == (ERASED if outcome == "erased" else []), state
