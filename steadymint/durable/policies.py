"""Timeouts and retries by name, each with its reason. Workflows use these and never a bare number."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from temporalio.common import RetryPolicy

# -- local activities: one statement on a database, inside the request of a waiting user ------------------------------

STORE_TIMEOUT: Final = timedelta(seconds=5)
"""One statement takes a millisecond; past this the connection is gone and the attempt is worth repeating."""

STORE_RETRY: Final = RetryPolicy(
    initial_interval=timedelta(milliseconds=100), backoff_coefficient=2.0, maximum_interval=timedelta(seconds=5)
)
"""Without end: a database that restarts delays a flow and never fails it."""

# -- preparing: the user is waiting for the answer ---------------------------------------------------------------------

PREPARE_TIMEOUT: Final = timedelta(seconds=4)
PREPARE_BUDGET: Final = timedelta(seconds=8)
"""All attempts together. The HTTP request gives up at ten seconds; a prompt 503 beats a late answer."""

PREPARE_RETRY: Final = RetryPolicy(
    initial_interval=timedelta(milliseconds=100), backoff_coefficient=2.0, maximum_attempts=3
)

# -- following a transaction -------------------------------------------------------------------------------------------

FOLLOW_TIMEOUT: Final = timedelta(days=7)
"""A transaction may sit in the mempool for days; the flow's own deadline ends the wait long before."""

FOLLOW_HEARTBEAT: Final = timedelta(seconds=10)
"""How long a killed worker goes unnoticed. The wait restarts elsewhere and re-reads the chain, so it may be short."""

FOLLOW_RETRY: Final = RetryPolicy(
    initial_interval=timedelta(milliseconds=200), backoff_coefficient=2.0, maximum_interval=timedelta(seconds=30)
)
"""Without end: a node that is down delays a flow and never fails it."""

# -- the flow as a whole ----------------------------------------------------------------------------------------------

UPDATE_TIMEOUT: Final = timedelta(seconds=10)
"""How long an HTTP request waits for its flow."""
