"""The object store: an S3-compatible service or a local directory, behind one interface.

A key appears with all of its bytes or not at all. S3 shows an object when its upload is complete; the local store
writes a file under another name and renames it. All I/O runs in the store's own threads and not in the event loop.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import time
from collections.abc import AsyncIterator, Generator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Literal
from urllib.parse import urlsplit

import obstore
import structlog
from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store

from steadymint.domain.errors import NotFoundError, UpstreamUnavailableError
from steadymint.domain.media import MediaId
from steadymint.domain.upstreams import Upstream
from steadymint.settings import MediaSettings

log = structlog.get_logger(__name__)

PART: Final = 8 * 1024 * 1024
"""Bytes of one part of an upload; S3 requires at least 5 MiB. A larger file is never in memory as a whole."""
PARTS_AT_ONCE: Final = 3
READ_SIZE: Final = 256 * 1024
"""Bytes of one piece of a stream, at least."""
SILENCE: Final = timedelta(seconds=60)
"""The time for which S3 may send nothing before a request is tried again."""
LONGEST: Final = timedelta(hours=1)
"""The time that one request to S3 may take, its retries included. An object is read as fast as its viewer takes it."""

_KEY: Final = re.compile(r"[a-z0-9][a-zA-Z0-9_-]*(/[a-zA-Z0-9][a-zA-Z0-9._-]*)+")

_UNFINISHED: Final = re.compile(r"#\d+$")
"""The end of a file's name in the local store until the file is complete."""


@dataclass(frozen=True, slots=True)
class ObjectInfo:
    """The store's facts of an object, without its bytes."""

    key: str
    size: int
    """Bytes."""
    modified_at: datetime


def blob_key(media_id: MediaId) -> str:
    """The key of an asset's bytes. It has two levels, so no directory of a local store grows without limit."""
    return f"blobs/{media_id[:2]}/{media_id}"


def variant_key(media_id: MediaId, width: int) -> str:
    """The key of the variant with `width` pixels."""
    return f"variants/{media_id}/{width}.webp"


class ObjectStore:
    """The objects by key. Keys come from our code and never from a caller. A key of another form raises ValueError.

    Every method raises UpstreamUnavailableError when the store does not answer or refuses the request.
    """

    def __init__(self, store: S3Store | LocalStore, root: Path | None = None) -> None:
        self._store = store
        self._root = root
        """The directory of a local store; None for S3."""
        self._keeps_types = isinstance(store, S3Store)

    async def put(self, key: str, content: Path | bytes, content_type: str) -> None:
        """Write the object or replace it. S3 keeps the type; a local store does not."""
        attributes = {"Content-Type": content_type} if self._keeps_types else None
        with _answering("put", key):
            await obstore.put_async(
                self._store,
                _checked(key),
                content,
                attributes=attributes,
                chunk_size=PART,
                max_concurrency=PARTS_AT_ONCE,
            )

    async def read(self, key: str) -> bytes:
        """All bytes of a small object. Raises NotFoundError."""
        with _answering("read", key):
            result = await obstore.get_async(self._store, _checked(key))
            return bytes(await result.bytes_async())

    async def stream(self, key: str, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """The bytes from `start` to before `end`. Raises NotFoundError at the first piece."""
        if end is not None and end <= start:
            return
        chosen: Literal["range"] = "range"
        with _answering("stream", key):
            if start == 0 and end is None:
                result = await obstore.get_async(self._store, _checked(key))
            elif end is None:
                result = await obstore.get_async(self._store, _checked(key), options={chosen: {"offset": start}})
            else:
                result = await obstore.get_async(self._store, _checked(key), options={chosen: (start, end)})
            async for piece in result.stream(min_chunk_size=READ_SIZE):
                yield bytes(piece)

    async def head(self, key: str) -> ObjectInfo | None:
        """None if there is no such object."""
        try:
            with _answering("head", key):
                meta = await obstore.head_async(self._store, _checked(key))
        except NotFoundError:
            return None
        return ObjectInfo(key, meta["size"], meta["last_modified"])

    async def delete(self, key: str) -> None:
        """Remove the object; nothing happens if there is none."""
        try:
            with _answering("delete", key):
                await obstore.delete_async(self._store, _checked(key))
        except NotFoundError:
            return

    async def list(self, prefix: str) -> AsyncIterator[ObjectInfo]:
        """Every object below the folder `prefix`, in no certain order."""
        with _answering("list", prefix):
            async for page in obstore.list(self._store, prefix=prefix):
                for meta in page:
                    yield ObjectInfo(meta["path"], meta["size"], meta["last_modified"])

    async def delete_unfinished(self, older_than: timedelta) -> int:
        """Remove what puts have left that were killed on their way; how many.

        No list shows it. A directory has it beside the object, under a name with a number; S3 keeps it as the parts of
        an upload, which a rule of the bucket removes (`AbortIncompleteMultipartUpload`).
        """
        return await asyncio.to_thread(_delete_unfinished, self._root, older_than) if self._root else 0


def open_object_store(settings: MediaSettings) -> ObjectStore:
    """The store that `settings.store` names. A local directory is made if it is missing.

    Raises:
        ValueError: the setting is neither `file:<directory>` nor `s3://<bucket>[/<prefix>]`.
    """
    if settings.store.startswith("file:"):
        root = Path(settings.store.removeprefix("file:").removeprefix("//")).expanduser().absolute()
        root.mkdir(parents=True, exist_ok=True)
        return ObjectStore(LocalStore(root), root)
    url = urlsplit(settings.store)
    if url.scheme != "s3" or not url.netloc:
        raise ValueError("the media store is `file:<directory>` or `s3://<bucket>/<prefix>`")
    return ObjectStore(_s3(settings, url.netloc, url.path.strip("/")))


def _s3(settings: MediaSettings, bucket: str, prefix: str) -> S3Store:
    """Without keys in the settings the SDK's ways are followed: environment, web identity, instance role."""
    keys: dict[str, str] = {}
    if settings.s3_access_key and settings.s3_secret_key:
        keys["access_key_id"] = settings.s3_access_key.get_secret_value()
        keys["secret_access_key"] = settings.s3_secret_key.get_secret_value()
    if settings.s3_endpoint:
        keys["endpoint"] = settings.s3_endpoint
    return S3Store(
        bucket,
        prefix=prefix or None,
        region=settings.s3_region,
        virtual_hosted_style_request=settings.s3_endpoint is None,  # other services rarely have a name per bucket
        client_options={
            "allow_http": (settings.s3_endpoint or "").startswith("http://"),
            "connect_timeout": "5s",
            "read_timeout": SILENCE,
            "timeout": LONGEST,
        },
        retry_config={"max_retries": 3, "retry_timeout": LONGEST},
        **keys,  # pyright: ignore[reportArgumentType]
    )


def _delete_unfinished(root: Path, older_than: timedelta) -> int:
    before = time.time() - older_than.total_seconds()
    count = 0
    for file in root.glob("*/**/*#*"):
        with contextlib.suppress(FileNotFoundError):  # finished, or removed by another
            if _UNFINISHED.search(file.name) and file.stat().st_mtime < before:
                file.unlink()
                count += 1
    return count


def _checked(key: str) -> str:
    if not _KEY.fullmatch(key) or os.pardir in key:
        raise ValueError("not a key of ours")
    return key


@contextlib.contextmanager
def _answering(verb: str, key: str) -> Generator[None]:
    """Turn the store's errors into ours. Theirs hold addresses, paths and request ids, which belong in the log only."""
    try:
        yield
    except FileNotFoundError as error:
        raise NotFoundError("There is no such object") from error
    except (BaseError, OSError) as error:
        log.warning("object store failed", verb=verb, key=key, error=str(error)[:500])
        raise UpstreamUnavailableError(
            "The object store does not answer; try again", upstream=Upstream.MEDIA_STORE
        ) from error
