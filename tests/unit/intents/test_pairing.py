"""How the orders of one transaction are divided among intents: nobody gets what is another's, and nothing twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from steadymint.domain.intents.machine import IntentStatus, Step
from steadymint.domain.types import Bytes32, IntentId
from steadymint.intents.pairing import Candidate, divided

NAMES = [Bytes32(f"0x{number:064x}") for number in range(6)]
some = st.frozensets(st.sampled_from(NAMES), max_size=4)


def candidates(first: int) -> st.SearchStrategy[list[Candidate]]:
    """Intents whose ids begin at `first`, so that two lists have none in common."""

    def made(asked: list[tuple[frozenset[Bytes32], bool, int]]) -> list[Candidate]:
        return [
            Candidate(
                intent_id=IntentId(UUID(int=first + number)),
                step=Step.PREPARED if pending else Step.EXPIRED,
                status=IntentStatus.PENDING if pending else IntentStatus.EXPIRED,
                created_at=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=age),
                tx_hash=None,
                block_hash=None,
                orders=orders,
            )
            for number, (orders, pending, age) in enumerate(asked)
        ]

    return st.lists(st.tuples(some, st.booleans(), st.integers(0, 3)), max_size=4).map(made)


@given(some, candidates(0), candidates(100))
def test_each_share_is_of_the_intents_own_orders_and_no_order_is_given_twice(
    orders: frozenset[Bytes32], bound: list[Candidate], waiting: list[Candidate]
) -> None:
    asked = {one.intent_id: one.orders for one in (*bound, *waiting)}
    shares = list(divided(orders, bound, waiting))
    given_away = [order for _, share in shares for order in share]
    assert len(given_away) == len(set(given_away))
    assert len({intent_id for intent_id, _ in shares}) == len(shares)
    for intent_id, share in shares:
        assert share
        assert share <= orders & asked[intent_id]
    left = orders - {order for one in bound for order in one.orders}
    for one in waiting:
        if one.intent_id in dict(shares):
            assert dict(shares)[one.intent_id] in (left, one.orders)
        else:
            alone = not any(other.intent_id in dict(shares) for other in waiting)
            assert not (alone and left and (left <= one.orders or (one.orders and one.orders <= left)))


@given(some, candidates(0), candidates(100))
def test_an_intent_that_is_bound_gets_all_of_its_orders_that_are_there(
    orders: frozenset[Bytes32], bound: list[Candidate], waiting: list[Candidate]
) -> None:
    shares = dict(divided(orders, bound, waiting))
    for one in bound[:1]:
        assert shares.get(one.intent_id, frozenset()) == orders & one.orders
