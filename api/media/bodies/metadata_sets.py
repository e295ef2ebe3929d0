"""The bodies of publishing metadata.

A body holds thousands of tokens. It is read in a thread, and completely, before anything is written.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Annotated, Final, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    StrictInt,
    WithJsonSchema,
    model_validator,
)
from pydantic.alias_generators import to_camel

from api.http.fields import Body, Exact, Link, MediaIdField, text
from steadymint.domain.errors import InvalidInputError
from steadymint.domain.media import Cid
from steadymint.domain.texts import parse_link, parse_text
from steadymint.domain.types import UINT256_MAX, Standard, TokenId, TokenIdField
from steadymint.publishing.documents import NUMBER, DisplayType, TokenWords, Trait
from steadymint.publishing.sets import SetOrder, check_batch

MAX_TOKENS: Final = 5_000
"""Tokens of one request. Writing them to a distant object store takes some seconds."""
MAX_NAME: Final = 200
MAX_DESCRIPTION: Final = 10_000
MAX_LINK: Final = 2_048
MAX_ATTRIBUTES: Final = 100
MAX_TRAIT_TYPE: Final = 100
MAX_TRAIT_VALUE: Final = 500
_LARGEST_EXACT_NUMBER: Final = 2**53 - 1  # RFC 8259, section 6: every reader of JSON reads smaller numbers exactly
_AN_ID: Final = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def _number(value: object) -> int | float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        raise ValueError("must be a number")
    if abs(value) > _LARGEST_EXACT_NUMBER:
        raise ValueError("must be a string: readers of JSON would round it")
    return value


def _value(value: object) -> str | int | float:
    """A text or a number. It is one validator, because the errors of a union would name both types."""
    if not isinstance(value, str):
        return _number(value)
    parsed = parse_text(value, max_length=MAX_TRAIT_VALUE)
    if not parsed:
        raise ValueError("must not be empty")
    return parsed


def _color(value: str) -> str:
    digits = value.removeprefix("#").lower()
    if len(digits) != 6 or digits.strip("0123456789abcdef"):
        raise ValueError("must be six hex digits")
    return digits


def _link_of_template(value: str) -> str:
    parse_link(value.replace(NUMBER, "1"))
    return value


Number = Annotated[int | float, PlainValidator(_number), WithJsonSchema({"type": "number", "examples": [10]})]
TraitValue = Annotated[
    str | int | float,
    PlainValidator(_value),
    WithJsonSchema({"anyOf": [{"type": "string", "maxLength": MAX_TRAIT_VALUE}, {"type": "number"}]}),
]


class TraitWordsBody(Body):
    """One trait, as in OpenSea's metadata standard."""

    trait_type: Annotated[str, text(MAX_TRAIT_TYPE)]
    value: TraitValue
    display_type: DisplayType | None = Field(
        None, description="How a number is shown; `date` is a number of seconds since 1970. For numbers only."
    )
    max_value: Number | None = Field(None, description="The end of the number's scale")

    @model_validator(mode="after")
    def _only_numbers_are_shown_as_such(self) -> Self:
        if isinstance(self.value, str):
            if self.display_type is not None or self.max_value is not None:
                raise ValueError("displayType and maxValue are for numbers")
            return self
        if self.max_value is not None and self.value > self.max_value:
            raise ValueError("value must not be larger than maxValue")
        if self.display_type == "date" and (not isinstance(self.value, int) or self.value < 0):
            raise ValueError("a date is a whole number of seconds since 1970")
        return self

    def trait(self) -> Trait:
        return Trait(self.trait_type, self.value, self.display_type, self.max_value)


class _WordsBody(Body):
    name: Annotated[str, text(MAX_NAME)]
    description: Annotated[str, text(MAX_DESCRIPTION, empty=True, lines=True)] | None = None
    image_media_id: MediaIdField | None = None
    animation_media_id: MediaIdField | None = None
    background_color: Annotated[str, AfterValidator(_color)] | None = Field(None, examples=["0d1b2a"])
    attributes: Annotated[tuple[TraitWordsBody, ...], Field(max_length=MAX_ATTRIBUTES)] = ()

    def _words(self, external_url: str | None) -> TokenWords:
        return TokenWords(
            name=self.name,
            description=self.description,
            image=self.image_media_id,
            animation=self.animation_media_id,
            external_url=external_url,
            background_color=self.background_color,
            traits=tuple(attribute.trait() for attribute in self.attributes),
        )


class TokenWordsBody(_WordsBody):
    """The metadata of one token."""

    token_id: Annotated[TokenIdField, Exact] | None = Field(
        None, description="If every token of an ERC-721 set leaves it out, they are numbered from 1 in their order."
    )
    external_url: Link | None = None

    def words(self) -> TokenWords:
        return self._words(self.external_url)


class TemplateBody(_WordsBody):
    """The metadata of every token of a batch. In all texts `{number}` is replaced by the token's id."""

    external_url: Annotated[str, AfterValidator(_link_of_template)] | None = None

    def words(self) -> TokenWords:
        return self._words(self.external_url)


class PublishBody(Body):
    """Either `tokens`, each with its own metadata, or one `template` for `count` tokens."""

    standard: Standard
    extends: MediaIdField | None = Field(
        None,
        description="A set of yours that this one extends. The new set has all of its tokens; a token that is in both "
        "gets the new metadata. Tokens without ids continue its numbers.",
    )
    tokens: Annotated[tuple[TokenWordsBody, ...], Field(min_length=1, max_length=MAX_TOKENS)] | None = None
    template: TemplateBody | None = None
    count: Annotated[StrictInt, Field(ge=1, le=MAX_TOKENS)] | None = None
    start_at: Annotated[TokenIdField, Exact] | None = Field(
        None, description="The first id of a batch; if left out 1, or the next after the extended set", examples=["1"]
    )

    @model_validator(mode="after")
    def _one_of_two_forms(self) -> Self:
        if (self.tokens is None) == (self.template is None):
            raise ValueError("give either tokens or a template with its count")
        if self.tokens is not None:
            if self.count is not None or self.start_at is not None:
                raise ValueError("count and startAt go with a template")
            _check_ids(self.standard, self.tokens)
        elif self.count is None:
            raise ValueError("a template needs a count")
        return self

    def order(self, after: TokenId) -> SetOrder:
        """The set to publish. Its numbers continue after `after`. Call it in a thread: five thousand tokens take tens
        of milliseconds.

        Raises:
            InvalidInputError: a number past 2^256-1, or texts that are too long once they are numbered.
        """
        tokens = tuple(self._each(TokenId(after + 1) if self.start_at is None else self.start_at))
        return SetOrder(self.standard, tokens, frozenset(one for _, words in tokens for one in words.media()))

    def _each(self, first: TokenId) -> Iterator[tuple[TokenId, TokenWords]]:
        if self.template is not None:
            words, numbers = self.template.words(), _numbers(first, self.count or 0)
            check_batch(len(numbers), words.numbered(numbers[0]))
            _check_lengths(words.numbered(numbers[-1]))  # the longest number makes the longest texts
            yield from ((TokenId(number), words.numbered(number)) for number in numbers)
            return
        told = self.tokens or ()
        ids = [token.token_id for token in told if token.token_id is not None] or _numbers(first, len(told))
        yield from ((TokenId(one), token.words()) for one, token in zip(ids, told, strict=True))


def _numbers(first: TokenId, count: int) -> range:
    if first + count - 1 > UINT256_MAX:
        raise InvalidInputError("The tokens' numbers lead past 2^256-1")
    return range(first, first + count)


def _check_ids(standard: Standard, tokens: tuple[TokenWordsBody, ...]) -> None:
    ids = [token.token_id for token in tokens if token.token_id is not None]
    if standard is Standard.ERC1155 and len(ids) < len(tokens):
        raise ValueError("every erc1155 token needs a tokenId")
    if 0 < len(ids) < len(tokens):
        raise ValueError("give every token a tokenId, or none")
    if len(set(ids)) < len(ids):
        raise ValueError("each tokenId may be given once")


def _check_lengths(words: TokenWords) -> None:
    values = [trait.value for trait in words.traits if isinstance(trait.value, str)]
    for field, longest, limit in (
        ("name", words.name, MAX_NAME),
        ("description", words.description, MAX_DESCRIPTION),
        ("externalUrl", words.external_url, MAX_LINK),
        ("an attribute's value", max(values, key=len, default=None), MAX_TRAIT_VALUE),
    ):
        if longest is not None and len(longest) > limit:
            raise InvalidInputError(f"{field} has more than {limit} characters once it is numbered")


class SampleToken(BaseModel):
    """One document of a set."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True)

    token_id: TokenIdField
    uri: str = Field(description="The token URI: the contract answers it, or a reader makes it")
    url: str = Field(description="The document on this server")


class MetadataSetAnswer(BaseModel):
    """A published set. `metadataSetId`, or `baseUri` as it is, goes into `POST /v1/collections/prepare`."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        frozen=True,
        json_schema_extra={
            "example": {
                "metadataSetId": _AN_ID,
                "cid": "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi",
                "standard": "erc721",
                "baseUri": "ipfs://bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi/",
                "count": 1,
                "sample": [
                    {
                        "tokenId": "1",
                        "uri": "ipfs://bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi/1",
                        "url": "/ipfs/bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi/1",
                    }
                ],
            }
        },
    )

    metadata_set_id: MediaIdField
    cid: Cid
    standard: Standard
    base_uri: str
    count: int = Field(description="Tokens in the set, with those of the set that it extends")
    sample: tuple[SampleToken, ...] = Field(description="The first three of the request")


EXAMPLES: Final = {
    "a list of tokens": {
        "value": {
            "standard": "erc721",
            "tokens": [
                {
                    "name": "Harbour Light 1",
                    "description": "The lamp at the north pier.",
                    "imageMediaId": _AN_ID,
                    "attributes": [
                        {"traitType": "Colour", "value": "Green"},
                        {"traitType": "Range", "value": 12, "displayType": "number", "maxValue": 30},
                    ],
                }
            ],
        }
    },
    "a numbered batch": {
        "value": {
            "standard": "erc721",
            "template": {"name": "Punk #{number}", "imageMediaId": _AN_ID},
            "count": 1000,
        }
    },
    "ERC-1155": {
        "value": {"standard": "erc1155", "tokens": [{"tokenId": "7", "name": "Gold coin", "imageMediaId": _AN_ID}]}
    },
}
"""The examples in `/openapi.json`."""
