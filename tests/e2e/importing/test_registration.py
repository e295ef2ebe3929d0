"""Which contracts an import begins for, and which it refuses or lets wait."""

from __future__ import annotations

from uuid import uuid4

import pytest

from steadymint.chain.nodes.errors import UnknownBlockError
from steadymint.domain.errors import (
    AlreadyInCatalogError,
    ContractNotFoundError,
    NotACollectionError,
    TooManyImportsError,
    UpstreamUnavailableError,
)
from steadymint.domain.types import Address
from steadymint.indexing.importing import registration
from steadymint.indexing.importing.creation import CodeAt
from steadymint.stack.deploy import create
from tests.support.importing import foreign_drop, register, run_until_imported
from tests.support.indexing import ALICE, Driver, Index


async def test_only_collections_that_are_not_in_the_catalog_are_imported(driver: Driver, index: Index) -> None:
    coin = Address((await create(driver.anvil, "ForeignERC20"))["contractAddress"])
    ours, drop = Address(await driver.create(0)), await foreign_drop(driver)
    await driver.anvil.mine(4)
    await index.catch_up()

    for contract, refusal in (
        (Address(ALICE), ContractNotFoundError),
        (coin, NotACollectionError),
        (ours, AlreadyInCatalogError),
    ):
        with pytest.raises(refusal):
            await register(index, contract)
    await register(index, drop)
    await register(index, drop)  # asked for twice, begun once
    await run_until_imported(index, drop)
    with pytest.raises(AlreadyInCatalogError):
        await register(index, drop)


async def test_users_wait_while_many_are_under_way_and_operators_do_not(
    driver: Driver, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = await foreign_drop(driver), await foreign_drop(driver)
    await driver.anvil.mine(4)
    await index.catch_up()
    await register(index, first)
    monkeypatch.setattr(registration, "AT_ONCE", 1)

    with pytest.raises(TooManyImportsError):
        await register(index, second, requested_by=uuid4())
    await register(index, first, requested_by=uuid4())  # this one is under way: joined
    await register(index, second)


@pytest.mark.parametrize("kept", [None, 6], ids=["archive", "no archive"])
async def test_a_contract_above_the_checkpoint_waits_since_it_may_turn_out_to_be_ours(
    driver: Driver, index: Index, kept: int | None
) -> None:
    await driver.anvil.mine(14)
    await index.catch_up()
    ours = Address(await driver.create(0))
    await driver.anvil.mine(2)
    oldest = 0 if kept is None else await driver.anvil.block_number() - kept

    def pruned(code_at: CodeAt) -> CodeAt:
        async def recent(block: int) -> bytes:
            if block < oldest:
                raise UnknownBlockError
            return await code_at(block)

        return recent

    with pytest.raises(UpstreamUnavailableError):
        await register(index, ours, state_of=pruned)
    await index.catch_up()
    with pytest.raises(AlreadyInCatalogError):
        await register(index, ours, state_of=pruned)
