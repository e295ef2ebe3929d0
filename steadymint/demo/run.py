"""The common steps of the demos: users sign in, go through flows, and are told of each step."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Final, Self

from web3 import AsyncHTTPProvider, AsyncWeb3

from steadymint.domain.counting import counted
from steadymint.domain.intents.kinds import KINDS, IntentKind, SettledBy
from steadymint_client import (
    Asking,
    AsyncFlow,
    AsyncSteadymint,
    AsyncWallet,
    Outcome,
    Prepared,
    Sent,
    StatusEvent,
    codes,
    models,
)
from steadymint_client.transports import aiohttp_transport


class DemoFailedError(Exception):
    """The catalog and the chain disagree, or an intent did not end ready."""


@dataclass(slots=True)
class Done:
    """A row of the closing table: one intent."""

    what: str
    intent_id: str
    kind: str
    begun: float
    """Of `time.perf_counter`, as `seconds` is."""
    tx_hash: str = "-"
    steps: list[str] = field(default_factory=list[str])
    confirmations: str = "-"
    seconds: float = 0.0

    @property
    def workflow_id(self) -> str:
        return f"{self.kind}:{self.intent_id}"


STEPS: Final = {
    SettledBy.INDEX: ["prepared", "tracked", "confirming", "indexed", "ready"],
    SettledBy.RECEIPT: ["prepared", "tracked", "confirming", "ready"],
}
"""The steps of an intent that goes well."""

Tell = Callable[[str, str, str], None]
"""Called with (who, what, detail) as things happen."""
Meanwhile = Callable[[], Awaitable[None]]
"""Something that happens when all is prepared, and before the wallet is asked."""
TELL_EVERY: Final = 5.0
"""Seconds between two lines about something that takes its time. Nobody should wonder whether it still goes on."""
STANDS_WITHIN: Final = 30.0
"""Seconds in which the catalog must show what the chain says. It takes a block or two."""
LOOK_EVERY: Final = 0.2
"""Seconds between two looks at the catalog."""


class DemoRun:
    """One run of a demo on a local stack. `stack` is the content of `stack.json`."""

    def __init__(self, stack: dict[str, Any], tell: Tell) -> None:
        self.stack = stack
        self.tell = tell
        chain = stack["chains"][0]
        self.chain_id: str = chain["chainId"]
        self.web3: AsyncWeb3[Any] = AsyncWeb3(AsyncHTTPProvider(chain["rpcUrl"]))
        self.keys: list[str] = [account["privateKey"] for account in stack["devAccounts"]]
        self.done: list[Done] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.web3.provider.disconnect()

    @asynccontextmanager
    async def going_on(self, who: str, what: str, detail: Callable[[], str]) -> AsyncGenerator[None]:
        """Tells how far something is, every few seconds for as long as the block runs."""

        async def tell() -> None:
            while True:
                await asyncio.sleep(TELL_EVERY)
                self.tell(who, what, detail())

        telling = asyncio.create_task(tell())
        try:
            yield
        finally:
            telling.cancel()
            with suppress(asyncio.CancelledError):
                await telling

    def client(self) -> AsyncSteadymint:
        origin = f"http://{self.stack['signInDomain']}"
        return AsyncSteadymint(self.stack["apiUrl"], origin=origin, transport=aiohttp_transport())

    async def sign_in(self, client: AsyncSteadymint, wallet: AsyncWallet, who: str) -> None:
        begun = time.perf_counter()
        session = await client.sign_in(wallet, self.chain_id)
        took = (time.perf_counter() - begun) * 1000
        self.tell(who.split(",")[0], "signed in", f"{who}: {session.address} in {took:.0f} ms")

    async def create(
        self,
        client: AsyncSteadymint,
        wallet: AsyncWallet,
        standard: codes.Standard,
        name: str,
        symbol: str,
        **more: Any,
    ) -> str:
        """Create a collection and return its contract. `more` are further fields of the body.

        Raises DemoFailedError, SteadymintError.
        """
        body = models.PrepareCollectionBody(
            chain_id=self.chain_id, standard=standard, name=name, symbol=symbol, royalty_bps=500, **more
        )
        intent = await self.go_through(f"Create {standard} {name!r}", client.create_collection(wallet, body))
        return intent.contract or ""

    async def go_through(self, what: str, flow: AsyncFlow, meanwhile: Meanwhile | None = None) -> models.IntentView:
        """The intent of a flow, which has become ready by all its steps, each told.

        Raises DemoFailedError, SteadymintError.
        """
        return (await self.outcome(what, flow, meanwhile)).ready()

    async def outcome(self, what: str, flow: AsyncFlow, meanwhile: Meanwhile | None = None) -> Outcome:
        """The outcome of a flow, whose events are told. Raises DemoFailedError unless its intents become ready.

        Raises SteadymintError.
        """
        begun, rows, preview = time.perf_counter(), dict[str, Done](), None

        def stands() -> str:
            steps = list(rows.values())[-1].steps if rows else []
            return f"at step {steps[-1]}" if steps else "for the API" if not rows else "for the wallet"

        async with self.going_on(what, "waiting", stands):
            async for event in flow:
                match event:
                    case Prepared():
                        preview = event.answer.preview_address
                        self.tell(what, "prepared", _prepared(event.answer))
                        if meanwhile is not None:
                            await meanwhile()
                    case Asking(intent_id=str() as intent_id):
                        called = what if event.position == event.of else f"{what}: {event.kind} first"
                        rows[intent_id] = Done(called, intent_id, event.kind, begun)
                    case Sent():
                        rows[event.intent_id].tx_hash = event.tx_hash
                        self.tell(rows[event.intent_id].what, "sent", event.tx_hash)
                    case StatusEvent():
                        self._step(rows[event.data["intentId"]], event, preview)
                    case Outcome():
                        return event
                    case _:
                        pass
        raise DemoFailedError(f"the events of {what} have ended without an outcome")

    def _step(self, row: Done, event: StatusEvent, preview: str | None) -> None:
        row.steps.append(event.step)
        intent = event.intent
        if event.step != "prepared":
            self.tell(row.what, event.step, _detail(intent))
        if not event.final:
            return
        if event.step != "ready":
            raise DemoFailedError(f"{row.what} ended {event.step}: {intent.error}")
        if row.steps != STEPS[settled_by(intent.kind)]:
            raise DemoFailedError(f"{row.what} was shown the steps {row.steps}")
        if preview not in (None, intent.contract):
            raise DemoFailedError(f"{row.what} was previewed at {preview} and is at {intent.contract}")
        row.confirmations = str(intent.required_confirmations or "-")
        row.seconds = time.perf_counter() - row.begun
        self.done.append(row)

    async def until(
        self, what: str, holds: Callable[[], Awaitable[bool]], within: float = STANDS_WITHIN, every: float = LOOK_EVERY
    ) -> None:
        """Ask again `every` so many seconds until something holds. Raises DemoFailedError after `within` seconds."""
        try:
            async with asyncio.timeout(within):
                while not await holds():  # noqa: ASYNC110  over HTTP, so there is nothing to be woken by
                    await asyncio.sleep(every)
        except TimeoutError as error:
            raise DemoFailedError(f"after {within:g} s it does not hold that {what}") from error


def accepted(outcome: Outcome) -> list[models.OrderView]:
    """The orders that were placed, as the catalog has them. Raises DemoFailedError if one of them was refused."""
    for one in outcome.orders:
        if one.order is None:
            raise DemoFailedError(f"order {one.order_hash} was refused: {one.findings}")
    return [one.order for one in outcome.orders if one.order is not None]


def settled_by(kind: str) -> SettledBy:
    """What settles an intent of this kind."""
    return KINDS[IntentKind(kind)].settled_by


def _prepared(answer: models.PreparedAnswer | models.FillAnswer) -> str:
    if answer.preview_address is not None:
        return f"will be at {answer.preview_address}"
    return f"{int(answer.tx_request.value) / 10**18:g} ETH to pay"


def _detail(intent: models.IntentView) -> str:
    if intent.step == "confirming":
        return f"{intent.confirmations or 1} of {counted(intent.required_confirmations or 1, 'confirmation')}"
    if intent.step == "ready":
        return _ready(intent)
    return intent.error.detail if intent.error else ""


def _ready(intent: models.IntentView) -> str:
    if settled_by(intent.kind) is SettledBy.RECEIPT:
        return "as the receipt says"
    if intent.fills is not None:
        missed = len(intent.missed_order_hashes or ())
        shown = ", ".join(map(_fill, intent.fills)) + (f"; {counted(missed, 'order')} missed" if missed else "")
    elif ids := intent.token_ids:
        shown = f"tokens {', '.join(ids[:4])}" + (f" … {ids[-1]}" if len(ids) > 4 else "")
    else:
        shown = intent.contract or ""
    return f"in the catalog: {shown}"


def _fill(fill: models.FilledOrder) -> str:
    units = "" if fill.quantity == "1" else f"{fill.quantity} of "
    return f"{units}#{fill.token_id} for {fill.price} {fill.currency_symbol}"
