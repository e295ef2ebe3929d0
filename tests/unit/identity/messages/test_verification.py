"""The limits of a message's time, to the second, which no clock that runs can show."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from steadymint.domain.errors import InvalidMessageError
from steadymint.domain.types import Address
from steadymint.identity.messages.verification import Site, verify
from tests.support.sign_in import ORIGIN, Wallet

NOW = datetime(2026, 8, 1, 12, 0, 0, tzinfo=UTC)
SITE = Site.of([ORIGIN], max_age=600)
WALLET = Wallet()


def taken(**times: float) -> bool:
    """Whether a message with these times, in seconds from now, is valid at this very moment."""
    shown = {name: (NOW + timedelta(seconds=seconds)).isoformat() for name, seconds in times.items()}
    text = WALLET.message("a" * 32, **({"issued_at": NOW.isoformat()} | shown)).text()
    try:
        verify(SITE, Address(WALLET.address.lower()), text, WALLET.sign(text), NOW)
    except InvalidMessageError:
        return False
    return True


@pytest.mark.parametrize(
    ("times", "valid"),
    [
        ({"not_before": 1}, False),
        ({"not_before": 0.001}, False),
        ({"not_before": 0}, True),
        ({"expiration_time": 1}, True),
        ({"expiration_time": 0.001}, True),
        ({"expiration_time": 0}, False),
        ({"expiration_time": -1}, False),
        ({"not_before": 0, "expiration_time": 0}, False),
        ({"not_before": -5, "expiration_time": 5}, True),
        ({"issued_at": -600}, True),
        ({"issued_at": -601}, False),
        ({"issued_at": 60}, True),
        ({"issued_at": 61}, False),
        ({"issued_at": -601, "expiration_time": 3600}, False),
    ],
    ids=str,
)
def test_s29_a_message_is_valid_from_its_beginning_on_and_until_its_end(times: dict[str, float], valid: bool) -> None:
    assert taken(**times) is valid
