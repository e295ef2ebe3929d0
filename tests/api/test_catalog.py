"""What the catalog answers, field by field."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pytest
from pydantic import TypeAdapter

from api.catalog import bodies
from api.catalog.bodies.accounts import HeldTokenPage
from api.catalog.bodies.activity import ActivityPage
from api.catalog.bodies.chains import ChainPage
from api.catalog.bodies.collections import CollectionBody, CollectionPage, StatsBody, TraitPage
from api.catalog.bodies.tokens import HolderPage, TokenDetailBody, TokenPage
from api.catalog.routes import PARTS
from steadymint.domain.types import show_address
from tests.support.catalog_rows import (
    CHAIN,
    ZERO,
    account,
    activity_row,
    at,
    balance_row,
    collection_row,
    contract,
    insert,
    token_row,
)
from tests.support.reads import Reads, serving_reads

HUGE = 2**256 - 1
ART, GAME, HIDDEN, REMOVED = (
    collection_row(1, total_supply=3, total_minted=4),
    collection_row(2, standard="erc1155", creator=account(7), owner=account(8), max_supply=None),
    collection_row(3, is_hidden=True),
    collection_row(4, status="removed"),
)
ART_1, ART_2, ART_MAX = (
    token_row(ART, 1),
    token_row(ART, 2, owner_address=None, burned=True, supply=0),
    token_row(ART, HUGE, owner_address=account(3), name="Last", metadata_url="ipfs://cid/last"),
)
SWORD = token_row(GAME, 7, supply=HUGE + 4)
SECRET = token_row(HIDDEN, 1)
SHOWN = show_address(contract(1))  # pyright: ignore[reportArgumentType]


def eip55(address: str) -> str:
    return show_address(address)  # pyright: ignore[reportArgumentType]


@pytest.fixture
async def reads(database: str) -> AsyncIterator[Reads]:
    async with serving_reads(database) as found:
        await insert(found.pool, "catalog_service.collections", [ART, GAME, HIDDEN, REMOVED])
        await insert(
            found.pool,
            "catalog_service.collection_mint_config",
            [
                {
                    "collection_id": ART["id"],
                    "price": 10**16,
                    "limit_per_wallet": 5,
                    "start_seconds": 1_700_000_000,
                    "end_seconds": 2**64 - 1,
                    "allowlist_root": "0x" + "ee" * 32,
                    "block_number": 1,
                    "updated_at": at(1),
                }
            ],
        )
        await insert(found.pool, "catalog_service.tokens", [ART_1, ART_2])
        await insert(found.pool, "catalog_service.tokens", [ART_MAX])
        await insert(found.pool, "catalog_service.tokens", [SWORD, SECRET])
        await insert(
            found.pool,
            "catalog_service.token_balances",
            [
                balance_row(ART_1, account(2)),
                balance_row(ART_MAX, account(3)),
                balance_row(SWORD, account(2), HUGE),
                balance_row(SWORD, account(3), 4),
                balance_row(SECRET, account(2)),
            ],
        )
        yield found


async def get(reads: Reads, path: str, body: Any, **query: Any) -> Any:
    """The answer, held against what OpenAPI says of it."""
    answer = await reads.http.get(path, params=query)
    assert answer.status_code == 200, answer.text
    TypeAdapter(body).validate_json(answer.content, strict=True)
    return answer.json()


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


async def test_a_contract_without_its_chain_is_refused(reads: Reads) -> None:
    answer = await reads.http.get(f"/v1/accounts/{account(2)}/tokens", params={"contract": contract(2)})
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


@pytest.mark.parametrize("hidden", [contract(3), contract(4), contract(99)])
async def test_what_is_hidden_removed_or_unknown_is_404_in_every_part(reads: Reads, hidden: str) -> None:
    base = f"/v1/collections/{CHAIN}/{hidden}"
    for part in ("", "/tokens", "/tokens/1", "/traits", "/holders", "/activity", "/stats"):
        answer = await reads.http.get(base + part)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), part


async def test_an_empty_list_of_a_known_collection_is_an_empty_page(reads: Reads) -> None:
    for part in ("traits", "activity"):
        answer = await reads.http.get(f"/v1/collections/{CHAIN}/{contract(2)}/{part}")
        assert answer.json() == {"items": [], "nextCursor": None}


async def test_chains_say_what_a_front_end_needs_and_never_how_we_reach_them(reads: Reads) -> None:
    await reads.pool.execute(
        """
        WITH chain AS (
            INSERT INTO chain_registry_service.chains
                (caip2, chain_numeric, name, native_symbol, enabled, features_json)
            VALUES ('eip155:31337', 31337, 'Local', 'ETH', true, '{"confirmations": 2}'),
                   ('eip155:5', 5, 'Gone', 'ETH', false, '{}'),
                   ('eip155:1', 1, 'Mainnet', 'ETH', true, '{}')
            RETURNING id, caip2
        ), endpoint AS (
            INSERT INTO chain_registry_service.chain_endpoints (chain_id, url)
            SELECT id, 'https://node.example/v3/hunter2' FROM chain
        ), gas AS (
            INSERT INTO chain_registry_service.chain_gas_policy (chain_id, max_fee_gwei)
            SELECT id, 30.5 FROM chain WHERE caip2 = 'eip155:1'
        )
        INSERT INTO chain_registry_service.chain_contracts (chain_id, name, address, start_block)
        SELECT id, 'factory', '0x5fbdb2315678afecb367f032d93f642f64180aa3', 1 FROM chain WHERE caip2 = 'eip155:31337'
        """
    )
    found = await get(reads, "/v1/chains", ChainPage)
    assert found["items"] == [
        {
            "chainId": "eip155:1",
            "number": 1,
            "name": "Mainnet",
            "nativeCurrency": {"symbol": "ETH", "decimals": 18},
            "confirmations": 1,
            "fees": {"maxFeeGwei": "30.5"},
            "contracts": [],
        },
        {
            "chainId": "eip155:31337",
            "number": 31337,
            "name": "Local",
            "nativeCurrency": {"symbol": "ETH", "decimals": 18},
            "confirmations": 2,
            "fees": {},
            "contracts": [
                {"name": "factory", "address": "0x5FbDB2315678afecb367f032d93F642f64180aa3", "startBlock": 1}
            ],
        },
    ]
    first = await get(reads, "/v1/chains", ChainPage, limit=1)
    second = await get(reads, "/v1/chains", ChainPage, limit=1, cursor=first["nextCursor"])
    assert [page["items"][0]["number"] for page in (first, second)] == [1, 31337]
    assert second["nextCursor"] is None


async def test_an_answer_that_has_not_changed_is_304(reads: Reads) -> None:
    path = f"/v1/collections/{CHAIN}/{contract(1)}/tokens/1"
    first = await reads.http.get(path)
    etag = first.headers["etag"]
    assert etag.startswith('W/"')
    again = await reads.http.get(path, headers={"if-none-match": f'"other", {etag}'})
    assert (again.status_code, again.content) == (304, b"")
    await reads.pool.execute("UPDATE catalog_service.tokens SET owner_address = $1 WHERE token_number = 1", account(9))
    changed = await reads.http.get(path, headers={"if-none-match": etag})
    assert changed.status_code == 200
    assert changed.headers["etag"] != etag


def body_of(name: str) -> Any:
    """The body of the catalog with this name."""
    modules = [import_module(found.name) for found in iter_modules(bodies.__path__, f"{bodies.__name__}.")]
    return next(getattr(module, name) for module in modules if hasattr(module, name))


async def test_openapi_has_an_example_for_every_answer_and_it_is_one(reads: Reads) -> None:
    document = reads.app.openapi()
    paths = {route.path for part in PARTS for route in part.router.routes}  # type: ignore[attr-defined]
    assert set(document["paths"]) == paths | {"/v1/chains"}
    for path, operations in document["paths"].items():
        for operation in operations.values():
            assert operation["summary"], path
            content = operation["responses"]["200"]["content"]["application/json"]
            name = content["schema"]["$ref"].rpartition("/")[2]
            body = body_of(name)
            TypeAdapter(body).validate_json(json.dumps(content["example"]), strict=True)
            assert "422" in operation["responses"], path
