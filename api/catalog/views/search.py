"""Turns rows that a search finds into the bodies that HTTP shows."""

from __future__ import annotations

from api.catalog.bodies.search import FoundTokenBody
from api.catalog.views.browser_urls import BrowserUrls
from api.catalog.views.tokens import token_body
from steadymint.catalog.reads.search import FoundToken


def found_token_body(row: FoundToken, urls: BrowserUrls) -> FoundTokenBody:
    return {
        **token_body(row, urls),
        "collection": {"name": row.collection_name, "slug": row.collection_slug},
    }
