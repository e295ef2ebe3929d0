"""The routes of each kind, found by the table of kinds: `api/intents/<kind>.py` has a `router`."""

from __future__ import annotations

from importlib import import_module

from fastapi import APIRouter

from steadymint.domain.intents.kinds import KINDS


def routers_of_kinds() -> list[APIRouter]:
    return [import_module(f"api.intents.{kind}").router for kind in KINDS]
