"""The OpenAPI entries of answers: the example, and the problems that may come instead."""

from __future__ import annotations

from typing import Any, Final

from api.http.problems import responses
from steadymint.domain.errors import InvalidCursorError, InvalidInputError, NotFoundError, UpstreamUnavailableError

Responses = dict[int | str, dict[str, Any]]

_NOT_MODIFIED: Final[Responses] = {304: {"description": "`If-None-Match` names what the answer would be."}}


def answers(body: Any, example: Any, *problems: Responses) -> Responses:
    """The entries for 200 with its type and an example, and for the given problems."""
    found: Responses = {200: {"model": body, "content": {"application/json": {"example": example}}}}
    for problem in problems:
        found |= problem
    return found


LOCATED: Final[dict[str, Any]] = {
    "headers": {"Location": {"description": "The path at which it can be watched.", "schema": {"type": "string"}}}
}
"""The entry for an answer to work that has only begun."""
BINARY: Final[dict[str, Any]] = {"format": "binary", "contentMediaType": "application/octet-stream"}
"""The schema of bytes. OpenAPI 3.1 describes them without a `type`, for they are no JSON. Of generators that know only
`format: binary` from OpenAPI 3.0, some make it a text if there is a `type`."""
CACHED: Final = _NOT_MODIFIED
BAD_INPUT: Final = responses(InvalidInputError, UpstreamUnavailableError)
BAD_PAGE: Final = responses(InvalidInputError, InvalidCursorError, UpstreamUnavailableError)
MISSING: Final = responses(NotFoundError)
