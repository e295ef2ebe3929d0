"""What the list of a token's transactions costs: an index, and rows in proportion to the page, whatever is rare."""

from __future__ import annotations

import pytest

from benchmarks.plans import kept_plan_of
from steadymint.catalog.reads.fungibles import BeforePlace, TransactionType, fungible_transactions
from steadymint.database import create_pool
from steadymint.domain.types import Address, ChainId
from tests.migrations.rows import ALICE, BOB, CHAIN, COIN, CONTRACT, ROWS
from tests.support.catalog_rows import insert

LINES = 3_000
"""Of each of two types; of each other type there are a hundred, and those are the oldest."""
LIMIT = 21
_LINES = """
insert into token_service.transactions
    (network_id, place, token_id, tx_hash, tx_type, from_address, to_address, amount, occurred_at)
select $1, n, $2, '0x1', $3::text, case when $3 in ('transfer', 'burn') then $4 end,
    case when $3 in ('transfer', 'mint') then $5 end, 1, now()
from generate_series($6::bigint, $7::bigint, 2) n"""


@pytest.mark.parametrize("rare", ["transfer", "mint"])
async def test_transactions_of_one_type_are_read_without_the_others(database: str, rare: TransactionType) -> None:
    often: TransactionType = "mint" if rare == "transfer" else "transfer"
    async with await create_pool(database, min_size=1, max_size=1) as pool:
        token = ROWS["token_service.fungible_tokens"] | {"id": COIN, "network_id": CHAIN, "contract_address": CONTRACT}
        await insert(pool, "token_service.fungible_tokens", [token])
        for kind, first, last in ((rare, 0, 200), (often, 201, 2 * LINES), ("burn", 202, 2 * LINES)):
            await pool.execute(_LINES, CHAIN, COIN, kind, ALICE, BOB, first, last)
        await pool.execute("vacuum analyze token_service.transactions")
        for before in (None, BeforePlace(150)):
            query = fungible_transactions(
                ChainId(CHAIN), Address(CONTRACT), account=None, kind=rare, before=before, limit=LIMIT
            )
            found = await kept_plan_of(pool, query)
            assert found.scanned == ()
            assert LIMIT <= found.touched <= 3 * LIMIT, before
