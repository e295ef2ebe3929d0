"""Fixtures of the API's tests."""

from tests.support.intents_api import alice, api, front
from tests.support.publishing import maker, press, printing, stranger

__all__ = ["alice", "api", "front", "maker", "press", "printing", "stranger"]
