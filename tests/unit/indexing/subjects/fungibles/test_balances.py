"""Balances, supplies and counts are kept by difference, and equal a count from nothing, also after rollbacks."""

from __future__ import annotations

import random
from typing import Any
from uuid import UUID

from steadymint.domain.intents.identity import reference_of
from tests.migrations.rows import ROWS
from tests.support.catalog_rows import insert
from tests.support.forged_logs import ALICE, BOB, CHAIN, MAX, ZERO
from tests.support.forged_tokens import COIN, launch, life, moved
from tests.support.indexing import fetch
from tests.support.projected import projected

KEPT = """
select t.contract_address, t.supply, t.holders_count, t.transactions_count, t.place, t.creator_address
from token_service.fungible_tokens t order by 1"""
RECOUNTED = """
select t.contract_address,
    coalesce((select sum(case x.tx_type when 'mint' then x.amount when 'burn' then -x.amount else 0 end)
        from token_service.transactions x where x.token_id = t.id), 0) as supply,
    (select count(*) from token_service.fungible_holders h where h.token_id = t.id) as holders_count,
    (select count(*) from token_service.transactions x where x.token_id = t.id) as transactions_count,
    t.place, t.creator_address
from token_service.fungible_tokens t order by 1"""
HELD = "select token_id, address, balance from token_service.fungible_holders order by 1, 2"
SUMMED = """
select token_id, address, sum(change) as balance from (
    select token_id, to_address as address, amount as change from token_service.transactions
    union all select token_id, from_address, -amount from token_service.transactions
) m where address is not null group by 1, 2 having sum(change) <> 0 order by 1, 2"""
SAID = """
select contract_address, creator_id, description, icon_media_id, supply, mint_once, cap
from token_service.fungible_tokens order by 1"""
LINES = "select * from token_service.transactions order by network_id, place"


async def equals_a_recount(dsn: str) -> None:
    assert await fetch(dsn, KEPT) == await fetch(dsn, RECOUNTED)
    assert await fetch(dsn, HELD) == await fetch(dsn, SUMMED)


async def tables(dsn: str) -> list[Any]:
    return [await fetch(dsn, query) for query in (KEPT, HELD, LINES)]


async def test_whatever_is_taken_back_the_rest_is_as_a_clean_replay_leaves_it(database: str, fresh_index: str) -> None:
    chance = random.Random("fungibles")
    async with projected(database, history=True) as index, projected(fresh_index) as clean:
        for round_ in range(5):
            blocks = life(chance, 40)
            await index.take_all(blocks, chance)
            await index.seal()
            await equals_a_recount(database)
            kept = chance.randrange(1, 40)
            await index.back_to(kept)
            await clean.take_all(blocks[:kept], chance)
            assert await tables(database) == await tables(fresh_index), round_
            await index.back_to(0)
            await clean.back_to(0)
            assert await tables(database) == [[], [], []]


async def test_description_icon_and_creator_are_those_of_the_intent_that_the_salt_names_unless_its_user_is_erased(
    database: str,
) -> None:
    intent = UUID(int=77)
    asked = {"description": "What the boats are paid in.", "icon": "9f" * 32}
    row = ROWS["orchestrator_service.tx_intents"] | {
        "intent_id": intent,
        "kind": "launch",
        "chain_id": CHAIN,
        "match_key": reference_of(intent),
        "facts": {"contract": COIN},
        "req_payload_json": asked,
    }
    stranger = "0x" + "c3" * 20
    async with projected(database) as index:
        connection: Any = index.writer.connection
        await insert(connection, "orchestrator_service.tx_intents", [row])
        salt = reference_of(intent)
        logs = [launch(salt=salt, block=1), launch(stranger, salt=salt, creator=BOB, block=1, index=1)]
        logs.append(moved(ZERO, ALICE, MAX, block=1, index=2))
        await index.take(logs, 1)
        found = await fetch(database, SAID)
        # The account is erased, and then the chain is read again.
        await connection.execute("insert into user_service.users (user_id) values ($1)", row["created_by"])
        erased = "insert into user_service.deletions (user_id, due_at, begun_at) values ($1, now(), now())"
        await connection.execute(erased, row["created_by"])
        await index.back_to(0)
        await index.take(logs, 1)
        again = await fetch(database, SAID)
    nothing = {"creator_id": None, "description": None, "icon_media_id": None}
    assert again == [one | nothing for one in found]
    assert found == [
        {
            "contract_address": COIN,
            "creator_id": row["created_by"],
            "description": asked["description"],
            "icon_media_id": asked["icon"],
            "supply": MAX,
            "mint_once": True,
            "cap": None,
        },
        {
            "contract_address": stranger,
            "creator_id": None,
            "description": None,
            "icon_media_id": None,
            "supply": 0,
            "mint_once": True,
            "cap": None,
        },
    ]
