"""What a chain says of approvals that events have told of: each by itself, and nothing where nobody answers."""

from __future__ import annotations

from typing import Any

import pytest

from steadymint.chain.nodes.client import ChainClients
from steadymint.chain.standing import GAS_EACH, StandingApprovals, _allowed
from steadymint.domain.approvals import SILENT, AskedApproval, AskedApprovals
from steadymint.domain.types import Address
from steadymint.stack.deploy import create
from steadymint.stack.market import Market
from tests.support.indexing import Driver, call_data
from tests.support.local_chain import LocalChain
from tests.unit.chain.conftest import Connect
from tests.unit.chain.fakes import fake_node, proxy, result
from tests.unit.chain.made import ALICE, BOB, CHAIN

OTHER = "eip155:999"


def asked(contract: str, **changes: Any) -> AskedApproval:
    given: dict[str, Any] = {"chain_id": CHAIN, "owner": ALICE, "operator": BOB, "standard": "erc721", "block": 0}
    given |= changes
    return AskedApproval(contract=Address(contract.lower()), **given)


async def test_each_approval_is_as_its_contract_says_now(
    chain: LocalChain, clients: ChainClients, registered_market: Market
) -> None:
    driver, weth = Driver(chain.anvil, chain.contracts), registered_market.wrapped_native
    cats = await driver.create(sender=ALICE)
    await driver.mint(cats, 3, sender=ALICE)
    hostile = (await create(chain.anvil, "EndlessLoop"))["contractAddress"]
    nothing = "0x" + "99" * 20
    one = [asked(cats, token_id=token) for token in (1, 2, 3)]
    coins = [asked(weth, standard="erc20"), asked(weth, standard="erc20", operator=ALICE)]
    rest = [asked(hostile), asked(hostile, token_id=1), asked(nothing), asked(cats, chain_id=OTHER)]
    every = AskedApprovals(approvals=(*one, asked(cats), *coins, *rest))
    standing = StandingApprovals(clients)
    assert (await standing.seen(every)).allowed == (0, 0, 0, 0, 0, 0, SILENT, SILENT, SILENT, None)

    await driver.call(cats, "Collection721", "approve", BOB, 1, sender=ALICE)
    await driver.call(cats, "Collection721", "approve", BOB, 2, sender=ALICE)
    await driver.transfer(cats, 2, ALICE, BOB)
    await driver.call(cats, "Collection721", "setApprovalForAll", BOB, True, sender=ALICE)
    await driver._mined(await driver.send(ALICE, weth, call_data("FungibleToken", "approve", BOB, 7)))
    assert (await standing.seen(every)).allowed == (1, 0, 0, 1, 7, 0, SILENT, SILENT, SILENT, None)


async def approved_cats(chain: LocalChain) -> tuple[str, int, int]:
    """A collection of which Alice lets Bob move all, the block before she did, and the block in which she did."""
    driver = Driver(chain.anvil, chain.contracts)
    cats = await driver.create(sender=ALICE)
    before = int(await chain.anvil.rpc("eth_blockNumber"), 16)
    await driver.call(cats, "Collection721", "setApprovalForAll", BOB, True, sender=ALICE)
    return cats, before, int(await chain.anvil.rpc("eth_blockNumber"), 16)


@pytest.mark.parametrize(
    ("head_lags", "knows_hash", "said"), [(True, True, None), (False, True, 1), (False, False, None)]
)
async def test_a_node_that_lags_behind_the_approval_does_not_deny_it(
    chain: LocalChain, connect: Connect, head_lags: bool, knows_hash: bool, said: int | None
) -> None:
    cats, before, given = await approved_cats(chain)

    def lagging(batch: Any) -> None:
        for request in batch if isinstance(batch, list) else [batch]:
            if request["method"] == "eth_getBlockByNumber" and head_lags:
                request["params"][0] = hex(before)
            elif request["method"] == "eth_call" and request["params"][1] == "latest":
                request["params"][1] = hex(before)
            elif request["method"] == "eth_call" and not knows_hash:
                request["params"][1] = {"blockHash": "0x" + "11" * 32}

    async with proxy(chain, lagging) as node:
        standing = StandingApprovals(await connect(chain, url=node.url))
        assert (await standing.seen(AskedApprovals(approvals=(asked(cats, block=given),)))).allowed == (said,)


@pytest.mark.parametrize("takes_creation_code", [True, False])
async def test_a_page_of_hostile_contracts_orders_a_bounded_amount_of_gas(
    chain: LocalChain, connect: Connect, takes_creation_code: bool
) -> None:
    cats, _, _ = await approved_cats(chain)
    hostile = (await create(chain.anvil, "EndlessLoop"))["contractAddress"]
    ordered: list[int] = []

    def counting(batch: Any) -> None:
        for request in batch if isinstance(batch, list) else [batch]:
            if request["method"] == "eth_call":
                call = request["params"][0]
                if "to" not in call and not takes_creation_code:
                    call["data"] = "0x"
                else:
                    ordered.append(int(call["gas"], 16))

    page = [asked(hostile, operator=Address(f"0x{number:040x}")) for number in range(1, 101)]
    async with proxy(chain, counting) as node:
        standing = StandingApprovals(await connect(chain, url=node.url))
        seen = await standing.seen(AskedApprovals(approvals=(*page, asked(cats))))
    assert seen.allowed == (*[SILENT] * 100, 1)
    assert sum(ordered) <= 1.5 * GAS_EACH * len(seen.allowed)


async def test_a_node_that_answers_nonsense_confirms_nothing(chain: LocalChain, connect: Connect) -> None:
    async with fake_node(lambda request: result({"no": "hex"}, request["id"])) as node:
        standing = StandingApprovals(await connect(chain, url=node.url))
        assert (await standing.seen(AskedApprovals(approvals=(asked(BOB),)))).allowed == (None,)


def test_a_word_that_is_neither_yes_nor_no_confirms_nothing() -> None:
    of_all, of_one = asked(BOB), asked(BOB, token_id=1)
    bob, alice = (bytes(12) + bytes.fromhex(address[2:]) for address in (BOB, ALICE))
    dirty = b"\x01" + bob[1:]
    words = {0: 0, 1: 1, 2: SILENT, 2**255 | 1: SILENT}
    assert {word: _allowed(of_all, [word.to_bytes(32)]) for word in words} == words
    assert [_allowed(of_one, [approved, alice]) for approved in (bob, bytes(32), dirty)] == [1, 0, SILENT]
