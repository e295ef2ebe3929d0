"""Signing in and preparing a mint, over HTTP, against what Temporal itself costs on the same server.

The baseline is the smallest flow that is started and answered in one round trip (`benchmarks.bare`). Both take turns in
short rounds, so that a slow minute of the machine hits both, and the ratio is the median of the rounds' own ratios.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

from eth_account import Account

from benchmarks.bare import update_with_start
from benchmarks.options import Options
from benchmarks.processes import Meter
from benchmarks.product import Product
from benchmarks.report import DidNotHappenError, Goal, Measure, of_samples
from steadymint.demo.client import sign_in_message
from tests.support.full_stack import FullStack
from tests.support.people import Visitor, Wallet

AT_ONCE = 16
SIGN_IN_GOAL = Goal("ratio", ">=", 0.85)
PREPARE_GOAL = Goal("ratio", "<=", 1.5)

Proof = dict[str, Any]


async def sign_ins(product: Product, options: Options) -> list[Measure]:
    """`POST /v1/auth/verify` by 16 at once, each with an account that was never seen."""
    full = product.full
    rounds, each = options.of(12, 4), options.of(160, 48)
    ours: list[float] = []
    bare: list[float] = []
    cpu: dict[str, list[dict[str, float]]] = {"sign-in": [], "bare": []}
    async with Visitor(full.stack.api_url, full.origin) as visitor:
        for number in range(rounds + 1):
            proofs = [await _proof(full, visitor) for _ in range(each)]
            meter = Meter(product.pids)
            sign_in_rate = await _rate(_verify(visitor, proof) for proof in proofs)
            ours_cpu = meter.each(each)
            meter = Meter(product.pids)
            bare_rate = await _rate(update_with_start(product.bare, with_activity=True) for _ in range(each))
            if number:  # the first round warms up
                ours.append(sign_in_rate)
                bare.append(bare_rate)
                cpu["sign-in"].append(ours_cpu)
                cpu["bare"].append(meter.each(each))
    granted = await full.pool.fetchval("select count(*) from auth_service.sessions")
    if granted < (rounds + 1) * each:
        raise DidNotHappenError(f"{granted} sessions for {(rounds + 1) * each} sign-ins")
    return [
        of_samples(
            "sign-in, 16 at once",
            ours,
            "/s",
            baseline=statistics.median(bare),
            against="bare update-with-start",
            goal=SIGN_IN_GOAL,
            ratio=_median_ratio(ours, bare),
            notes={f"cpu ms per {name}": _medians(samples) for name, samples in cpu.items()},
        )
    ]


async def prepares(product: Product, options: Options) -> list[Measure]:
    """`POST /v1/mints/prepare`, one after another."""
    full = product.full
    rounds = options.of(300, 60)
    ours: list[float] = []
    bare: list[float] = []
    local: list[float] = []
    async with full.person() as owner:
        collection = await full.made(owner)
        for number in range(rounds + 20):
            took = (
                await _milliseconds(lambda: owner.prepare_mint(collection)),
                await _milliseconds(lambda: update_with_start(product.bare, with_activity=False)),
                await _milliseconds(lambda: update_with_start(product.bare, with_activity=True)),
            )
            if number >= 20:
                for samples, one in zip((ours, bare, local), took, strict=True):
                    samples.append(one)
    rows = await full.pool.fetchval("select count(*) from orchestrator_service.tx_intents where kind = 'mint'")
    if rows < rounds:
        raise DidNotHappenError(f"{rows} intents for {rounds} requests")
    return [
        of_samples(
            "prepare a mint",
            ours,
            "ms",
            baseline=statistics.median(bare),
            against="bare update-with-start",
            goal=PREPARE_GOAL,
            ratio=_median_ratio(ours, bare),
            notes={"to one with a local activity": round(_median_ratio(ours, local), 2)},
        )
    ]


async def _proof(full: FullStack, visitor: Visitor) -> Proof:
    """What a wallet sends to `verify`; it has its nonce."""
    wallet = Wallet(full.web3, "0x" + bytes(Account.create().key).hex())
    domain = full.origin.split("://")[1]
    asked = {"accountId": wallet.address, "chainId": full.chain_id, "domain": domain}
    nonce = (await visitor.ask("POST", "/v1/auth/nonce", asked)).body
    message = sign_in_message(full.origin, wallet.address, full.chain_id, nonce["nonce"], nonce["issuedAt"])
    return {"accountId": wallet.address, "message": message, "signature": wallet.sign(message)}


async def _verify(visitor: Visitor, proof: Proof) -> None:
    answer = await visitor.ask("POST", "/v1/auth/verify", proof)
    if answer.status != 200:
        raise DidNotHappenError(f"a sign-in was answered {answer.status}: {answer.body}")


async def _rate(calls: Iterable[Awaitable[None]]) -> float:
    """Calls per second, so many at once."""
    waiting = list(calls)
    count = len(waiting)

    async def work() -> None:
        while waiting:
            await waiting.pop()

    begun = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(AT_ONCE)))
    return count / (time.perf_counter() - begun)


async def _milliseconds(call: Callable[[], Awaitable[object]]) -> float:
    begun = time.perf_counter()
    await call()
    return (time.perf_counter() - begun) * 1000


def _median_ratio(ours: Sequence[float], bare: Sequence[float]) -> float:
    return statistics.median(one / other for one, other in zip(ours, bare, strict=True))


def _medians(samples: Sequence[dict[str, float]]) -> dict[str, float]:
    return {name: round(statistics.median(one[name] for one in samples), 2) for name in samples[0]}
