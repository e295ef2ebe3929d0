"""The sign-in flow, seen from Temporal."""

from __future__ import annotations

import hashlib

import httpx
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowExecutionStatus

from steadymint.domain.sign_in import workflow_id_of_nonce
from tests.support.sign_in import Desk, Wallet, nonce_for, verify

MAX_EVENTS = 12
"""The goal of the design; the billable actions are the start, the update and one task with local activities: 3."""


async def test_a_sign_in_costs_at_most_twelve_events(desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet) -> None:
    nonce = await nonce_for(visitor, wallet.address)
    text = wallet.message(nonce).text()
    assert (await verify(visitor, wallet.address, text, wallet.sign(text))).status_code == 200
    handle = desk.temporal.get_workflow_handle(workflow_id_of_nonce(hashlib.sha256(nonce.encode()).hexdigest()))
    await handle.result()
    assert (await handle.describe()).status == WorkflowExecutionStatus.COMPLETED
    events = [event async for event in handle.fetch_history_events()]
    kinds = [EventType.Name(event.event_type).removeprefix("EVENT_TYPE_") for event in events]
    print(kinds)
    assert len(events) <= MAX_EVENTS, kinds
