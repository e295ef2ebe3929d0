"""The results of a search as HTTP shows them."""

from __future__ import annotations

from typing_extensions import TypedDict

from api.catalog.bodies.collections import CollectionBody
from api.catalog.bodies.tokens import CollectionName, TokenBody
from api.http.shown import EXACT


class FoundTokenBody(TokenBody):
    """A token whose name has all words of the search."""

    collection: CollectionName


class SearchBody(TypedDict):
    """The best results of each kind. There are no pages."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    collections: list[CollectionBody]
    tokens: list[FoundTokenBody]
