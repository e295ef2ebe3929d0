from __future__ import annotations

from typing import Any

import pytest

from steadymint.chain.nodes import error_table as table
from steadymint.chain.nodes import errors as e
from steadymint.domain.errors import InsufficientFundsError, SteadymintError, UpstreamUnavailableError

KEY = "abcdef0123456789abcdef0123456789"

# (node, code, message, data) as those nodes and providers really say it
SAID: list[tuple[str, int, str, Any, type[SteadymintError]]] = [
    ("geth", 3, "execution reverted: sold out", "0x", e.ExecutionRevertedError),
    ("geth", 3, "execution reverted: rate limit exceeded", "0x", e.ExecutionRevertedError),
    ("geth", -32000, "execution reverted", None, e.ExecutionRevertedError),
    ("geth", -32000, "invalid opcode: INVALID", None, e.ExecutionRevertedError),
    ("geth", -32000, "out of gas", None, e.ExecutionRevertedError),
    ("geth", -32000, "gas required exceeds allowance (30000000)", None, e.ExecutionRevertedError),
    ("nethermind", -32015, "VM execution error.", "Reverted 0x", e.ExecutionRevertedError),
    ("besu", -32000, "Execution reverted", "0x", e.ExecutionRevertedError),
    ("erigon", -32000, "execution reverted: rate limit exceeded", None, e.ExecutionRevertedError),
    ("besu", -32000, "Execution reverted (too many requests)", "0x08c379a0", e.ExecutionRevertedError),
    ("nethermind", -32015, "execution reverted: block range is too wide", "0x", e.ExecutionRevertedError),
    (
        "hardhat",
        -32603,
        "Error: VM Exception while processing transaction: reverted with reason string 'insufficient funds'",
        None,
        e.ExecutionRevertedError,
    ),
    ("anvil", 3, "execution reverted: custom error 0x12345678", "0x12345678", e.ExecutionRevertedError),
    ("anvil", -32003, "Insufficient funds for gas * price + value", None, InsufficientFundsError),
    ("geth", -32000, "insufficient funds for gas * price + value: have 0 want 1", None, InsufficientFundsError),
    ("besu", -32004, "Upfront cost exceeds account balance", None, InsufficientFundsError),
    ("nethermind", -32010, "InsufficientFunds, Account balance: 0, cumulative cost: 1", None, InsufficientFundsError),
    ("geth", -32000, "nonce too low: next nonce 5, tx nonce 4", None, e.TransactionRejectedError),
    ("geth", -32000, "replacement transaction underpriced", None, e.TransactionRejectedError),
    ("geth", -32000, "already known", None, e.TransactionRejectedError),
    ("geth", -32000, "header not found", None, e.UnknownBlockError),
    ("geth", -32000, "missing trie node 0xabc (path ) state is not available", None, e.UnknownBlockError),
    ("geth", 4444, "pruned history unavailable", None, e.UnknownBlockError),
    ("erigon", -32000, "block not found: 99", None, e.UnknownBlockError),
    ("besu", -32000, "World state unavailable", None, e.UnknownBlockError),
    ("anvil", -32602, "BlockOutOfRangeError: block height is 5 but requested was 10", None, e.UnknownBlockError),
    ("infura", -32005, "query returned more than 10000 results. Try [0x1, 0xf]", None, e.RangeTooLargeError),
    ("infura", -32005, "project ID request rate exceeded", None, e.NodeThrottledError),
    ("infura", -32005, "daily request count exceeded, request rate limited", None, e.NodeThrottledError),
    ("alchemy", 429, "Your app has exceeded its compute units per second capacity.", None, e.NodeThrottledError),
    ("alchemy", -32602, "Log response size exceeded. ... should work: [0x1, 0xf]", None, e.RangeTooLargeError),
    ("alchemy", -32600, "eth_getLogs requests with up to a 500 block range", None, e.RangeTooLargeError),
    ("quicknode", -32007, "50/second request limit reached - reduce calls per second", None, e.NodeThrottledError),
    ("quicknode", -32614, "eth_getLogs is limited to a 10,000 range", None, e.RangeTooLargeError),
    ("besu", -32005, "Requested range exceeds maximum RPC range limit", None, e.RangeTooLargeError),
    ("ankr", -32600, "block range is too wide", None, e.RangeTooLargeError),
    ("any", -32000, "the request exceeds 2048 blocks", None, e.RangeTooLargeError),
    ("any", -32000, "requested too many blocks from 1 to 3200, maximum is set to 2048", None, e.RangeTooLargeError),
    ("erigon", -32000, "block range extends beyond current head block", None, e.UnknownBlockError),
    ("any", -32000, "toBlock is beyond the current head", None, e.UnknownBlockError),
    ("any", -32000, "fromBlock is greater than the latest block", None, e.UnknownBlockError),
    ("chainstack", -32029, "You've exceeded the RPS limit available on the current plan.", None, e.NodeThrottledError),
    ("public", -32000, "Too Many Requests", None, e.NodeThrottledError),
    ("erigon", -32000, "batch limit 100 exceeded (can increase by --rpc.batch.limit)", None, e.BatchTooLargeError),
    ("geth", -32600, "batch too large", None, e.BatchTooLargeError),
    ("geth", -32601, "the method eth_foo does not exist/is not available", None, e.MethodUnsupportedError),
    ("geth", -32000, "transaction indexing is in progress", None, e.NotIndexedError),
    ("geth", -32002, "request timed out", None, UpstreamUnavailableError),
    ("geth", -32000, "execution aborted (timeout = 5s)", None, e.ExecutionTooLongError),
    ("nethermind", -32016, "Timeout", None, UpstreamUnavailableError),
    ("any", -32603, "", None, UpstreamUnavailableError),
    ("geth", -32602, "invalid argument 0: hex string has length 3", None, e.NodeRefusedError),
    ("any", -31999, "something nobody has said before", None, e.NodeRefusedError),
]


@pytest.mark.parametrize(("node", "code", "message", "data", "expected"), SAID)
def test_the_words_of_every_node_mean_one_typed_error(
    node: str, code: int, message: str, data: Any, expected: type[SteadymintError]
) -> None:
    assert type(table.from_json_rpc({"code": code, "message": message, "data": data})) is expected


@pytest.mark.parametrize("shape", ["words", 7, None, [], {}, {"code": "x"}, {"message": 5, "data": {"a": 1}}])
def test_an_error_of_any_shape_is_typed(shape: Any) -> None:
    assert isinstance(table.from_json_rpc(shape), SteadymintError)


@pytest.mark.parametrize(
    "data",
    ["0x08c379a0", "Reverted 0x08c379a0", {"data": "0x08c379a0"}, {"originalError": {"data": "0x08c379a0"}}],
)
def test_revert_data_is_found_wherever_the_node_puts_it(data: Any) -> None:
    error = table.from_json_rpc({"code": -32000, "message": "execution reverted", "data": data})
    assert isinstance(error, e.ExecutionRevertedError)
    assert error.data == bytes.fromhex("08c379a0")


@pytest.mark.parametrize("data", [None, "", "0x", "0xz", 5, {"data": 5}, "no hex at all"])
def test_a_revert_without_data_has_none(data: Any) -> None:
    error = table.from_json_rpc({"code": 3, "message": "execution reverted", "data": data})
    assert isinstance(error, e.ExecutionRevertedError)
    assert error.data == b""


def test_a_suggested_range_is_read() -> None:
    error = table.from_json_rpc({"code": -32005, "message": "query returned more than 10000 results. Try [0x10, 0x1f]"})
    assert isinstance(error, e.RangeTooLargeError)
    assert error.suggested == (16, 31)


def test_a_backoff_in_the_body_is_read() -> None:
    data = {"rate": {"backoff_seconds": 30}}
    assert table.from_json_rpc({"code": -32005, "message": "request rate exceeded", "data": data}).retry_after == 30


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("5", 5),
        ("0.5", 0.5),
        ("-1", 0),
        ("99999999", table.MAX_RETRY_AFTER),
        ("nan", None),
        ("soon", None),
        (None, None),
    ],
)
def test_retry_after_is_bounded_and_never_breaks(header: str | None, seconds: float | None) -> None:
    assert table.parse_retry_after(header) == seconds


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504, 400, 401, 403, 404, 405, 414, 422, 520])
def test_every_http_failure_can_be_tried_again(status: int) -> None:
    assert table.from_http(status, None).retryable


@pytest.mark.parametrize(
    "text", [f"see https://x.infura.io/v3/{KEY} now", f"project {KEY} is over", f"wss://a:b@c/{KEY}", "a\x1b[31m\r\nb"]
)
def test_scrubbed_words_hold_no_keys_and_no_control_characters(text: str) -> None:
    assert KEY not in table.scrub(text)
    assert table.scrub(text).isprintable()
    assert len(table.scrub(text * 100)) <= 200
