"""Refusals as errors of GraphQL: the members of a problem document of REST are their `extensions`."""

from __future__ import annotations

from typing import Any, Final

import orjson
from graphql import GraphQLError

from api.http.problems import problem_of
from steadymint.domain.errors import SteadymintError

TOLD: Final = 3
"""Places that a message names, as those of REST do."""
_RENAMED: Final = {"limit": "first", "cursor": "after", "Idempotency-Key": "idempotencyKey"}


def refusal_of(problem: dict[str, Any], retry_after: str | None) -> GraphQLError:
    """The error of a problem document. `extensions.field` names the first invalid place as GraphQL calls it: an
    argument, or a member of `input`; `extensions.fields` has all of them. `extensions.retryAfter` is what the header
    `Retry-After` beside it says, in seconds."""
    extensions = {name: value for name, value in problem.items() if name not in ("type", "detail")}
    if retry_after is not None:
        extensions["retryAfter"] = int(retry_after)
    message = problem["detail"]
    if problem.get("fields"):
        reasons = {place_of(one["field"]): one["reason"] for one in problem["fields"]}
        extensions["fields"] = [{"field": place, "reason": reason} for place, reason in reasons.items()]
        extensions["field"] = next(iter(reasons))
        message = "; ".join(f"{place}: {reason}" for place, reason in list(reasons.items())[:TOLD])
    return GraphQLError(message, extensions=extensions)


def refused(error: SteadymintError) -> GraphQLError:
    """The error of GraphQL for one of ours that no route has raised."""
    problem = problem_of(error)
    return refusal_of(orjson.loads(problem.body), problem.headers.get("retry-after"))


def place_of(field: str) -> str:
    """What GraphQL calls a place that REST names `query.limit`, `path.chainId` or `mint.endAt`."""
    for prefix in ("path.", "query.", "header."):
        if field.startswith(prefix):
            name, dot, rest = field.removeprefix(prefix).partition(".")
            return _RENAMED.get(name, name) + dot + rest
    return "input" if field == "body" else f"input.{field}"
