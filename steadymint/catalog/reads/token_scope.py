"""The SQL of what is asked of a page of tokens: the collection, the order, and the position."""

from __future__ import annotations

from functools import cached_property
from typing import Final, NamedTuple

from steadymint.catalog.reads.query import CHAIN, COLLECTION, COLLECTION_ID, Arguments
from steadymint.catalog.reads.token_filters import Facts, TokenFilter, TokenSort
from steadymint.domain.types import Address, ChainId

SORT_KEYS: Final[dict[TokenSort, tuple[str, str]]] = {
    "number": ("numeric", "text"),
    "rank": ("integer", "uuid"),
    "price": ("numeric", "uuid"),
    "recent": ("integer", "numeric"),
}
"""The types of the two columns that order a list. The second decides between equals, and is empty for `number`."""


AGE: Final = "coalesce(t.minted_at, '-2147483648'::integer)"
"""The time at which a row `t` of `items` was minted, in seconds since 2000. The expression is that of its index."""


class Start(NamedTuple):
    """The position behind which a page starts: the values of the two sort columns, as text."""

    k: str
    tie: str


class TokenScope:
    """What is asked of one page. A part of its SQL is made when it is needed, because it may add an argument."""

    def __init__(
        self,
        named: tuple[ChainId, Address],
        facts: Facts | None,
        asked: TokenFilter,
        sort: TokenSort,
        descending: bool,
        start: Start | None,
        limit: int,
        args: Arguments,
    ) -> None:
        self._named = named
        self.facts = facts
        """None if the page needs no facts. Then the statement itself looks the collection up."""
        self.asked = asked
        self.sort: TokenSort = sort
        self.order = "DESC" if descending else "ASC"
        self.beyond = "<" if descending else ">"
        self.start = start
        self.limit = limit
        self.args = args

    @cached_property
    def collection(self) -> str:
        return COLLECTION_ID if self.facts is None else self.args.put(self.facts.collection_id, "uuid")

    @cached_property
    def no(self) -> str:
        return COLLECTION if self.facts is None else self.args.put(self.facts.collection, "integer")

    @cached_property
    def items(self) -> str:
        """The rows `t` of the collection's tokens."""
        chain = CHAIN if self.facts is None else self.args.put(self.facts.chain, "smallint")
        return f"FROM catalog_service.items t WHERE t.chain = {chain} AND t.collection = {self.no}"

    @cached_property
    def name(self) -> tuple[str, str]:
        """The chain and the contract."""
        if self.facts is None:
            return "$1::text", "$2::text"
        chain_id, contract = self._named
        return self.args.put(chain_id, "text"), self.args.put(contract, "text")

    def id(self) -> str:
        """The id of the token `t`."""
        chain_id, contract = self.name
        return f"catalog_service.token_id({chain_id}, {contract}, t.token_number)"

    def prices(self, floor: str) -> str:
        """The bounds on prices, for rows of `token_floors` with the alias `floor`."""
        clauses = ""
        for bound, sign in ((self.asked.min_price, ">="), (self.asked.max_price, "<=")):
            if bound is not None:
                clauses += f" AND {floor}.price_native {sign} {self.args.put(bound, 'numeric')}"
        return clauses

    def rank_bounds(self) -> str:
        clauses = ""
        for bound, sign in ((self.asked.min_rank, ">="), (self.asked.max_rank, "<=")):
            if bound is not None:
                clauses += f" AND r.rank {sign} {self.args.put(bound, 'integer')}"
        return clauses

    def key(self, start: Start) -> str:
        kinds = SORT_KEYS[self.sort]
        return ", ".join(f"{self.args.put(value, 'text')}::{kind}" for value, kind in zip(start, kinds, strict=True))

    def behind(self, key: str, tie: str) -> str:
        """The condition that rows are behind the start, and their order."""
        clause = f" ORDER BY {key} {self.order}, {tie} {self.order}"
        if self.start is None:
            return clause
        return f" AND ({key}, {tie}) {self.beyond} ({self.key(self.start)})" + clause

    def order_by(self, k: str, tie: str) -> str:
        return f"ORDER BY {k} {self.order}" + ("" if self.sort == "number" else f", {tie} {self.order}")
