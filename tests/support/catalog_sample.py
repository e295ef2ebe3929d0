"""A small catalog: two collections that are shown and two that are not, their tokens and who holds these."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from pydantic import TypeAdapter

from steadymint.domain.types import show_address
from tests.support.catalog_rows import account, at, balance_row, collection_row, contract, insert, token_row
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
    """The address as answers show it."""
    return show_address(address)  # pyright: ignore[reportArgumentType]


@asynccontextmanager
async def serving_sample(database: str) -> AsyncGenerator[Reads]:
    """The public reads over this catalog."""
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
