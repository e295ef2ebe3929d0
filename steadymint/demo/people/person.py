"""Somebody with a name, a wallet and a client of our API, and nothing else."""

from __future__ import annotations

import time
from typing import Any

from steadymint.demo.client import ApiClient, ProblemError
from steadymint.demo.run import DemoFailedError, DemoRun, Done
from steadymint.demo.wallets import Wallet


class Person:
    """A user who has signed in."""

    def __init__(
        self, demo: DemoRun, name: str, wallet: Wallet, client: ApiClient, username: str | None = None
    ) -> None:
        self._demo = demo
        self.name = name
        self.username = username or f"harbour_{name.lower()}"
        self.wallet = wallet
        self.client = client

    def tell(self, what: str, detail: str) -> None:
        self._demo.tell(self.name, what, detail)

    async def change(self, **members: Any) -> None:
        """Change the own profile. Raises ProblemError."""
        await self.client.call("PATCH", "/v1/me", members)

    async def look_at(self, other: Person) -> dict[str, Any] | None:
        """The other's profile as this person sees it; None if there is nobody to be seen. Raises ProblemError."""
        try:
            return await self.client.call("GET", f"/v1/users/{other.username}")
        except ProblemError as problem:
            if problem.status == 404:
                return None
            raise

    async def relate(self, method: str, other: Person, relation: str) -> None:
        """`PUT` or `DELETE` a `follow` or a `block`. Raises ProblemError."""
        await self.client.call(method, f"/v1/users/{other.username}/{relation}")

    async def prepare(self, path: str, **body: Any) -> dict[str, Any]:
        """What the wallet has to sign. Raises ProblemError."""
        key = f"{self.name}-{path}-{time.perf_counter()}"
        return await self.client.call("POST", path, {"chainId": self._demo.chain_id, **body}, key=key)

    async def go_through(self, what: str, prepared: dict[str, Any]) -> Done:
        """Send what was prepared, and watch it to its end. Raises DemoFailedError, ProblemError."""
        begun = time.perf_counter()
        return await self._demo.sign_and_follow(self.client, self.wallet, f"{self.name}: {what}", prepared, begun)


def expect(holds: bool, what: str) -> None:
    """Raises DemoFailedError unless it holds."""
    if not holds:
        raise DemoFailedError(f"it does not hold that {what}")
