"""Fixtures of the API's tests."""

from tests.support.intents_api import alice, api, front

__all__ = ["alice", "api", "front"]
