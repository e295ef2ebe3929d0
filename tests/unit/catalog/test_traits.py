"""Traits are what the documents say, counted whoever changes them."""

from __future__ import annotations

import asyncio
import random
from decimal import Decimal
from typing import Any

import asyncpg
import pytest

from steadymint.catalog.trait_rows import MAX_KEY_BYTES, rows_of
from steadymint.catalog.trait_writer import TraitWriter
from steadymint.domain.metadata import Attribute
from tests.support.catalog_rows import at, insert
from tests.support.traits import Drop, Said, attributes, counted_occurrences, date, occurrences

Pool = asyncpg.Pool


@pytest.fixture
async def drop(pool: Pool) -> Drop:
    return await Drop.of(pool, 6)


async def table(pool: Pool, name: str) -> list[tuple[Any, ...]]:
    return sorted(tuple(row) for row in await pool.fetch(f"select {name}::text from catalog_service.{name}"))


async def counts(drop: Drop) -> dict[tuple[str, str], int]:
    return {(name, value): number for (_, name, value), number in (await occurrences(drop.pool)).items()}


async def the_trait(pool: Pool) -> tuple[Any, ...]:
    row = await pool.fetchrow("select value_type, display_type, name from catalog_service.traits")
    assert row is not None
    return tuple(row)


async def the_values(pool: Pool) -> list[tuple[Any, ...]]:
    """Type, and the three columns one of which is set."""
    rows = await pool.fetch(
        """select value_type, value_string, value_number, value_epoch_seconds
        from catalog_service.trait_values order by normalized_value"""
    )
    return [tuple(row) for row in rows]


async def test_a_token_has_what_its_document_says_last(drop: Drop) -> None:
    await drop.write({0: {"Hat": "Red", "Eyes": "Big"}, 1: {"hat ": "RED"}})
    assert await drop.said() == {0: {("hat", "red"), ("eyes", "big")}, 1: {("hat", "red")}}
    await drop.write({0: {"Hat": "Blue"}})
    assert await drop.said() == {0: {("hat", "blue")}, 1: {("hat", "red")}}
    assert await counts(drop) == {("hat", "red"): 1, ("hat", "blue"): 1}


async def test_a_name_may_have_several_values_on_one_token(drop: Drop) -> None:
    await drop.write({0: {"Charm": ["Ring", "Key", "ring"]}})
    assert await drop.said() == {0: {("charm", "ring"), ("charm", "key")}}


async def test_writing_the_same_again_changes_no_row(drop: Drop) -> None:
    said: dict[int, Said] = {0: {"Hat": "Red", "Level": 5}, 1: {"Hat": ["Red", "Blue"]}, 2: {}}
    await drop.read(range(3))
    assert await drop.write(said)
    await drop.pool.execute("insert into catalog_service.rarity_scores"
        " (token_id, collection_id, method, score, rank, token_number)"
        " select id, collection_id, 'openrarity', 1, 1, token_number from catalog_service.tokens")  # fmt: skip
    versions = "select tableoid, id::text, xmin::text from catalog_service.{} order by 1, 2"
    names = ("traits", "trait_values", "sync_state")
    before = [await drop.pool.fetch(versions.format(name)) for name in names]
    links = await drop.pool.fetch("select xmin::text, ctid::text from catalog_service.token_trait_links")
    assert not await drop.write(said)
    assert [await drop.pool.fetch(versions.format(name)) for name in names] == before
    assert await drop.pool.fetch("select xmin::text, ctid::text from catalog_service.token_trait_links") == links


async def test_ids_follow_from_what_the_rows_are_about(drop: Drop) -> None:
    names = ("traits", "trait_values", "token_trait_links")
    await drop.write({0: {"Hat": "Red"}, 1: {"Hat": "Blue", "Level": 5}})
    first = [await table(drop.pool, name) for name in names]
    await drop.pool.execute("delete from catalog_service.traits")
    await drop.write({1: {"Hat": "Blue", "Level": 5}})
    await drop.write({0: {"Hat": "Red"}})
    assert [await table(drop.pool, name) for name in names] == first


async def test_a_value_that_nobody_has_any_more_is_gone_and_so_is_its_trait(drop: Drop) -> None:
    await drop.write({0: {"Hat": "Red", "Eyes": "Big"}, 1: {"Eyes": "Big"}})
    await drop.write({0: {"Eyes": "Small"}})
    assert await counts(drop) == {("eyes", "big"): 1, ("eyes", "small"): 1}
    assert await drop.pool.fetchval("select count(*) from catalog_service.traits") == 1
    await drop.write({0: {}, 1: {}})
    assert await drop.pool.fetchval("select count(*) from catalog_service.traits") == 0


async def test_a_value_that_one_token_gives_up_and_another_takes_stays(drop: Drop) -> None:
    await drop.write({0: {"Hat": "Red"}, 1: {"Hat": "Blue"}})
    await drop.write({0: {"Hat": "Blue"}, 1: {"Hat": "Red"}})
    assert await drop.said() == {0: {("hat", "blue")}, 1: {("hat", "red")}}
    assert await counts(drop) == {("hat", "red"): 1, ("hat", "blue"): 1}


async def test_numbers_are_exact_and_dates_are_seconds(drop: Drop) -> None:
    level = Attribute("Level", Decimal("1.50"), "number", display_type="boost_number", max_value=Decimal(10))
    await drop.write({0: {"Level": level}, 1: {"Level": Decimal("15E-1")}, 2: {"Level": 2**255}})
    assert await the_values(drop.pool) == [("number", None, Decimal("1.5"), None), ("number", None, 2**255, None)]
    assert (await the_trait(drop.pool))[0] == "number"
    assert await drop.pool.fetchval("select max(max_value) from catalog_service.trait_values") == 10
    await drop.write({0: {"Birth": date("Birth", -86_400)}, 1: {}, 2: {}})
    assert await the_values(drop.pool) == [("date", None, None, -86_400)]
    assert await the_trait(drop.pool) == ("date", "date", "Birth")


@pytest.mark.parametrize(
    ("one", "other"),
    [(5, "five"), (5, "5"), (5, date("Level", 5)), ("5", date("Level", 5))],
    ids=["text", "text of a number", "date", "text and date"],
)
async def test_a_trait_whose_tokens_disagree_is_a_string_until_they_agree(drop: Drop, one: Any, other: Any) -> None:
    (wanted,) = attributes({"Level": one})
    await drop.write({0: {"Level": one}})
    alone = await the_values(drop.pool)
    await drop.write({1: {"Level": other}})
    assert (await the_trait(drop.pool))[0] == "string"
    assert {kind for kind, *_ in await the_values(drop.pool)} == {"string"}
    await drop.write({1: {"Level": one}})
    assert (await the_trait(drop.pool))[0] == wanted.value_type
    assert await the_values(drop.pool) == alone


@pytest.mark.parametrize(
    "odd",
    [Decimal("1E+500"), Decimal("1E-500"), Decimal("NaN"), Decimal("Infinity"), "x" * 5000, "é" * 5000],
    ids=["huge", "tiny", "nan", "infinite", "long", "long in bytes"],
)
async def test_a_value_that_no_column_holds_is_a_text(drop: Drop, odd: Decimal | str) -> None:
    await drop.write({0: {"Odd": odd, "Hat": "Red"}, 1: {"Odd": odd}, 2: {"Odd": str(odd)}})
    said = await drop.said()
    assert said[0] >= said[1] == said[2]
    assert len(said[1]) == 1
    assert await drop.pool.fetchval("select value_type from catalog_service.traits where name = 'Odd'") == "string"


def test_long_texts_that_end_differently_are_different_values(drop: Drop) -> None:
    rows = rows_of(drop.id, [(drop.tokens[0], attributes({"Odd": ["é" * 5000 + "a", "é" * 5000 + "b"]}))])
    keys = {value.normalized_value for value in rows.values.values()}
    assert len(keys) == 2
    assert max(len(key.encode()) for key in keys) <= MAX_KEY_BYTES


async def test_a_burned_token_and_one_that_is_no_more_have_no_traits(drop: Drop) -> None:
    await drop.write({0: {"Hat": "Red"}, 1: {"Hat": "Red"}, 2: {"Hat": "Red"}})
    await drop.burn(0)
    await drop.pool.execute("delete from catalog_service.tokens where id = $1", drop.tokens[1])
    assert await drop.write({0: {"Hat": "Red"}, 1: {"Hat": "Red"}})
    assert await drop.said() == {2: {("hat", "red")}}


async def test_tokens_of_another_collection_are_left_alone(drop: Drop) -> None:
    size = len(drop.tokens)
    other = await Drop.of(drop.pool, size + 1, number=2)
    await other.write({0: {"Hat": "Red"}, size: {"Hat": "Red"}})
    assert not await drop.write({0: {}, size: {}})
    assert await other.said() == {0: {("hat", "red")}, size: {("hat", "red")}}


async def test_the_writers_transaction_decides(drop: Drop) -> None:
    async with drop.pool.acquire() as connection:
        transaction = connection.transaction()
        await transaction.start()
        await TraitWriter().write(connection, drop.id, [(0, attributes({"Hat": "Red"}))])
        await transaction.rollback()
    assert await counts(drop) == {}


async def test_a_reorg_counts_its_tokens_out(drop: Drop) -> None:
    await drop.write({number: {"Hat": "Red" if number else "Blue", "Eyes": "Big"} for number in range(6)})
    await drop.pool.execute("delete from catalog_service.tokens where token_number < 4")
    assert await counts(drop) == {("hat", "red"): 2, ("eyes", "big"): 2}
    assert await drop.pool.fetchval("select status from catalog_service.sync_state where source = 'rarity'") == "due"


async def test_the_share_of_a_value_follows_before_anybody_ranks(drop: Drop) -> None:
    stats = {"collection_id": drop.id, "items_count": 4, "last_updated_at": at(1)}
    await insert(drop.pool, "catalog_service.collection_stats", [stats])
    await drop.write({0: {"Hat": "Red"}, 1: {"Hat": "Red"}, 2: {"Hat": "Red"}})
    assert await drop.pool.fetchval("select frequency from catalog_service.trait_values") == 0.75
    await drop.write({0: {}})
    assert await drop.pool.fetchval("select frequency from catalog_service.trait_values") == 0.5
    await drop.pool.execute("update catalog_service.collection_stats set items_count = 1")
    await drop.write({3: {"Hat": "Red"}})
    assert await drop.pool.fetchval("select frequency from catalog_service.trait_values") == 1, "never above"


async def test_a_collection_goes_with_all_its_traits(drop: Drop) -> None:
    await drop.write({0: {"Hat": "Red"}})
    await drop.pool.execute("delete from catalog_service.collections")
    for name in ("traits", "trait_values", "token_trait_links", "sync_state"):
        assert await drop.pool.fetchval(f"select count(*) from catalog_service.{name}") == 0


@pytest.mark.parametrize("seed", range(3))
async def test_occurrences_equal_a_recount_whatever_writes_or_deletes(pool: Pool, seed: int) -> None:
    dice = random.Random(seed)
    drops = [await Drop.of(pool, 12, number=number) for number in range(2)]
    for _ in range(40):
        drop = dice.choice(drops)
        some = dice.sample(range(12), dice.randint(1, 6))
        match dice.randrange(8):
            case 0:
                await pool.execute(
                    "delete from catalog_service.tokens where id = any($1)", [drop.tokens[i] for i in some[:1]]
                )
            case 1:
                await drop.burn(some[0])
            case 2:
                await pool.execute(
                    "delete from catalog_service.token_trait_links where token_id = any($1)",
                    [drop.tokens[i] for i in some],
                )
            case 3:
                await pool.execute(
                    """delete from catalog_service.trait_values where id in (
                    select id from catalog_service.trait_values order by random() limit 1)"""
                )
            case _:
                values = [1, "1", "a", "b", ["a", "c"], date("T0", 1)]
                await drop.write(
                    {i: {f"T{k}": dice.choice(values) for k in range(3) if dice.random() < 0.7} for i in some}
                )
        assert await occurrences(pool) == await counted_occurrences(pool)
    for drop in drops:
        assert await drop.pool.fetchval(
            "select count(*) from catalog_service.trait_values where occurrences = 0"
        ) == 0  # fmt: skip


async def test_writers_of_one_collection_and_a_reorg_at_once_lose_nothing(pool: Pool) -> None:
    drop = await Drop.of(pool, 40)

    async def keep_writing(seed: int) -> None:
        dice = random.Random(seed)
        for _ in range(15):
            some = dice.sample(range(40), 10)
            await drop.write({i: {f"T{k}": f"v{dice.randrange(3)}" for k in range(4)} for i in some})

    async def keep_deleting() -> None:
        for number in range(12):
            await pool.execute("delete from catalog_service.tokens where id = $1", drop.tokens[number])

    await asyncio.gather(*(keep_writing(seed) for seed in range(4)), keep_deleting())
    assert await occurrences(pool) == await counted_occurrences(pool) != {}
    left = await pool.fetchval("select count(distinct token_id) from catalog_service.token_trait_links")
    assert 0 < left <= 28
