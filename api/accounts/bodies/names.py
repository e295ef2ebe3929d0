"""The usernames behind addresses."""

from __future__ import annotations

from typing import Any, Final

from pydantic import Field
from typing_extensions import TypedDict

from api.http.queries import NoQuery
from api.http.shown import ADDRESS_EXAMPLE, EXACT, AddressText
from steadymint.domain.types import AddressField, ChainIdField

MOST: Final = 100
"""Addresses in one request: those of a page of fifty movements. In a query string they take five kilobytes."""


class NamesQuery(NoQuery):
    chain_id: ChainIdField = Field(
        description="CAIP-2: where the addresses were seen. A contract's name is told for its own chain only.",
        examples=["eip155:31337"],
    )
    address: list[AddressField] = Field(
        min_length=1,
        max_length=MOST,
        description="Repeated. In any valid casing.",
        examples=[[ADDRESS_EXAMPLE]],
    )


class NameBody(TypedDict):
    """An address and the name of its user."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    address: AddressText
    username: str


class NamesBody(TypedDict):
    """The names that were found, in the order of the addresses."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    items: list[NameBody]


NAMES_EXAMPLE: Final[dict[str, Any]] = {"items": [{"address": ADDRESS_EXAMPLE, "username": "mint_master"}]}
