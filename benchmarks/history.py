"""Events and billable actions of each flow, counted in the histories of real flows.

Billable actions as Temporal Cloud counts them: a workflow started is one; an update one (also when it comes with the
start: then the two are two); a signal one; a timer one; each attempt of an activity one; all local activities of one
workflow task one together; an upsert of search attributes one; continue-as-new one. Heartbeats of activities are one
each as well, but how many there are depends on how long the chain takes, not on the flow: they are noted apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client

from benchmarks.options import Options
from benchmarks.product import Product
from benchmarks.report import DidNotHappenError, Goal, Measure
from steadymint.demo.wallets import ContractWallet, KeyWallet
from steadymint.stack.dev_accounts import DEV_ACCOUNTS
from tests.support.full_stack import FullStack, until
from tests.support.people import Person, Visitor

GOALS = {"sign-in": (12, 3), "mint": (20, 8), "collection": (24, 9)}
"""Events and actions. A contract wallet's sign-in has none of its own: it asks a node, which is an activity on a queue
of its own (six events and one action) so that a slow node holds up nobody else."""

ONE_EACH = {
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED,
    EventType.EVENT_TYPE_TIMER_STARTED,
    EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES,
}


def billable(history: Sequence[HistoryEvent]) -> Counter[str]:
    """Actions by the kind of event that shows them."""
    counted: Counter[str] = Counter()
    with_local_activities: set[int] = set()
    for event in history:
        if event.event_type in ONE_EACH:
            counted[_name(event)] += 1
        elif event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_STARTED:
            counted["ACTIVITY_ATTEMPT"] += event.activity_task_started_event_attributes.attempt
        elif event.event_type == EventType.EVENT_TYPE_MARKER_RECORDED:
            with_local_activities.add(event.marker_recorded_event_attributes.workflow_task_completed_event_id)
    if with_local_activities:
        counted["LOCAL_ACTIVITIES_OF_A_TASK"] = len(with_local_activities)
    return counted


async def measure(product: Product, options: Options) -> list[Measure]:
    """Every flow once, to its end, as a wallet does it."""
    full = product.full
    ids: dict[str, tuple[str, str]] = {}
    async with full.person() as alice:
        ids["sign-in, a key"] = ("sign-in", await _last_sign_in(full))
        collection_721 = await alice.prepare_collection("erc721")
        ids["collection, ERC-721"] = ("collection", f"collection:{collection_721['intentId']}")
        contract_721 = await _to_ready(full, alice, collection_721)
        collection_1155 = await alice.prepare_collection("erc1155")
        ids["collection, ERC-1155"] = ("collection", f"collection:{collection_1155['intentId']}")
        contract_1155 = await _to_ready(full, alice, collection_1155)
        mint_721 = await alice.prepare_mint(contract_721, quantity="3")
        ids["mint, ERC-721"] = ("mint", f"mint:{mint_721['intentId']}")
        await _to_ready(full, alice, mint_721)
        items = [{"tokenId": "1", "quantity": "5"}, {"tokenId": "7", "quantity": "1"}]
        mint_1155 = await alice.prepare_mint(contract_1155, standard="erc1155", items=items)
        ids["mint, ERC-1155 batch"] = ("mint", f"mint:{mint_1155['intentId']}")
        await _to_ready(full, alice, mint_1155)
    ids["sign-in, a contract wallet"] = ("sign-in by a contract", await _contract_sign_in(full))
    measures: list[Measure] = []
    async with full.blocks.ticking():  # a sign-in by a contract ends once the contract's block is deep
        for name, (flow, workflow_id) in ids.items():
            measures += await _count(full.temporal, name, workflow_id, GOALS.get(flow))
    return measures


async def _count(temporal: Client, name: str, workflow_id: str, goals: tuple[int, int] | None) -> list[Measure]:
    handle = temporal.get_workflow_handle(workflow_id)
    await handle.result()  # raises if the flow did not end well
    history = list((await handle.fetch_history()).events)
    actions = billable(history)
    kinds = Counter(_name(event) for event in history)
    events_goal, actions_goal = (Goal("median", "<=", goal) for goal in goals) if goals else (None, None)
    return [
        Measure(f"history: {name}", len(history), "events", goal=events_goal, notes={"by kind": dict(kinds)}),
        Measure(f"billable: {name}", actions.total(), "actions", goal=actions_goal, notes={"by kind": dict(actions)}),
    ]


def _name(event: HistoryEvent) -> str:
    return EventType.Name(event.event_type).removeprefix("EVENT_TYPE_")


async def _to_ready(full: FullStack, person: Person, prepared: dict[str, object]) -> str:
    """Sent, tracked and confirmed; the contract's address."""
    intent_id = str(prepared["intentId"])
    await person.send_and_track(prepared)
    await full.blocks.mine()
    await person.until(intent_id, "confirming")
    await full.blocks.mine(2)
    last = await person.until_final(intent_id)
    if last["step"] != "ready":
        raise DidNotHappenError(f"the intent ended {last}")
    return last["contract"]


async def _contract_sign_in(full: FullStack) -> str:
    """The workflow id of a sign-in by an ERC-1271 wallet."""
    owner = KeyWallet(full.web3, DEV_ACCOUNTS[3].private_key)
    async with full.blocks.ticking():
        wallet = await ContractWallet.deploy(full.web3, owner)
    async with Visitor(full.stack.api_url, full.origin) as visitor:
        await visitor.sign_in(wallet, full.chain_id)
    return await _last_sign_in(full)


async def _last_sign_in(full: FullStack) -> str:
    """The log of attempts leads to the nonce's hash, and that is the workflow's id."""

    async def ask() -> str:
        return await full.pool.fetchval(
            "select nonce_hash from auth_service.login_events where result = 'success' order by ts desc limit 1"
        )

    return f"sign-in:{(await until(ask, 'the sign-in in the log'))[:32]}"
