"""Somebody of the showcase, who does many things at once: transactions are sent in order, and followed at the end."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from steadymint.demo.client import TRIES, ApiClient, ProblemError
from steadymint.demo.orders import place_orders
from steadymint.demo.people.person import Person, expect
from steadymint.demo.run import DemoFailedError, DemoRun
from steadymint.demo.wallets import KeyWallet

LOOK_EVERY: Final = 0.5
"""Seconds between two looks at an intent. A dozen people look at once, and each look costs the API milliseconds."""
SETTLES_WITHIN: Final = 90.0
"""Seconds in which an intent must be ready once its block is deep enough. It takes one or two."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A transaction that the API has prepared."""

    intent_id: str
    tx_request: dict[str, Any]
    answer: dict[str, Any]


class Resident(Person):
    """A user with a key."""

    def __init__(self, demo: DemoRun, name: str, username: str, wallet: KeyWallet, client: ApiClient) -> None:
        super().__init__(demo, name, wallet, client, username)
        self._sending = asyncio.Lock()
        self._open: list[str] = []
        self.settled = 0
        """How many intents have become ready."""
        self.address: str = wallet.address

    async def ask(self, path: str, **body: Any) -> Prepared:
        """What the wallet has to sign, where nothing has to be approved first. Raises DemoFailedError, ProblemError."""
        answer = await self.prepare(path, **body)
        own = answer["steps"][-1] if "steps" in answer else answer
        waiting = [step["kind"] for step in answer.get("steps", ())[:-1] if step["status"] != "ready"]
        expect(not waiting, f"{self.name} has approved what {path} needs, and not that {waiting} are missing")
        return Prepared(own["intentId"], own["txRequest"], answer)

    async def send(self, tx_request: dict[str, Any]) -> str:
        """Send a transaction behind those that were sent before. Returns its hash."""
        async with self._sending:
            return await self.wallet.send(tx_request)

    async def carry_out(self, prepared: Prepared) -> None:
        """Send it and report it. `settle` waits for it. Raises ProblemError."""
        tx_hash = await self.send(prepared.tx_request)
        self._open.append(prepared.intent_id)
        await self.client.call("POST", f"/v1/intents/{prepared.intent_id}/track", {"txHash": tx_hash})

    async def settle(self) -> None:
        """Until all that was carried out is ready. Raises DemoFailedError, ProblemError."""
        done, self._open = self._open, []
        for intent_id in done:  # who waits for the first one finds most of the others ready
            await self._until_ready(intent_id)

    async def _until_ready(self, intent_id: str) -> None:
        shown: dict[str, Any] = {}

        async def final() -> bool:
            nonlocal shown
            shown = await self.client.call("GET", f"/v1/intents/{intent_id}")
            return shown["status"] != "pending"

        await self._demo.until(f"{self.name}'s intent {intent_id} has ended", final, SETTLES_WITHIN, LOOK_EVERY)
        if shown["status"] != "ready":
            raise DemoFailedError(f"{self.name}'s {shown['kind']} ended {shown['step']}: {shown.get('error')}")
        self.settled += 1

    async def place(
        self, wishes: Sequence[dict[str, Any]], start: int | None = None, end: int | None = None
    ) -> list[str]:
        """Sign orders that count between two moments (Unix seconds). Their hashes. Raises DemoFailedError,
        ProblemError."""
        times = {name: _moment(at) for name, at in (("startAt", start), ("endAt", end)) if at is not None}
        asked = [wish | times for wish in wishes]
        taken = await self._placed(asked)
        for order in taken:
            expect(order["status"] == "active", f"order {order['orderHash']} is active, and not {order['status']}")
        return [order["orderHash"] for order in taken]

    async def _placed(self, asked: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """On a busy machine the node may not answer in time. Then no order was taken, and all are signed anew."""
        for _ in range(TRIES - 1):
            try:
                return await place_orders(self.client, self.wallet, self._demo.chain_id, asked, self._refuse)
            except ProblemError as problem:
                if problem.status != 503:
                    raise
                await asyncio.sleep(problem.retry_after)
        return await place_orders(self.client, self.wallet, self._demo.chain_id, asked, self._refuse)

    async def _refuse(self, approval: dict[str, Any]) -> None:
        raise DemoFailedError(f"{self.name} has not approved {approval}")


def _moment(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat()
