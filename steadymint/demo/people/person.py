"""Somebody with a name, a wallet and a client of our API, and nothing else."""

from __future__ import annotations

from steadymint.demo.run import DemoFailedError, DemoRun
from steadymint_client import AsyncFlow, AsyncSteadymint, AsyncWallet, ProblemError, models


class Person:
    """A user who has signed in."""

    def __init__(
        self, demo: DemoRun, name: str, wallet: AsyncWallet, client: AsyncSteadymint, username: str | None = None
    ) -> None:
        self._demo = demo
        self.name = name
        self.username = username or f"harbour_{name.lower()}"
        self.wallet = wallet
        self.client = client
        self.api = client.api

    def tell(self, what: str, detail: str) -> None:
        self._demo.tell(self.name, what, detail)

    async def look_at(self, other: Person) -> models.UserBody | None:
        """The other's profile as this person sees it; None if there is nobody to be seen. Raises ProblemError."""
        try:
            return await self.api.get_user(other.username)
        except ProblemError as problem:
            if problem.status == 404:
                return None
            raise

    async def go_through(self, what: str, flow: AsyncFlow) -> models.IntentView:
        """Raises DemoFailedError, SteadymintError."""
        return await self._demo.go_through(f"{self.name}: {what}", flow)


def expect(holds: bool, what: str) -> None:
    """Raises DemoFailedError unless it holds."""
    if not holds:
        raise DemoFailedError(f"it does not hold that {what}")
