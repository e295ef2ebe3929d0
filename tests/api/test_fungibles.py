"""What the catalog answers about fungible tokens, page by page."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from api.catalog.bodies.fungibles import FungibleBody, FungibleHolderPage, FungiblePage, FungibleTransactionPage
from steadymint.indexing.batch import fungible_id_of
from tests.support.catalog_rows import CHAIN, account, at, contract, insert
from tests.support.catalog_sample import eip55, get
from tests.support.reads import Reads, serving_reads

MAX = 2**256 - 1
HASH = "0x" + "ab" * 32
LIST = "/v1/tokens-fungible"
COIN = f"{LIST}/{CHAIN}/{eip55(contract(1))}"


def token(number: int, **given: Any) -> dict[str, Any]:
    """Token `number`, launched `number` minutes after the start by account 1."""
    return {
        "id": fungible_id_of(CHAIN, contract(number)),
        "network_id": CHAIN,
        "contract_address": contract(number),
        "name": f"Coin {number}",
        "symbol": "COIN",
        "decimals": 6,
        "supply": MAX,
        "cap": None,
        "creator_address": account(1),
        "description": None,
        "icon_media_id": None,
        "tx_hash": HASH,
        "place": number << 24 | 3,
        "holders_count": 2,
        "transactions_count": 4,
        "status": "confirmed",
        "created_at": at(number),
    } | given


def line(block: int, kind: str, sender: str | None, recipient: str | None, amount: int) -> dict[str, Any]:
    return {
        "network_id": CHAIN,
        "place": block << 24 | 7,
        "token_id": token(1)["id"],
        "tx_hash": HASH,
        "tx_type": kind,
        "from_address": sender,
        "to_address": recipient,
        "amount": amount,
        "occurred_at": at(block),
    }


ALICE, BOB = account(1), account(2)


@pytest.fixture
async def reads(database: str) -> AsyncIterator[Reads]:
    async with serving_reads(database) as found:
        tokens = [
            token(1, cap=MAX, description="What the boats are paid in.", icon_media_id="9f" * 32),
            token(2, creator_address=BOB),
            token(3),
            token(4, network_id="eip155:1", id=fungible_id_of("eip155:1", contract(4))),  # type: ignore[arg-type]
            token(5, status="prepared", contract_address=None, tx_hash=None, place=None),
        ]
        await insert(found.pool, "token_service.fungible_tokens", tokens)
        lines = [
            line(1, "create", None, None, MAX),
            line(2, "mint", None, ALICE, MAX),
            line(3, "transfer", ALICE, BOB, 5),
            line(4, "transfer", BOB, BOB, 2),
            line(5, "burn", BOB, None, 1),
        ]
        await insert(found.pool, "token_service.transactions", lines)
        balances = [(ALICE, MAX - 5), *((account(number), 4) for number in range(2, 6)), (account(6), -1)]
        rows = [{"token_id": token(1)["id"], "address": one, "balance": held} for one, held in balances]
        await insert(found.pool, "token_service.fungible_holders", rows)
        yield found


async def every(reads: Reads, path: str, body: Any, **query: Any) -> list[Any]:
    """All items of a list, two to a page."""
    found = await get(reads, path, body, limit=2, **query)
    items = found["items"]
    while found["nextCursor"]:
        found = await get(reads, path, body, limit=2, cursor=found["nextCursor"], **query)
        items += found["items"]
    return items


async def test_a_token_is_shown_with_every_digit_and_what_it_can_do(reads: Reads) -> None:
    assert await get(reads, COIN, FungibleBody) == {
        "chainId": CHAIN,
        "contract": eip55(contract(1)),
        "name": "Coin 1",
        "symbol": "COIN",
        "decimals": 6,
        "supply": str(MAX),
        "cap": str(MAX),
        "mintOnce": True,
        "burnable": False,
        "permit": False,
        "creator": eip55(ALICE),
        "holders": 2,
        "transactions": 4,
        "txHash": HASH,
        "blockNumber": 1,
        "createdAt": "2026-01-31T12:01:00Z",
        "description": "What the boats are paid in.",
        "iconUrl": f"/media/{'9f' * 32}",
    }


async def test_confirmed_tokens_are_listed_newest_first(reads: Reads) -> None:
    async def names(**query: str) -> list[str]:
        return [item["name"] for item in await every(reads, LIST, FungiblePage, **query)]

    assert await names() == ["Coin 4", "Coin 3", "Coin 2", "Coin 1"]
    assert await names(chainId=CHAIN) == ["Coin 3", "Coin 2", "Coin 1"]
    assert await names(creator=eip55(BOB)) == ["Coin 2"]
    assert await names(creator=ALICE, chainId="eip155:1") == ["Coin 4"]


async def test_holders_are_listed_by_balance_each_once(reads: Reads) -> None:
    found = await every(reads, f"{COIN}/holders", FungibleHolderPage)
    assert found == [
        {"address": eip55(ALICE), "balance": str(MAX - 5)},
        *({"address": eip55(account(number)), "balance": "4"} for number in range(2, 6)),
    ]


async def test_transactions_are_listed_newest_first_and_by_account_or_type(reads: Reads) -> None:
    async def amounts(**query: str) -> list[tuple[str, str]]:
        found = await every(reads, f"{COIN}/transactions", FungibleTransactionPage, **query)
        return [(item["type"], item["amount"]) for item in found]

    of_bob = [("burn", "1"), ("transfer", "2"), ("transfer", "5")]
    of_all = [*of_bob, ("mint", str(MAX)), ("create", str(MAX))]
    assert await amounts() == of_all
    assert await amounts(account=eip55(BOB)) == of_bob
    assert await amounts(account=ALICE) == of_all[2:4]
    assert await amounts(type="burn") == of_bob[:1]
    (burn,) = await every(reads, f"{COIN}/transactions", FungibleTransactionPage, type="burn")
    assert (burn["from"], burn["to"], burn["blockNumber"], burn["logIndex"]) == (eip55(BOB), None, 5, 7)


async def test_what_is_not_there_or_not_asked_rightly_is_a_problem(reads: Reads) -> None:
    for path in (f"{LIST}/{CHAIN}/{contract(9)}", f"{LIST}/eip155:7/{contract(1)}"):
        for part in ("", "/holders", "/transactions"):
            answer = await reads.http.get(path + part)
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    empty = await get(reads, f"{LIST}/{CHAIN}/{contract(2)}/holders", FungibleHolderPage)
    assert empty == {"items": [], "nextCursor": None}
    for path, query in (
        (f"{COIN}/transactions", {"account": ALICE, "type": "burn"}),
        (f"{COIN}/transactions", {"type": "sale"}),
        (LIST, {"creator": "0x12"}),
        (f"{COIN}/holders", {"cursor": "x"}),
        (f"{LIST}/{CHAIN}/coin", {}),
    ):
        assert (await reads.http.get(path, params=query)).status_code == 422
