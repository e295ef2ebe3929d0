"""Seller and buyer are found in a transaction's transfers where the log of a fill does not name them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from steadymint.domain.market.others import rarible
from steadymint.domain.market.others.fill import Fill, Token
from steadymint.domain.market.others.moves import Move, completed
from steadymint.domain.types import Address, TokenId
from tests.unit.domain.market.others.recorded import LOGS
from tests.unit.domain.market.test_sales import CAROL, LISTED
from tests.unit.domain.market.test_sides import ALICE, BOB, CATS

CAT = TokenId(7)


def ask(
    seller: Address | None = ALICE, buyer: Address | None = None, tokens: tuple[Token, ...] = (Token(CATS, CAT, 1),)
) -> Fill:
    return Fill(LISTED, seller, buyer, tokens, None, 1000, ())


def move(sender: Address, receiver: Address, log_index: int, token: TokenId = CAT, quantity: int = 1) -> Move:
    return Move(CATS, token, sender, receiver, quantity, log_index)


def sides(fills: list[Fill]) -> list[tuple[Address | None, Address | None]]:
    return [(fill.seller, fill.buyer) for fill in fills]


def test_the_buyer_of_a_recorded_match_is_whom_its_token_went_to() -> None:
    seller, buyer = (
        Address("0x0320de3378dcde180758ad2d41c0e1c6dcbb441d"),
        Address("0xb008e10e6633befd086028691ecc70648b288689"),
    )
    token = Address("0x21a932c8e5eac252be0a0860b18c4edb8ee66034")
    fill = rarible.matched(*LOGS["rarible listing"][:2])
    assert fill is not None
    transfer = Move(token, TokenId(1), seller, buyer, 1, 0x75)  # `TransferSingle` in the same receipt
    assert sides(completed([(0x77, fill)], [transfer])) == [(seller, buyer)]


def test_the_buyer_of_a_listing_is_whom_its_seller_gave_the_token() -> None:
    moves = [move(BOB, CAROL, 1), move(ALICE, BOB, 9), move(BOB, CAROL, 11)]
    assert sides(completed([(10, ask())], moves)) == [(ALICE, BOB)]


def test_the_seller_to_a_bid_is_who_gave_its_buyer_the_token() -> None:
    moves = [move(ALICE, BOB, 9), move(BOB, CAROL, 11)]
    assert sides(completed([(10, ask(None, CAROL))], moves)) == [(BOB, CAROL)]


def test_each_of_two_sales_of_a_token_has_the_transfer_beside_it() -> None:
    moves = [move(ALICE, BOB, 1), move(BOB, ALICE, 3), move(ALICE, CAROL, 5)]
    fills = [(6, ask()), (4, ask(BOB)), (2, ask())]
    assert sides(completed(fills, moves)) == [(ALICE, BOB), (BOB, ALICE), (ALICE, CAROL)]


def test_a_transfer_belongs_to_one_fill() -> None:
    assert sides(completed([(2, ask()), (3, ask())], [move(ALICE, BOB, 1)])) == [(ALICE, BOB), (ALICE, None)]


def test_what_the_log_says_stays() -> None:
    assert sides(completed([(2, ask(ALICE, BOB))], [move(ALICE, CAROL, 1)])) == [(ALICE, BOB)]
    assert sides(completed([(2, ask(None, None))], [move(ALICE, CAROL, 1)])) == [(None, None)]


@given(
    fills=st.lists(st.integers(0, 40), max_size=6, unique=True),
    moves=st.lists(st.tuples(st.sampled_from([ALICE, BOB, CAROL]), st.integers(0, 40)), max_size=12),
)
def test_each_fill_takes_the_nearest_transfer_that_no_earlier_one_took(
    fills: list[int], moves: list[tuple[Address, int]]
) -> None:
    left = sorted(moves, key=lambda one: one[1])
    for buyer, log_index in zip(
        sides(completed([(at, ask()) for at in fills], [move(ALICE, *one) for one in moves])),
        sorted(fills),
        strict=True,
    ):
        if not left:
            assert buyer == (ALICE, None)
            continue
        nearest = min(left, key=lambda one: abs(one[1] - log_index))
        ties = [one for one in left if abs(one[1] - log_index) == abs(nearest[1] - log_index)]
        assert buyer[1] in {receiver for receiver, _ in ties}
        left.remove(next(one for one in ties if one[0] == buyer[1]))


def test_other_tokens_and_quantities_tell_nothing() -> None:
    moves = [move(ALICE, BOB, 1, TokenId(8)), move(ALICE, BOB, 1, quantity=2)]
    assert sides(completed([(2, ask())], moves)) == [(ALICE, None)]


def test_a_bundle_that_went_different_ways_has_no_known_buyer() -> None:
    both = (Token(CATS, CAT, 1), Token(CATS, TokenId(8), 1))
    together = [move(ALICE, BOB, 1), move(ALICE, BOB, 2, TokenId(8))]
    assert sides(completed([(3, ask(tokens=both))], together)) == [(ALICE, BOB)]
    assert sides(completed([(3, ask(tokens=both))], [together[0], move(ALICE, CAROL, 2, TokenId(8))])) == [
        (ALICE, None)
    ]
