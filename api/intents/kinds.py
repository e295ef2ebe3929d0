"""The routes of each kind, found by the table of kinds: `api/intents/<kind>.py` has a `router`."""

from __future__ import annotations

from importlib import import_module

from api.http.json_bodies import Router
from steadymint.domain.intents.kinds import KINDS


def routers_of_kinds() -> list[Router]:
    return [import_module(f"api.intents.{kind}").router for kind in KINDS]
