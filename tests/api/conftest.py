"""Fixtures of the API's tests."""

from tests.support.intents_api import alice, api, front
from tests.support.media_api import _studio, painter, studio
from tests.support.publishing import maker, press, printing, stranger

__all__ = ["_studio", "alice", "api", "front", "maker", "painter", "press", "printing", "stranger", "studio"]
