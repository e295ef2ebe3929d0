"""Times in requests: one form, read the same in bodies and in query strings."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from pydantic import TypeAdapter, ValidationError

from api.http.moments import Moment

MOMENT: TypeAdapter[datetime] = TypeAdapter(Moment)


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-31T12:00:00Z",
        "2026-01-31t12:00:00z",
        "2026-01-31T12:00:00.000000000Z",
        "2026-01-31T14:00:00+02:00",
        "2026-01-31T12:00:00-00:00",
    ],
)
def test_a_time_with_an_offset_is_read_in_utc(text: str) -> None:
    read = MOMENT.validate_python(text)
    assert (read, read.tzinfo) == (datetime(2026, 1, 31, 12, tzinfo=UTC), UTC)


@pytest.mark.parametrize(
    "value",
    [
        1_769_860_800,
        "1769860800",
        "2026-01-31",
        "2026-01-31T12:00:00",
        "2026-01-31 12:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-01-31T12:00:00.0000000000Z",
        "２０２６-01-31T12:00:00Z",
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-01:00",
    ],
)
def test_anything_else_is_refused(value: object) -> None:
    with pytest.raises(ValidationError):
        MOMENT.validate_python(value)
