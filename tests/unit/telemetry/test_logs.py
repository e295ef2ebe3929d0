"""What a log line never holds, whoever wrote it."""

from __future__ import annotations

import pytest

from steadymint.telemetry.logs import redact

SECRET = "s3cr3t-Pa55word_0123456789abcdef"
TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl"


@pytest.mark.parametrize(
    "text",
    [
        f"postgresql://steadymint:{SECRET}@db.example/steadymint",
        f"redis://:{SECRET}@cache.example:6379/0",  # as Redis without users is addressed
        f"postgresql://steadymint:p@ss:{SECRET}@db.example/steadymint",
        f"https://{SECRET}@node.example/",
        f"https://node.example/v2/{SECRET}",
        f"wss://node.example/v2/{SECRET}",
        f"https://node.example/rpc?apikey={SECRET}&x=1",
        f"wss://node.example/?x=1&auth_token={SECRET}",
        f"Authorization: Bearer {SECRET}",
        f"Sec-WebSocket-Protocol: steadymint.v1, bearer.{TOKEN}",
        f"the token {TOKEN} has ended",
    ],
)
def test_what_opens_a_door_is_taken_out_of_any_text(text: str) -> None:
    redacted = redact(f"before {text} after")
    assert SECRET not in redacted
    assert TOKEN not in redacted
    assert redacted.startswith("before ")
    assert redacted.endswith(" after")


@pytest.mark.parametrize(
    "text",
    [
        "GET https://market.example/v1/collections?sort=recency&limit=5 answered 200",
        "mail to ops@market.example",
        "the key of 0x" + "ab" * 32,
    ],
)
def test_what_opens_none_stays_readable(text: str) -> None:
    assert redact(text) == text
