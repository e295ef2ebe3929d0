"""Parse and verify one EIP-4361 message of an EOA, and the worst text within the size cap.

The baseline is the signature recovery alone, by the same native library: nothing that verifies can do without it.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime

import coincurve
from eth_account import Account
from eth_account.messages import encode_defunct

from benchmarks.options import Options
from benchmarks.report import Goal, Measure, of_samples
from steadymint.domain.errors import SignInError
from steadymint.domain.types import Address
from steadymint.identity.messages.message import MAX_MESSAGE, SignInMessage, shown
from steadymint.identity.messages.signatures import personal_digest
from steadymint.identity.messages.verification import Site, verify

MESSAGES = 500
ROUNDS = 9
GOAL_RATIO, GOAL_WORST_US = 1.35, 5_000.0
ORIGIN = "https://market.example"

HOSTILE = (
    "a" * MAX_MESSAGE,
    "a." * (MAX_MESSAGE // 2),
    "a%41" * (MAX_MESSAGE // 4),
    "%41" * (MAX_MESSAGE // 3),
    "[" * MAX_MESSAGE,
    "a@" * (MAX_MESSAGE // 2),
    "https://" * (MAX_MESSAGE // 8),
    "market.example wants you to sign in with your Ethereum account:\n" * 252,
)


class Login:
    """A signed message of an account of its own, so that no cache has seen it."""

    def __init__(self) -> None:
        key = Account.create()
        message = SignInMessage(
            domain="market.example",
            address=key.address,
            uri=f"{ORIGIN}/login",
            chain_number=31337,
            nonce="5f2b9a1c0d3e4f60718293a4b5c6d7e8",
            issued_at=shown(datetime.now(UTC)),
            statement="Sign in to the market.",
        )
        self.account = Address(key.address.lower())
        self.text = message.text()
        self.raw = bytes(key.sign_message(encode_defunct(text=self.text)).signature)
        self.signature = "0x" + self.raw.hex()
        self.recoverable = self.raw[:64] + bytes([self.raw[64] - 27])
        self.digest = personal_digest(self.text.encode())


def microseconds(call: Callable[[Login], object], logins: Sequence[Login]) -> list[float]:
    """One sample for each login."""
    samples: list[float] = []
    for login in logins:
        started = time.perf_counter_ns()
        call(login)
        samples.append((time.perf_counter_ns() - started) / 1000)
    return samples


def hostile_microseconds() -> float:
    """The slowest refusal of a text within the cap, the best of three tries each."""
    site, account = Site.of([ORIGIN], 600), Address("0x" + "11" * 20)
    full = Login().text
    texts = (*HOSTILE, full + "\nResources:" + "\n- a:%41" * 1800 + "\n", full.replace("/login", "/%41a" * 3200))

    def once(text: str) -> float:
        started = time.perf_counter_ns()
        with suppress(SignInError):
            verify(site, account, text[:MAX_MESSAGE], "0x", datetime.now(UTC))
        return (time.perf_counter_ns() - started) / 1000

    return max(min(once(text) for _ in range(3)) for text in texts)


async def measure(options: Options) -> list[Measure]:
    """The median over messages nobody has seen, and the worst text."""
    site, now = Site.of([ORIGIN], 600), datetime.now(UTC)
    ours: list[float] = []
    bare: list[float] = []
    for _ in range(options.of(ROUNDS, 2)):
        logins = [Login() for _ in range(MESSAGES // ROUNDS)]
        bare += microseconds(
            lambda login: coincurve.PublicKey.from_signature_and_message(login.recoverable, login.digest, hasher=None),
            logins,
        )
        ours += microseconds(lambda login: verify(site, login.account, login.text, login.signature, now), logins)
    return [
        of_samples(
            "parse and verify a message",
            ours,
            "us",
            baseline=statistics.median(bare),
            against="recovery alone",
            goal=Goal("ratio", "<=", GOAL_RATIO),
        ),
        Measure(
            "the worst text within the cap", hostile_microseconds(), "us", goal=Goal("median", "<=", GOAL_WORST_US)
        ),
    ]
