"""Fields that several bodies of orders share."""

from __future__ import annotations

import re
from typing import Annotated, Any, Final

from pydantic import AfterValidator, Field, StringConstraints, WithJsonSchema

from api.http.fields import Body, Exact
from steadymint.domain.market.intake import TokenChoice
from steadymint.domain.types import HEX_SCHEMA, TokenIdField

MAX_SIGNATURE: Final = 8192
"""Bytes, as for the signature of a contract wallet at sign-in. One of a key in a bulk tree has 836 at most."""
MAX_TOKENS: Final = 10_000
MAX_TRAITS: Final = 16
MAX_VALUES: Final = 100

_HEX: Final = re.compile(r"0x(?:[0-9a-fA-F]{2})*", re.ASCII)


def _storable(text: str) -> str:
    """Postgres takes no NUL: a worker would fail at it, again and again, and its client would be told of an outage."""
    if "\0" in text:
        raise ValueError("must not hold a NUL character")
    return text


def _bytes(text: str) -> str:
    if not _HEX.fullmatch(text):
        raise ValueError("must be 0x and an even number of hex digits")
    return text.lower()


Signature = Annotated[
    str,
    StringConstraints(max_length=2 + 2 * MAX_SIGNATURE),
    AfterValidator(_bytes),
    WithJsonSchema(HEX_SCHEMA | {"examples": ["0x" + "ab" * 64 + "1b"]}),
]
Word = Annotated[str, StringConstraints(min_length=1, max_length=256), AfterValidator(_storable)]
Tokens = Annotated[tuple[Annotated[TokenIdField, Exact], ...], Field(max_length=MAX_TOKENS)]
Traits = Annotated[
    dict[Word, Annotated[tuple[Word, ...], Field(min_length=1, max_length=MAX_VALUES)]], Field(max_length=MAX_TRAITS)
]
TRAITS_EXAMPLE: Final[dict[str, Any]] = {"Background": ["Blue", "Teal"]}


class ChoosesTokens(Body):
    """Base of bodies of offers that name the tokens which they take."""

    tokens: Tokens = Field((), description="Of a trait offer: the tokens that it takes")
    traits: Traits = Field(
        {},
        description="Of a trait offer, instead of `tokens`: of each trait the values of which a token needs one, by "
        "what the catalog says now",
        examples=[TRAITS_EXAMPLE],
    )

    @property
    def choice(self) -> TokenChoice:
        return TokenChoice(tokens=self.tokens, traits=dict(self.traits))
