"""Which part is down, where a driver's error is all that is known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import asyncpg
from redis.exceptions import RedisError

from steadymint.domain.errors import UpstreamUnavailableError
from steadymint.domain.upstreams import Upstream

OUTAGES: Final = (
    OSError,  # connections refused or broken; TimeoutError is one
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,  # the server shuts down or starts
    asyncpg.InsufficientResourcesError,
    asyncpg.TransactionRollbackError,  # a deadlock: this transaction was rolled back
    RedisError,
)
"""The errors of a store that is down. The client is only told to try again, and which kind of part it is."""

_OURS: Final = "steadymint.media"
"""What opens files of its own: the spool of uploads, where the decoder works too."""

_OF_DRIVER: Final = {
    "asyncpg": Upstream.POSTGRES,
    "redis": Upstream.REDIS,
    "pymongo": Upstream.MONGO,
    "temporalio": Upstream.TEMPORAL,
}


def unavailable(outage: Exception) -> UpstreamUnavailableError:
    """The outage as a problem that names the part. An OSError says nothing of it: the driver that it came through
    does."""
    return UpstreamUnavailableError(upstream=next(_parts(outage), None))


def _parts(outage: BaseException) -> Iterator[Upstream]:
    """From the innermost call outwards."""
    modules = [type(outage).__module__]
    trace = outage.__traceback__
    while trace is not None:
        modules.insert(0, trace.tb_frame.f_globals.get("__name__", ""))
        trace = trace.tb_next
    for module in modules:
        part = Upstream.DECODER if module.startswith(_OURS) else _OF_DRIVER.get(module.partition(".")[0])
        if part is not None:
            yield part
