"""One endpoint of a chain: its address, its rate limit, and its recent failures."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from steadymint.domain.errors import SteadymintError

FIRST_COOL_DOWN: Final = 0.25
"""Seconds of pause after the second failure in a row. Each further failure doubles the pause. One failure alone causes
no pause."""
MAX_COOL_DOWN: Final = 30.0
"""Seconds. A node that works again should serve within half a minute."""
VERIFY_EVERY: Final = 300.0
"""Seconds between two checks of the chain. Providers move hosts under a URL, and forks keep the chain's number."""


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


class TokenBucket:
    """A token bucket with reservations. Callers are served in the order of their reservations, without a lock.

    The bucket holds the tokens of one second. A reservation may take more than the bucket holds, so a batch larger than
    the bucket still passes.
    """

    def __init__(self, per_second: float | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = per_second
        self._clock = clock
        self._tokens = per_second or 0.0
        self._at = clock()

    def wait_for(self, count: int) -> float:
        """Seconds until `count` tokens are free. Takes no token."""
        if self._rate is None:
            return 0.0
        now = self._clock()
        self._tokens = min(self._rate, self._tokens + (now - self._at) * self._rate)
        self._at = now
        need = min(float(count), self._rate)  # a batch larger than the bucket waits for a full bucket
        return max(0.0, (need - self._tokens) / self._rate)

    def take(self, count: int) -> float:
        """Reserve `count` tokens. Returns the seconds to wait before they may be used."""
        wait = self.wait_for(count)
        if self._rate is not None:
            self._tokens -= count
        return wait


class Endpoint:
    """The state of one endpoint in this process: its token bucket, its pause, and the time of its last chain check."""

    def __init__(self, config: EndpointConfig, clock: Callable[[], float] = time.monotonic) -> None:
        self.config = config
        self.bucket = TokenBucket(config.rate_limit, clock)
        self.batch_limit: int | None = None
        """Calls per batch that this node accepts. None until the node has refused a batch."""
        self._clock = clock
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

    def cooling(self) -> float:
        """Seconds until the pause ends; 0 if the endpoint may be asked now."""
        return max(0.0, self._cool_until - self._clock())

    def needs_verification(self) -> bool:
        return self._clock() - self._verified_at >= VERIFY_EVERY

    def verified(self) -> None:
        self._verified_at = self._clock()

    def succeeded(self) -> None:
        self._failures = 0

    def failed(self, error: SteadymintError, started: float) -> None:
        """Count a failed call that began at `started` (this endpoint's clock). Concurrent calls count as one
        failure."""
        now = self._clock()
        self._verified_at = float("-inf")  # another node may answer at this address next, so the chain is checked again
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
