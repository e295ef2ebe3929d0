"""What the answers of strangers, and the errors of asking them, say to us."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import aiohttp
from aiohttp.http import HttpProcessingError

from steadymint.outbound.budget import MAX_PAUSE
from steadymint.outbound.errors import failed


@contextmanager
def errors_told() -> Generator[None]:
    """What a request may raise, as OutboundErrors."""
    try:
        yield
    except aiohttp.InvalidURL:
        raise failed("bad_uri", "The address cannot be read") from None
    except aiohttp.ClientConnectorCertificateError:
        raise failed("unreachable", "The host's certificate is not valid", permanent=False) from None
    except (aiohttp.ClientConnectionError, OSError):
        raise failed("unreachable", "The host does not answer", permanent=False) from None
    except (aiohttp.ClientError, HttpProcessingError, ValueError):
        raise failed("bad_answer", "The host's answer is not HTTP as we read it", permanent=False) from None


def retry_after_of(value: str | None) -> float | None:
    """Seconds from a `Retry-After` header, a number or a date (RFC 9110, 10.2.3); None if it cannot be read."""
    if value is None:
        return None
    try:
        if value.strip().isdecimal():
            seconds = float(value)
        else:
            date = parsedate_to_datetime(value)
            seconds = (date.replace(tzinfo=date.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(seconds, 0.0), MAX_PAUSE)
