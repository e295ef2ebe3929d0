"""The archive of an export: a zip file with one JSON array for each table, and one for the media.

Rows are read by a cursor, in one snapshot, and written as they come, so neither a large account nor its archive is ever
in memory as a whole. Nobody knows the size of a table before it is read, so each entry is written as one that may pass
2 GiB (zip64).
"""

from __future__ import annotations

import asyncio
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import IO, Any, Final

import asyncpg
import orjson
from pymongo import AsyncMongoClient

from steadymint.account_data.held import HELD
from steadymint.documents import MEDIA_ASSETS, Document, collection_of
from steadymint.domain.types import UserId

AT_ONCE: Final = 500
"""Rows that are read and written at once."""

_README: Final = """\
This is all that the marketplace holds of your account. Each file is a JSON array with the rows of one table.
media.json lists what you have uploaded and published; each file is served at its path until the account is deleted.
What your wallets own and did on chain is public, and is not repeated here.
"""


class Archives:
    """Writes archives."""

    def __init__(self, pool: asyncpg.Pool, mongo: AsyncMongoClient[Document]) -> None:
        self._pool = pool
        self._assets = collection_of(mongo, MEDIA_ASSETS)

    async def write(self, user_id: UserId, file: Path) -> None:
        """Write the archive of the user to the file. Raises what the stores raise."""
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("README.txt", _README)
            async with self._pool.acquire() as connection, connection.transaction(isolation="repeatable_read"):
                for held in HELD:
                    if held.exported:
                        with archive.open(f"{held.name}.json", "w", force_zip64=True) as entry:
                            await _write(entry, _rows(connection, held.export, user_id))
            with archive.open("media.json", "w", force_zip64=True) as entry:
                await _write(entry, self._media(user_id))

    async def _media(self, user_id: UserId) -> AsyncIterator[list[bytes]]:
        fields: Document = {"kind": 1, "mime": 1, "bytes": 1, "cid": 1, "createdAt": 1}
        batch: list[bytes] = []
        async for found in self._assets.find({"owners": str(user_id)}, fields, batch_size=AT_ONCE):
            media_id = found.pop("_id")
            batch.append(orjson.dumps({"mediaId": media_id, "path": f"/media/{media_id}", **found}))
            if len(batch) == AT_ONCE:
                yield batch
                batch = []
        yield batch


async def _rows(connection: Any, statement: str, user_id: UserId) -> AsyncIterator[list[bytes]]:
    cursor = await connection.cursor(statement, user_id)
    while rows := await cursor.fetch(AT_ONCE):
        yield [row["row"].encode() for row in rows]


async def _write(entry: IO[bytes], batches: AsyncIterator[list[bytes]]) -> None:
    separator = b"[\n"
    async for batch in batches:
        if batch:
            text = separator + b",\n".join(batch)
            await asyncio.to_thread(entry.write, text)  # it compresses
            separator = b",\n"
    entry.write(b"[]\n" if separator == b"[\n" else b"\n]\n")
