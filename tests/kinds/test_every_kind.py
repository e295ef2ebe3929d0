"""Every kind of intent is in every place where it must be, and says the same in all of them."""

from __future__ import annotations

import json
import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from eth_utils.abi import function_abi_to_4byte_selector
from typer.testing import CliRunner

from api.intents.kinds import routers_of_kinds
from contracts import load_artifact
from steadymint.chain.calls.abi import Call, encode, selector_of
from steadymint.chain.calls.reverts import OURS
from steadymint.chain.calls.table import BUILDERS, CALLS, PROOFS, RECEIPT_PROOFS, TRADE_PROOFS
from steadymint.chain.calls.trades import trades_of
from steadymint.cli import intents as cli
from steadymint.domain.intents.fills import ORDERS
from steadymint.domain.intents.identity import reference_of
from steadymint.domain.intents.kinds import KINDS, IntentKind, Kind, SettledBy, kind_of
from steadymint.domain.intents.machine import Step
from steadymint.domain.keccak import topic_of
from steadymint.domain.types import ZERO_ADDRESS
from steadymint.indexing.subjects.table import FOLLOWED
from tests.kinds.preparing import written
from tests.support.api_document import api_document
from tests.support.intents import ALICE
from tests.workflows.flow_bench import ScriptedChain, preparing_needs
from workers.kinds import preparing_activities, preparing_of, workflows_of_kinds

ROOT = Path(__file__).parents[2]
HISTORIES = ROOT / "tests" / "replay" / "histories"

_of_trades = {proof.kind for proof in TRADE_PROOFS}
by_index = [kind for kind in KINDS.values() if kind.settled_by is SettledBy.INDEX and kind.name not in _of_trades]
by_trades = [kind for kind in KINDS.values() if kind.name in _of_trades]
"""Those that the indexer finds by all fills of a transaction together."""
by_receipt = [kind for kind in KINDS.values() if kind.settled_by is SettledBy.RECEIPT]
every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)


def sample(kind: Kind) -> Any:
    """`tests/kinds/test_<kind>.py`."""
    return import_module(f"tests.kinds.test_{kind.name}")


def abi_of_ours(what: str) -> list[Any]:
    """Of the contracts whose calls we prepare: our own, and those of a market."""
    contracts = (*OURS, "Seaport", "WrappedNative")
    return [entry for contract in contracts for entry in load_artifact(contract).abi if entry["type"] == what]


def families() -> list[Path]:
    """The files of `steadymint/chain/calls` that build the calls of kinds, or say how the chain shows them."""
    defining = re.compile(r"^(BUILDERS|PROOFS): ", re.MULTILINE)
    found = [file for file in (ROOT / "steadymint/chain/calls").glob("*.py") if defining.search(file.read_text())]
    return sorted(set(found) - {ROOT / "steadymint/chain/calls/table.py"})


def call_of(kind: Kind, order: Any) -> Call:
    """From the terms; else as `sample_call` of the kind's test has it made."""
    build = BUILDERS.get(kind.name)
    return build(order.terms, ALICE, reference_of(order.intent_id)).call if build else sample(kind).sample_call(order)


NAMED_BY_THE_SPECIFICATION = ("api/graphql/spec.py", "api/graphql/subscriptions.py")
"""Its GraphQL has fields of their own for collections and mints. Those of other kinds are made from the table."""


def test_the_table_holds_every_name_and_no_name_or_workflow_twice() -> None:
    assert list(KINDS) == list(IntentKind)
    assert len({kind.workflow for kind in KINDS.values()}) == len(KINDS)


@every_kind
def test_its_order_carries_it_and_its_terms_say_in_a_line_what_they_do(kind: Kind) -> None:
    order = sample(kind).sample_order()
    assert type(order) is kind.order
    assert kind_of(order) is kind
    assert kind.order.model_validate_json(order.model_dump_json()) == order
    summary = order.terms.summary()
    assert 0 < len(summary) < 200
    assert "\n" not in summary


@every_kind
def test_its_calldata_is_a_call_of_the_compiled_contracts(kind: Kind) -> None:
    order = sample(kind).sample_order()
    call = call_of(kind, order)
    assert type(call) in CALLS
    compiled = {function_abi_to_4byte_selector(entry) for entry in abi_of_ours("function")}
    assert selector_of(type(call)) in compiled
    assert encode(call).startswith("0x" + selector_of(type(call)).hex())


@pytest.mark.parametrize("kind", by_index, ids=lambda kind: kind.name)
def test_its_proofs_are_events_that_the_indexer_asks_for(kind: Kind) -> None:
    proofs = [proof for proof in PROOFS if proof.kind == kind.name]
    assert proofs
    assert [proof.name for proof in proofs] == list(kind.proof)
    assert kind.name not in RECEIPT_PROOFS
    for proof in proofs:
        assert topic_of(proof.signature) in FOLLOWED
        assert proof.name in {entry["name"] for entry in abi_of_ours("event")}
        assert (proof.reference_topic is None) == bool(kind.natural_key)


@pytest.mark.parametrize("kind", by_trades, ids=lambda kind: kind.name)
async def test_what_prepare_expects_is_what_the_fills_of_its_transaction_say(kind: Kind) -> None:
    """As a whole. That a part is enough is a promise of the settlement."""
    (proof,) = (one for one in TRADE_PROOFS if one.kind == kind.name)
    assert (kind.proof, kind.in_part, bool(kind.natural_key)) == ((proof.name,), ORDERS, True)
    assert topic_of(proof.signature) in FOLLOWED
    order = sample(kind).sample_order()
    new = await written(order)
    (trade,) = trades_of(new.facts["contract"], sample(kind).proving_fills(order))
    assert (trade.kind, trade.facts) == (kind.name, new.facts)
    assert new.match_key == kind.match_key(new.intent_id, new.chain_id, trade.facts)
    json.dumps([trade.facts, new.foreseen])  # both are stored


@pytest.mark.parametrize("kind", by_receipt, ids=lambda kind: kind.name)
def test_its_proofs_are_events_that_are_looked_for_in_its_receipt(kind: Kind) -> None:
    proof = RECEIPT_PROOFS[kind.name]
    assert proof.names == kind.proof
    assert set(proof.names) <= {entry["name"] for entry in abi_of_ours("event")}
    assert kind.name not in {proof.kind for proof in PROOFS}
    assert kind.natural_key, "a relayed call is known by its calldata alone"


@pytest.mark.parametrize("kind", by_receipt, ids=lambda kind: kind.name)
async def test_what_prepare_expects_is_what_its_receipt_shows(kind: Kind) -> None:
    order = sample(kind).sample_order()
    new = await written(order)
    proof, logs = RECEIPT_PROOFS[kind.name], sample(kind).proving_logs(order)
    effects = proof.read(new.facts, logs)
    assert effects is not None
    assert new.match_key == kind.match_key(new.intent_id, new.chain_id, new.facts)
    json.dumps([new.facts, effects, new.foreseen])  # all are stored
    assert proof.read(new.facts, []) is None
    for changed in ({"contract": ZERO_ADDRESS}, {"topics": (*logs[0].topics[:1], *["0x" + "00" * 32] * 2)}):
        assert proof.read(new.facts, [log._replace(**changed) for log in logs]) is None


@pytest.mark.parametrize("kind", by_index, ids=lambda kind: kind.name)
async def test_what_prepare_expects_is_what_its_event_says(kind: Kind) -> None:
    order = sample(kind).sample_order()
    new = await written(order)
    event = sample(kind).proving_event(order)
    facts, effects = event.read()
    assert facts == new.facts
    assert (new.kind, new.match_key) == (kind.name, kind.match_key(new.intent_id, new.chain_id, facts))
    if event.proof.reference_topic is not None:
        assert event.topics[event.proof.reference_topic - 1] == new.match_key
    json.dumps([facts, effects, new.foreseen])  # all are stored


@every_kind
async def test_facts_that_differ_in_one_place_are_other_facts(kind: Kind) -> None:
    """Nothing that was prepared is left out: another account, contract or amount makes other facts."""
    order = sample(kind).sample_order()
    new = await written(order)
    assert new.contract in new.facts.values()
    assert order.caller.account in new.facts.values()
    assert all(isinstance(value, str | dict | list) for value in new.facts.values())


def test_each_has_a_workflow_and_a_preparing_activity_that_the_worker_serves() -> None:
    served = {flow.__dict__["__temporal_workflow_definition"].name: flow for flow in workflows_of_kinds()}
    assert set(served) == {kind.workflow for kind in KINDS.values()}
    chain: Any = ScriptedChain()
    activities = preparing_activities(preparing_needs(chain, chain, chain))
    names = {activity.__temporal_activity_definition.name for activity in activities}
    assert names == {f"prepare_{kind}" for kind in KINDS}
    for kind in KINDS.values():
        assert served[kind.workflow].preparing is preparing_of(kind.name)
        assert served[kind.workflow].checks


def test_each_has_a_route_with_examples_and_problems() -> None:
    document = api_document()
    for kind, router in zip(KINDS.values(), routers_of_kinds(), strict=True):
        path = f"{router.prefix}/prepare"
        route = document["paths"][path]["post"]
        body = route["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        assert document["components"]["schemas"][body]["examples"], kind.name
        assert {"201", "200", "401", "422", "429", "503"} <= set(route["responses"])
        assert path in (ROOT / "docs" / kind.page).read_text(), "its page tells of its route"


@every_kind
def test_its_page_names_its_workflow_and_its_id(kind: Kind) -> None:
    text = (ROOT / "docs" / kind.page).read_text()
    assert f"`{kind.workflow}`" in text
    assert f"`{kind.name}:{{intentId}}`" in text


@every_kind
def test_its_history_is_recorded(kind: Kind) -> None:
    assert (HISTORIES / kind.workflow / "happy.json").exists()


@every_kind
def test_operators_are_told_what_each_step_means(kind: Kind) -> None:
    assert set(kind.words) == set(Step)
    assert all(kind.words.values())


def test_the_command_line_and_the_list_of_intents_take_every_kind() -> None:
    shown = CliRunner().invoke(cli.app, ["list", "--help"], env={"COLUMNS": "200"}).output
    document = api_document()
    (parameter,) = (p for p in document["paths"]["/v1/intents"]["get"]["parameters"] if p["name"] == "kind")
    taken = document["components"]["schemas"]["IntentKind"]["enum"]
    assert "IntentKind" in json.dumps(parameter)
    assert taken == [kind.value for kind in IntentKind]
    for kind in IntentKind:
        assert re.search(rf"\b{kind}\b", shown)


def recipe() -> list[str]:
    """The files that the recipe in `CONTRIBUTING.md` lists."""
    text = (ROOT / "CONTRIBUTING.md").read_text()
    section = text.partition("### A kind of intent\n")[2].partition("\n### ")[0]
    return re.findall(r"^\| (?:new|edited) \| `([^`]+)` \|", section, re.MULTILINE)


@every_kind
def test_the_recipe_names_the_files_that_a_kind_has(kind: Kind) -> None:
    files = recipe()
    assert len(files) == 9
    known = {"<kind>": str(kind.name), "<Workflow>": kind.workflow, "<page>": kind.page}
    for file in files:
        for word, value in known.items():
            file = file.replace(word, value)
        if "<family>" in file:
            assert any(f"IntentKind.{kind.name.name}" in family.read_text() for family in families())
        else:
            assert (ROOT / file).exists(), file


@every_kind
def test_no_file_but_those_of_the_recipe_knows_a_kind_by_name(kind: Kind) -> None:
    """The table and the modules of the kind; whoever else asked for the name would have to be edited for each kind."""
    asked = re.compile(rf"\bIntentKind\.{kind.name.name}\b")
    allowed = {
        f"steadymint/domain/intents/{kind.name}.py",
        "steadymint/domain/intents/kinds.py",
        f"activities/preparing/{kind.name}.py",
        f"workflows/{kind.name}.py",
        f"api/intents/{kind.name}.py",
        *NAMED_BY_THE_SPECIFICATION,
        *(str(family.relative_to(ROOT)) for family in families()),
    }
    for package in ("steadymint", "activities", "workflows", "workers", "api", "migrations"):
        for file in (ROOT / package).rglob("*.py"):
            name = str(file.relative_to(ROOT))
            assert name in allowed or not asked.search(file.read_text()), name
