"""How an activity tells its own flow, and so the operators, what it waits for."""

from __future__ import annotations

from typing import Protocol

from steadymint.domain.waiting import Waiting


class Notices(Protocol):
    """Implemented by `steadymint.durable.notices`."""

    async def tell(self, workflow_id: str, waiting: Waiting) -> None:
        """Tells the flow; never raises."""
        ...
