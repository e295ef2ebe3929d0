"""Fixtures of the attack cases."""

from tests.support.intents_api import alice, api, front
from tests.support.media_api import _studio, painter, studio

__all__ = ["_studio", "alice", "api", "front", "painter", "studio"]
