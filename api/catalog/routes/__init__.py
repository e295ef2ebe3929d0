"""The public catalog. One router for each thing that is asked about; all of them answer alike:

every list takes `limit` and `cursor`; unknown parameters are refused, and repeated ones that are no lists. Answers come
through the read cache and carry a weak ETag.
"""

from __future__ import annotations

from api.catalog.routes import accounts, collections, search, tokens
from api.http.json_bodies import Router

PARTS = (collections, tokens, accounts, search)

router = Router()
for part in PARTS:
    router.include_router(part.router)
