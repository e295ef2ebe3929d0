"""Somebody of the showcase, who does many things at once: transactions are sent in order, and followed at the end."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeVar
from uuid import uuid4

from steadymint.demo.people.person import Person, expect
from steadymint.demo.run import DemoFailedError, DemoRun, accepted
from steadymint.demo.wallets import KeyWallet
from steadymint_client import Asking, AsyncSteadymint, Outcome, models

LOOK_EVERY: Final = 0.5
"""Seconds between two looks at an intent. A dozen people look at once, and each look costs the API milliseconds."""
SETTLES_WITHIN: Final = 90.0
"""Seconds in which an intent must be ready once its block is deep enough. It takes one or two."""

Body = TypeVar("Body", contravariant=True)


class Prepare(Protocol[Body]):
    """An operation that prepares an intent."""

    async def __call__(
        self, body: Body, *, idempotency_key: str | None = None
    ) -> models.PreparedAnswer | models.FillAnswer | models.SatisfiedAnswer: ...


@dataclass(frozen=True, slots=True)
class Prepared:
    """A transaction that the API has prepared."""

    intent_id: str
    tx_request: dict[str, Any]
    preview_address: str | None


class Resident(Person):
    """A user with a key."""

    def __init__(self, demo: DemoRun, name: str, username: str, wallet: KeyWallet, client: AsyncSteadymint) -> None:
        super().__init__(demo, name, wallet, client, username)
        self._sending = asyncio.Lock()
        self._open: list[str] = []
        self.settled = 0
        """How many intents have become ready."""
        self.address: str = wallet.address

    async def ask(self, prepare: Prepare[Body], body: Body) -> Prepared:
        """What the wallet has to sign, where nothing has to be approved first. Raises DemoFailedError,
        SteadymintError."""
        answer = await prepare(body, idempotency_key=uuid4().hex)
        assert not isinstance(answer, models.SatisfiedAnswer), answer.detail
        steps = answer.steps if isinstance(answer, models.FillAnswer) else []
        waiting = [step.kind for step in steps[:-1] if step.status != "ready"]
        expect(not waiting, f"{self.name} has approved what a {answer.kind} needs, and not that {waiting} are missing")
        return Prepared(answer.intent_id, answer.tx_request.body(), answer.preview_address)

    async def send(self, tx_request: dict[str, Any]) -> str:
        """Send a transaction behind those that were sent before. Returns its hash."""
        async with self._sending:
            return await self.wallet.send(tx_request)

    async def carry_out(self, prepared: Prepared) -> None:
        """Send it and report it. `settle` waits for it. Raises SteadymintError."""
        tx_hash = await self.send(prepared.tx_request)
        self._open.append(prepared.intent_id)
        await self.api.track_intent(prepared.intent_id, models.TrackBody(tx_hash=tx_hash))

    async def settle(self) -> None:
        """Until all that was carried out is ready. Raises DemoFailedError, SteadymintError."""
        done, self._open = self._open, []
        for intent_id in done:  # who waits for the first one finds most of the others ready
            await self._until_ready(intent_id)

    async def _until_ready(self, intent_id: str) -> None:
        ended: models.IntentView | None = None

        async def final() -> bool:
            nonlocal ended
            ended = await self.api.get_intent(intent_id)
            return ended.status != "pending"

        await self._demo.until(f"{self.name}'s intent {intent_id} has ended", final, SETTLES_WITHIN, LOOK_EVERY)
        if ended is None or ended.status != "ready":
            raise DemoFailedError(f"{self.name}'s intent has ended: {ended}")
        self.settled += 1

    async def place(self, wishes: Sequence[models.WishBody]) -> list[str]:
        """Sign orders, whose approvals are given. Their hashes. Raises DemoFailedError, SteadymintError."""
        placed: list[models.OrderView] = []
        async for event in self.client.place_orders(self.wallet, self._demo.chain_id, *wishes):
            if isinstance(event, Asking):
                expect(event.kind == "order", f"{self.name} has approved what the orders need")
            elif isinstance(event, Outcome):
                placed = accepted(event)
        for order in placed:
            expect(order.status == "active", f"order {order.order_hash} is active, and not {order.status}")
        return [order.order_hash for order in placed]
