"""The failures of requests to strangers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from steadymint.domain.errors import SteadymintError

CROWDED: Final = "crowded"
"""Too many of our own requests wait for the host. This one did not begin."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One failure of a request."""

    code: str
    """Stable: `bad_uri`, `bad_scheme`, `bad_port`, `forbidden_host`, `unreachable`, `timeout`, `throttled`,
    `crowded`, `too_many_redirects`, `too_large`, `not_found`, `refused`, `upstream_error` or `bad_answer`."""
    detail: str
    """For people. It holds no address of ours and no secret."""
    permanent: bool
    """Whether the same request would fail again."""


class OutboundError(SteadymintError):
    """A request to a stranger failed. `retry_after` is how many seconds the server asks us to wait."""

    code = "outbound_failed"
    status = 502
    title = "The server at this address gave no usable answer"

    def __init__(self, failure: Failure, *, retry_after: float | None = None) -> None:
        super().__init__(failure.detail, retry_after=retry_after)
        self.failure = failure


def failed(code: str, detail: str, *, permanent: bool = True, retry_after: float | None = None) -> OutboundError:
    """The error to raise for a `Failure` of that code."""
    return OutboundError(Failure(code, detail, permanent), retry_after=retry_after)
