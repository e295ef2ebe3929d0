"""How providers refuse: in words that no table has, in none, with an HTTP status, by closing the connection."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import orjson
from aiohttp import web

from tests.support.fake_provider import CLOSED, Refusal, error

WORDS: dict[str, Callable[[], Refusal]] = {
    "of the issue": lambda: error(-32000, "requested too many blocks from 1 to 3200, maximum is set to 2048"),
    "no batches": lambda: error(-32005, "Batched requests are not supported"),
    "span": lambda: error(-32000, "the span you want is broader than your plan's 2k"),
    "window": lambda: error(-32602, "getLogs window must stay under 500"),
    "please": lambda: error(-32600, "please narrow your filter"),
    "request": lambda: error(-32005, "Your request exceeds what one query may cover"),
    "rate words": lambda: error(-32000, "Exceeded maximum quota of heights per call"),
    "code only": lambda: error(-32005, ""),
    "sorry": lambda: error(-32099, "sorry"),
    "german": lambda: error(-32000, "Der angefragte Bereich ist zu groß"),
    "chinese": lambda: error(-32000, "区块范围过大"),
    "revert": lambda: error(-32000, "execution reverted: log scan"),
    "gas": lambda: error(-32000, "out of gas"),
    "unknown method": lambda: error(-32601, "eth_getLogs is not available for this many heights"),
    "internal": lambda: error(-32603, "Internal error"),
    "timeout": lambda: error(-32000, "context deadline exceeded"),
    "busy": lambda: error(-32002, "backend overloaded, try again"),
    "string code": lambda: web.json_response({"jsonrpc": "2.0", "id": 1, "error": {"code": "E7", "message": None}}),
    "error is text": lambda: web.json_response({"jsonrpc": "2.0", "id": 1, "error": "no"}),
    "empty error": lambda: web.json_response({"jsonrpc": "2.0", "id": 1, "error": {}}),
    "null": lambda: web.json_response({"jsonrpc": "2.0", "id": 1, "result": None}),
    "not JSON": lambda: web.Response(text="<html>too much</html>"),
    "empty body": lambda: web.Response(text=""),
    "400": lambda: web.Response(status=400, text="Bad Request"),
    "413": lambda: web.Response(status=413),
    "422 with JSON-RPC": lambda: error(-32000, "eth_getLogs: window", status=422),
    "429": lambda: web.Response(status=429),
    "429 at once": lambda: web.Response(status=429, headers={"Retry-After": "0"}),
    "403": lambda: web.Response(status=403, text="upgrade your plan"),
    "500": lambda: web.Response(status=500),
    "503": lambda: web.Response(status=503, text="no"),
    "504": lambda: web.Response(status=504, text="gateway timeout"),
    "closed": lambda: CLOSED,
}
"""Ways to refuse. Few of these words are in the error table, and some are there as something else."""


def _error_of(refusal: Refusal) -> Any:
    body = refusal.body if isinstance(refusal, web.Response) else None
    with suppress(orjson.JSONDecodeError):
        return orjson.loads(body).get("error") if isinstance(body, bytes) else None
    return None


ERRORS: dict[str, Any] = {name: found for name, says in WORDS.items() if (found := _error_of(says()))}
"""What of these is said in JSON-RPC, as the `error` of one call: how a batch is refused item by item."""
