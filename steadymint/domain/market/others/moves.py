"""Finds out from a transaction's token transfers who sold and who bought, where the log of a fill does not say."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from heapq import merge
from operator import itemgetter
from typing import NamedTuple

from steadymint.domain.market.others.fill import Fill, Token
from steadymint.domain.types import Address, TokenId


class Move(NamedTuple):
    """Units of a token that went from one to another: a `Transfer` of ERC-721, or one token of a `Transfer*` of
    ERC-1155."""

    contract: Address
    token_id: TokenId
    sender: Address
    receiver: Address
    quantity: int
    log_index: int


def completed(fills: Iterable[tuple[int, Fill]], moves: Iterable[Move]) -> list[Fill]:
    """The fills of one transaction with their log indices, each with its seller and its buyer if they can be found.

    A fill takes the transfer of as many units of its token that fits the side that it names and is nearest to its log.
    A transfer belongs to one fill. If the tokens of a fill went different ways, the other side stays unknown.
    """
    transfers = _Transfers(moves)
    return [transfers.complete(fill, log_index) for log_index, fill in sorted(fills, key=itemgetter(0))]


_Wanted = tuple[Token, Address | None, Address | None]
"""A token and its quantity, its sender and its receiver. One of the two is None and can be anybody."""


class _Transfers:
    """Transfers in the order of their logs. A search goes from the log outwards, and not through all of them."""

    def __init__(self, moves: Iterable[Move]) -> None:
        self._moves = sorted(moves, key=lambda move: move.log_index)
        self._used: set[int] = set()
        self._places: defaultdict[_Wanted, list[int]] = defaultdict(list)
        for place, move in enumerate(self._moves):
            token = Token(move.contract, move.token_id, move.quantity)
            self._places[token, move.sender, None].append(place)
            self._places[token, None, move.receiver].append(place)

    def complete(self, fill: Fill, log_index: int) -> Fill:
        if (fill.seller is None) == (fill.buyer is None):
            return fill
        found = [self._take((token, fill.seller, fill.buyer), log_index) for token in fill.tokens]
        ways = {(move.sender, move.receiver) for move in found if move is not None}
        if None in found or len(ways) != 1:
            return fill
        ((seller, buyer),) = ways
        return fill._replace(seller=seller, buyer=buyer)

    def _take(self, wanted: _Wanted, log_index: int) -> Move | None:
        for place in self._nearest_first(self._places.get(wanted, []), log_index):
            if place not in self._used:
                self._used.add(place)
                return self._moves[place]
        return None

    def _nearest_first(self, places: list[int], log_index: int) -> Iterator[int]:
        after = bisect_left(places, log_index, key=lambda place: self._moves[place].log_index)
        return merge(
            (places[at] for at in reversed(range(after))),
            (places[at] for at in range(after, len(places))),
            key=lambda place: abs(self._moves[place].log_index - log_index),
        )
