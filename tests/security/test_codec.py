"""What seals the payloads in Temporal's database, and the server that opens them for operators."""

from __future__ import annotations

import base64
import os

import httpx
import pytest
from google.protobuf.json_format import MessageToJson, Parse
from pydantic import SecretStr, ValidationError
from temporalio.api.common.v1 import Payload, Payloads

from steadymint.durable.codec import ENCODING, EncryptionCodec
from steadymint.settings import AuthSettings, CodecSettings, Settings
from workers.codec_server import create_codec_server

OLD, NEW = os.urandom(32), os.urandom(32)
SECRET = Payload(metadata={"encoding": b"json/plain"}, data=b'"the words of a user"')
TOKEN = "a token of the operators' identity provider"


async def sealed(key_id: str = "new") -> Payload:
    return (await EncryptionCodec({"new": NEW, "old": OLD}, key_id).encode([SECRET]))[0]


async def test_a_payload_is_sealed_and_comes_back_whole() -> None:
    payload = await sealed()
    assert payload.metadata["encoding"] == ENCODING
    assert b"words" not in payload.SerializeToString()
    assert (await sealed()).data != payload.data  # a nonce of its own each time
    assert await EncryptionCodec({"new": NEW}, "new").decode([payload]) == [SECRET]


async def test_payloads_of_before_a_rotation_and_of_before_encryption_stay_readable() -> None:
    codec = EncryptionCodec({"new": NEW, "old": OLD}, "new")
    assert await codec.decode([await sealed("old"), SECRET]) == [SECRET, SECRET]


async def test_a_payload_that_was_touched_is_never_opened() -> None:
    codec = EncryptionCodec({"new": NEW, "old": OLD}, "new")
    good = await sealed()
    touched = [Payload(metadata=good.metadata, data=good.data[:at] + b"\0" + good.data[at + 1 :]) for at in (0, 20, -2)]
    cut = [Payload(metadata=good.metadata, data=good.data[:length]) for length in (0, 5, 12, 27)]
    renamed = [
        Payload(metadata={"encoding": ENCODING, "encryption-key-id": name}, data=good.data)
        for name in (b"old", b"", b"\xff", b"gone")
    ]
    for payload in (*touched, *cut, *renamed):
        if payload.data != good.data or payload.metadata != good.metadata:
            with pytest.raises(ValueError, match="payload is"):
                await codec.decode([payload])


def settings(**codec: object) -> Settings:
    keys = {"new": SecretStr(base64.b64encode(NEW).decode())}
    return Settings(environment="production", codec=CodecSettings(keys=keys, **codec))  # type: ignore[arg-type]


def client(configured: Settings) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(create_codec_server(configured), raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://codec")


async def test_the_codec_server_opens_payloads_for_its_token_only() -> None:
    body = MessageToJson(Payloads(payloads=[await sealed()]))
    async with client(settings(server_token=SecretStr(TOKEN))) as http:
        for given in ("", "Bearer ", "Bearer x", f"Basic {TOKEN}", "Bearer é"):
            header = httpx.Headers([(b"authorization", given.encode())])
            answer = await http.post("/decode", content=body, headers=header)
            assert (answer.status_code, b"words" in answer.content) == (401, False)
        good = {"Authorization": f"Bearer {TOKEN}"}
        answer = await http.post("/decode", content=body, headers=good)
        assert list(Parse(answer.text, Payloads()).payloads) == [SECRET]
        broken = MessageToJson(Payloads(payloads=[Payload(metadata=(await sealed()).metadata, data=b"x" * 40)]))
        for rubbish in (b"", b"{", b"[1]", b"\xff", broken.encode()):
            assert (await http.post("/decode", content=rubbish, headers=good)).status_code == 400, rubbish
        for origin, allowed in ((settings().temporal.ui_url, True), ("https://evil.example", False)):
            answer = await http.post("/decode", content=body, headers=good | {"Origin": origin})
            assert ("access-control-allow-origin" in answer.headers) is allowed


def test_a_production_without_secrets_of_its_own_does_not_start() -> None:
    with pytest.raises(ValueError, match="SERVER_TOKEN"):
        create_codec_server(settings())
    example = {"2026-11": SecretStr("replace-me-with-at-least-32-random-bytes")}
    with pytest.raises(ValidationError, match="the example's"):
        Settings(environment="production", auth=AuthSettings(signing_keys=example))
    with pytest.raises(ValidationError, match="shorter than 32 bytes"):
        AuthSettings(signing_keys={"short": SecretStr("x" * 31)})
