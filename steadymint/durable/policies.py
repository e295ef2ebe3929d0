"""Timeouts and retries by name, each with its reason. Workflows use these and never a bare number."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from temporalio.common import RetryPolicy

from steadymint.domain.sign_in import SignatureKind

# -- local activities: one statement on a database, inside the request of a waiting user ------------------------------

STORE_TIMEOUT: Final = timedelta(seconds=5)
"""One statement takes a millisecond; past this the connection is gone and the attempt is worth repeating."""

STORE_RETRY: Final = RetryPolicy(
    initial_interval=timedelta(milliseconds=100), backoff_coefficient=2.0, maximum_interval=timedelta(seconds=5)
)
"""Without end: a database that restarts delays a flow and never fails it."""

# -- signing in: the user is waiting, and knows no more than that ------------------------------------------------------

GRANT_BUDGET: Final = timedelta(seconds=20)
"""All attempts of one statement. The request has given up by then; a later grant would be a session of nobody."""

SIGNATURE_CHECK_TRIES: Final = 2
SIGNATURE_CHECK_RESERVE: Final = 0.3
"""Seconds of a contract wallet's budget that go by between its two tries: the pause, the way to a worker and back."""

SIGN_IN_RESERVE: Final = timedelta(seconds=3)
"""How long the HTTP request waits beyond a contract wallet's budget, for everything else that a sign-in does."""


def signature_check_try(budget: float) -> float:
    """Seconds for one question to a contract wallet, of a budget in seconds for all of them."""
    return (budget - SIGNATURE_CHECK_RESERVE) / SIGNATURE_CHECK_TRIES


SIGNATURE_CHECK_RETRY: Final = RetryPolicy(
    initial_interval=timedelta(milliseconds=100), maximum_attempts=SIGNATURE_CHECK_TRIES
)
"""At most two calls to nodes for one sign-in, because anybody can cause them."""

SIGN_IN_LIFE: Final = timedelta(minutes=10)
"""As long as a nonce may live. The grant takes milliseconds; an attempt that no worker has served by then is worth
nothing."""

WALLET_LOOK_TIMEOUT: Final = timedelta(seconds=20)
WALLET_LOOK_RETRY: Final = RetryPolicy(
    initial_interval=timedelta(seconds=2), backoff_coefficient=2.0, maximum_interval=timedelta(minutes=1)
)
WALLET_LOOK_BUDGET: Final = timedelta(hours=1)
"""All looks whether a contract wallet is still there. A chain that stands still for an hour, or whose nodes are down,
leaves the session as it is: it ends by itself within a day."""
WALLET_LOOK_DELAY: Final = timedelta(hours=1)
"""The longest wait before the first look, whatever confirmations a chain wants."""


def sign_in_life(proof: SignatureKind) -> timedelta:
    """The life of a sign-in's flow. That of a contract wallet lives until the wallet was looked at again."""
    after = WALLET_LOOK_DELAY + WALLET_LOOK_BUDGET if proof is SignatureKind.CONTRACT else timedelta()
    return SIGN_IN_LIFE + after


# -- preparing: the user is waiting for the answer ---------------------------------------------------------------------

PREPARE_TIMEOUT: Final = timedelta(seconds=4)
PREPARE_BUDGET: Final = timedelta(seconds=8)
"""All attempts together. The HTTP request gives up at ten seconds; a prompt 503 beats a late answer."""

PREPARE_RETRY: Final = RetryPolicy(
    initial_interval=timedelta(milliseconds=100), backoff_coefficient=2.0, maximum_attempts=2
)
"""Two full attempts fit into the budget, so that the last failure names the part, and not the clock."""

LOOK_FOR_ROW: Final = timedelta(seconds=1)
"""After a preparation has failed: soon enough for a caller who tries again."""

# -- orders of the market: the maker is waiting for the answer --------------------------------------------------------

ORDERS_TIMEOUT: Final = timedelta(seconds=9)
"""One round of questions to a node, which gets eight seconds for it, and the rows."""
ORDERS_BUDGET: Final = timedelta(seconds=9.5)
"""All attempts together: the HTTP request gives up at ten seconds."""

ORDERS_RETRY: Final = RetryPolicy(initial_interval=timedelta(milliseconds=100), maximum_attempts=2)
"""A worker that was killed is not waited for longer than the request waits; the maker sends the order again."""

# -- following a transaction -------------------------------------------------------------------------------------------

FOLLOW_TIMEOUT: Final = timedelta(days=7)
"""A transaction may sit in the mempool for days; the flow's own deadline ends the wait long before."""

FOLLOW_HEARTBEAT: Final = timedelta(seconds=10)
"""How long a killed worker goes unnoticed. The wait restarts elsewhere and re-reads the chain, so it may be short."""

FOLLOW_RETRY: Final = RetryPolicy(
    initial_interval=timedelta(milliseconds=200), backoff_coefficient=2.0, maximum_interval=timedelta(seconds=30)
)
"""Without end: a node that is down delays a flow and never fails it."""

EXPIRE_AGAIN: Final = timedelta(hours=1)
"""Past its deadline an intent in a block waits for the chain. A block takes minutes to be deep enough or to leave."""

# -- indexing a chain --------------------------------------------------------------------------------------------------

INDEX_STRETCH: Final = timedelta(minutes=10)
"""One activity. Long, so that a chain costs few events; short enough for the UI to show where it is."""

INDEX_TIMEOUT: Final = timedelta(minutes=30)
"""After its stretch an activity still completes the batch it is in."""

INDEX_HEARTBEAT: Final = timedelta(seconds=3)
"""How long a killed worker goes unnoticed. Heartbeats come every half second."""

INDEX_RETRY: Final = RetryPolicy(
    initial_interval=timedelta(milliseconds=100), backoff_coefficient=2.0, maximum_interval=timedelta(seconds=10)
)
"""Without end: a database that restarts delays the index and never ends it."""

INDEX_STRETCHES: Final = 100
"""Activities of one run before it continues as new: some six hundred events, seventeen hours. Recorded histories that
have passed a number replay by it: another number is a change of the flow."""

CHECK_STRETCH: Final = timedelta(minutes=10)
"""One activity that checks the orders of a chain: as long as that of the index, for the same reasons."""

CHECK_TIMEOUT: Final = timedelta(minutes=30)
"""After its stretch an activity still completes the round it is in."""

CHECK_HEARTBEAT: Final = timedelta(seconds=5)
"""How long a killed worker goes unnoticed. Heartbeats come every second."""

CHECK_RETRY: Final = INDEX_RETRY
"""Without end: a node that is away delays the checks and never ends them."""

CHECK_STRETCHES: Final = INDEX_STRETCHES
"""Activities of one run before it continues as new."""

REWIND_RETRY: Final = RetryPolicy(maximum_attempts=5)
"""An operator waits for the answer, and can ask again."""

# -- importing a foreign collection ------------------------------------------------------------------------------------

INSPECT_TIMEOUT: Final = timedelta(seconds=6)
INSPECT_BUDGET: Final = timedelta(seconds=8)
"""All attempts together: somebody waits for the answer, and the request gives up at ten seconds."""

INSPECT_RETRY: Final = RetryPolicy(initial_interval=timedelta(milliseconds=200), maximum_attempts=2)
"""Two looks at a contract, no more: anybody who is signed in can make us ask."""

BIRTH_TIMEOUT: Final = timedelta(minutes=2)
"""Some 25 questions for old state, each of which an archive may take seconds for."""

IMPORT_TIMEOUT: Final = timedelta(days=30)
"""The history of the busiest collections takes hours; a node that throttles makes days of them."""

IMPORT_HEARTBEAT: Final = timedelta(seconds=10)
"""How long a killed worker goes unnoticed. The watch starts again elsewhere; the indexer never noticed."""

IMPORT_RETRY: Final = RetryPolicy(
    initial_interval=timedelta(milliseconds=500), backoff_coefficient=2.0, maximum_interval=timedelta(seconds=30)
)
"""Without end: a node or an indexer that is away delays an import and never fails it."""

# -- the flow as a whole ----------------------------------------------------------------------------------------------

UPDATE_TIMEOUT: Final = timedelta(seconds=10)
"""How long an HTTP request waits for its flow."""

TASK_TIMEOUT: Final = timedelta(seconds=4)
"""The time for one workflow task. A task of a killed worker goes to another worker after this time, so that the request
that waits for it is still answered. The server's default is ten seconds, as long as the request waits."""

STICKY_TIMEOUT: Final = timedelta(seconds=5)
"""How long a workflow task waits for the worker that has the flow in its cache. Past it any worker may have the task:
the one with the cache may have been killed, and a request may wait."""

# -- media -------------------------------------------------------------------------------------------------------------

MEDIA_START_TIMEOUT: Final = timedelta(seconds=2)
"""The upload has been taken already, and a sweep starts what could not be started: the user does not wait for it."""

RENDER_TIMEOUT: Final = timedelta(minutes=10)
"""All variants of one asset, waiting for a decoder included. Each decoding has a limit of its own, of seconds."""

RENDER_HEARTBEAT: Final = timedelta(seconds=20)
"""How long a killed worker goes unnoticed. A variant that is there already is not made again."""

RENDER_RETRY: Final = RetryPolicy(
    initial_interval=timedelta(seconds=1), backoff_coefficient=2.0, maximum_interval=timedelta(minutes=5)
)
"""Without end while a store is away. A picture that cannot be rendered is no retry: the activity says so."""

RENDER_BUDGET: Final = timedelta(days=1)
"""The time after which the flow fails, so that an operator sees it. The sweep starts another."""

PIN_TIMEOUT: Final = timedelta(minutes=30)
"""Handing over the largest asset over a slow line."""

PIN_RETRY: Final = RetryPolicy(
    initial_interval=timedelta(seconds=2), backoff_coefficient=2.0, maximum_interval=timedelta(minutes=30)
)

PIN_BUDGET: Final = timedelta(days=14)
"""A pinning service may take days to find the bytes, or be away over a long weekend. The asset is served meanwhile."""

SWEEP_TIMEOUT: Final = timedelta(hours=6)
"""One listing of the whole store."""

SWEEP_LIFE: Final = timedelta(days=1)
"""A round that takes longer would meet the next one."""

SWEEP_RETRY: Final = RetryPolicy(
    initial_interval=timedelta(seconds=10), backoff_coefficient=2.0, maximum_interval=timedelta(minutes=10)
)

# -- accounts: deleting and exporting ----------------------------------------------------------------------------------

ERASE_TIMEOUT: Final = timedelta(hours=6)
"""Millions of rows, in batches."""

ERASE_HEARTBEAT: Final = timedelta(seconds=20)
"""How long a killed worker goes unnoticed. What it had deleted is not looked at again."""

ERASE_RETRY: Final = RetryPolicy(
    initial_interval=timedelta(seconds=1), backoff_coefficient=2.0, maximum_interval=timedelta(minutes=10)
)
"""Without end: a store that is away delays a deletion and never ends it half done."""

EXPORT_TIMEOUT: Final = timedelta(hours=2)
"""Everything of the busiest user, read page by page."""

# -- metadata ----------------------------------------------------------------------------------------------------------

REFRESH_STRETCH: Final = timedelta(minutes=1)
"""The time after which a batch begins no further document, so that slow servers of one collection delay no other."""

REFRESH_TIMEOUT: Final = timedelta(minutes=10)
"""One batch: its stretch, the documents under way, and the rows."""

REFRESH_HEARTBEAT: Final = timedelta(seconds=20)
"""How long a killed worker goes unnoticed. What it had written is not read again."""

REFRESH_RETRY: Final = RetryPolicy(
    initial_interval=timedelta(seconds=1), backoff_coefficient=2.0, maximum_interval=timedelta(minutes=1)
)
"""Without end: a node or a database that is away delays a refresh and never loses it. A document's own server is none
of this; its tries are counted in the queue."""

REFRESH_EVENTS: Final = 1000
"""The events of one run: some 160 batches, or 80,000 tokens. The server suggests a new run at four times as many. Open
flows replay by this number, so another number is a change of the flow."""

RANK_TIMEOUT: Final = timedelta(minutes=10)
"""A collection of a million tokens."""

RANK_RETRY: Final = RetryPolicy(initial_interval=timedelta(seconds=1), backoff_coefficient=2.0, maximum_attempts=8)
"""With an end: ranks that cannot be computed now are computed after the next change."""

# -- webhooks ----------------------------------------------------------------------------------------------------------

WEBHOOK_STRETCH: Final = timedelta(seconds=45)
"""The time after which an activity sends no further event, so that a history has few events and a deploy waits for
nobody."""

WEBHOOK_TIMEOUT: Final = timedelta(minutes=3)
"""One stretch, the last request under way, and the rows."""

WEBHOOK_HEARTBEAT: Final = timedelta(seconds=30)
"""How long a killed worker goes unnoticed."""

WEBHOOK_RETRY: Final = RetryPolicy(
    initial_interval=timedelta(seconds=1), backoff_coefficient=2.0, maximum_interval=timedelta(minutes=1)
)
"""Without end: a database that is away delays events. A webhook that is away is none of this; its tries are rows."""

WEBHOOK_EVENTS: Final = 1000
"""The events of one run: some hundred stretches. Open flows replay by this number, so another number is a change of the
flow."""
