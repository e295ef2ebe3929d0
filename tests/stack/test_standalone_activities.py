"""A Temporal without standalone activities, which orders need, is found by `doctor` and named in the log."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import structlog
from structlog.testing import capture_logs

from steadymint.cli.check_stores import check_temporal
from steadymint.domain.errors import UpstreamUnavailableError
from steadymint.domain.market.intake import BUILD_ORDERS, OrderWishes
from steadymint.durable import market
from steadymint.durable.client import connect
from steadymint.durable.market import MarketOrders
from steadymint.durable.queues import Queues
from steadymint.settings import Settings, TemporalSettings
from steadymint.stack.temporal import Temporal
from tests.support.intents import CHAIN


@pytest.fixture
async def without(tmp_path: Path) -> AsyncIterator[Settings]:
    """A server as those before 1.32 are by default."""
    server = Temporal(tmp_path, headless=True, dynamic_config={"activity.enableStandalone": "false"})
    await server.start()
    try:
        yield Settings(temporal=TemporalSettings(address=server.url))
    finally:
        await server.stop()


async def test_a_temporal_without_standalone_activities_is_not_fit_and_the_log_says_what_it_answered(
    without: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(market, "_log", structlog.get_logger("steadymint.durable.market"))  # another test has used it
    finding = await check_temporal(without)
    assert not finding.fit
    assert "`activity.enableStandalone`" in finding.detail
    orders = MarketOrders(await connect(without), Queues(), None)  # type: ignore[arg-type]
    with capture_logs() as logged, pytest.raises(UpstreamUnavailableError):
        await orders.build(OrderWishes(chain_id=CHAIN, wishes=()))
    assert [(one["event"], one["activity"], one["error"]) for one in logged] == [
        ("orders_not_checked", BUILD_ORDERS, "UNIMPLEMENTED")
    ]


async def test_a_temporal_with_them_is_fit(temporal: str, temporal_namespace: str) -> None:
    settings = Settings(temporal=TemporalSettings(address=temporal, namespace=temporal_namespace))
    finding = await check_temporal(settings)
    assert finding.fit, finding.detail
