"""What a query string may hold: declared parameters only, each at most once.

A parameter that is silently ignored is a filter that silently does not filter, so an unknown one is a 422. A repeated
one has two truths, and proxies differ in which they believe.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Final

from fastapi import Request
from pydantic import ConfigDict
from pydantic.alias_generators import to_camel

from api.http.bounded import Bounded
from steadymint.domain.errors import InvalidInputError

TWICE: Final = "is given more than once"


class NoQuery(Bounded):
    """The query of a route that takes none. Base of those that take some."""

    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=to_camel)


async def each_once(request: Request) -> None:
    """A router's dependency. Raises `InvalidInputError` for a parameter that occurs twice."""
    _refuse_repeated(request, frozenset())


def each_once_but(*lists: str) -> Callable[[Request], Awaitable[None]]:
    """The same for a router with parameters that are lists: only these may occur more than once."""
    allowed = frozenset(lists)

    async def dependency(request: Request) -> None:
        _refuse_repeated(request, allowed)

    return dependency


def _refuse_repeated(request: Request, allowed: frozenset[str]) -> None:
    names = Counter(name for name, _ in request.query_params.multi_items() if name not in allowed)
    places = [f"query.{name}" for name, times in names.items() if times > 1]
    if places:
        fields = [{"field": place, "reason": TWICE} for place in places[:20]]
        raise InvalidInputError(f"{places[0]}: {TWICE}", fields=fields)
