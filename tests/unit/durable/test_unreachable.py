"""A process that has started while Temporal was away says so, and does not call it an error of its own."""

from __future__ import annotations

from uuid import uuid4

import pytest

from steadymint.domain.errors import UpstreamUnavailableError
from steadymint.domain.intents import IntentKind
from steadymint.domain.sign_in import Proof, SignInAttempt
from steadymint.domain.types import Bytes32, IntentId
from steadymint.durable.client import connect
from steadymint.durable.flows import IntentFlows
from steadymint.durable.queues import Queues
from steadymint.durable.sign_in import SignInFlows
from steadymint.settings import Settings, TemporalSettings
from tests.support.intents import ALICE, CHAIN, tx_hash

NOBODY = Settings(environment="test", temporal=TemporalSettings(address="127.0.0.1:1"))
"""Where no server listens."""


async def test_an_intent_flow_that_cannot_be_reached_is_an_outage() -> None:
    flows = IntentFlows(await connect(NOBODY, lazy=True), Queues())
    with pytest.raises(UpstreamUnavailableError):
        await flows.begin_tracking(IntentKind.MINT, IntentId(uuid4()), tx_hash())


async def test_a_sign_in_that_cannot_be_started_is_an_outage() -> None:
    flows = SignInFlows(await connect(NOBODY, lazy=True), Queues())
    attempt = SignInAttempt(
        attempt_id=uuid4(),
        nonce_hash="a" * 64,
        account=ALICE,
        chain_id=CHAIN,
        domain="market.example",
        proof=Proof.EOA,
        digest=Bytes32(tx_hash()),
        refresh_hash="b" * 64,
    )
    with pytest.raises(UpstreamUnavailableError):
        await flows.verify(attempt)
