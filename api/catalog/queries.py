"""The query parameters of the catalog's lists.

Two parameters are lists. `trait=Background:Red` names a value of a trait; several values of one trait are alternatives,
several traits must all hold. `traitRange=Power:10..50` is a range of a number or a date, and either end may be left
out. A date is written in seconds since 1970, as answers show it, or in RFC 3339. A colon in the name of a trait is
written `\\:`, a backslash `\\\\`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Final, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator

from api.http.moments import RFC_3339, Moment
from api.http.pagination import PageQuery
from steadymint.catalog.reads.activity import ActivityFilter, ActivityType, Suspicious
from steadymint.catalog.reads.collection_lists import CollectionFilter
from steadymint.catalog.reads.token_filters import HIGHEST_RANK, TokenFilter, TokenSort, TraitRange
from steadymint.catalog.trait_rows import key_of
from steadymint.domain.metadata import normalised_name
from steadymint.domain.slugs import ContractField
from steadymint.domain.types import AddressField, ChainIdField, Standard, TokenIdField
from steadymint.metadata.attributes import MAX_NAME, MAX_VALUE

TRAITS: Final = 32
"""The number of traits, and of ranges, in one request."""
TRAIT_LENGTH: Final = 2 * MAX_NAME + 1 + MAX_VALUE
"""Characters of one trait: the longest that metadata may hold, with each character of its name escaped."""
WORDS: Final = 8
"""The number of words of a search."""

_AMOUNT: Final = re.compile(r"[0-9]{1,60}(\.[0-9]{1,18})?", re.ASCII)
_NUMBER: Final = re.compile(r"-?[0-9]{1,78}(\.[0-9]{1,18})?", re.ASCII)
_RANK: Final = re.compile(r"[1-9][0-9]{0,9}", re.ASCII)

Order = Literal["asc", "desc"]


def _amount(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if not _AMOUNT.fullmatch(value):
        raise ValueError("must be a decimal number such as 0.05")
    return Decimal(value)


def _rank(value: Any) -> Any:
    if isinstance(value, str) and not (_RANK.fullmatch(value) and int(value) <= HIGHEST_RANK):
        raise ValueError("must be a rank: 1 or more, in decimal digits")
    return value


def _flag(value: Any) -> Any:
    if isinstance(value, str) and value not in ("true", "false"):
        raise ValueError("must be true or false")
    return value


def _words(value: str) -> str:
    if "\x00" in value or not value.strip() or len(value.split()) > WORDS:
        raise ValueError(f"must be one to {WORDS} words")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError("is no text") from None
    return value


Amount = Annotated[
    Decimal,
    BeforeValidator(_amount),
    WithJsonSchema({"type": "string", "pattern": r"^[0-9]{1,60}(\.[0-9]{1,18})?$", "examples": ["0.05"]}),
]
Rank = Annotated[int, BeforeValidator(_rank), WithJsonSchema({"type": "integer", "minimum": 1, "examples": [100]})]
Switch = Annotated[bool, BeforeValidator(_flag)]
Words = Annotated[str, Field(max_length=100), AfterValidator(_words)]


def split_trait(text: str) -> tuple[str, str]:
    """The name and the rest, both as written. Raises ValueError if a colon is missing or an escape is invalid."""
    name: list[str] = []
    characters = iter(enumerate(text))
    for place, character in characters:
        if character == ":":
            return "".join(name), text[place + 1 :]
        if character == "\\":
            _, character = next(characters, (0, ""))
            if character not in (":", "\\"):
                raise ValueError("a backslash must be followed by a colon or a backslash")
        name.append(character)
    raise ValueError("must be a trait and its value, as in Background:Red")


def _trait(text: str) -> tuple[str, str]:
    name, value = split_trait(text)
    _readable(text)
    return key_of(normalised_name(name)), key_of(normalised_name(value))


def _values(text: str) -> Iterator[tuple[str, str]]:
    """A trait's value; where it reads like an RFC 3339 time also its seconds, by which dates are held."""
    name, value = _trait(text)
    yield name, value
    if (seconds := _seconds(value)) is not None:
        yield name, seconds


def _seconds(written: str) -> str | None:
    """The seconds since 1970 of a time, in decimal; None for another text."""
    written = written.upper()
    if not RFC_3339.fullmatch(written):
        return None
    try:
        return f"{Decimal(str(datetime.fromisoformat(written).timestamp())).normalize():f}"
    except ValueError:
        return None


def _range(text: str) -> TraitRange:
    name, bounds = split_trait(text)
    _readable(text)
    low, dots, high = bounds.partition("..")
    if not dots or not (low or high):
        raise ValueError("must be a trait and a range, as in Power:10..50")
    lowest, highest = _end(low), _end(high)
    if lowest is not None and highest is not None and lowest > highest:
        raise ValueError("the lower end of a range comes first, as in Power:10..50")
    return TraitRange(key_of(normalised_name(name)), lowest, highest)


def _end(text: str) -> Decimal | None:
    if not text:
        return None
    number = _seconds(text) or text
    if not _NUMBER.fullmatch(number):
        raise ValueError("must be a range of decimal numbers, or of times such as 2026-01-31T12:00:00Z")
    return Decimal(number)


def _readable(text: str) -> None:
    if "\x00" in text:
        raise ValueError("is no text")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("is no text") from None


def _checked(parse: Callable[[str], object]) -> AfterValidator:
    """A validator that parses the text and keeps it. So an error names the parameter and the place in it."""

    def check(text: str) -> str:
        parse(text)
        return text

    return AfterValidator(check)


TraitText = Annotated[str, Field(max_length=TRAIT_LENGTH), _checked(_trait)]
RangeText = Annotated[str, Field(max_length=TRAIT_LENGTH), _checked(_range)]


class CollectionsQuery(PageQuery):
    chain_id: ChainIdField | None = Field(None, description="Collections of this chain.")
    creator: AddressField | None = Field(None, description="Collections created by this account.")
    owner: AddressField | None = Field(None, description="Collections whose contract this account owns now.")
    standard: Standard | None = Field(None, description="Collections of this standard.")
    verified: Switch | None = Field(None, description="Only verified collections, or only the others.")
    q: Words | None = Field(None, description="Words of name or symbol. The last may be the beginning of one.")
    sort: Literal["recent", "newest", "volume", "floor", "items"] = Field(
        "recent", description="`newest` is the same as `recent`. `floor` lists only collections that have one."
    )
    order: Order | None = Field(None, description="The default is `desc`, but `asc` by floor.")

    @property
    def asked(self) -> CollectionFilter:
        return CollectionFilter(self.chain_id, self.creator, self.owner, self.standard, self.verified, self.q)

    @property
    def descending(self) -> bool:
        return self.order == "desc" if self.order else self.sort != "floor"


class TokensQuery(PageQuery):
    trait: list[TraitText] = Field(
        default_factory=list[str],
        max_length=TRAITS,
        description="`name:value`, repeated. Values of one trait are alternatives, several traits must all hold.",
        examples=[["Background:Red", "Background:Blue", "Hat:Crown"]],
    )
    trait_range: list[RangeText] = Field(
        default_factory=list[str],
        max_length=TRAITS,
        description="`name:low..high`, repeated; inclusive, either end may be left out. Dates in seconds since "
        "1970, as answers show them, or in RFC 3339.",
        examples=[["Power:10..50", "Speed:5.."]],
    )
    owner: AddressField | None = Field(None, description="Tokens that this account holds.")
    listed: Switch | None = Field(None, description="Tokens that are for sale, or that are not.")
    min_price: Amount | None = Field(None, description="Of the cheapest listing, in the native currency. Inclusive.")
    max_price: Amount | None = Field(None, description="Of the cheapest listing, in the native currency. Inclusive.")
    min_rank: Rank | None = Field(None, description="By OpenRarity; 1 is the rarest. Inclusive.")
    max_rank: Rank | None = Field(None, description="By OpenRarity; 1 is the rarest. Inclusive.")
    q: Words | None = Field(None, description="Words of the name. The last may be the beginning of one.")
    burned: Switch | None = Field(None, description="Only burned tokens, or only others.")
    nsfw: Switch | None = Field(None, description="`false` leaves out tokens that an operator has marked.")
    include_spam: Switch = Field(False, description="Also show tokens that an operator has marked as spam.")
    sort: TokenSort = Field(
        "number", description="`rank` and `price` list only tokens that have one. `recent` is by the time of the mint."
    )
    order: Order | None = Field(None, description="The default is `asc`, but `desc` by `recent`.")

    @model_validator(mode="after")
    def _listed_if_priced(self) -> TokensQuery:
        if self.listed is False and (self.min_price is not None or self.max_price is not None):
            raise ValueError("a token that is not listed has no price")
        return self

    @property
    def asked(self) -> TokenFilter:
        return TokenFilter(
            traits=tuple(sorted({value for text in self.trait for value in _values(text)})),
            ranges=tuple(_range(text) for text in self.trait_range),
            owner=self.owner,
            listed=self.listed,
            min_price=self.min_price,
            max_price=self.max_price,
            min_rank=self.min_rank,
            max_rank=self.max_rank,
            q=self.q,
            burned=self.burned,
            nsfw=self.nsfw,
            spam=self.include_spam,
        )

    @property
    def descending(self) -> bool:
        return self.order == "desc" if self.order else self.sort == "recent"


class ActivityQuery(PageQuery):
    type: list[ActivityType] = Field(
        default_factory=list[ActivityType],
        max_length=len(get_args(ActivityType)),
        description="Only these types; repeated.",
        examples=[["sale", "listed"]],
    )
    since: Moment | None = Field(None, description="From this time on. On chain it is the time of the block.")
    until: Moment | None = Field(None, description="Before this time.")
    suspicious: Suspicious | None = Field(
        None,
        description="Movements that do not fit what was so before them, or that nobody is known to have allowed:"
        " `include`, `exclude`, or `only`. By default the activity of an account leaves them out, that of a collection"
        " or a token includes them.",
    )

    @property
    def asked(self) -> ActivityFilter:
        return ActivityFilter(frozenset(self.type), self.since, self.until, self.suspicious)


class HoldersQuery(PageQuery):
    token_id: TokenIdField | None = Field(None, description="Holders of this token only.")


class AccountTokensQuery(PageQuery):
    chain_id: ChainIdField | None = Field(None, description="Tokens on this chain.")
    contract: ContractField | None = Field(
        None, description="Tokens of this collection, by its contract or its slug. It needs `chainId`."
    )
    token_id: TokenIdField | None = Field(None, description="This token only. It needs `contract`.")
    include_spam: Switch = Field(False, description="Also show tokens that an operator has marked as spam.")

    @model_validator(mode="after")
    def _contract_of_a_chain(self) -> AccountTokensQuery:
        if self.contract is not None and self.chain_id is None:
            raise ValueError("`contract` needs `chainId`: an address means nothing without its chain")
        if self.token_id is not None and self.contract is None:
            raise ValueError("`tokenId` needs `contract`: a number means nothing without its collection")
        return self


LISTS: Final = ("trait", "traitRange", "type")
"""The parameters that may be repeated."""
