"""After a deletion no store holds the user's name, texts, links, pictures, IP address or user agent: a scan of each.
Log lines never held them, but for two fields of the access log."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from random import randrange
from typing import Any, Final
from uuid import UUID, uuid4

import httpx
import pytest
from pymongo import AsyncMongoClient
from temporalio.common import TypedSearchAttributes

from steadymint.account_data.erasing import HeldRows
from steadymint.account_data.exports import ExportRequests, Exports
from steadymint.account_data.histories import UserHistories
from steadymint.account_data.pictures import OwnedMedia
from steadymint.audit.operator_settings import OperatorSettings
from steadymint.documents import MEDIA_ASSETS, collection_of
from steadymint.domain import media_flows
from steadymint.domain.accounts import HistoriesPlace
from steadymint.domain.intents.identity import workflow_id_of
from steadymint.domain.intents.launch import LaunchOrder
from steadymint.domain.intents.order import Caller
from steadymint.domain.linking import workflow_id_of_link
from steadymint.domain.media import MediaId
from steadymint.domain.media_flows import PROCESS_MEDIA, ProcessOrder
from steadymint.domain.types import Address, UserId, show_address
from steadymint.durable.search_attributes import attributes
from steadymint.events.relay import Relay
from steadymint.events.streams import RedisStreams
from steadymint.identity.messages.verification import hash_of_nonce
from steadymint.identity.users.deletions import Deletions
from steadymint.media.assets import Assets
from steadymint.media.ingest import Ingest
from steadymint.media.store import ObjectStore
from steadymint.media.uploads import Spool
from steadymint.settings import MediaSettings
from steadymint.webhooks.fanout import WebhookFanout
from tests.kinds.test_launch import TERMS
from tests.migrations.rows import ROWS
from tests.security.scan import Scan
from tests.support.catalog_rows import insert
from tests.support.pictures import encoded, scene
from tests.support.profiles import a_name, patch
from tests.support.sign_in import CHAIN, Desk, Wallet, bearer, nonce_for, sign_in, verify
from tests.support.wallets import hand_in, link_nonce


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


EVERYWHERE: Final = {
    "user_service.profiles",
    "auth_service.sessions",
    "auth_service.login_events",
    "audit_service.security_events",
    "event_service.webhooks",
    "orchestrator_service.tx_intents",
    "wallet_service.wallet_activity",
    "media.assets",
    "blobs",
    "redis",
    "temporal SignIn",
    "temporal LinkWallet",
    "temporal LaunchToken",
    "temporal ProcessMedia",
}
"""What has something of the user before."""


@pytest.fixture
async def client(mongo: str) -> AsyncIterator[AsyncMongoClient[dict[str, Any]]]:
    async with AsyncMongoClient[dict[str, Any]](mongo) as opened:
        yield opened


async def _picture(ingest: Ingest, owner: UserId, turn: int, tmp_path: Any) -> str:
    file = tmp_path / f"{turn}.png"
    file.write_bytes(encoded(scene((64, 48), turn=turn), "PNG"))
    return (await ingest.take(file, owner=owner)).id


async def refused(visitor: httpx.AsyncClient, wallet: Wallet) -> None:
    text = wallet.message(await nonce_for(visitor, wallet.address)).text()
    assert (await verify(visitor, wallet.address, text, Wallet().sign(text))).status_code == 401


async def launched(desk: Desk, user: UserId, wallet: Wallet, description: str, icon: str) -> None:
    """Two tokens whose flows have ended: one whose transaction is on chain, and one that was refused."""
    intent_id, account = uuid4(), Address(wallet.address.lower())
    terms = TERMS.model_copy(update={"description": description, "icon": icon})
    order = LaunchOrder(
        intent_id=intent_id,
        chain_id=CHAIN,
        caller=Caller(user_id=user, account=account),
        request_hash="aa" * 32,
        deadline_seconds=3_600,
        task=terms,
    )
    asked = {"intent_id": intent_id, "kind": "launch", "created_by": user, "account": account, "idempotency_key": None}
    asked |= {"workflow_id": workflow_id_of("launch", intent_id), "req_payload_json": terms.model_dump(mode="json")}
    await insert(desk.pool, "orchestrator_service.tx_intents", [ROWS["orchestrator_service.tx_intents"] | asked])
    await ended(desk, "LaunchToken", order, workflow_id_of("launch", intent_id))
    of_refused = attributes(flow="LaunchToken", account=show_address(account))
    await ended(desk, "LaunchToken", order, workflow_id_of("launch", uuid4()), of_refused)


async def processed(desk: Desk, media_id: str) -> None:
    """The flow of a picture has ended."""
    await ended(desk, PROCESS_MEDIA, ProcessOrder(media_id=MediaId(media_id)), media_flows.workflow_id_of(media_id))


async def ended(
    desk: Desk, workflow: str, order: Any, workflow_id: str, shown: TypedSearchAttributes = TypedSearchAttributes.empty
) -> None:
    """A flow that nobody serves here: its history has what it was asked."""
    flow = await desk.temporal.start_workflow(
        workflow, order, id=workflow_id, task_queue="nobody", search_attributes=shown
    )
    await flow.terminate()


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
    wallet, second, name, agent = Wallet(), Wallet(), a_name(), f"Browser {uuid4().hex}"
    address = f"198.18.{randrange(256)}.{randrange(256)}"
    scan = Scan(desk, client, object_store, [name, address, agent])
    consumers = [RedisStreams(desk.redis), WebhookFanout()]
    relay = Relay(desk.pool, consumers)
    await relay.register()
    async with desk.visitor(address) as visitor, desk.visitor() as elsewhere:
        visitor.headers["user-agent"] = agent
        await refused(visitor, wallet)  # nobody has linked it yet
        tokens = await sign_in(visitor, wallet)
        await sign_in(visitor, wallet)
        await refused(visitor, wallet)
        to_link = await link_nonce(visitor, tokens, second)
        text = second.message(to_link).text()
        assert (await hand_in(visitor, tokens, second, text, second.sign(text))).status_code == 201
        await refused(visitor, second)
        gone = await visitor.delete(f"/v1/me/wallets/{second.address}", headers=bearer(tokens))
        assert gone.status_code == 204, gone.text
        await refused(visitor, second)  # nobody has linked it any more
        hook = {"url": f"https://{name.replace('_', '-')}.example/{name}", "description": f"of {name}"}
        assert (await visitor.post("/v1/webhooks", headers=bearer(tokens), json=hook)).status_code == 201
        said = {"username": name, "displayName": f"Zoe {name}", "bio": f"mail zoe-{name}@mail.example"}
        assert (await patch(visitor, tokens, **said)).status_code == 200
        other = await sign_in(elsewhere, Wallet())
        others_name = a_name()
        assert (await patch(elsewhere, other, username=others_name)).status_code == 200
        for path in (f"/v1/users/{name}", f"/v1/users?prefix={name}", f"/v1/users/{name}/followers"):
            assert (await visitor.get(path)).status_code == 200
        for browser, person, whom in ((visitor, tokens, others_name), (elsewhere, other, name)):
            answer = await browser.put(f"/v1/users/{whom}/follow", headers=bearer(person))
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
    await launched(desk, user, wallet, f"The coin of {name}", own)
    await processed(desk, own)
    for consumer in consumers:
        while await relay.deliver(consumer):
            pass
    scan.texts += [own, str(user)]
    linked = workflow_id_of_link(user, hash_of_nonce(to_link))
    assert (await desk.temporal.get_workflow_handle(linked).describe()).run_id, "it is there"
    before = await scan.found()
    assert before >= EVERYWHERE

    deletions = Deletions(pool, settings)
    await deletions.close(user)
    await scan.pass_over_what_expires()
    assert (await deletions.begin(user, datetime.now(UTC))).state == "waiting"
    assert (await deletions.begin(user, datetime.now(UTC) + timedelta(days=15))).state == "due"
    assert not await deletions.take_back(user), "once it is due it cannot be taken back"
    for _ in range(2):  # a try that is repeated finds nothing, and fails at nothing
        await HeldRows(pool).end_links(user)
        await exports.drop_all(user)
        await OwnedMedia(client, object_store, desk.temporal).forget(user)
        async for _ in UserHistories(pool, desk.temporal).forget(user, HistoriesPlace()):
            pass
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
