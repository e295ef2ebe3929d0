"""Signing in and preparing a mint against what Temporal itself costs on the same server.

The baseline is the smallest flow that is started and answered in one round trip (`benchmarks.bare`), called from this
process. So is ours, as the API's routes call it; beside it the same over HTTP, which the baseline does not have. All
take turns in short rounds, so that a slow minute of the machine hits all of them, and a ratio is the median of the
rounds' own ratios.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from eth_account import Account

from benchmarks.bare import update_with_start
from benchmarks.options import Options
from benchmarks.processes import Meter
from benchmarks.product import Product
from benchmarks.report import DidNotHappenError, Goal, Measure, of_samples
from steadymint.domain.intents.mint import MintOrder, MintTerms
from steadymint.domain.intents.order import Caller
from steadymint.domain.types import Address, ChainId, Standard
from steadymint.durable.intents import IntentFlows
from steadymint.durable.queues import Queues
from steadymint.durable.sign_in import SignInFlows
from steadymint.identity.login_events import Attempt
from steadymint.identity.service import SignInService
from steadymint_client import sign_in_message
from tests.support.full_stack import FullStack
from tests.support.people import Person, Visitor, Wallet

AT_ONCE = 16
SIGN_IN_GOAL = Goal("ratio", ">=", 0.85)
PREPARE_GOAL = Goal("ratio", "<=", 1.5)
BARE = "bare update-with-start"

Call = Coroutine[Any, Any, object]


@dataclass(frozen=True, slots=True)
class SignedMessage:
    """What a wallet sends to `verify`; it has its nonce."""

    account: str
    message: str
    signature: str


# -- signing in -------------------------------------------------------------------------------------------------------


async def sign_ins(product: Product, options: Options) -> list[Measure]:
    """16 at once, each by an account that was never seen: from the proof to the tokens."""
    full = product.full
    rounds, each = options.of(8, 5), options.of(96, 48)
    settings = full.stack.settings()
    flows = SignInFlows(full.temporal, Queues(settings.temporal.task_queue_prefix))
    service = SignInService(product.pool, product.redis, flows, settings.auth)
    async with Visitor(full.stack.api_url, full.origin) as visitor:

        async def proofs() -> list[SignedMessage]:
            return [await _proof(full, visitor) for _ in range(each)]

        contestants: dict[str, Callable[[], Awaitable[list[Call]]]] = {
            "ours": lambda: _each(proofs(), lambda proof: _granted(service, proof)),
            "bare": lambda: _each(_nothing(each), lambda _: update_with_start(product.bare, with_activity=True)),
            "http": lambda: _each(proofs(), lambda proof: _verified(visitor, proof)),
        }
        rates, cpu = await _contest(contestants, rounds, product)
    granted = await full.pool.fetchval("select count(*) from auth_service.sessions")
    if granted < 2 * (rounds + 1) * each:
        raise DidNotHappenError(f"{granted} sessions for {2 * (rounds + 1) * each} sign-ins")
    baseline: dict[str, Any] = {"baseline": statistics.median(rates["bare"]), "against": f"{BARE}, one local activity"}
    return [
        of_samples(
            name,
            rates[who],
            "/s",
            **baseline,
            goal=goal,
            ratio=_median_ratio(rates[who], rates["bare"]),
            notes={"cpu ms, ours": cpu[who], "cpu ms, bare": cpu["bare"]},
        )
        for name, who, goal in (
            ("sign-in, 16 at once", "ours", SIGN_IN_GOAL),
            ("sign-in, 16 at once, over HTTP", "http", None),
        )
    ]


async def _proof(full: FullStack, visitor: Visitor) -> SignedMessage:
    wallet = Wallet(full.web3, "0x" + bytes(Account.create().key).hex())
    domain = full.origin.split("://")[1]
    asked = {"accountId": wallet.address, "chainId": full.chain_id, "domain": domain}
    nonce = (await visitor.ask("POST", "/v1/auth/nonce", asked)).body
    message = sign_in_message(full.origin, wallet.address, full.chain_id, nonce["nonce"], nonce["issuedAt"])
    return SignedMessage(wallet.address, message, wallet.sign(message))


async def _granted(service: SignInService, proof: SignedMessage) -> None:
    async def unlimited() -> None: ...

    account = Address(proof.account.lower())
    await service.verify(Attempt(uuid4(), "127.0.0.1", "benchmark"), account, proof.message, proof.signature, unlimited)


async def _verified(visitor: Visitor, proof: SignedMessage) -> None:
    body = {"accountId": proof.account, "message": proof.message, "signature": proof.signature}
    answer = await visitor.ask("POST", "/v1/auth/verify", body)
    if answer.status != 200:
        raise DidNotHappenError(f"a sign-in was answered {answer.status}: {answer.body}")


async def _contest(
    contestants: dict[str, Callable[[], Awaitable[list[Call]]]], rounds: int, product: Product
) -> tuple[dict[str, list[float]], dict[str, dict[str, float]]]:
    """Calls per second of each in each round, and the processor time of one call by process."""
    rates: dict[str, list[float]] = defaultdict(list)
    cpu: dict[str, list[dict[str, float]]] = defaultdict(list)
    for number in range(rounds + 1):
        for name, ready in contestants.items():
            calls = await ready()
            meter = Meter(product.pids)
            rate = await _rate(calls)
            if number:  # the first round warms up
                rates[name].append(rate)
                cpu[name].append(meter.each(len(calls)))
    return rates, {name: _medians(samples) for name, samples in cpu.items()}


async def _each(arguments: Awaitable[Sequence[Any]], call: Callable[[Any], Call]) -> list[Call]:
    return [call(argument) for argument in await arguments]


async def _nothing(count: int) -> Sequence[None]:
    return (None,) * count


async def _rate(calls: Sequence[Call]) -> float:
    """Calls per second, so many at once."""
    waiting = iter(calls)

    async def work() -> None:
        for call in waiting:
            await call

    begun = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(AT_ONCE)))
    return len(calls) / (time.perf_counter() - begun)


# -- preparing --------------------------------------------------------------------------------------------------------


async def prepares(product: Product, options: Options) -> list[Measure]:
    """One mint after another: from the order to calldata that the contract has accepted, the intent in its row."""
    full = product.full
    rounds, warm = options.of(300, 60), 20
    flows = IntentFlows(full.temporal, Queues(full.stack.settings().temporal.task_queue_prefix))
    async with full.person() as owner:
        collection = await full.made(owner)
        caller = await _caller(full, owner)
        contestants: dict[str, Callable[[], Awaitable[object]]] = {
            "ours": lambda: flows.prepare(_order(full, caller, collection)),
            "bare": lambda: update_with_start(product.bare, with_activity=False),
            "http": lambda: owner.prepare_mint(collection),
            "bare with activity": lambda: update_with_start(product.bare, with_activity=True),
        }
        took: dict[str, list[float]] = defaultdict(list)
        for number in range(rounds + warm):
            for name, call in contestants.items():
                begun = time.perf_counter()
                await call()
                if number >= warm:
                    took[name].append((time.perf_counter() - begun) * 1000)
    rows = await full.pool.fetchval("select count(*) from orchestrator_service.tx_intents where kind = 'mint'")
    if rows < 2 * (rounds + warm):
        raise DidNotHappenError(f"{rows} intents for {2 * (rounds + warm)} requests")
    return [
        of_samples(
            name,
            took[who],
            "ms",
            baseline=statistics.median(took["bare"]),
            against=BARE,
            goal=goal,
            ratio=_median_ratio(took[who], took["bare"]),
            notes={"to one with a local activity": round(_median_ratio(took[who], took["bare with activity"]), 2)},
        )
        for name, who, goal in (("prepare a mint", "ours", PREPARE_GOAL), ("prepare a mint, over HTTP", "http", None))
    ]


async def _caller(full: FullStack, person: Person) -> Caller:
    row = await full.pool.fetchrow(
        "select user_id, session_id from auth_service.sessions where address = $1", person.wallet.address.lower()
    )
    assert row is not None, "they are signed in"
    account = Address(person.wallet.address.lower())
    return Caller(user_id=row["user_id"], session_id=row["session_id"], account=account)


def _order(full: FullStack, caller: Caller, collection: str) -> MintOrder:
    terms = MintTerms(
        contract=Address(collection.lower()), standard=Standard.ERC721, to=caller.account, quantity=1
    )  # fmt: skip
    intent_id: UUID = uuid4()
    return MintOrder(
        intent_id=intent_id,
        chain_id=ChainId(full.chain_id),
        caller=caller,
        request_hash=intent_id.hex * 2,
        deadline_seconds=full.stack.settings().intents.deadline,
        task=terms,
    )


def _median_ratio(ours: Sequence[float], bare: Sequence[float]) -> float:
    return statistics.median(one / other for one, other in zip(ours, bare, strict=True))


def _medians(samples: Sequence[dict[str, float]]) -> dict[str, float]:
    return {name: round(statistics.median(one[name] for one in samples), 2) for name in samples[0]}
