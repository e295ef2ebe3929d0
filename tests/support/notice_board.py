"""A flow that keeps what it is told, for tests of the activities that tell one."""

from __future__ import annotations

from steadymint.domain.waiting import Waiting


class NoticeBoard:
    """A fake: what the flow was told."""

    def __init__(self) -> None:
        self.told: list[Waiting] = []

    async def tell(self, workflow_id: str, waiting: Waiting) -> None:
        self.told.append(waiting)
