"""The query parameters of the market's lists."""

from __future__ import annotations

from typing import Final

from pydantic import Field, model_validator

from api.catalog.queries import TRAITS, Amount, TraitText, split_trait
from api.http.pagination import PageQuery
from steadymint.catalog.trait_rows import key_of
from steadymint.domain.market.findings import OrderStatus
from steadymint.domain.market.sides import Side
from steadymint.domain.metadata import normalised_name
from steadymint.domain.slugs import ContractField
from steadymint.domain.types import Address, AddressField, ChainIdField, TokenIdField
from steadymint.market.reads.orders import OrderFilter, OrderSort

LISTS: Final = ("side", "status", "trait")
"""The parameters that may be repeated."""


class OrdersQuery(PageQuery):
    chain_id: ChainIdField | None = Field(None, description="Orders on this chain.")
    contract: ContractField | None = Field(
        None, description="Orders of this collection, by its contract or its slug. It needs `chainId`."
    )
    token_id: TokenIdField | None = Field(None, description="Orders for this one token. It needs `contract`.")
    maker: AddressField | None = Field(None, description="Orders that this account has signed.")
    taker: AddressField | None = Field(None, description="Orders that only this account may fill.")
    side: list[Side] = Field(default_factory=list[Side], max_length=4, description="Only these sides; repeated.")
    status: list[OrderStatus] = Field(
        default_factory=list[OrderStatus], max_length=5, description="Only these statuses; repeated."
    )
    currency: AddressField | None = Field(
        None, description="Orders in this currency. The zero address stands for the chain's own."
    )
    min_price: Amount | None = Field(None, description="Of one unit, in whole units of the currency. Inclusive.")
    max_price: Amount | None = Field(None, description="Of one unit, in whole units of the currency. Inclusive.")
    trait: list[TraitText] = Field(
        default_factory=list[str],
        max_length=TRAITS,
        description="`name:value`, repeated: orders for one token that has the trait.",
        examples=[["Background:Red"]],
    )
    sort: OrderSort = Field(
        "newest",
        description="`price` lists active orders of one collection: listings, the cheapest first, or offers, the "
        "highest first; in currencies that compare with the chain's own. It needs `contract` and `side`.",
    )

    @model_validator(mode="after")
    def _named_from_the_outside_in(self) -> OrdersQuery:
        if self.contract is not None and self.chain_id is None:
            raise ValueError("`contract` needs `chainId`: an address means nothing without its chain")
        if self.token_id is not None and self.contract is None:
            raise ValueError("`tokenId` needs `contract`")
        if self.sort == "price":
            kinds = {side is Side.LISTING for side in self.side}
            if self.contract is None or len(kinds) != 1:
                raise ValueError("`sort=price` needs `contract`, and `side` of listings or of offers")
        return self

    def asked(self, contract: Address | None) -> OrderFilter:
        pairs = {(key_of(normalised_name(n)), key_of(normalised_name(v))) for n, v in map(split_trait, self.trait)}
        return OrderFilter(
            chain_id=self.chain_id,
            contract=contract,
            token_id=self.token_id,
            maker=self.maker,
            taker=self.taker,
            sides=tuple(self.side),
            statuses=tuple(self.status),
            currency=self.currency,
            min_price=self.min_price,
            max_price=self.max_price,
            traits=tuple(sorted(pairs)),
        )
