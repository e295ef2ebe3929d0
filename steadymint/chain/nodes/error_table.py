"""The error table: it turns a node's reply into a typed error.

Nodes agree on little. Geth, erigon, nethermind, besu and anvil each word a revert, a missing block and an empty account
differently, and providers use any code for a throttle. So the table looks at the words first and at the code second.
This file is the only place that knows those words and codes.

Errors carry no node address, because addresses hold API keys. `scrub` removes them from node messages too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from steadymint.chain.nodes.errors import (
    BatchTooLargeError,
    ExecutionRevertedError,
    ExecutionTooLongError,
    MethodUnsupportedError,
    NodeDeclinedError,
    NodeRefusedError,
    NodeThrottledError,
    NotIndexedError,
    RangeTooLargeError,
    TransactionRejectedError,
    UnknownBlockError,
)
from steadymint.domain.errors import (
    InsufficientFundsError,
    SteadymintError,
    UpstreamUnavailableError,
)

MAX_RETRY_AFTER: Final = 300.0
"""Seconds. A node that names a longer wait is asked again after this one: a provider's typo must not stop a chain for a
day."""


@dataclass(frozen=True, slots=True)
class _Rule:
    error: type[SteadymintError]
    words: re.Pattern[str]


def _rule(error: type[SteadymintError], *patterns: str) -> _Rule:
    return _Rule(error, re.compile("|".join(patterns), re.IGNORECASE))


# The first match wins, so a narrow rule stands above a wide one. Infura's -32005, for example, is a throttle or a range
# that is too wide, and only the words tell which.
_RULES: Final = (
    _rule(
        UnknownBlockError,  # "block range extends beyond current head block": the node lags
        r"(beyond|ahead of|past|above|after|(high|great|lat|new)er than|exceeds?) "
        r"((the|its|our|current|chain|latest|last|known|best|block) )*(head|tip|latest|highest|synced)",
    ),
    _rule(
        RangeTooLargeError,
        r"query returned more than",  # geth-derived, infura
        r"(response|result)s? size (is )?(exceed|too)",  # alchemy: "Log response size exceeded"
        r"block range",  # alchemy, ankr, erigon: "... block range is too wide / exceeds / limited to"
        r"range (is )?(too|limit|exceed)",
        r"maximum rpc range limit",  # besu
        r"limited to a [\d,]+ (block )?range",  # quicknode
        r"range too large",  # cloudflare
        r"(too many|max(imum)?) (logs|results)",
        r"query timeout exceeded",  # geth's own limit for log queries: the range is what can shrink
        # What nobody has said yet is taken for a plain refusal, which narrows the range too. These keep words like
        # "the request exceeds 2048 blocks" from being taken for a throttle.
        r"(too many|max(imum)?|up to|limit\w*|exceed\w*|more than|wide|large)\b.{0,60}\b(blocks|range|span|interval)\b",
        r"\b(blocks|range|span|interval)\b.{0,60}\b(too|max(imum)?|limit\w*|exceed\w*|wide|large)",
    ),
    _rule(
        BatchTooLargeError,
        r"batch (too|size|limit|of more)",  # geth "batch too large", erigon "batch limit 100 exceeded", drpc
        r"\d+ (calls|requests) in (1|one|a) batch",
    ),
    _rule(
        NodeThrottledError,
        r"rate.{0,12}(limit|exceed)",  # "request rate exceeded", "rate limited", "rate limit exceeded"
        r"too many requests",
        r"compute units",  # alchemy
        r"request limit reached",  # quicknode
        r"(requests?|calls) per (second|minute|day)",
        r"(request|usage|daily|monthly|rps|quota|credits?).{0,24}(exceed|reached|limited)",
        r"exceeded.{0,24}(rps|quota|capacity|credits?|throughput)",
        r"throttl",
    ),
    _rule(
        InsufficientFundsError,
        r"insufficient (funds|sender balance|balance)",  # geth, erigon, anvil, nethermind
        r"insufficientfunds",  # nethermind
        r"upfront cost exceeds account balance",  # besu
        r"doesn't have enough funds|does not have enough (funds|balance)",  # hardhat
    ),
    _rule(
        TransactionRejectedError,
        r"nonce (too|is too) (low|high)",
        r"nonce (below|above)",
        r"old ?nonce",
        r"(already known|known transaction|alreadyknown)",
        r"replacement transaction|underpriced|feetoolow|fee (cap )?too low|less than block base fee",
        r"(exceeds|greater than) block gas limit|intrinsic gas|gas limit (too|is too) (high|low)|cap: ",
        r"invalid sender|txpool is full",
    ),
    _rule(ExecutionTooLongError, r"execution (aborted|timed? ?out)"),  # geth: its own time limit for a call
    _rule(
        ExecutionRevertedError,
        r"revert",  # all of them, in some spelling
        r"vm execution error",  # nethermind, openethereum
        r"invalid opcode|bad instruction|invalid jump|stack (under|over)flow|stack limit|write protection",
        r"out of gas|gas uint64 overflow|gas required exceeds|max initcode|contract code (size|invalid)",
        r"opcode not found|invalidfeopcode|notactivated|evm error|outofgas|precompile",  # anvil
        r"execution (failed|halted)|always failing transaction",
        r"invalid memory|memory (limit|access) (oog|exceed)|call depth|returndata",
    ),
    _rule(
        UnknownBlockError,
        r"(header|block|state) (\S+ )?(for \S+ )?(not found|not available|unavailable|is missing)",
        r"unknown (block|header|ancestor)",
        r"missing trie node|historical state|history (has been )?pruned|pruned history",
        r"world state unavailable",  # besu
        r"blockoutofrange|beyond (current )?head|after last (accepted )?block|resource not found",
        r"could not be found|cannot query unfinalized",
        r"safe block not found|finalized block not found",
    ),
    _rule(
        MethodUnsupportedError,
        r"method.{0,80}(not found|not supported|not available|does not exist|disabled|not allowed|not whitelisted)",
        r"unsupported method",
    ),
    _rule(NotIndexedError, r"transaction indexing is in progress"),  # geth, for any hash that it does not find
    _rule(
        UpstreamUnavailableError,
        r"time(d)? ?out|deadline exceeded|context canceled",
        r"(temporar|currently|service) ?(il)?y? (un)?available|unavailable|overloaded|busy|try again|syncing",
        r"internal (server |json-rpc )?error|connection|upstream|bad gateway|no healthy|backend",
        r"header response exceeded|response too large|request failed",
    ),
)

# Codes decide when no rule matches the words. https://eips.ethereum.org/EIPS/eip-1474 and the habits of providers.
_CODES: Final[dict[int, type[SteadymintError]]] = {
    3: ExecutionRevertedError,  # geth: execution error with revert data
    429: NodeThrottledError,  # alchemy repeats the HTTP status
    -32005: NodeThrottledError,  # EIP-1474 "limit exceeded"
    -32007: NodeThrottledError,  # quicknode
    -32029: NodeThrottledError,  # chainstack
    -32001: UnknownBlockError,  # EIP-1474 "resource not found"
    4444: UnknownBlockError,  # EIP-4444 pruned history
    -32002: UpstreamUnavailableError,  # EIP-1474 "resource unavailable", geth "timed out"
    -32603: UpstreamUnavailableError,  # JSON-RPC internal error
    -32016: UpstreamUnavailableError,  # nethermind timeout
    -32015: ExecutionRevertedError,  # nethermind, openethereum: VM execution error
    -32003: TransactionRejectedError,
    -32010: TransactionRejectedError,  # openethereum, nethermind: transaction pool
    -32601: MethodUnsupportedError,
    -32004: MethodUnsupportedError,
    -32600: NodeRefusedError,
    -32602: NodeRefusedError,
    -32700: NodeRefusedError,
}

_DECLINED: Final = frozenset({400, 405, 406, 411, 414, 415, 422, 431, 501})
"""HTTP statuses that speak of the request. Others speak of the host, of our key or of the address."""

# The contract chooses the text that follows these words, so the text proves nothing about the node. A contract that
# reverts with "rate limit exceeded" must not pause a node. (geth, anvil, besu, erigon, nethermind; hardhat)
_REVERT_FIRST: Final = re.compile(
    r"(execution reverted|(error: )?vm exception while processing transaction: revert)", re.IGNORECASE
)

_URL: Final = re.compile(r"\b(?:https?|wss?)://\S+", re.IGNORECASE)
_SECRETS: Final = re.compile(r"\b(?!0x)[0-9A-Za-z_-]{28,}\b")  # project ids and keys; hashes and addresses stay
_HEX: Final = re.compile(r"0x(?:[0-9a-fA-F]{2})*")
_SUGGESTED: Final = re.compile(r"\[\s*(0x[0-9a-fA-F]+|\d+)\s*,\s*(0x[0-9a-fA-F]+|\d+)\s*\]")
_MAX_NODE_MESSAGE: Final = 200  # characters of a node's words that we repeat; a revert reason is read from data instead


def scrub(message: str) -> str:
    """A node's words without node addresses, keys and control characters; at most 200 characters."""
    words = _SECRETS.sub("[key]", _URL.sub("[url]", message) if "://" in message else message)
    if words.isprintable():
        return words[:_MAX_NODE_MESSAGE]
    return "".join(c if c.isprintable() else " " for c in words)[:_MAX_NODE_MESSAGE]


def from_json_rpc(error: Any) -> SteadymintError:
    """The typed error for the `error` member of a JSON-RPC reply, whatever its shape."""
    if not isinstance(error, dict):
        return UpstreamUnavailableError(f"The node answered with an error: {scrub(str(error))}")
    raw_code = error.get("code")
    code = raw_code if isinstance(raw_code, int) else 0
    message = str(error.get("message") or "")
    data = error.get("data")
    kind = _kind_of(code, message, data)
    found = kind(f"The node answered: {scrub(message) or code}")
    if isinstance(found, ExecutionRevertedError):
        found.data = _revert_data(data)
    elif isinstance(found, RangeTooLargeError):
        found.suggested = _suggested_range(message)
    elif isinstance(found, NodeThrottledError):
        found.retry_after = _backoff_seconds(data)
    return found


def from_http(status: int, retry_after: str | None) -> SteadymintError:
    """The typed error for an HTTP status without a JSON-RPC body, or with a wait. 429 is always retryable."""
    wait = parse_retry_after(retry_after)
    if status == 413:
        return BatchTooLargeError()
    if status == 429 or (wait is not None and (status == 503 or 400 <= status < 500)):
        return NodeThrottledError(retry_after=wait)  # a request that may come later is not refused for what it is
    if status in _DECLINED:
        return NodeDeclinedError(f"The chain's node answered with HTTP {status}")
    return UpstreamUnavailableError(f"The chain's node answered with HTTP {status}", retry_after=wait)


def parse_retry_after(value: str | None) -> float | None:
    """Seconds of a `Retry-After` header (RFC 9110, section 10.2.3), at most `MAX_RETRY_AFTER`; None if unreadable.

    No node we know uses the form with a date, so that form counts as unreadable.
    """
    try:
        seconds = float(value) if value is not None else None
    except ValueError:
        return None
    return None if seconds is None or seconds != seconds else min(max(seconds, 0.0), MAX_RETRY_AFTER)


def _kind_of(code: int, message: str, data: Any) -> type[SteadymintError]:
    if code == 3:
        return ExecutionRevertedError  # the contract chooses the message, so its words prove nothing
    if code == 429:
        return NodeThrottledError
    if _REVERT_FIRST.match(message):
        return ExecutionRevertedError
    for rule in _RULES:
        if rule.words.search(message):
            return rule.error
    if isinstance(data, str) and "revert" in data.lower():
        return ExecutionRevertedError
    return _CODES.get(code, UpstreamUnavailableError if not message else NodeRefusedError)


def _revert_data(data: Any) -> bytes:
    """The revert bytes in `data`: geth and anvil send hex, nethermind `Reverted 0x...`, others nest an object."""
    if isinstance(data, dict):
        data = data.get("data") or data.get("result") or data.get("originalError")
        if isinstance(data, dict):
            data = data.get("data")
    if not isinstance(data, str):
        return b""
    if data.startswith("0x"):
        try:
            return bytes.fromhex(data[2:])  # as most have it: the answers to many questions are long
        except ValueError:
            pass
    match = _HEX.search(data)
    return bytes.fromhex(match[0][2:]) if match else b""


def _suggested_range(message: str) -> tuple[int, int] | None:
    match = _SUGGESTED.search(message)
    return (int(match[1], 0), int(match[2], 0)) if match else None


def _backoff_seconds(data: Any) -> float | None:
    """The wait that Infura names in `data.rate.backoff_seconds`."""
    rate: Any = data.get("rate") if isinstance(data, dict) else None
    seconds = rate.get("backoff_seconds") if isinstance(rate, dict) else None
    return parse_retry_after(str(seconds)) if seconds is not None else None
