"""Attack case X19: however many updates of metadata are announced, few are kept and none is missed."""

from __future__ import annotations

from steadymint.indexing.subjects.metadata.announcements import ALL, MANY, Announcements
from steadymint.indexing.subjects.metadata.topics import BATCH_METADATA_UPDATE, METADATA_UPDATE
from tests.support.forged_logs import CATS, MAX, folded, log, words


def test_x19_metadata_updates_of_all_tokens_in_every_block_are_one_span() -> None:
    updates = [log(CATS, [BATCH_METADATA_UPDATE], words(0, MAX), block=block) for block in range(500)]

    said = folded(updates).announcements

    assert (said.tokens, said.ranges, said.contracts) == ({}, {CATS: (0, MAX)}, set())


def test_x19_updates_of_single_tokens_without_end_keep_a_few_thousand_ids_and_miss_none() -> None:
    updates = [log(CATS, [METADATA_UPDATE], words(3 * n), index=n) for n in range(20_000)]

    said = folded(updates).announcements

    kept, (first, last) = said.tokens.get(CATS, set()), said.ranges[CATS]
    assert len(kept) <= MANY
    assert all(first <= 3 * n <= last or 3 * n in kept for n in range(20_000))


def test_x19_many_contracts_that_announce_a_few_tokens_each_are_bounded_too() -> None:
    said = Announcements()
    for contract in range(2_000):
        for first in range(0, 500, 100):
            said.of_tokens(1, f"0x{contract:040x}", first, first + 99)

    assert said.kept == sum(len(ids) for ids in said.tokens.values()) <= ALL
    for contract in (0, 1_999):
        name = f"0x{contract:040x}"
        kept, (first, last) = said.tokens.get(name, set()), said.ranges.get(name, (0, -1))
        assert kept | set(range(first, last + 1)) == set(range(500))
