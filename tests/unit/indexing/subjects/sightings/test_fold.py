"""Which events are seen as those of an intent, and with what facts and effects."""

from __future__ import annotations

from uuid import UUID

from steadymint.domain.intents.identity import reference_of
from steadymint.domain.intents.mint import facts_of_erc721, facts_of_erc1155
from steadymint.domain.types import IntentId
from steadymint.indexing.subjects.movements.topics import MINTED, MINTED_BATCH
from tests.support.forged_logs import ALICE, BOB, CATS, EDITIONS, ZERO, abi, folded, log, topic, transfer

INTENT = IntentId(UUID(int=7))


def test_a_mint_under_our_reference_is_seen_with_what_it_gave_to_whom() -> None:
    minted = log(
        CATS,
        [MINTED, reference_of(INTENT), topic(ALICE), topic(BOB)],
        abi(["uint256", "uint256", "uint256"], 4, 3, 30),
    )
    result = folded(
        [
            minted,
            *(transfer(ZERO, BOB, token, index=token, transaction_hash=minted.transaction_hash) for token in (4, 5, 6)),
        ]
    )

    (seen,) = result.sightings
    assert seen.facts == facts_of_erc721(CATS, ALICE, BOB, 3)
    assert seen.effects == {"tokenIds": ["4", "5", "6"]}
    assert [move.price for move in result.movements] == [10, 10, 10]


def test_an_edition_minted_under_our_reference_is_seen_summed_by_id() -> None:
    data = abi(["uint256[]", "uint256[]", "uint256"], [7, 8, 7], [1, 2, 3], 60)
    minted = log(EDITIONS, [MINTED_BATCH, reference_of(INTENT), topic(ALICE), topic(BOB)], data)

    (seen,) = folded([minted]).sightings

    assert seen.facts == facts_of_erc1155(EDITIONS, ALICE, BOB, {7: 4, 8: 2})
    assert seen.effects == {"tokenIds": ["7", "8"]}


def test_a_reference_that_is_not_ours_is_nothing_to_us() -> None:
    foreign = log(CATS, [MINTED, topic(5), topic(ALICE), topic(BOB)], abi(["uint256", "uint256", "uint256"], 1, 1, 0))

    assert folded([foreign]).sightings == []
