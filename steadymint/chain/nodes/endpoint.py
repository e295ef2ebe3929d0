"""One endpoint of a chain: where it is, how often it may be asked, and how it has been doing."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from steadymint.domain.errors import SteadymintError

FIRST_COOL_DOWN: Final = 0.25
"""Seconds off duty after the second failure in a row; doubled by each further one. One lost request costs nothing."""
MAX_COOL_DOWN: Final = 30.0
"""Seconds. A node that is back should serve again within half a minute."""
VERIFY_EVERY: Final = 300.0
"""Seconds between two looks at `eth_chainId`: providers move hosts under a URL, and forks keep the number."""


@dataclass(frozen=True, slots=True)
class EndpointConfig:
    """A row of `chain_endpoints`. Both addresses are secrets: they hold API keys."""

    id: int
    url: str = field(repr=False)
    ws_url: str | None = field(default=None, repr=False)
    priority: int = 0
    """Lower is asked first."""
    weight: int = 1
    """Share among endpoints of the same priority; at least 1."""
    rate_limit: int | None = None
    """Calls per second that the provider grants; None is unlimited. Each call of a batch counts."""
    headers: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    """Sent with each request; hold the credential where the provider wants one."""


class TokenBucket:
    """A token bucket that is handed out by reservation: who comes first is served first, without a lock.

    Holds one second's worth. A reservation may go into debt, so that a batch larger than the bucket still passes.
    """

    def __init__(self, per_second: float | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = per_second
        self._clock = clock
        self._tokens = per_second or 0.0
        self._at = clock()

    def wait_for(self, count: int) -> float:
        """Seconds until `count` tokens would be free. Takes none."""
        if self._rate is None:
            return 0.0
        now = self._clock()
        self._tokens = min(self._rate, self._tokens + (now - self._at) * self._rate)
        self._at = now
        need = min(float(count), self._rate)  # a batch larger than the bucket goes when the bucket is full
        return max(0.0, (need - self._tokens) / self._rate)

    def take(self, count: int) -> float:
        """Reserve `count` tokens; returns the seconds to wait before using them."""
        wait = self.wait_for(count)
        if self._rate is not None:
            self._tokens -= count
        return wait


class Endpoint:
    """The living side of an `EndpointConfig` in this process: bucket, cool-down, when its chain was last verified."""

    def __init__(self, config: EndpointConfig, clock: Callable[[], float] = time.monotonic) -> None:
        self.config = config
        self.bucket = TokenBucket(config.rate_limit, clock)
        self.batch_limit: int | None = None
        """Calls per batch that this node has shown to take, once it has refused more."""
        self._clock = clock
        self._failures = 0
        self._last_failure = float("-inf")
        self._cool_until = float("-inf")
        self._verified_at = float("-inf")

    def __repr__(self) -> str:
        return f"Endpoint({self.config.id})"

    @property
    def name(self) -> str:
        """How errors and logs call it."""
        return f"endpoint {self.config.id}"

    def cooling(self) -> float:
        """Seconds that it is still off duty; 0 when it may be asked."""
        return max(0.0, self._cool_until - self._clock())

    def needs_verification(self) -> bool:
        return self._clock() - self._verified_at >= VERIFY_EVERY

    def verified(self) -> None:
        self._verified_at = self._clock()

    def succeeded(self) -> None:
        self._failures = 0

    def failed(self, error: SteadymintError, started: float) -> None:
        """Note a failure of a call begun at `started` (this endpoint's clock). Calls in flight together count once."""
        now = self._clock()
        self._verified_at = float("-inf")  # whoever answers next behind this address proves itself again
        if error.retry_after is not None:
            self._cool_until = max(self._cool_until, now + error.retry_after)
        if started < self._last_failure:
            return
        self._last_failure = now
        self._failures += 1
        if self._failures > 1:
            pause = min(MAX_COOL_DOWN, FIRST_COOL_DOWN * 2 ** min(self._failures - 2, 10))
            self._cool_until = max(self._cool_until, now + pause)

    def off_duty(self, seconds: float) -> None:
        """Take it off duty, whatever it has done before: it serves another chain."""
        self._cool_until = max(self._cool_until, self._clock() + seconds)

    def now(self) -> float:
        return self._clock()
