"""Ranks in the database are those of the formulas, made when traits changed and not otherwise."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from steadymint.catalog.ranking import Ranking, RankOutcome
from steadymint.catalog.rarity import Method, score
from tests.support.rarity import WORKED, Document, traits_of
from tests.support.traits import Drop, Said

Pool = asyncpg.Pool

SIX = len(Method)


async def drop_of(pool: Pool, documents: Sequence[Document], number: int = 1) -> Drop:
    """A collection whose tokens' documents were all read."""
    drop = await Drop.of(pool, len(documents), number=number)
    await drop.read(range(len(documents)))
    await drop.write(dict(enumerate(documents)))
    return drop


async def stored(drop: Drop, method: str = Method.OPENRARITY) -> dict[int, tuple[float, int]]:
    rows = await drop.pool.fetch(
        """select token_id, score, rank from catalog_service.rarity_scores
        where collection_id = $1 and method = $2 and source = 'steadymint'""",
        drop.id,
        method,
    )
    return {drop.tokens.index(token): (points, rank) for token, points, rank in rows}


async def state(drop: Drop) -> str | None:
    return await drop.pool.fetchval(
        "select status from catalog_service.sync_state where collection_id = $1 and source = 'rarity'", drop.id
    )


def expected(documents: Mapping[int, Document], method: Method) -> dict[int, tuple[float, int]]:
    found = score(traits_of(list(documents.values())))[method]
    return dict(zip(documents, zip(found.score.tolist(), found.rank.tolist(), strict=True), strict=True))


async def assert_ranked(drop: Drop, documents: Mapping[int, Document]) -> None:
    """Every method's scores and ranks are stored, and the product by itself."""
    for method in Method:
        wanted, found = expected(documents, method), await stored(drop, method)
        assert {token: rank for token, (_, rank) in found.items()} == {
            token: rank for token, (_, rank) in wanted.items()
        }
        assert {t: s for t, (s, _) in found.items()} == pytest.approx({t: s for t, (s, _) in wanted.items()}), method
    products = await drop.pool.fetch(
        """select r.* from catalog_service.token_rarity r join catalog_service.tokens t on t.id = r.token_id
        where t.collection_id = $1""",
        drop.id,
    )
    assert {drop.tokens.index(token): product for token, product in products} == pytest.approx(
        {token: product for token, (product, _) in expected(documents, Method.STATISTICAL).items()}
    )


@pytest.fixture
async def worked(pool: Pool) -> Drop:
    return await drop_of(pool, WORKED)


async def test_every_method_is_stored_with_its_score_and_rank(worked: Drop) -> None:
    summary = await Ranking(worked.pool).rank(worked.id)
    assert (summary.outcome, summary.tokens, summary.changed) == (RankOutcome.RANKED, 5, 5 * SIX)
    await assert_ranked(worked, dict(enumerate(WORKED)))
    assert {token: rank for token, (_, rank) in (await stored(worked)).items()} == {0: 4, 1: 4, 2: 2, 3: 1, 4: 3}


async def test_frequencies_and_scores_of_values_are_kept_with_the_ranks(worked: Drop) -> None:
    await worked.write({0: {"Hat": "Cap", "Eyes": "Blue", "Level": 5}})
    await Ranking(worked.pool).rank(worked.id)
    rows = await worked.pool.fetch("select normalized_value, frequency, rarity_score from catalog_service.trait_values")
    assert {tuple(row) for row in rows} == {
        ("cap", 0.8, 1.25), ("crown", 0.2, 5), ("blue", 0.6, 5 / 3), ("green", 0.2, 5), ("5", 0.2, None),
    }  # fmt: skip


async def test_nothing_is_ranked_again_before_a_trait_changes(worked: Drop) -> None:
    ranking = Ranking(worked.pool)
    assert await state(worked) == "due"
    await ranking.rank(worked.id)
    assert await state(worked) == "done"
    assert (await ranking.rank(worked.id)).outcome is RankOutcome.UNCHANGED
    await worked.write({0: WORKED[0]})
    assert (await ranking.rank(worked.id)).outcome is RankOutcome.UNCHANGED
    await worked.write({0: {"Hat": "Helmet"}})
    assert await state(worked) == "due"
    assert (await ranking.rank(worked.id)).outcome is RankOutcome.RANKED
    await assert_ranked(worked, {**dict(enumerate(WORKED)), 0: {"Hat": "Helmet"}})


async def test_ranking_again_writes_no_row(worked: Drop) -> None:
    ranking = Ranking(worked.pool)
    await ranking.rank(worked.id)
    versions = "select ctid::text, xmin::text from catalog_service.{}"
    names = ("rarity_scores", "token_rarity", "trait_values")
    before = [await worked.pool.fetch(versions.format(name)) for name in names]
    assert (await ranking.rank(worked.id, again=True)).changed == 0
    assert [await worked.pool.fetch(versions.format(name)) for name in names] == before


async def test_tokens_whose_document_nobody_could_read_are_not_ranked(pool: Pool) -> None:
    drop = await Drop.of(pool, 8)
    await drop.read(range(6))
    await drop.write({**dict(enumerate(WORKED)), 5: {}})
    await Ranking(pool).rank(drop.id)
    await assert_ranked(drop, {**dict(enumerate(WORKED)), 5: {}})


async def test_a_document_that_cannot_be_read_any_more_leaves_its_rank(worked: Drop) -> None:
    await worked.pool.execute("update catalog_service.tokens set metadata_status = 'failed' where token_number = 3")
    await Ranking(worked.pool).rank(worked.id)
    await assert_ranked(worked, dict(enumerate(WORKED)))


@pytest.mark.parametrize("how", ["burned", "taken by a reorg"])
async def test_a_token_that_is_no_more_changes_the_ranks_of_the_others(worked: Drop, how: str) -> None:
    ranking = Ranking(worked.pool)
    await ranking.rank(worked.id)
    if how == "burned":
        await worked.burn(3)
        await worked.write({3: {}})
    else:
        await worked.pool.execute("delete from catalog_service.tokens where token_number = 3")
    assert await state(worked) == "due"
    await ranking.rank(worked.id)
    await assert_ranked(worked, {token: WORKED[token] for token in (0, 1, 2, 4)})


async def test_a_token_that_says_nothing_is_counted_from_when_its_document_is_read(worked: Drop) -> None:
    ranking = Ranking(worked.pool)
    await worked.write({4: {}})
    await ranking.rank(worked.id)
    await assert_ranked(worked, {**dict(enumerate(WORKED)), 4: {}})
    await worked.burn(4)
    assert await worked.write({4: {}}), "no link goes, but a token does"
    await ranking.rank(worked.id)
    await assert_ranked(worked, dict(enumerate(WORKED[:4])))


async def test_an_erc1155_has_frequencies_and_no_ranks(pool: Pool) -> None:
    drop = await Drop.of(pool, 4, standard="erc1155")
    await drop.read(range(4))
    await drop.write({token: {"Hat": "Cap"} for token in range(3)})
    summary = await Ranking(pool).rank(drop.id)
    assert (summary.outcome, summary.tokens) == (RankOutcome.NOT_UNIQUE, 0)
    assert await stored(drop) == {}
    assert await pool.fetchrow("select frequency, rarity_score from catalog_service.trait_values") == (0.75, None)
    assert (await Ranking(pool).rank(drop.id)).outcome is RankOutcome.UNCHANGED


async def test_a_token_alone_has_no_rank(worked: Drop) -> None:
    ranking = Ranking(worked.pool)
    await ranking.rank(worked.id)
    await worked.pool.execute("delete from catalog_service.tokens where token_number > 0")
    summary = await ranking.rank(worked.id)
    assert (summary.outcome, summary.tokens) == (RankOutcome.TOO_FEW, 0)
    assert await worked.pool.fetchval("select count(*) from catalog_service.rarity_scores") == 0
    assert await worked.pool.fetchval("select count(*) from catalog_service.token_rarity") == 0


async def test_a_collection_that_nobody_knows_is_not_ranked(pool: Pool) -> None:
    assert (await Ranking(pool).rank(uuid4())).outcome is RankOutcome.GONE


async def test_other_collections_and_other_sources_are_left_alone(worked: Drop) -> None:
    other = await drop_of(worked.pool, WORKED[:3], number=2)
    await Ranking(worked.pool).rank(other.id)
    before = await stored(other)
    await worked.pool.execute(
        """insert into catalog_service.rarity_scores
            (token_id, collection_id, method, source, score, rank, token_number)
        values ($1, $2, 'openrarity', 'elsewhere', 1, 1, 0)""",
        worked.tokens[0],
        worked.id,
    )
    await Ranking(worked.pool).rank(worked.id)
    assert await stored(other) == before
    assert await worked.pool.fetchval("select rank from catalog_service.rarity_scores where source = 'elsewhere'") == 1


async def test_a_disagreement_that_a_reorg_ended_makes_a_number_of_the_trait_again(worked: Drop) -> None:
    await worked.write({0: {**WORKED[0], "Level": "five"}, 1: {**WORKED[1], "Level": 5}})
    await worked.pool.execute("delete from catalog_service.tokens where token_number = 0")
    await Ranking(worked.pool).rank(worked.id)
    kinds = await worked.pool.fetch("select value_type from catalog_service.traits where normalized_name = 'level'")
    assert [row[0] for row in kinds] == ["number"]
    await assert_ranked(worked, {1: {**WORKED[1], "Level": 5}, **{token: WORKED[token] for token in (2, 3, 4)}})


async def test_a_reserved_name_in_a_document_does_not_decide(worked: Drop) -> None:
    await worked.write({0: {**WORKED[0], "meta_trait:trait_count": "99"}})
    await Ranking(worked.pool).rank(worked.id)
    await assert_ranked(worked, dict(enumerate(WORKED)))


async def test_traits_that_change_while_they_are_ranked_are_ranked_once_more(pool: Pool) -> None:
    """Whatever the order of writers, rankings and reorgs: when all are done, one more ranking is right."""
    size = 30
    drop = await drop_of(pool, [{"Hat": "Cap"}] * size)
    documents: dict[int, Said] = {token: {"Hat": "Cap"} for token in range(size)}
    ranking = Ranking(pool)

    async def keep_writing(seed: int) -> None:
        dice = random.Random(seed)
        for _ in range(10):
            some = {token: {"Hat": dice.choice("abc"), "Eyes": dice.choice("de")} for token in range(seed, size, 3)}
            documents.update(some)
            await drop.write(some)

    async def keep_ranking() -> None:
        for _ in range(8):
            assert (await ranking.rank(drop.id)).outcome is not RankOutcome.GONE

    async def keep_deleting() -> None:
        for token in range(6):
            await pool.execute("delete from catalog_service.tokens where id = $1", drop.tokens[token])
            await asyncio.sleep(0)

    await asyncio.gather(*(keep_writing(seed) for seed in range(3)), keep_ranking(), keep_ranking(), keep_deleting())
    await ranking.rank(drop.id)
    assert await state(drop) == "done"
    left: dict[int, Any] = {token: documents[token] for token in range(6, size)}
    await assert_ranked(drop, left)


async def test_an_older_ranking_gives_way_to_a_newer_one(worked: Drop) -> None:
    class FakeSlowRanking(Ranking):
        """Reads, then waits for something to happen, then writes."""

        def __init__(self, pool: Pool) -> None:
            super().__init__(pool)
            self.has_read, self.may_write = asyncio.Event(), asyncio.Event()

        async def _write(self, *arguments: Any) -> Any:
            self.has_read.set()
            await self.may_write.wait()
            return await super()._write(*arguments)

    slow = FakeSlowRanking(worked.pool)
    overtaken = asyncio.create_task(slow.rank(worked.id))
    await slow.has_read.wait()
    await worked.write({0: {"Hat": "Helmet"}})
    await Ranking(worked.pool).rank(worked.id)
    slow.may_write.set()
    assert (await overtaken).changed == 0
    await assert_ranked(worked, {**dict(enumerate(WORKED)), 0: {"Hat": "Helmet"}})
