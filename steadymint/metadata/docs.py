"""The store `metadata.docs`: each token's document as it was read, and its normalised form.

The key of a token's document is `{chainId}:{contract}:{tokenId}`; the key of a collection's own document is
`{chainId}:{contract}`. Documents are written before the rows of Postgres, so a row never names a missing document. When
both are written, `fetchedAt` here equals `last_refresh_at` there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from pymongo import AsyncMongoClient, UpdateOne
from pymongo.errors import BulkWriteError

from steadymint.documents import METADATA_DOCS, Document, collection_of
from steadymint.domain.metadata import ContractDocument, NormalisedDocument
from steadymint.metadata.uris import MAX_SHOWN

VERSION: Final = 1
"""The version of the normalisation. With a higher version every document is normalised again at its next reading, even
if it is unchanged."""
MAX_ORIGINAL: Final = 64 * 1024
"""Characters of an original that are stored."""
WRITTEN_AT_ONCE: Final = 4 * 1024 * 1024
"""Characters of originals in one command. A document that 500 tokens share is stored 500 times."""
_EXACT_IN_JSON: Final = 2**53
_DUPLICATE_KEY: Final = 11000

_KNOWN: Final = {"etag": 1, "bodyHash": 1, "tokenURI": 1, "fetchedAt": 1, "normalizeVersion": 1}


@dataclass(frozen=True, slots=True)
class Known:
    """The stored facts of a document's last reading."""

    uri: str | None
    etag: str | None
    body_hash: str | None
    version: int | None
    fetched_at: datetime


@dataclass(frozen=True, slots=True)
class DocUpdate:
    """The change of one document. Documents with the same original share `changed`."""

    key: Document
    """The members _id, chainId, contract and tokenId."""
    changed: Document
    new: bool = False
    """Whether nothing is stored under the key."""


class Docs:
    """Reads and writes the documents of a batch."""

    def __init__(self, mongo: AsyncMongoClient[Document]) -> None:
        self._docs = collection_of(mongo, METADATA_DOCS)

    async def known(self, ids: Sequence[str]) -> dict[str, Known]:
        """The stored facts of these documents, by id."""
        return {row["_id"]: _known(row) async for row in self._docs.find({"_id": {"$in": list(ids)}}, _KNOWN)}

    async def write(self, updates: Sequence[DocUpdate], at: datetime) -> None:
        """Write the updates. Each is an upsert by its key, so a repeated batch writes the same."""
        part: list[DocUpdate] = []
        weight = 0
        for update in updates:
            part.append(update)
            weight += len(update.changed.get("original_json") or "")
            if weight >= WRITTEN_AT_ONCE:
                await self._write(part, at)
                part, weight = [], 0
        await self._write(part, at)

    async def _write(self, updates: Sequence[DocUpdate], at: datetime) -> None:
        """Insert new documents, which takes a quarter of the time of an upsert. New documents that exist after all
        (after a retry, or written by another process) are updated with the others."""
        fresh = [update for update in updates if update.new]
        known = [update for update in updates if not update.new]
        if fresh:
            try:
                await self._docs.insert_many(
                    [update.key | update.changed | {"fetchedAt": at} for update in fresh], ordered=False
                )
            except BulkWriteError as error:
                refused: list[dict[str, Any]] = (error.details or {})["writeErrors"]
                if any(one["code"] != _DUPLICATE_KEY for one in refused):
                    raise
                known += [fresh[one["index"]] for one in refused]
        if known:
            await self._docs.bulk_write([_upsert(update, at) for update in known], ordered=False)


def doc_id(chain_id: str, contract: str, token_number: int | None) -> str:
    """The key of a token's document, or of the collection's own."""
    return f"{chain_id}:{contract}" if token_number is None else f"{chain_id}:{contract}:{token_number}"


def doc_key(chain_id: str, contract: str, token_number: int | None) -> Document:
    """The members that identify the document. Token ids are decimal strings, because BSON integers are too small."""
    key: Document = {"_id": doc_id(chain_id, contract, token_number), "chainId": chain_id, "contract": contract}
    return key if token_number is None else key | {"tokenId": str(token_number)}


def good(
    uri: str, body: bytes, body_hash: str, etag: str | None, document: NormalisedDocument | ContractDocument
) -> Document:
    """The members of a document that was read."""
    return {
        "tokenURI": uri[:MAX_SHOWN],
        "original_json": body[: 4 * MAX_ORIGINAL].decode("utf-8", "replace")[:MAX_ORIGINAL],
        "normalized_json": as_json(document),
        "media_json": {
            "image": document.image,
            "animation_url": document.animation_url if isinstance(document, NormalisedDocument) else None,
        },
        "normalize_status": "ok",
        "normalize_error": None,
        "normalizeVersion": VERSION,
        "etag": etag,
        "bodyHash": body_hash,
    }


def with_addresses(shared: Document, document: NormalisedDocument) -> Document:
    """The members of a token's `document` that differs from that of `shared` in its addresses only. The rest is not
    copied: it may be large, and tokens many."""
    media = {"image": document.image, "animation_url": document.animation_url}
    addresses = media | {"external_url": document.external_url}
    return shared | {"normalized_json": shared["normalized_json"] | addresses, "media_json": media}


def bad(uri: str | None, error: str | None) -> Document:
    """The members of a failed reading. The members of an earlier reading stay."""
    return {
        "tokenURI": None if uri is None else uri[:MAX_SHOWN],
        "normalize_status": "failed",
        "normalize_error": error,
    }


def unchanged(uri: str, etag: str | None) -> Document:
    """The members of an unchanged document."""
    return {"tokenURI": uri[:MAX_SHOWN], "etag": etag}


def as_json(document: NormalisedDocument | ContractDocument) -> Document:
    """The members under the names of the dataclass. `asdict` copies deeply and takes ten times as long."""
    found: Document = {name: getattr(document, name) for name in document.__slots__}
    if isinstance(document, NormalisedDocument):
        found["attributes"] = [
            {
                "trait_type": attribute.trait_type,
                "value": _plain(attribute.value),
                "value_type": attribute.value_type,
                "display_type": attribute.display_type,
                "max_value": _plain(attribute.max_value),
            }
            for attribute in document.attributes
        ]
    return found


def _plain(value: str | Decimal | int | None) -> str | int | None:
    """The value for BSON. A number that a double cannot hold exactly becomes text."""
    if isinstance(value, Decimal):
        whole = abs(value) < _EXACT_IN_JSON and value == value.to_integral_value()
        return int(value) if whole else format(value, "f")
    if isinstance(value, int):
        return value if abs(value) < _EXACT_IN_JSON else str(value)
    return value


def now() -> datetime:
    """The time in whole milliseconds. BSON keeps no more, and Postgres must hold the same time."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def _known(row: Document) -> Known:
    return Known(
        uri=row.get("tokenURI"),
        etag=row.get("etag"),
        body_hash=row.get("bodyHash"),
        version=row.get("normalizeVersion"),
        fetched_at=row["fetchedAt"].replace(tzinfo=UTC),
    )


def _upsert(update: DocUpdate, at: datetime) -> UpdateOne:
    key = dict(update.key)
    return UpdateOne(
        {"_id": key.pop("_id")}, {"$set": update.changed | {"fetchedAt": at}, "$setOnInsert": key}, upsert=True
    )
