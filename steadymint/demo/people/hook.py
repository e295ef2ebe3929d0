"""A webhook of somebody's, and its receiver: the npm library of Standard Webhooks, in a process of its own."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from steadymint.demo.node_program import NodeProgram
from steadymint.demo.people.person import Person, expect
from steadymint.demo.run import DemoRun
from steadymint.domain.counting import counted
from steadymint_client import models


class Receiver(NodeProgram):
    """Takes what has a right signature (`receiver/receiver.mjs` lists the requests)."""

    sources = Path(__file__).parent / "receiver"
    file = "receiver.mjs"
    called = "receiver"


class Hook:
    """A subscription to all events of its owner, and what has come of them."""

    def __init__(self, demo: DemoRun, owner: Person) -> None:
        self._demo = demo
        self._owner = owner
        self._port = int(demo.stack["webhookReceiver"].rpartition(":")[2])
        self._id = ""
        self._secret = ""
        self.events = 0

    async def subscribe(self) -> None:
        """Raises ProblemError."""
        url = f"{self._demo.stack['webhookReceiver']}/hook"
        made = await self._owner.api.create_webhook(models.CreateWebhookBody(url=url, description="Harbour office"))
        self._id, self._secret = made.webhook_id, made.secret
        self._owner.tell("subscribes", f"{url}, where nobody listens yet")

    async def fails(self) -> None:
        """Until events have been tried in vain. Raises DemoFailedError, ProblemError."""
        waiting: list[models.DeliveryView] = []

        async def tried() -> bool:
            nonlocal waiting
            listing = self._owner.client.items(self._owner.api.list_webhook_deliveries, self._id, limit=100)
            waiting = [one async for one in listing]
            return any(one.error == "unreachable" for one in waiting)

        await self._demo.until("events of the webhook were tried", tried)
        expect(not any(one.status == "delivered" for one in waiting), "nothing was delivered to nobody")
        tries = counted(sum(one.attempts for one in waiting), "try", "tries")
        self._owner.tell("waiting", f"{counted(len(waiting), 'event')} for the receiver, {tries} in vain")

    async def receive(self, receiver: Receiver) -> None:
        """The receiver comes up, and gets everything. Raises DemoFailedError, ProblemError."""
        await receiver.do("open", port=self._port, secret=self._secret)
        self._owner.tell("opens", "a receiver that knows npm's standardwebhooks, and nothing of this market")
        # or it is tried when its wait is over
        await self._owner.api.change_webhook(self._id, models.ChangeWebhookBody(active=True))
        self._owner.tell("received", f"{counted(await self._caught_up(receiver), 'event')} that had waited")
        await self._owner.api.test_webhook(self._id)
        self._owner.tell(
            "received", f"webhook.test at once: {counted(await self._caught_up(receiver), 'event')} by now"
        )

    async def compare(self, receiver: Receiver) -> None:
        """What was received, with what we say that has happened. Raises DemoFailedError, ProblemError."""
        happened = (await self._owner.api.list_events(webhook_id=self._id, limit=1000)).items
        shown: dict[str, Any] = {}

        async def arrived() -> bool:
            nonlocal shown
            shown = await receiver.do("shown")
            return {one["sequence"] for one in shown["taken"]} >= {one.sequence for one in happened}

        await self._demo.until(f"{counted(len(happened), 'event')} have arrived", arrived)
        taken = [one for one in shown["taken"] if one["sequence"] <= len(happened)]  # more may happen meanwhile
        expect(shown["refused"] == 0, "the library takes every signature")
        expect(await receiver.do("forge") == 401, "the library refuses what was changed on the way")
        numbers = Counter(one["sequence"] for one in taken)
        expect(numbers == Counter(range(1, len(happened) + 1)), f"each event came once, and not {dict(numbers)}")
        came = {one["sequence"]: (one["id"], one["type"], one["data"]) for one in taken}
        said = {one.sequence: (one.id, one.type, one.data) for one in happened}
        expect(came == said, "what came is what happened")
        expect(all(one["header"] == one["id"] for one in taken), "each message is signed under its id")
        subjects: dict[str, list[int]] = {}
        for one in taken:
            subjects.setdefault(_subject(one["data"]), []).append(one["sequence"])
        for subject, order in subjects.items():
            expect(order == sorted(order), f"the events of {subject} came in their order, and not {order}")
        self.events = len(taken)
        detail = f"{counted(self.events, 'event')} of {counted(len(subjects), 'subject')}: each once, in order, signed"
        self._demo.tell("Webhook", "compared", f"{detail}; a forged one is refused")

    async def end(self) -> None:
        """Nobody will listen there any more. Raises ProblemError."""
        await self._owner.api.delete_webhook(self._id)
        self._owner.tell("ends", "her subscription")

    async def _caught_up(self, receiver: Receiver) -> int:
        """How many events there are, once the receiver has as many. Raises DemoFailedError, ProblemError."""
        told = 0

        async def holds() -> bool:
            nonlocal told
            told = (await self._owner.api.get_webhook(self._id)).last_sequence
            waiting = await self._owner.api.list_webhook_deliveries(self._id, status="pending")
            return not waiting.items and len((await receiver.do("shown"))["taken"]) >= told

        await self._demo.until("the receiver has every event", holds)
        return told


def _subject(data: dict[str, Any]) -> str:
    """What an event is about: those of one subject come in order."""
    if "intent" in data:
        return f"intent {data['intent']['intentId']}"
    return next(
        f"{member} {data[member]}" for member in ("orderHash", "contract", "userId", "webhookId") if member in data
    )
