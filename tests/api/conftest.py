"""Fixtures of the API's tests."""

from tests.contracts.conftest import evm, house, init, market, owner, stage
from tests.support.intents_api import alice, api, front
from tests.support.media_api import _studio, painter, studio
from tests.support.order_counter import counter
from tests.support.publishing import maker, press, printing, stranger
from tests.support.trading import trading

__all__ = [
    "_studio",
    "alice",
    "api",
    "counter",
    "evm",
    "front",
    "house",
    "init",
    "maker",
    "market",
    "owner",
    "painter",
    "press",
    "printing",
    "stage",
    "stranger",
    "studio",
    "trading",
]
