"""The headers of a problem."""

from __future__ import annotations

import pytest

from api.http.problems import problem_of
from steadymint.domain.errors import RateLimitedError


@pytest.mark.parametrize(("wait", "told"), [(0.0, "1"), (0.4, "1"), (1.4, "2"), (5.4, "6"), (10.0, "10"), (None, "1")])
def test_who_waits_as_long_as_told_is_not_refused_again(wait: float | None, told: str) -> None:
    assert problem_of(RateLimitedError(retry_after=wait)).headers["retry-after"] == told
