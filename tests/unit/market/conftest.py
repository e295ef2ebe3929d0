"""Fixtures of the market's tests."""

from tests.contracts.conftest import evm, house, init, market, owner, stage
from tests.support.trading import trading

__all__ = ["evm", "house", "init", "market", "owner", "stage", "trading"]
