"""How the deletion and the export of an account go."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from uuid import uuid4

from steadymint.domain.accounts import (
    DELETE_ACCOUNT,
    EXPORT_ACCOUNT,
    ExportOrder,
    workflow_id_of_deletion,
    workflow_id_of_export,
)
from steadymint.domain.errors import AccountClosedError
from steadymint.domain.types import UserId
from steadymint.durable.accounts import AccountFlows
from steadymint.durable.queues import Queues
from tests.replay.stage import Stage, case
from tests.support.scripted_accounts import GRACE, ScriptedAccounts, serving_accounts

QUEUES = Queues("account-bench-")


@case(DELETE_ACCOUNT, "erased")
async def erased(stage: Stage) -> str:
    user_id = UserId(uuid4())
    async with serving_accounts(stage.client, QUEUES, ScriptedAccounts()):
        await AccountFlows(stage.client, QUEUES).delete(user_id)
        handle = stage.client.get_workflow_handle(workflow_id_of_deletion(user_id))
        await stage.skipper.fast_forward(handle, GRACE + timedelta(hours=1))
        assert (await handle.result())["outcome"] == "erased"
    return handle.id


@case(DELETE_ACCOUNT, "taken-back")
async def taken_back(stage: Stage) -> str:
    user_id, accounts = UserId(uuid4()), ScriptedAccounts()
    flows = AccountFlows(stage.client, QUEUES)
    async with serving_accounts(stage.client, QUEUES, accounts):
        await flows.delete(user_id)
        accounts.due_at = None
        await flows.taken_back(user_id)
        handle = stage.client.get_workflow_handle(workflow_id_of_deletion(user_id))
        assert (await handle.result())["outcome"] == "taken_back"
    return handle.id


@case(DELETE_ACCOUNT, "refused")
async def refused(stage: Stage) -> str:
    user_id, accounts = UserId(uuid4()), ScriptedAccounts()
    accounts.is_banned = True
    async with serving_accounts(stage.client, QUEUES, accounts):
        with suppress(AccountClosedError):
            await AccountFlows(stage.client, QUEUES).delete(user_id)
        handle = stage.client.get_workflow_handle(workflow_id_of_deletion(user_id))
        assert (await handle.result())["outcome"] == "refused"
    return handle.id


@case(EXPORT_ACCOUNT, "expired")
async def expired(stage: Stage) -> str:
    order = ExportOrder(export_id=uuid4(), user_id=uuid4())
    async with serving_accounts(stage.client, QUEUES, ScriptedAccounts()):
        await AccountFlows(stage.client, QUEUES).export(order)
        handle = stage.client.get_workflow_handle(workflow_id_of_export(order.export_id))
        await stage.skipper.fast_forward(handle, timedelta(days=4))
        await handle.result()
    return handle.id
