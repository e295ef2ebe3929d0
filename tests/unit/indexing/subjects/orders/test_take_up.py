"""What was sold and ordered of a collection before it was in the catalog becomes its own."""

from __future__ import annotations

from steadymint.indexing.subjects.orders.take_up import take_up
from tests.support.catalog_rows import collection_row, insert
from tests.support.forged_logs import ALICE, BOB, CHAIN
from tests.support.forged_trades import ERC721, ETHER, Item, listing_filled
from tests.support.indexing import fetch
from tests.support.projected import creation
from tests.unit.indexing.subjects.orders.conftest import Market

DOGS = "0x" + "d0" * 20
DOG: Item = (ERC721, DOGS, 1, 1)
NUMBERS = """
select s.listed_count, s.sales_count from catalog_service.collection_stats s
join catalog_service.collections c on c.id = s.collection_id where c.contract_address = $1"""


async def numbers(market: Market) -> list[tuple[int, int]]:
    """Listings and sales of the dogs."""
    return [tuple(row.values()) for row in await fetch(market.dsn, NUMBERS, DOGS)]


async def test_a_collection_that_is_created_again_after_a_reorg_has_its_orders_again(market: Market) -> None:
    await market.order(1, contract=DOGS, standard="erc721")
    await market.say(creation(DOGS, 0, block=3, index=0))
    assert await numbers(market) == [(1, 0)]
    await market.index.back_to(2)
    assert await market.one("collection_id") == [(None,)]
    await market.say(creation(DOGS, 0, block=4, index=0))
    assert await numbers(market) == [(1, 0)]


async def test_an_import_takes_up_earlier_sales_and_orders(market: Market) -> None:
    await market.order(1, contract=DOGS, standard="erc721")
    await market.say(listing_filled(9, ALICE, BOB, DOG, ETHER, block=3))
    pool, row = market.index.writer.connection, collection_row(1, contract_address=DOGS, chain_id=CHAIN)
    await insert(pool, "catalog_service.collections", [row])  # type: ignore[arg-type]
    assert await numbers(market) == []
    await take_up(pool, [row["id"]])
    assert await numbers(market) == [(1, 1)]
