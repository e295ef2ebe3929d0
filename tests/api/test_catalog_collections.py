"""What the catalog answers about collections, field by field."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from api.catalog.bodies.collections import CollectionBody, CollectionPage, StatsBody, TraitPage
from tests.support.catalog_rows import CHAIN, account, at, contract, insert
from tests.support.catalog_sample import ART, SHOWN, eip55, get, serving_sample
from tests.support.reads import Reads


@pytest.fixture
async def reads(database: str) -> AsyncIterator[Reads]:
    async with serving_sample(database) as found:
        yield found


async def test_a_collection_is_shown_as_the_contract_holds_it(reads: Reads) -> None:
    found = await get(reads, f"/v1/collections/{CHAIN}/{contract(1)}", CollectionBody)
    assert found == {
        "chainId": CHAIN,
        "contract": SHOWN,
        "standard": "erc721",
        "slug": "collection-1-eip155-31337",
        "name": "Collection 1",
        "symbol": "COL",
        "links": {},
        "creator": eip55(account(1)),
        "owner": eip55(account(1)),
        "maxSupply": "10000",
        "totalSupply": "3",
        "totalMinted": "4",
        "royaltyBps": 500,
        "royaltyReceiver": eip55(account(1)),
        "payoutAddress": eip55(account(1)),
        "mint": {
            "price": "10000000000000000",
            "limitPerWallet": 5,
            "startAt": "2023-11-14T22:13:20Z",
            "endAt": "9999-12-31T23:59:59Z",  # the contract's uint64 reaches beyond every calendar
            "allowlistRoot": "0x" + "ee" * 32,
        },
        "paused": False,
        "metadataFrozen": False,
        "verified": False,
        "indexStatus": "synced",
        "deployedBlock": 1,
        "deployedTxHash": "0x" + f"{1:064x}",
        "createdAt": "2026-01-31T12:01:00Z",
        "updatedAt": "2026-01-31T12:01:00Z",
    }


async def test_a_collection_is_syncing_while_its_chain_is_read_for_the_first_time(reads: Reads) -> None:
    path, put = f"/v1/collections/{CHAIN}/{contract(2)}", "insert into indexer_service.indexer_checkpoints"
    await reads.pool.execute(f"{put} (chain_id, last_block, state) values ($1, 1, 'history')", CHAIN)
    try:
        assert (await get(reads, path, CollectionBody))["indexStatus"] == "syncing"
        await reads.pool.execute("update indexer_service.indexer_checkpoints set state = 'live'")
        assert (await get(reads, f"{path}?", CollectionBody))["indexStatus"] == "synced"
    finally:
        await reads.pool.execute("delete from indexer_service.indexer_checkpoints")


async def test_a_collection_without_limits_or_rules_says_so(reads: Reads) -> None:
    found = await get(reads, f"/v1/collections/{CHAIN}/{contract(2)}", CollectionBody)
    assert found["maxSupply"] is None
    assert found["mint"] is None


async def test_an_address_in_any_valid_casing_finds_the_same_collection(reads: Reads) -> None:
    for shown in (contract(1), SHOWN, "0x" + contract(1)[2:].upper()):
        found = await get(reads, f"/v1/collections/{CHAIN}/{shown}", CollectionBody)
        assert found["contract"] == SHOWN
    wrong = SHOWN[:2] + SHOWN[2].swapcase() + SHOWN[3:]
    assert (await reads.http.get(f"/v1/collections/{CHAIN}/{wrong}")).status_code == 422


async def test_collections_are_listed_newest_first_without_the_hidden_and_the_removed(reads: Reads) -> None:
    found = await get(reads, "/v1/collections", CollectionPage)
    assert [item["name"] for item in found["items"]] == ["Collection 2", "Collection 1"]
    assert found["nextCursor"] is None


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"chainId": CHAIN}, ["Collection 2", "Collection 1"]),
        ({"chainId": "eip155:1"}, []),
        ({"creator": account(7)}, ["Collection 2"]),
        ({"creator": eip55(account(1))}, ["Collection 1"]),
        ({"owner": account(8), "standard": "erc1155"}, ["Collection 2"]),
        ({"owner": account(8), "standard": "erc721"}, []),
        ({"standard": "erc721", "sort": "newest"}, ["Collection 1"]),
    ],
)
async def test_collections_are_filtered(reads: Reads, query: dict[str, str], names: list[str]) -> None:
    found = await get(reads, "/v1/collections", CollectionPage, **query)
    assert [item["name"] for item in found["items"]] == names


async def test_stats_come_from_the_counters(reads: Reads) -> None:
    path = f"/v1/collections/{CHAIN}/{contract(1)}/stats"
    empty = await get(reads, path, StatsBody)
    assert (empty["items"], empty["owners"], empty["totalSupply"], empty["volumeAll"]) == (0, 0, "3", "0")
    assert "floorPrice" not in empty
    await insert(
        reads.pool,
        "catalog_service.collection_stats",
        [{"collection_id": ART["id"], "items_count": 2, "owners_count": 2, "last_updated_at": at(90)}],
    )
    found = await get(reads, path, StatsBody)
    assert (found["items"], found["owners"], found["updatedAt"]) == (2, 2, "2026-01-31T13:30:00Z")


async def test_traits_are_listed_by_name_and_value(reads: Reads) -> None:
    path = f"/v1/collections/{CHAIN}/{contract(1)}/traits"
    assert (await get(reads, path, TraitPage))["items"] == []
    traits = {"background": "string", "born": "date", "level": "number"}
    for name, kind in traits.items():
        trait = await reads.pool.fetchval(
            "INSERT INTO catalog_service.traits (collection_id, name, normalized_name, value_type)"
            " VALUES ($1, initcap($2), $2, $3) RETURNING id",
            ART["id"],
            name,
            kind,
        )
        await reads.pool.executemany(
            "INSERT INTO catalog_service.trait_values (trait_id, value_type, value_string, value_number,"
            " value_epoch_seconds, normalized_value, occurrences, frequency) VALUES ($1, $2, $3, $4, $5, $6, 1, 0.5)",
            [
                (trait, kind, "Red" if kind == "string" else None, 10 if kind == "number" else None, 0, "a"),
                (trait, kind, "Sky" if kind == "string" else None, 2 if kind == "number" else None, 86_400, "b"),
            ]
            if kind != "date"
            else [(trait, kind, None, None, 0, "a"), (trait, kind, None, None, 86_400, "b")],
        )
    found = await get(reads, path, TraitPage)
    assert [(item["traitType"], item["value"]) for item in found["items"]][2:4] == [
        ("Born", 0),
        ("Born", 86_400),
    ]
    assert [item["value"] for item in found["items"]][4:] == [10, 2]
    collected: list[str] = []
    cursor = None
    while True:
        query = {"limit": 1} | ({"cursor": cursor} if cursor else {})
        page = await get(reads, path, TraitPage, **query)
        collected += [item["value"] for item in page["items"]]
        cursor = page["nextCursor"]
        if cursor is None:
            break
    assert collected == [item["value"] for item in found["items"]]
