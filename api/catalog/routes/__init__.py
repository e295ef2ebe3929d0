"""The public catalog, with one router for each subject.

Every list takes `limit` and `cursor`. Unknown parameters are refused, and so are repeated ones that are no lists.
Answers go through the read cache and carry a weak ETag.
"""

from __future__ import annotations

from api.catalog.routes import accounts, collections, fungibles, search, tokens
from api.http.json_bodies import Router

PARTS = (collections, tokens, accounts, search, fungibles)

router = Router()
for part in PARTS:
    router.include_router(part.router)
