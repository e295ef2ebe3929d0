"""Collections of the document store and their indexes; `steadymint.documents` says what is in them."""

from __future__ import annotations

import contextlib
from typing import Any, Final

from pymongo import ASCENDING, DESCENDING, AsyncMongoClient, IndexModel
from pymongo.errors import CollectionInvalid

from steadymint.documents import (
    EVENTS_RAW,
    MEDIA_ASSETS,
    MEDIA_VARIANTS,
    METADATA_DOCS,
    Document,
    collection_of,
)


def _unique(name: str, *fields: str, where_present: bool = False) -> IndexModel:
    options: dict[str, Any] = {"name": name, "unique": True}
    if where_present:
        # Not a partial index, which says the same: the embedded server does not look into those for a query.
        options["sparse"] = True
    return IndexModel([(field, ASCENDING) for field in fields], **options)


def _expiring(name: str, field: str) -> IndexModel:
    """Removes a document at the time in `field`; documents without it stay."""
    return IndexModel([(field, ASCENDING)], name=name, expireAfterSeconds=0)


INDEXES: Final[dict[str, tuple[IndexModel, ...]]] = {
    # Else its key is all it needs.
    EVENTS_RAW: (IndexModel([("contract", ASCENDING)], name="of_import", sparse=True),),
    METADATA_DOCS: (
        _unique("token", "chainId", "contract", "tokenId"),
        IndexModel([("normalize_status", ASCENDING), ("fetchedAt", ASCENDING)], name="to_retry"),
        _expiring("expire", "expiresAt"),  # answers that are only remembered to not ask again soon
    ),
    MEDIA_ASSETS: (
        _unique("content", "sha256"),
        _unique("one_cid", "cid", where_present=True),
        _unique("one_key", "s3Key", where_present=True),
        _unique("one_upload", "inputs", where_present=True),  # an upload becomes one asset only
        IndexModel([("phash", ASCENDING)], name="alike"),
        IndexModel([("owners", ASCENDING), ("createdAt", DESCENDING), ("_id", DESCENDING)], name="of_owner"),
        IndexModel([("kind", ASCENDING), ("status", ASCENDING), ("createdAt", ASCENDING)], name="by_status"),
        _expiring("expire", "expiresAt"),  # uploads that nobody finished
    ),
    MEDIA_VARIANTS: (_unique("variant", "asset_id", "w", "h", "format"),),
}


async def migrate_mongo(url: str) -> None:
    """Create what is missing. Idempotent, and two processes may do it at once.

    Raises:
        pymongo.errors.OperationFailure: an index of the same name but another definition exists.
    """
    client: AsyncMongoClient[Document] = AsyncMongoClient(url)
    try:
        for name, indexes in INDEXES.items():
            collection = collection_of(client, name)
            if collection.name not in await collection.database.list_collection_names():
                with contextlib.suppress(CollectionInvalid):  # another process was first
                    await collection.database.create_collection(collection.name)
            if indexes:
                await collection.create_indexes(list(indexes))
    finally:
        await client.close()
