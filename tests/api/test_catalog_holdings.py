"""What the catalog answers about tokens, who holds them and what has happened to them, field by field."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from api.catalog.bodies.accounts import HeldTokenPage
from api.catalog.bodies.activity import ActivityPage
from api.catalog.bodies.tokens import HolderPage, TokenDetailBody, TokenPage
from tests.support.catalog_rows import CHAIN, ZERO, account, activity_row, contract, insert
from tests.support.catalog_sample import ART_1, ART_MAX, HUGE, SECRET, SHOWN, eip55, get, serving_sample
from tests.support.reads import Reads


@pytest.fixture
async def reads(database: str) -> AsyncIterator[Reads]:
    async with serving_sample(database) as found:
        yield found


async def test_tokens_are_listed_by_number_with_every_digit(reads: Reads) -> None:
    found = await get(reads, f"/v1/collections/{CHAIN}/{contract(1)}/tokens", TokenPage)
    assert [(item["tokenId"], item["owner"], item["burned"]) for item in found["items"]] == [
        ("1", eip55(account(2)), False),
        ("2", None, True),
        (str(HUGE), eip55(account(3)), False),
    ]
    assert found["items"][0] == {
        "chainId": CHAIN,
        "contract": SHOWN,
        "tokenId": "1",
        "standard": "erc721",
        "owner": eip55(account(2)),
        "supply": "1",
        "burned": False,
        "mintedBlock": 20,
        "mintedAt": "2026-01-31T13:00:00Z",
        "updatedAt": "2026-01-31T13:00:00Z",
    }


async def test_a_token_is_found_by_its_whole_number(reads: Reads) -> None:
    found = await get(reads, f"/v1/collections/{CHAIN}/{contract(1)}/tokens/{HUGE}", TokenDetailBody)
    assert (found["tokenId"], found["name"], found["metadataUrl"]) == (str(HUGE), "Last", "ipfs://cid/last")


async def test_a_token_of_many_owners_has_none_and_its_holders_have_it(reads: Reads) -> None:
    path = f"/v1/collections/{CHAIN}/{contract(2)}"
    found = await get(reads, f"{path}/tokens/7", TokenDetailBody)
    assert (found["owner"], found["supply"]) == (None, str(HUGE + 4))
    for query in ({}, {"tokenId": "7"}):
        holders = await get(reads, f"{path}/holders", HolderPage, **query)
        assert [(item["owner"], item["tokenId"], item["quantity"]) for item in holders["items"]] == [
            (eip55(account(2)), "7", str(HUGE)),
            (eip55(account(3)), "7", "4"),
        ]
    assert (await get(reads, f"{path}/holders", HolderPage, tokenId="8"))["items"] == []


async def test_an_account_holds_tokens_of_both_standards_but_not_hidden_ones(reads: Reads) -> None:
    found = await get(reads, f"/v1/accounts/{account(2)}/tokens", HeldTokenPage)
    assert [(item["contract"], item["tokenId"], item["quantity"]) for item in found["items"]] == [
        (SHOWN, "1", "1"),
        (eip55(contract(2)), "7", str(HUGE)),
    ]
    assert found["items"][0]["collection"] == {"name": "Collection 1", "slug": "collection-1-eip155-31337"}
    one = await get(reads, f"/v1/accounts/{account(2)}/tokens", HeldTokenPage, chainId=CHAIN, contract=contract(2))
    assert [item["tokenId"] for item in one["items"]] == ["7"]
    other = await get(reads, f"/v1/accounts/{account(2)}/tokens", HeldTokenPage, chainId="eip155:1")
    assert other["items"] == []


async def test_one_token_of_an_account_is_found_by_its_number(reads: Reads) -> None:
    path, chain = f"/v1/accounts/{account(2)}/tokens", {"chainId": CHAIN}
    for number, token, quantity in ((1, "1", "1"), (2, "7", str(HUGE))):
        found = await get(reads, path, HeldTokenPage, **chain, contract=contract(number), tokenId=token)
        assert [(item["tokenId"], item["quantity"]) for item in found["items"]] == [(token, quantity)]
        assert found["nextCursor"] is None
        none = await get(reads, path, HeldTokenPage, **chain, contract=contract(number), tokenId="3")
        assert none["items"] == []


@pytest.mark.parametrize("asked", [{"contract": contract(2)}, {"tokenId": "7"}, {"tokenId": "7", "chainId": CHAIN}])
async def test_a_contract_without_its_chain_or_a_number_without_its_contract_is_refused(
    reads: Reads, asked: dict[str, str]
) -> None:
    answer = await reads.http.get(f"/v1/accounts/{account(2)}/tokens", params=asked)
    assert answer.status_code == 422


async def test_activity_is_told_in_the_order_of_the_chain_newest_first(reads: Reads) -> None:
    sent = {"type": "transfer", "from_address": account(2), "to_address": account(3)}
    rows = [
        activity_row(ART_1, 20, price_native_text="0.01", currency_symbol="ETH"),
        activity_row(ART_MAX, 20, 1, price_native_text=None, currency_symbol=None),
        activity_row(ART_1, 30, 5, price_native_text=None, currency_symbol=None, **sent),
    ]
    await insert(reads.pool, "catalog_service.activities", rows)
    found = await get(reads, f"/v1/collections/{CHAIN}/{contract(1)}/activity", ActivityPage)
    assert [(item["blockNumber"], item["logIndex"]) for item in found["items"]] == [(30, 5), (20, 1), (20, 0)]
    assert found["items"][2] == {
        "id": str(rows[0]["id"]),
        "type": "mint",
        "chainId": CHAIN,
        "contract": SHOWN,
        "tokenId": "1",
        "from": ZERO,
        "to": eip55(account(2)),
        "quantity": "1",
        "price": "0.01",
        "currency": "ETH",
        "txHash": "0x" + f"{20:064x}",
        "blockNumber": 20,
        "logIndex": 0,
        "timestamp": "2026-01-31T12:20:00Z",
    }


async def test_an_accounts_activity_has_what_it_sent_and_received_once_each(reads: Reads) -> None:
    def moved(block: int, sender: str, recipient: str) -> dict[str, Any]:
        return activity_row(ART_1, block, type="transfer", from_address=sender, to_address=recipient)

    await insert(
        reads.pool,
        "catalog_service.activities",
        [
            moved(1, account(2), account(3)),
            moved(2, account(3), account(2)),
            moved(3, account(2), account(2)),
            moved(4, account(3), account(4)),
            activity_row(SECRET, 5),
            activity_row(ART_1, 6),
        ],
    )
    found = await get(reads, f"/v1/accounts/{account(2)}/activity", ActivityPage)
    assert [item["blockNumber"] for item in found["items"]] == [6, 3, 2, 1]
