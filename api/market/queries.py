"""The query parameters of the market's lists."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal

from pydantic import Field, model_validator

from api.catalog.queries import TRAITS, Amount, TraitText, split_trait
from api.http.moments import Moment
from api.http.pagination import PageQuery
from api.http.queries import NoQuery
from steadymint.catalog.trait_rows import key_of
from steadymint.domain.market.findings import OrderStatus
from steadymint.domain.market.sides import Side
from steadymint.domain.metadata import normalised_name
from steadymint.domain.slugs import ContractField
from steadymint.domain.types import Address, AddressField, ChainId, ChainIdField, TokenId, TokenIdField
from steadymint.market.reads.filters import OrderFilter
from steadymint.market.reads.orders import OFFERS, OrderSort
from steadymint.market.reads.sales import BARS, Interval

LISTS: Final = ("side", "status", "trait")
"""The parameters that may be repeated."""
FEW_BARS: Final = 100
"""Bars of a chart without `since`."""

SideName = Literal["listing", "offer", "item_offer", "collection_offer", "trait_offer"]

CHAIN_FIRST: Final = "`contract` needs `chainId`: an address means nothing without its chain"

ChainParameter = Annotated[ChainIdField | None, Field(description="Orders on this chain.")]
ContractParameter = Annotated[
    ContractField | None,
    Field(description="Orders of this collection, by its contract or its slug. It needs `chainId`."),
]
SideParameter = Annotated[
    list[SideName],
    Field(
        default_factory=list[Any],
        max_length=5,
        description="Only these sides; repeated. `offer` stands for all three kinds of offers.",
    ),
]
StatusParameter = Annotated[
    list[OrderStatus],
    Field(default_factory=list[OrderStatus], max_length=5, description="Only these statuses; repeated."),
]


class OfCollection(PageQuery):
    """Base of lists that may be narrowed to a chain or a collection."""

    chain_id: ChainParameter = None
    contract: ContractParameter = None

    @model_validator(mode="after")
    def _contract_of_a_chain(self) -> OfCollection:
        if self.contract is not None and self.chain_id is None:
            raise ValueError(CHAIN_FIRST)
        return self


class OrdersQuery(OfCollection):
    token_id: TokenIdField | None = Field(None, description="Orders for this one token. It needs `contract`.")
    maker: AddressField | None = Field(None, description="Orders that this account has signed.")
    taker: AddressField | None = Field(
        None, description="Orders that this account has filled, also in part: of its last 2,000 fills."
    )
    side: SideParameter
    status: StatusParameter
    currency: AddressField | None = Field(
        None, description="Orders in this currency. The zero address stands for the chain's own."
    )
    min_price: Amount | None = Field(None, description="Of one unit, in whole units of the currency. Inclusive.")
    max_price: Amount | None = Field(None, description="Of one unit, in whole units of the currency. Inclusive.")
    trait: list[TraitText] = Field(
        default_factory=list[str],
        max_length=TRAITS,
        description="`name:value`, repeated: orders for one token that has the trait. Values of one trait are "
        "alternatives, several traits must all hold. It needs `contract`.",
        examples=[["Background:Red"]],
    )
    sort: OrderSort = Field(
        "newest",
        description="`price` lists the active orders of one collection: listings, the cheapest first, or offers, the "
        "highest first; in `currency`, or without it in those that compare with the chain's own. It needs `contract`, "
        "and a `side`.",
    )

    @model_validator(mode="after")
    def _named_from_the_outside_in(self) -> OrdersQuery:
        if self.contract is None and (self.token_id is not None or self.trait):
            raise ValueError(f"`{'trait' if self.trait else 'tokenId'}` needs `contract`")
        if self.sort == "price":
            if self.contract is None or len({side is Side.LISTING for side in sides_of(self.side)}) != 1:
                raise ValueError("`sort=price` needs `contract`, and a `side`: listings or offers")
            if set(self.status) - {OrderStatus.ACTIVE}:
                raise ValueError("`sort=price` lists active orders only")
        return self

    def asked(self, contract: Address | None) -> OrderFilter:
        """The filter. `contract` is the address that `self.contract` names."""
        pairs = {(key_of(normalised_name(n)), key_of(normalised_name(v))) for n, v in map(split_trait, self.trait)}
        return OrderFilter(
            chain_id=self.chain_id,
            contract=contract,
            token_id=self.token_id,
            maker=self.maker,
            taker=self.taker,
            sides=sides_of(self.side),
            statuses=tuple(self.status),
            currency=self.currency,
            min_price=self.min_price,
            max_price=self.max_price,
            traits=tuple(sorted(pairs)),
        )


class AccountOrdersQuery(OfCollection):
    side: SideParameter
    status: StatusParameter

    def asked(self, maker: Address, contract: Address | None) -> OrderFilter:
        return OrderFilter(
            chain_id=self.chain_id,
            contract=contract,
            maker=maker,
            sides=sides_of(self.side),
            statuses=tuple(self.status),
        )


class TokenOrdersQuery(PageQuery):
    side: Literal["listing", "offer"] = Field(
        "listing",
        description="`listing`: what the token is for sale for, the cheapest first. `offer`: what its owner could "
        "accept, the highest first: offers for it, for any token of its collection, and for a set that has it.",
    )

    @staticmethod
    def listings(chain_id: ChainId, contract: Address, token_id: TokenId) -> OrderFilter:
        return OrderFilter(chain_id=chain_id, contract=contract, token_id=token_id, sides=(Side.LISTING,))


class ChartQuery(NoQuery):
    interval: Interval = Field(Interval.DAY, description="The width of a bar. Days are of UTC, weeks begin on Monday.")
    since: Moment | None = Field(
        None, description=f"From the interval on that this time is in. By default {FEW_BARS} bars before `until`."
    )
    until: Moment | None = Field(None, description="Before this time. By default now.")

    @model_validator(mode="after")
    def _not_too_many(self) -> ChartQuery:
        since, until = self.stretch(datetime.now(UTC))
        if until <= since:
            raise ValueError("`until` must lie behind `since`")
        if (until - since) / self.interval.width > BARS:
            raise ValueError(f"a chart has at most {BARS} bars; ask for a wider interval or a shorter time")
        return self

    def stretch(self, now: datetime) -> tuple[datetime, datetime]:
        """From when and until when, the first at the beginning of an interval."""
        until = self.until or now
        try:
            since = self.since or until - FEW_BARS * self.interval.width
            return self.interval.begun(since), until
        except OverflowError:
            raise ValueError("the time lies before the year 1") from None


class OrderEventsQuery(NoQuery):
    chain_id: ChainIdField | None = Field(None, description="Events of orders on this chain.")
    contract: ContractField | None = Field(
        None, description="Events of orders of this collection, by its contract or its slug. It needs `chainId`."
    )
    maker: AddressField | None = Field(None, description="Events of orders that this account has signed.")

    @model_validator(mode="after")
    def _contract_of_a_chain(self) -> OrderEventsQuery:
        if self.contract is not None and self.chain_id is None:
            raise ValueError(CHAIN_FIRST)
        return self


def sides_of(names: list[SideName]) -> tuple[Side, ...]:
    """The sides that the names stand for, each once."""
    found = [side for name in names for side in (OFFERS if name == "offer" else (Side(name),))]
    return tuple(dict.fromkeys(found))
