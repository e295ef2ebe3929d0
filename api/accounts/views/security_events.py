"""From a security event to the body that its subject sees. The details are for operators."""

from __future__ import annotations

from typing import cast

from api.accounts.bodies.security_events import SecurityEventBody
from steadymint.audit.entries import EventType
from steadymint.audit.reading import SecurityEvent
from steadymint.domain.types import parse_address, show_address


def security_event(event: SecurityEvent) -> SecurityEventBody:
    shown: SecurityEventBody = {
        "id": event.id,
        # A worker of another release may have recorded a type that this process does not know.
        "type": cast(EventType, event.type),
        "severity": event.severity,
        "description": event.description,
        "at": event.at,
    }
    if event.wallet is not None:
        shown["address"] = show_address(parse_address(event.wallet))
    if event.ip is not None:
        shown["ipAddress"] = event.ip
    return shown
