"""Where webhooks may lead: the public internet, and on a local stack a receiver of its own beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from yarl import URL

from steadymint.outbound.client import Target
from steadymint.outbound.gate import parse_url

_LOCAL: Final = re.compile(r"(http://127\.0\.0\.1:[0-9]{1,5})(/[!-~]*)?")


class Targets:
    """Reads addresses of receivers. `local`: the origins that are asked past the gate (`WebhookSettings`)."""

    def __init__(self, local: Iterable[str] = ()) -> None:
        self._local = frozenset(local)

    def read(self, text: str) -> Target:
        """A stranger's address, if it may be sent to. Raises OutboundError as `parse_url`."""
        local = _LOCAL.fullmatch(text) if self._local else None
        if local and local[1] in self._local:
            return Target(URL(text), configured=True)
        return Target(parse_url(text), configured=False)
