"""The public catalog. One router for each thing that is asked about; all of them answer alike:

every list takes `limit` and `cursor`; unknown parameters are refused, and repeated ones that are no lists. Answers come
through the read cache and carry a weak ETag.
"""

from __future__ import annotations

from fastapi import APIRouter

from api.routers import accounts, collections_catalog, search, tokens

PARTS = (collections_catalog, tokens, accounts, search)

router = APIRouter()
for part in PARTS:
    router.include_router(part.router)
