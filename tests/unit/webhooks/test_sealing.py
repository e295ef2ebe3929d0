"""A stored secret is worth nothing without its key and its webhook, and shows up nowhere."""

from __future__ import annotations

import base64
from uuid import uuid4

import asyncpg
import pytest

from steadymint.settings import CodecSettings
from steadymint.webhooks.sealing import Seal, SealError, new_secret
from tests.support.webhooks import KEY, subscribed

OTHER_KEY = base64.b64encode(b"k" * 32).decode()


def seal(*names: str) -> Seal:
    return Seal(CodecSettings.model_validate({"keys": {name: KEY if name == "test" else OTHER_KEY for name in names}}))


def test_a_secret_is_opened_by_its_key_and_for_its_webhook_alone() -> None:
    secret, webhook_id = new_secret(), uuid4()
    stored = seal("test").close(secret, webhook_id)
    assert secret.removeprefix("whsec_").encode() not in stored
    assert seal("new", "test").open(stored, webhook_id) == secret
    for opener, whose in ((seal("new"), webhook_id), (seal("test"), uuid4()), (Seal(CodecSettings()), webhook_id)):
        with pytest.raises(SealError) as refused:
            opener.open(stored, whose)
        assert secret not in str(refused.value)
    with pytest.raises(SealError):
        seal("test").open(stored[:-1] + bytes([stored[-1] ^ 1]), webhook_id)
    plain = Seal(CodecSettings())
    assert plain.open(plain.close(secret, webhook_id), webhook_id) == secret


async def test_the_database_holds_no_secret_that_can_be_read(pool: asyncpg.Pool) -> None:
    _, secret = await subscribed(pool, None)
    rows = await pool.fetch("select w::text as row, w.secret from event_service.webhooks w")
    raw = base64.b64decode(secret.removeprefix("whsec_"))
    assert not [row for row in rows if secret in row["row"] or raw.hex() in row["row"] or raw in row["secret"]]
    assert len({new_secret() for _ in range(100)}) == 100
