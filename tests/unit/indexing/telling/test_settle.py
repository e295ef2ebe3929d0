"""From the chain to the intent: sightings settle the right intents, once, and those are told who would not know."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import pytest

from steadymint.domain.errors import UpstreamUnavailableError
from steadymint.domain.intents import collection
from steadymint.domain.intents.kinds import IntentKind
from steadymint.domain.intents.machine import Step
from steadymint.domain.intents.mint import facts_of_erc721, facts_of_erc1155
from steadymint.domain.intents.rows import Settled
from steadymint.domain.intents.view import LoggedStep
from steadymint.domain.types import Address, ChainId, IntentId, TxHash
from steadymint.indexing.telling import settle
from steadymint.indexing.telling.settle import Settler
from steadymint.intents.repository import IntentRepository
from tests.support.indexing import ALICE, BOB, Driver, Index, fetch
from tests.support.intents import Draft

WHOLE_STORY = [Step.TRACKED, Step.CONFIRMING, Step.INDEXED, Step.READY]
"""What an intent that was never tracked is shown to have gone through."""


@dataclass
class Told:
    """Everything that anybody was told."""

    steps: list[tuple[IntentId, Step]] = field(default_factory=list)
    nudges: list[tuple[int, list[IntentId]]] = field(default_factory=list)
    landed_flows: list[IntentId] = field(default_factory=list)
    reorged_flows: list[IntentId] = field(default_factory=list)
    fails: int = 0
    hangs: bool = False
    tries: int = 0
    """How often a flow was to be told that it landed."""

    async def nudge(
        self, chain_id: ChainId, block: int, settled: Iterable[IntentId], steps: Sequence[LoggedStep] = ()
    ) -> bool:
        self.nudges.append((block, list(settled)))
        self.steps += [(step.intent_id, step.step) for step in steps]
        return True

    async def landed(self, settled: Settled) -> None:
        self.tries += 1
        if self.hangs:
            await asyncio.Event().wait()
        if self.fails:
            self.fails -= 1
            raise UpstreamUnavailableError
        self.landed_flows.append(settled.intent_id)

    async def reorged(self, settled: Settled) -> None:
        self.reorged_flows.append(settled.intent_id)


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def intents(pool: asyncpg.Pool) -> IntentRepository:
    return IntentRepository(pool)


@pytest.fixture
def settling(index: Index, pool: asyncpg.Pool, intents: IntentRepository, told: Told, driver: Driver) -> Index:
    index.options["settler"] = Settler(pool, ChainId(driver.anvil.caip2), intents, told, told)
    return index


def mint_draft(contract: str, minter: str = ALICE, recipient: str = ALICE, quantity: int = 1) -> Draft:
    return Draft(contract=Address(contract), facts=facts_of_erc721(contract, minter, recipient, quantity))


def reference(draft: Draft) -> bytes:
    return bytes.fromhex(draft.match_key[2:])


async def minted(
    driver: Driver, intents: IntentRepository, quantity: int = 1, expected: dict[str, Any] | None = None
) -> tuple[Draft, TxHash]:
    """An intent to mint in a new collection, and the mint under its reference, with a block behind it.

    `expected` changes what the intent expects, not what is minted.
    """
    cats = await driver.create(0)
    draft = mint_draft(**{"contract": cats, "quantity": quantity} | (expected or {}))
    await intents.create(draft)
    tx_hash = TxHash(await driver.mint(cats, quantity, ref=reference(draft)))
    await driver.anvil.mine(1)
    return draft, tx_hash


async def step_of(intents: IntentRepository, draft: Draft) -> Step:
    return (await intents.get(draft.intent_id)).step


async def test_a_mint_under_its_reference_makes_the_intent_ready_without_track_and_its_flow_is_told(
    driver: Driver, settling: Index, intents: IntentRepository, told: Told
) -> None:
    draft, tx_hash = await minted(driver, intents, quantity=2)

    await settling.catch_up()

    row = await intents.get(draft.intent_id)
    assert (row.step, row.tx_hash, row.view.token_ids) == (Step.READY, tx_hash, (1, 2))
    assert told.steps == [(draft.intent_id, step) for step in WHOLE_STORY]
    assert [settled for _, settled in told.nudges if settled] == [[draft.intent_id]]
    assert told.landed_flows == [draft.intent_id]


async def test_a_tracked_intent_needs_no_telling_its_follower_hears_the_nudge(
    driver: Driver, settling: Index, intents: IntentRepository, told: Told
) -> None:
    draft, tx_hash = await minted(driver, intents)
    await intents.transition(draft.intent_id, Step.TRACKED, "tracked", tx_hash=tx_hash)

    await settling.catch_up()

    assert await step_of(intents, draft) is Step.READY
    assert told.landed_flows == []


async def test_a_flow_that_was_given_another_hash_than_the_one_that_landed_is_told(
    driver: Driver, settling: Index, intents: IntentRepository, told: Told
) -> None:
    """That hash may have been refused since, and then nobody follows anything."""
    draft, _ = await minted(driver, intents)
    await intents.transition(draft.intent_id, Step.TRACKED, "tracked", tx_hash=TxHash("0x" + "ab" * 32))

    await settling.catch_up()

    assert await step_of(intents, draft) is Step.READY
    assert told.landed_flows == [draft.intent_id]


async def test_a_collection_under_its_reference_makes_the_intent_ready(
    driver: Driver, settling: Index, intents: IntentRepository
) -> None:
    draft = Draft(kind=IntentKind.COLLECTION)
    cats = await driver.create(0, salt=reference(draft))
    draft = draft.but(facts=collection.facts(cats, ALICE), contract=Address(cats))
    await intents.create(draft)
    await driver.anvil.mine(1)

    await settling.catch_up()

    assert await step_of(intents, draft) is Step.READY


async def test_editions_are_compared_by_id_and_quantity(
    driver: Driver, settling: Index, intents: IntentRepository
) -> None:
    editions = await driver.create(1)
    right = Draft(facts=facts_of_erc1155(editions, ALICE, ALICE, {1: 3, 2: 4}))
    wrong = Draft(facts=facts_of_erc1155(editions, ALICE, ALICE, {1: 3, 2: 5}))
    for draft in (right, wrong):
        await intents.create(draft)
        await driver.mint_batch(editions, [1, 2, 1], [2, 4, 1], ref=reference(draft))
    await driver.anvil.mine(1)

    await settling.catch_up()

    assert [await step_of(intents, draft) for draft in (right, wrong)] == [Step.READY, Step.PREPARED]


@pytest.mark.parametrize(
    "expected", [{"minter": BOB}, {"recipient": BOB}, {"quantity": 2}, {"contract": "0x" + "11" * 20}]
)
async def test_a_reference_that_someone_else_emits_changes_no_intent(
    driver: Driver, settling: Index, intents: IntentRepository, told: Told, expected: dict[str, Any]
) -> None:
    draft, _ = await minted(driver, intents, expected=expected)

    await settling.catch_up()

    assert await step_of(intents, draft) is Step.PREPARED
    assert told.landed_flows == []
    settled = await fetch(settling.dsn, "select settled_at from indexer_service.intent_sightings")
    assert [row["settled_at"] is not None for row in settled] == [True]  # it is not looked at again and again


async def test_fifty_mints_of_one_block_are_settled_in_one_telling(
    driver: Driver, settling: Index, intents: IntentRepository, told: Told
) -> None:
    cats = await driver.create(0)
    drafts = [mint_draft(cats) for _ in range(50)]
    await driver.anvil.rpc("evm_setAutomine", False)
    from tests.support.indexing import call_data

    for draft in drafts:
        await intents.create(draft)
        await driver.send(ALICE, cats, call_data("Collection721", "mint", ALICE, 1, [], reference(draft)))
    await driver.anvil.mine(3)

    await settling.catch_up()

    assert {await step_of(intents, draft) for draft in drafts} == {Step.READY}
    assert [len(settled) for _, settled in told.nudges if settled] == [50]


async def test_what_could_not_be_told_is_told_by_the_next_attempt(
    driver: Driver, settling: Index, intents: IntentRepository, told: Told
) -> None:
    draft, _ = await minted(driver, intents)
    told.fails = 1
    await settling.catch_up()
    assert (await step_of(intents, draft), told.landed_flows) == (Step.READY, [])

    await driver.anvil.mine(1)
    await settling.catch_up()

    assert told.landed_flows == [draft.intent_id]
    assert [step for _, step in told.steps] == WHOLE_STORY  # and no line of the log is doubled


async def test_a_flow_that_cannot_be_told_holds_up_no_other(
    driver: Driver, settling: Index, intents: IntentRepository, told: Told
) -> None:
    cats = await driver.create(0)
    first, second = mint_draft(cats), mint_draft(cats)
    told.fails = 1
    for draft in (first, second):
        await intents.create(draft)
        await driver.mint(cats, 1, ref=reference(draft))
    await driver.anvil.mine(1)

    await settling.catch_up()

    assert len(told.landed_flows) == 1
    unsettled = await fetch(
        settling.dsn, "select match_key from indexer_service.intent_sightings where settled_at is null"
    )
    assert len(unsettled) == 1


async def test_flows_that_cannot_be_told_while_temporal_is_away_hold_up_no_blocks(
    driver: Driver,
    settling: Index,
    intents: IntentRepository,
    told: Told,
    pool: asyncpg.Pool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in {"TOLD_AT_ONCE": 1, "PATIENCE": 0.2}.items():
        monkeypatch.setattr(settle, name, value)
    told.hangs = True
    drafts = [(await minted(driver, intents))[0] for _ in range(3)]
    async with asyncio.timeout(30):
        await settling.catch_up()
    await settling.options["settler"].run(99)
    assert (told.tries, told.landed_flows) == (1, []), "the first that waits in vain is the last for a while"
    assert {await step_of(intents, draft) for draft in drafts} == {Step.READY}

    told.hangs = False
    assert await Settler(pool, ChainId(driver.anvil.caip2), intents, told, told).run(99) == 3
    assert set(told.landed_flows) == {draft.intent_id for draft in drafts}


async def test_a_reorg_deeper_than_n_takes_the_intent_back_and_its_new_block_makes_it_ready_again(
    driver: Driver, settling: Index, intents: IntentRepository, told: Told
) -> None:
    cats = await driver.create(0)
    draft = mint_draft(cats)
    await intents.create(draft)
    snapshot = await driver.anvil.rpc("evm_snapshot")
    await driver.mint(cats, 1, ref=reference(draft))
    await driver.anvil.mine(4)
    await settling.catch_up()
    await driver.anvil.rpc("evm_revert", snapshot)
    await driver.anvil.rpc("evm_increaseTime", hex(1000))
    await driver.anvil.mine(12)

    await settling.catch_up()
    assert await step_of(intents, draft) is Step.REORGED
    assert told.reorged_flows == [draft.intent_id]

    tx_hash = await driver.mint(cats, 1, ref=reference(draft))
    await driver.anvil.mine(2)
    await settling.catch_up()
    row = await intents.get(draft.intent_id)
    assert (row.step, row.tx_hash) == (Step.READY, tx_hash)
    steps = [step for _, step in told.steps]
    assert steps == [*WHOLE_STORY, Step.REORGED, *WHOLE_STORY[1:]]
