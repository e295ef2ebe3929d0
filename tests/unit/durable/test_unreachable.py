"""A process that has started while Temporal was away says so, and does not call it an error of its own."""

from __future__ import annotations

import asyncio
import socket
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from steadymint.domain.errors import UpstreamUnavailableError
from steadymint.domain.media import Asset, Cid, MediaId
from steadymint.domain.sign_in import SignatureKind, SignInAttempt
from steadymint.domain.types import Bytes32
from steadymint.durable import policies
from steadymint.durable.client import connect
from steadymint.durable.intents import IntentFlows
from steadymint.durable.media_flows import MediaFlows
from steadymint.durable.queues import Queues
from steadymint.durable.sign_in import SignInFlows
from steadymint.settings import Settings, TemporalSettings
from tests.support.intents import ALICE, CHAIN, tx_hash

NOBODY = Settings(environment="test", temporal=TemporalSettings(address="127.0.0.1:1"))
"""Where no server listens."""


async def test_an_intent_flow_that_cannot_be_reached_is_an_outage() -> None:
    flows = IntentFlows(await connect(NOBODY, lazy=True), Queues())
    with pytest.raises(UpstreamUnavailableError):
        await flows.begin_tracking(f"mint:{uuid4()}", tx_hash())


async def test_a_sign_in_that_cannot_be_started_is_an_outage() -> None:
    flows = SignInFlows(await connect(NOBODY, lazy=True), Queues())
    attempt = SignInAttempt(
        attempt_id=uuid4(),
        nonce_hash="a" * 64,
        account=ALICE,
        chain_id=CHAIN,
        domain="market.example",
        proof=SignatureKind.EOA,
        digest=Bytes32(tx_hash()),
        refresh_hash="b" * 64,
        contract_budget=9.0,
    )
    with pytest.raises(UpstreamUnavailableError):
        await flows.verify(attempt)


async def test_a_media_flow_that_cannot_be_started_is_left_to_the_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody listens, and where somebody listens and never answers: the upload is not held up by either."""
    monkeypatch.setattr(policies, "MEDIA_START_TIMEOUT", timedelta(seconds=0.2))
    asset = Asset(MediaId("a" * 64), Cid("bafk"), "image", "image/png", 1, datetime.now(UTC))
    with socket.create_server(("127.0.0.1", 0)) as silent:
        temporal = TemporalSettings(address=f"127.0.0.1:{silent.getsockname()[1]}")
        for settings in (NOBODY, Settings(environment="test", temporal=temporal)):
            flows = MediaFlows(await connect(settings, lazy=True), Queues())
            assert await asyncio.wait_for(flows.process(asset), 30) is False
