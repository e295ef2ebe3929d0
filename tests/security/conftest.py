"""Fixtures of the attack cases."""

from tests.support.intents_api import alice, api, front

__all__ = ["alice", "api", "front"]
