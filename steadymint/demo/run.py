"""The common steps of the demos: users sign in, sign transactions and watch them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Final, Self

from web3 import AsyncHTTPProvider, AsyncWeb3

from steadymint.demo.client import ApiClient, StatusEvent
from steadymint.demo.wallets import Wallet
from steadymint.domain.counting import counted
from steadymint.domain.intents.kinds import KINDS, IntentKind, SettledBy


class DemoFailedError(Exception):
    """The catalog and the chain disagree, or an intent did not end ready."""


@dataclass(slots=True)
class Done:
    """A row of the closing table: one intent."""

    what: str
    intent_id: str
    workflow_id: str
    tx_hash: str = "-"
    contract: str = ""
    token_ids: tuple[str, ...] = ()
    steps: list[str] = field(default_factory=list[str])
    confirmations: str = "-"
    intent: dict[str, Any] = field(default_factory=dict[str, Any])
    """As its last event shows it."""
    seconds: float = 0.0


STEPS: Final = {
    SettledBy.INDEX: ("prepared", "tracked", "confirming", "indexed", "ready"),
    SettledBy.RECEIPT: ("prepared", "tracked", "confirming", "ready"),
}
"""The steps of an intent that goes well."""

Tell = Callable[[str, str, str], None]
"""Called with (who, what, detail) as things happen."""
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

    def client(self) -> ApiClient:
        return ApiClient(self.stack["apiUrl"], f"http://{self.stack['signInDomain']}")

    async def sign_in(self, client: ApiClient, wallet: Wallet, who: str) -> None:
        begun = time.perf_counter()
        session = await client.sign_in(wallet, self.chain_id)
        took = (time.perf_counter() - begun) * 1000
        self.tell(who.split(",")[0], "signed in", f"{who}: {session['address']} in {took:.0f} ms")

    async def create(
        self,
        client: ApiClient,
        wallet: Wallet,
        standard: str,
        name: str,
        symbol: str,
        mint: dict[str, Any],
        **more: Any,
    ) -> str:
        """Create a collection and return its contract. `more` are further members of the request."""
        asked = {
            "chainId": self.chain_id,
            "standard": standard,
            "name": name,
            "symbol": symbol,
            "royaltyBps": 500,
            "mint": mint,
            **more,
        }
        begun = time.perf_counter()
        async with self.going_on(name, "preparing", lambda: "the API reads back what the collection names"):
            prepared = await client.call("POST", "/v1/collections/prepare", asked, key=f"create-{standard}-{begun}")
        self.tell(name, "prepared", f"will be at {prepared['previewAddress']}")
        done = await self.sign_and_follow(client, wallet, f"Create {standard} {name!r}", prepared, begun)
        if done.contract != prepared["previewAddress"]:
            raise DemoFailedError(f"{name} was previewed at {prepared['previewAddress']} and is at {done.contract}")
        return done.contract

    async def mint(self, client: ApiClient, wallet: Wallet, what: str, contract: str, asked: dict[str, Any]) -> None:
        begun = time.perf_counter()
        body = {"chainId": self.chain_id, "contract": contract, **asked}
        prepared = await client.call("POST", "/v1/mints/prepare", body, key=f"{what}-{begun}")
        self.tell(what, "prepared", f"{int(prepared['txRequest']['value']) / 10**18:g} ETH to pay")
        await self.sign_and_follow(client, wallet, what, prepared, begun)

    async def sign_and_follow(
        self,
        client: ApiClient,
        wallet: Wallet,
        what: str,
        prepared: dict[str, Any],
        begun: float,
    ) -> Done:
        """Send what was prepared, and watch it go through its steps to the end."""
        intent_id = prepared["intentId"]
        done = Done(what, intent_id, f"{prepared['kind']}:{intent_id}")
        following = asyncio.create_task(self._follow(client, done, what))
        async with self.going_on(what, "waiting", lambda: f"at step {(done.steps or ['prepared'])[-1]}"):
            done.tx_hash = await wallet.send(prepared["txRequest"])
            self.tell(what, "sent", done.tx_hash)
            await client.call("POST", f"/v1/intents/{intent_id}/track", {"txHash": done.tx_hash})
            last = await following
        if last.step != "ready":
            raise DemoFailedError(f"{what} ended {last.step}: {last.intent.get('error')}")
        if tuple(done.steps) != STEPS[settled_by(prepared["kind"])]:
            raise DemoFailedError(f"{what} was shown the steps {done.steps}")
        done.intent = last.intent
        done.contract = last.intent.get("contract", "")
        done.token_ids = tuple(last.intent.get("tokenIds", ()))
        done.confirmations = str(last.intent.get("requiredConfirmations", "-"))
        done.seconds = time.perf_counter() - begun
        self.done.append(done)
        return done

    async def _follow(self, client: ApiClient, done: Done, what: str) -> StatusEvent:
        async for event in client.events(done.intent_id):
            done.steps.append(event.step)
            if event.step != "prepared":
                self.tell(what, event.step, _detail(event))
            if event.final:
                return event
        raise DemoFailedError(f"the stream of {what} ended early")

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

    async def pages(self, client: ApiClient, path: str, limit: int = 7, **query: str) -> list[dict[str, Any]]:
        """All rows of a list, read page by page as a front end does."""
        rows: list[dict[str, Any]] = []
        cursor: dict[str, str] = {}
        while True:
            page = await client.call("GET", path, limit=str(limit), **query, **cursor)
            rows += page["items"]
            if not page.get("nextCursor"):
                return rows
            cursor = {"cursor": page["nextCursor"]}


def _detail(event: StatusEvent) -> str:
    intent = event.intent
    if event.step == "confirming":
        return f"{intent.get('confirmations', 1)} of {counted(intent['requiredConfirmations'], 'confirmation')}"
    if event.step == "ready":
        return _ready(intent)
    return str((intent.get("error") or {}).get("detail", ""))


def settled_by(kind: str) -> SettledBy:
    """What settles an intent of this kind."""
    return KINDS[IntentKind(kind)].settled_by


def _ready(intent: dict[str, Any]) -> str:
    if settled_by(intent["kind"]) is SettledBy.RECEIPT:
        return "as the receipt says"
    if "fills" in intent:
        missed = len(intent.get("missedOrderHashes", ()))
        shown = ", ".join(map(_fill, intent["fills"])) + (f"; {counted(missed, 'order')} missed" if missed else "")
    elif ids := intent.get("tokenIds"):
        shown = f"tokens {', '.join(ids[:4])}" + (f" … {ids[-1]}" if len(ids) > 4 else "")
    else:
        shown = intent["contract"]
    return f"in the catalog: {shown}"


def _fill(fill: dict[str, Any]) -> str:
    units = "" if fill["quantity"] == "1" else f"{fill['quantity']} of "
    return f"{units}#{fill['tokenId']} for {fill['price']} {fill['currencySymbol']}"
