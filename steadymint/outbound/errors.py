"""Why a stranger's server was not asked, or gave nothing."""

from __future__ import annotations

from dataclasses import dataclass

from steadymint.domain.errors import SteadymintError


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong."""

    code: str
    """Stable: `bad_uri`, `bad_scheme`, `bad_port`, `forbidden_host`, `unreachable`, `timeout`, `throttled`,
    `too_many_redirects`, `too_large`, `not_found`, `refused`, `upstream_error` or `bad_answer`."""
    detail: str
    """For people; carries no address of ours and no secret."""
    permanent: bool
    """Whether asking again would give the same."""


class OutboundError(SteadymintError):
    """`failure` says what went wrong, `retry_after` how many seconds the server asks to be left alone."""

    code = "outbound_failed"
    status = 502
    title = "The server at this address gave no answer that we take"

    def __init__(self, failure: Failure, *, retry_after: float | None = None) -> None:
        super().__init__(failure.detail, retry_after=retry_after)
        self.failure = failure


def failed(code: str, detail: str, *, permanent: bool = True, retry_after: float | None = None) -> OutboundError:
    """The error to raise for a `Failure` of that code."""
    return OutboundError(Failure(code, detail, permanent), retry_after=retry_after)
