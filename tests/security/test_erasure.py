"""After a deletion no store holds the user's name, texts, links, pictures, IP address or user agent: a scan of each.
Log lines never held them, but for two fields of the access log."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from pymongo import AsyncMongoClient
from temporalio.service import RPCError, RPCStatusCode

from steadymint.account_data.erasing import HeldRows
from steadymint.account_data.exports import ExportRequests, Exports
from steadymint.account_data.histories import ProofHistories
from steadymint.account_data.pictures import OwnedMedia
from steadymint.audit.operator_settings import OperatorSettings
from steadymint.documents import MEDIA_ASSETS, collection_of
from steadymint.domain.linking import workflow_id_of_link
from steadymint.domain.sign_in import workflow_id_of_nonce
from steadymint.domain.types import UserId
from steadymint.identity.messages.verification import hash_of_nonce
from steadymint.identity.users.deletions import Deletions
from steadymint.media.assets import Assets
from steadymint.media.ingest import Ingest
from steadymint.media.store import ObjectStore
from steadymint.media.uploads import Spool
from steadymint.settings import MediaSettings
from tests.support.documents import OWN
from tests.support.pictures import encoded, scene
from tests.support.profiles import a_name, patch
from tests.support.sign_in import Desk, Wallet, bearer, nonce_for, sign_in, verify
from tests.support.wallets import hand_in, link_nonce

LEAST_GRACE = timedelta(days=1)


class Scan:
    """Where texts are found, in every store."""

    def __init__(
        self, desk: Desk, mongo: AsyncMongoClient[dict[str, Any]], store: ObjectStore, texts: list[str]
    ) -> None:
        self._desk = desk
        self._mongo = mongo
        self._store = store
        self.texts = texts
        self.flows: list[str] = []
        """Ids of the flows that were started."""

    async def found(self) -> set[str]:
        """Tables, collections, objects, keys and histories."""
        return {
            *[place async for place in self._tables()],
            *[place async for place in self._documents()],
            *[place async for place in self._objects()],
            *[place async for place in self._keys()],
            *[place async for place in self.histories()],
        }

    def _holds(self, content: bytes) -> bool:
        return any(text.lower().encode() in content.lower() for text in self.texts)

    async def _tables(self) -> AsyncIterator[str]:
        tables = await self._desk.pool.fetch(
            "SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables"
            " WHERE table_type = 'BASE TABLE' AND table_schema LIKE '%\\_service'"
        )
        like = [f"%{text}%" for text in self.texts]
        for table in tables:
            statement = f"SELECT EXISTS (SELECT FROM {table['name']} t WHERE t::text ILIKE ANY ($1::text[]))"
            if await self._desk.pool.fetchval(statement, like):
                yield table["name"]

    async def _documents(self) -> AsyncIterator[str]:
        for database in set(await self._mongo.list_database_names()) - OWN:  # the server's own log is capped
            for name in await self._mongo[database].list_collection_names():
                async for document in self._mongo[database][name].find():
                    if self._holds(repr(document).encode()):
                        yield f"{database}.{name}"

    async def _objects(self) -> AsyncIterator[str]:
        for folder in ("blobs", "variants", "exports"):
            async for info in self._store.list(folder):
                if self._holds(info.key.encode()) or self._holds(await self._store.read(info.key)):
                    yield folder

    async def _keys(self) -> AsyncIterator[str]:
        """Keys that stay for longer than the shortest grace period."""
        async for key in self._desk.redis.scan_iter():
            left: int = await self._desk.redis.ttl(key)
            if (left < 0 or left > LEAST_GRACE.total_seconds()) and self._holds(key):
                yield "redis"

    async def histories(self) -> AsyncIterator[str]:
        named = ", ".join(f"'{one}'" for one in self.flows)
        async for run in self._desk.temporal.list_workflows(f"WorkflowId IN ({named})"):
            handle = self._desk.temporal.get_workflow_handle(run.id, run_id=run.run_id)
            try:
                async for event in handle.fetch_history_events():
                    if self._holds(event.SerializeToString()):
                        yield "temporal"
            except RPCError as error:
                if error.status is not RPCStatusCode.NOT_FOUND:  # the list still has it, and it is gone
                    raise


def logged(records: Sequence[logging.LogRecord]) -> tuple[str, list[str]]:
    """All that was logged, without the fields of the access log that hold IP address and user agent; and the first of
    these."""
    texts, peers = list[str](), list[str]()
    for record in records:
        said: Any = record.msg
        if record.name == "steadymint.access" and isinstance(said, dict):
            kept = dict(said)
            peers.append(kept.pop("peer"))
            del kept["user_agent"]
            said = kept
        texts.append(f"{record.name} {said!r} {record.args!r} {record.exc_info!r} {record.exc_text!r}")
    return "\n".join(texts), peers


@pytest.fixture
async def client(mongo: str) -> AsyncIterator[AsyncMongoClient[dict[str, Any]]]:
    async with AsyncMongoClient[dict[str, Any]](mongo) as opened:
        yield opened


async def _picture(ingest: Ingest, owner: UserId, turn: int, tmp_path: Any) -> str:
    file = tmp_path / f"{turn}.png"
    file.write_bytes(encoded(scene((64, 48), turn=turn), "PNG"))
    return (await ingest.take(file, owner=owner)).id


@pytest.mark.slow  # Temporal deletes histories half a minute after it was told to
async def test_after_a_deletion_a_scan_of_every_store_finds_nothing_of_the_user(
    desk: Desk,
    client: AsyncMongoClient[dict[str, Any]],
    object_store: ObjectStore,
    assets: Assets,
    ingest: Ingest,
    media_settings: MediaSettings,
    tmp_path: Any,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG, "steadymint")
    caplog.set_level(logging.INFO)
    wallet, second, name, address, agent = Wallet(), Wallet(), a_name(), "203.0.113.201", f"Browser {uuid4().hex}"
    async with desk.visitor(address) as visitor:
        visitor.headers["user-agent"] = agent
        tokens = await sign_in(visitor, wallet)
        await sign_in(visitor, wallet)
        text = wallet.message(await nonce_for(visitor, wallet.address)).text()
        assert (await verify(visitor, wallet.address, text, Wallet().sign(text))).status_code == 401
        to_link = await link_nonce(visitor, tokens, second)
        text = second.message(to_link).text()
        assert (await hand_in(visitor, tokens, second, text, second.sign(text))).status_code == 201
        said = {"username": name, "displayName": f"Zoe {name}", "bio": f"mail zoe-{name}@mail.example"}
        assert (await patch(visitor, tokens, **said)).status_code == 200
        other = await sign_in(visitor, Wallet())
        others_name = a_name()
        assert (await patch(visitor, other, username=others_name)).status_code == 200
        for path in (f"/v1/users/{name}", f"/v1/users?prefix={name}", f"/v1/users/{name}/followers"):
            assert (await visitor.get(path)).status_code == 200
        for person, whom in ((tokens, others_name), (other, name)):
            answer = await visitor.put(f"/v1/users/{whom}/follow", headers=bearer(person))
            assert answer.status_code == 204
    user, stranger = UserId(UUID(tokens["userId"])), UserId(UUID(other["userId"]))
    own = await _picture(ingest, user, 1, tmp_path)
    shared = await _picture(ingest, user, 2, tmp_path)
    published = await _picture(ingest, user, 3, tmp_path)
    await assets.add_owner(shared, stranger)
    await assets.mark_published([published])
    pool = desk.pool
    await pool.execute(
        "UPDATE user_service.profiles SET avatar_id = $2, socials_json = $3 WHERE user_id = $1",
        user,
        own,
        {"x": f"https://x.com/zoe_{name}"},
    )
    settings = OperatorSettings(pool)
    exports = Exports(pool, client, object_store, settings, Spool(tmp_path / "spool"))
    requests = ExportRequests(pool, object_store)
    await exports.write((await requests.ask(user, address)).export_id, user)
    # What the other user has done from the same address is theirs.
    for table, column in (("sessions", "ip_address"), ("login_events", "ip")):
        await pool.execute(
            f"UPDATE auth_service.{table} SET {column} = NULL, {'user_agent' if table == 'sessions' else 'ua'} = NULL"
            " WHERE user_id = $1",
            stranger,
        )
    await pool.execute(
        "UPDATE wallet_service.wallet_activity SET ip_address = NULL, user_agent = NULL WHERE wallet_id IN"
        " (SELECT wallet_id FROM wallet_service.wallet_links WHERE user_id = $1)",
        stranger,
    )
    await pool.execute(
        "DELETE FROM auth_service.auth_nonces WHERE account_id IN"
        " (SELECT address FROM wallet_service.wallet_links WHERE user_id = $1)",
        stranger,
    )

    scan = Scan(desk, client, object_store, [name, address, agent, own, str(user)])
    hashes = await pool.fetch("SELECT nonce_hash FROM auth_service.login_events WHERE user_id = $1", user)
    linked = workflow_id_of_link(user, hash_of_nonce(to_link))
    scan.flows = [*(workflow_id_of_nonce(row["nonce_hash"]) for row in hashes), linked]
    assert (await desk.temporal.get_workflow_handle(linked).describe()).run_id, "it is there"
    before = await scan.found()
    assert {"user_service.profiles", "auth_service.sessions", "auth_service.login_events"} <= before
    assert {"media.assets", "blobs", "temporal", "audit_service.security_events"} <= before

    deletions = Deletions(pool, settings)
    await deletions.close(user)
    assert (await deletions.begin(user, datetime.now(UTC))).state == "waiting"
    assert (await deletions.begin(user, datetime.now(UTC) + timedelta(days=15))).state == "due"
    assert not await deletions.take_back(user), "once it is due it cannot be taken back"
    for _ in range(2):  # a try that is repeated finds nothing, and fails at nothing
        await ProofHistories(pool, desk.temporal).forget(user)
        await exports.drop_all(user)
        await OwnedMedia(client, object_store).forget(user)
        await HeldRows(pool).forget(user)
        await deletions.finish(user)

    scan.texts.remove(str(user))  # the id alone leads to nobody
    async with asyncio.timeout(120):  # Temporal deletes a history some time after it was told to
        while [place async for place in scan.histories()]:  # noqa: ASYNC110
            await asyncio.sleep(0.5)
    left = await scan.found()
    assert left == set()
    lines, peers = logged(caplog.records)
    assert address in peers, "the requests were logged"
    assert not [text for text in scan.texts if text.lower() in lines.lower()]
    assert await assets.by_id(shared) is not None
    assert await assets.by_id(published) is not None
    owners = await collection_of(client, MEDIA_ASSETS).find({"owners": str(user)}).to_list()
    assert owners == []
    async with desk.visitor() as visitor:
        again = await sign_in(visitor, wallet)
        assert again["userId"] != str(user), "the wallet's next sign-in makes another user"
        assert (await patch(visitor, again, username=name)).status_code == 200, "the name is free"
