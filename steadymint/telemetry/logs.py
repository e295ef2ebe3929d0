"""Logging: structured, one line an event, and nothing in it that opens a door.

Libraries may log what they were given: a DSN, a node's URL, a header. `_redact` takes the password out of every URL and
the value out of every field with a telling name, wherever the line comes from.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, Final

import structlog

from steadymint.settings import Settings

_SECRET_FIELD: Final = re.compile(
    r"authorization|cookie|password|secret|signature|token$|api_?key|private_?key|nonce$|proof", re.IGNORECASE
)
_NOT_SECRET: Final = frozenset({"tx_nonce", "account_nonce"})
# A Redis without users has a password alone (redis://:password@host), some nodes a key alone (https://key@host).
_URL_CREDENTIALS: Final = re.compile(r"(?<=://)[^/?#\s]+(?=@)")
_BEARER: Final = re.compile(r"(?i)bearer[\s.]+[\w.~+/=-]+")  # with a dot it is a WebSocket's subprotocol
_JWT: Final = re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]*")
# Node providers put the key in the path (https://eth-mainnet.example/v2/<key>) or in the query.
_URL_KEY: Final = re.compile(r"((?:https?|wss?)://[^\s/]+(?:/[\w.-]+)*?/)[A-Za-z0-9_-]{24,}")
_QUERY_KEY: Final = re.compile(r"(?i)([?&][\w-]*(?:key|token|secret|password)[\w-]*=)[^&#\s\"']+")

HIDDEN: Final = "[hidden]"


def configure_logging(settings: Settings) -> None:
    """Everything, libraries included, goes to standard error as JSON (or, for people, as coloured lines)."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _redact,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer() if settings.log_json else structlog.dev.ConsoleRenderer()
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(settings.log_level)
    # They log every request at INFO.
    for noisy in ("httpx", "aiohttp.access", "web3", "pymongo"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def _redact(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name, value in event.items():
        if _SECRET_FIELD.search(name) and name not in _NOT_SECRET:
            event[name] = HIDDEN
        elif isinstance(value, str):
            event[name] = redact(value)
    return event


def redact(text: str) -> str:
    """`text` without the credentials and keys of URLs and without tokens of ours."""
    text = _URL_CREDENTIALS.sub(HIDDEN, text)
    text = _JWT.sub(HIDDEN, _BEARER.sub(f"Bearer {HIDDEN}", text))
    text = _QUERY_KEY.sub(rf"\1{HIDDEN}", text)
    return _URL_KEY.sub(rf"\1{HIDDEN}", text)
