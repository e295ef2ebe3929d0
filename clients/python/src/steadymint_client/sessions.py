"""Where a session is kept."""

from __future__ import annotations

from typing import Protocol

from steadymint_client.models import TokenAnswer


class SessionStore(Protocol):
    """Keeps one session."""

    def load(self) -> TokenAnswer | None: ...

    def save(self, session: TokenAnswer | None) -> None:
        """None forgets it."""
        ...


class MemorySession:
    """A session that is gone when the process is."""

    def __init__(self, session: TokenAnswer | None = None) -> None:
        self._session = session

    def load(self) -> TokenAnswer | None:
        return self._session

    def save(self, session: TokenAnswer | None) -> None:
        self._session = session
