"""What a chain says of approvals that events have told of: each by itself, and nothing where nobody answers."""

from __future__ import annotations

from typing import Any

from steadymint.chain.nodes.client import ChainClients
from steadymint.chain.standing import StandingApprovals, _allowed
from steadymint.domain.approvals import AskedApproval, AskedApprovals
from steadymint.domain.types import Address
from steadymint.stack.deploy import create
from steadymint.stack.market import Market
from tests.support.indexing import Driver, call_data
from tests.support.local_chain import LocalChain
from tests.unit.chain.conftest import Connect
from tests.unit.chain.fakes import fake_node, result
from tests.unit.chain.made import ALICE, BOB, CHAIN

OTHER = "eip155:999"


def asked(contract: str, **changes: Any) -> AskedApproval:
    given: dict[str, Any] = {"chain_id": CHAIN, "owner": ALICE, "operator": BOB, "standard": "erc721"} | changes
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
    assert (await standing.seen(every)).allowed == (0, 0, 0, 0, 0, 0, None, None, None, None)

    await driver.call(cats, "Collection721", "approve", BOB, 1, sender=ALICE)
    await driver.call(cats, "Collection721", "approve", BOB, 2, sender=ALICE)
    await driver.transfer(cats, 2, ALICE, BOB)
    await driver.call(cats, "Collection721", "setApprovalForAll", BOB, True, sender=ALICE)
    await driver._mined(await driver.send(ALICE, weth, call_data("FungibleToken", "approve", BOB, 7)))
    assert (await standing.seen(every)).allowed == (1, 0, 0, 1, 7, 0, None, None, None, None)


async def test_a_node_that_answers_nonsense_confirms_nothing(chain: LocalChain, connect: Connect) -> None:
    async with fake_node(lambda request: result({"no": "hex"}, request["id"])) as node:
        standing = StandingApprovals(await connect(chain, url=node.url))
        assert (await standing.seen(AskedApprovals(approvals=(asked(BOB),)))).allowed == (None,)


def test_a_word_that_is_neither_yes_nor_no_confirms_nothing() -> None:
    of_all, of_one = asked(BOB), asked(BOB, token_id=1)
    bob, alice = (bytes(12) + bytes.fromhex(address[2:]) for address in (BOB, ALICE))
    dirty = b"\x01" + bob[1:]
    words = {0: 0, 1: 1, 2: None, 2**255 | 1: None}
    assert {word: _allowed(of_all, [word.to_bytes(32)]) for word in words} == words
    assert [_allowed(of_one, [approved, alice]) for approved in (bob, bytes(32), dirty)] == [1, 0, None]
