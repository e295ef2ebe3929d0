"""The archive of an export: complete, without secrets, and gone when it expires."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from pymongo import AsyncMongoClient

from steadymint.account_data.archive import AT_ONCE
from steadymint.account_data.exports import ExportRequests, Exports, key_of
from steadymint.audit.entries import Entry, EventType, record
from steadymint.audit.operator_settings import OperatorSettings
from steadymint.domain.errors import NotFoundError
from steadymint.domain.types import UserId
from steadymint.media.store import ObjectStore
from steadymint.media.uploads import Spool

FOLLOWED = AT_ONCE + 7


@pytest.fixture
async def user(pool: asyncpg.Pool) -> UserId:
    """Somebody with a session, and more follows than are read at once."""
    user_id = UserId(uuid4())
    await pool.execute("INSERT INTO user_service.users (user_id) VALUES ($1)", user_id)
    await pool.execute("UPDATE user_service.profiles SET bio = 'I [mint].' WHERE user_id = $1", user_id)
    await pool.execute("INSERT INTO user_service.users SELECT FROM generate_series(1, $1)", FOLLOWED)
    await pool.execute(
        "INSERT INTO user_service.user_follows (follower_id, following_id)"
        " SELECT $1, user_id FROM user_service.users WHERE user_id <> $1",
        user_id,
    )
    await pool.execute(
        "INSERT INTO auth_service.sessions (user_id, family_id, nonce_hash, refresh_hash, address, chain_id,"
        " ip_address, expires_at, absolute_expires_at) VALUES"
        " ($1, $1, repeat('ab', 32), repeat('cd', 32), $2, 'eip155:1', '192.0.2.7', now() + interval '1 h',"
        " now() + interval '1 h')",
        user_id,
        "0x" + "a1" * 20,
    )
    return user_id


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    """Of a fresh machine: nothing was uploaded there yet, so the directory is not there."""
    return Spool(tmp_path / "home" / "uploads")


@pytest.fixture
async def exports(pool: asyncpg.Pool, mongo: str, object_store: ObjectStore, spool: Spool) -> AsyncIterator[Exports]:
    async with AsyncMongoClient[dict[str, Any]](mongo) as client:
        yield Exports(pool, client, object_store, OperatorSettings(pool), spool)


async def test_an_archive_has_every_row_and_no_hash_of_a_token_and_is_gone_when_it_is_dropped(
    pool: asyncpg.Pool, object_store: ObjectStore, exports: Exports, user: UserId
) -> None:
    requests = ExportRequests(pool, object_store)
    asked = await requests.ask(user, "192.0.2.7")
    assert await requests.ask(user, None) == asked
    by_operator = {"operator": "olivia", "reason": "a report"}
    await record(pool, Entry(EventType.STATUS_CHANGED, "suspended to active", user_id=user, details=by_operator))
    ready = await exports.write(asked.export_id, user)
    assert await exports.write(asked.export_id, user), "a try that is repeated writes it anew"
    shown = await requests.last(user)
    assert shown is not None
    assert (shown.status, shown.export_id) == ("ready", asked.export_id)
    content = b"".join([piece async for piece in requests.stream(shown)])
    assert abs(len(content) - ready.bytes) < 200
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        read = {name: json.loads(archive.read(name)) for name in archive.namelist() if name.endswith(".json")}
    assert len(read["user_follows.json"]) == FOLLOWED
    assert read["profiles.json"][0]["bio"] == "I [mint]."
    assert [one["ip_address"] for one in read["sessions.json"]] == ["192.0.2.7"]
    assert read["media.json"] == []
    assert {one["event_type"] for one in read["security_events.json"]} == {"users.export_asked", "users.status_changed"}
    assert not any(secret in json.dumps(read) for secret in ("cd" * 32, "olivia", "a report"))
    await exports.drop(asked.export_id)
    await exports.drop(asked.export_id)
    assert (await requests.last(user) or shown).status == "expired"
    with pytest.raises(NotFoundError):
        await anext(requests.stream(shown))


async def test_a_table_of_more_than_the_limit_of_a_plain_zip_file_is_exported(
    pool: asyncpg.Pool, object_store: ObjectStore, exports: Exports, user: UserId, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 1_000)  # in place of 2 GiB
    requests = ExportRequests(pool, object_store)
    await exports.write((await requests.ask(user, None)).export_id, user)
    shown = await requests.last(user)
    assert shown is not None
    content = b"".join([piece async for piece in requests.stream(shown)])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert len(json.loads(archive.read("user_follows.json"))) == FOLLOWED


async def test_a_try_that_ends_after_the_archive_was_dropped_stores_none(
    pool: asyncpg.Pool, object_store: ObjectStore, exports: Exports, user: UserId, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = await ExportRequests(pool, object_store).ask(user, None)
    put = object_store.put

    async def dropped_meanwhile(key: str, content: Path, content_type: str) -> None:
        await exports.drop(asked.export_id)
        await put(key, content, content_type)

    monkeypatch.setattr(object_store, "put", dropped_meanwhile)
    assert (await exports.write(asked.export_id, user)).bytes == 0
    assert await object_store.head(key_of(asked.export_id)) is None


async def test_the_file_of_an_export_is_swept_when_its_process_was_killed_and_not_before(
    pool: asyncpg.Pool,
    object_store: ObjectStore,
    exports: Exports,
    user: UserId,
    spool: Spool,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    killed = Spool(tmp_path / "killed")

    async def put(_: str, file: Path, __: str) -> None:
        assert spool.sweep() == 0, "its process runs"
        shutil.copytree(file.parent, tmp_path / "killed" / file.parent.name)  # the same without a lock

    monkeypatch.setattr(object_store, "put", put)
    asked = await ExportRequests(pool, object_store).ask(user, None)
    await exports.write(asked.export_id, user)
    assert spool.sweep() == 0, "its own folder is gone"
    assert killed.sweep() == 1


async def test_an_export_whose_account_was_erased_meanwhile_leaves_nothing(
    object_store: ObjectStore, exports: Exports
) -> None:
    gone = UUID(int=9)
    assert (await exports.write(gone, UserId(gone))).bytes == 0
    assert await object_store.head(key_of(gone)) is None
