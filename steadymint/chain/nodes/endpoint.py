"""One endpoint of a chain: its address, what it bears, and its recent failures."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from steadymint.chain.nodes.batch_size import BatchSize
from steadymint.chain.nodes.budget import Budget, OwnBudget
from steadymint.chain.nodes.errors import BatchThrottledError, SilenceError
from steadymint.chain.nodes.pace import CallPace
from steadymint.chain.nodes.refusals import Refusals
from steadymint.domain.errors import SteadymintError

FIRST_COOL_DOWN: Final = 0.25
"""Seconds of pause after the second failure in a row. Each further failure doubles the pause. One failure alone causes
no pause."""
MAX_COOL_DOWN: Final = 30.0
"""Seconds. A node that works again should serve within half a minute."""
VERIFY_EVERY: Final = 300.0
"""Seconds between two checks of the chain. Providers move hosts under a URL, and forks keep the chain's number."""
CHECKS_OF_RATE: Final = 0.25
"""The share of what an endpoint bears that may be spent on checks of what another has answered. A span of history costs
four calls and its check one, so an endpoint that bears no more than the other can check all that it reads."""
LOOK_AGAIN: Final = 1.0
"""Seconds. Who waits for calls looks at least as often, since other processes give back what they do not use."""


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
    """Calls per second that the provider allows; None means unlimited. Each call of a batch counts."""
    headers: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    """Headers of each request. They hold the credential if the provider requires one."""
    public_only: bool = False
    """Whether connections are made to public addresses only. So it is for what is registered, unless as local."""


def shown_address(url: str) -> str:
    """The address without what may be a key: the path, the query, the user, and all but the last two labels of a public
    host (some providers put the key there). A local address is shown whole."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "an address that cannot be read"
    if ":" in host:
        host = f"[{host}]"
    elif not host.rpartition(".")[2].isdigit() and host.count(".") >= 2:
        host = "*." + ".".join(host.split(".")[-2:])
    return f"{parts.scheme}://{host}" + (f":{port}" if port else "")


class Endpoint:
    """The state of one endpoint in this process: what it bears, its pause, and the time of its last chain check."""

    def __init__(
        self, config: EndpointConfig, budget: Budget | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.config = config
        self.pace = CallPace(clock)
        self.batch = BatchSize()
        self._refusals = Refusals()
        self.last_error: SteadymintError | None = None
        """The last failure or throttle; None once a call was answered since."""
        self._budget = budget or OwnBudget(config.rate_limit, clock)
        self._clock = clock
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._spare_at = float("-inf")
        """When the share of calls for checks is whole again."""
        self._failures = 0
        self._last_failure = float("-inf")
        self._cool_until = float("-inf")
        self._verified_at = float("-inf")

    def __repr__(self) -> str:
        return f"Endpoint({self.config.id})"

    @property
    def name(self) -> str:
        """The endpoint's name in errors and logs."""
        return f"endpoint {self.config.id}"

    # -- how much, how fast ------------------------------------------------------------------------------------------

    @property
    def rate(self) -> float | None:
        """Calls per second that may be sent: the registry's limit or what the endpoint was seen to bear. None means
        any number."""
        known = [rate for rate in (self.config.rate_limit, self.pace.rate) if rate is not None]
        return min(known, default=None)

    @property
    def batch_calls(self) -> int:
        """Calls that the next batch may have: no more than the endpoint takes, and than it bears in a second. While
        `batch.apart` says so they are sent singly, and at once."""
        if self.batch.apart:
            return self.batch.apart
        rate = self.rate
        return self.batch.calls if rate is None else max(1, min(self.batch.calls, int(rate)))

    def wait_for(self, calls: int) -> float:
        """Seconds until so many calls can be sent, after those that are waiting already. An estimate."""
        ahead = self._waiting / rate if (rate := self.rate) else 0.0
        return ahead + max(self.pace.wait_for(calls), self._budget.wait_for(calls))

    async def admit(self, calls: int) -> float:
        """Wait until so many calls may be sent, in the order of arrival. Returns the time at which they are sent.

        Who stops waiting has taken nothing, so no debt is left behind.
        """
        self._waiting += calls
        try:
            async with self._turn:
                while True:
                    wait = self.pace.wait_for(calls) or await self._budget.take(calls)
                    if wait <= 0:
                        return self.pace.sent(calls)
                    await asyncio.sleep(min(wait, LOOK_AGAIN))
        finally:
            self._waiting -= calls

    def meant(self, method: str, answer: Any, times: int = 0) -> Any:
        """The answer of a call, or the throttle that it means (see `Refusals`)."""
        return self._refusals.meant(method, answer, crowded=self.pace.crowded, times=times)

    def take_spare(self) -> bool:
        """Take one call of the share for checks. False if there is none: a check never waits, nor lets others wait."""
        if self.cooling() or self.wait_for(1) > 0:
            return False
        if (rate := self.rate) is None:
            return True
        each = 1 / (rate * CHECKS_OF_RATE)
        taken_until = max(self._clock(), self._spare_at) + each
        if taken_until - self._clock() > max(1.0, each):
            return False
        self._spare_at = taken_until
        return True

    # -- whether it may be asked -------------------------------------------------------------------------------------

    def cooling(self) -> float:
        """Seconds until the pause after failures ends; 0 if the endpoint may be asked now."""
        return max(0.0, self._cool_until - self._clock())

    def needs_verification(self) -> bool:
        return self._clock() - self._verified_at >= VERIFY_EVERY

    def verified(self) -> None:
        self._verified_at = self._clock()

    def succeeded(self) -> None:
        self._failures = 0
        self.last_error = None

    def throttled(self, error: SteadymintError, sent_at: float, *, is_large: bool = False) -> None:
        """Calls sent at `sent_at` were too many. The host is the same as before, so the chain is not checked again."""
        self.last_error = error
        if isinstance(error, BatchThrottledError):
            self.pace.wait(error.retry_after)
            return
        self.pace.throttled(sent_at, error.retry_after, is_large=is_large)

    def failed(self, error: SteadymintError, started: float) -> None:
        """Count a failed call that began at `started` (this endpoint's clock). Concurrent calls count as one
        failure."""
        now = self._clock()
        self.last_error = error
        if not (isinstance(error, SilenceError) and self._verified_at >= started):
            # Another node may answer at this address next. One that used the time of this call for its proof is slow,
            # and the next call has no time for one more.
            self._verified_at = float("-inf")
        if error.retry_after is not None:
            self._cool_until = max(self._cool_until, now + error.retry_after)
        if started < self._last_failure:
            return
        self._last_failure = now
        self._failures += 1
        if self._failures > 1:
            cool_down = min(MAX_COOL_DOWN, FIRST_COOL_DOWN * 2 ** min(self._failures - 2, 10))
            self._cool_until = max(self._cool_until, now + cool_down)

    def pause(self, seconds: float) -> None:
        """Pause the endpoint because it serves another chain. Earlier successes do not matter."""
        self._cool_until = max(self._cool_until, self._clock() + seconds)

    def now(self) -> float:
        return self._clock()
