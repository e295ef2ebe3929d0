"""What a route of REST takes and answers, as FastAPI knows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, cast

from annotated_types import Le
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from api.graphql.costs import Rows
from api.graphql.members import Member, members_of

_GOOD: Final = (200, 201, 202)
_PAGE: Final = ("limit", "cursor")
IDEMPOTENCY_KEY: Final = "Idempotency-Key"


@dataclass(frozen=True, slots=True)
class Place:
    """The name of a route."""

    method: str
    path: str

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


@dataclass(frozen=True, slots=True)
class Parts:
    """What one route takes and answers."""

    path: Mapping[str, Any]
    """Annotations by name."""
    query: tuple[Member, ...]
    """Without those of a page."""
    paged: bool
    rows: Rows | None
    """How many rows `limit` may ask for. None if it cannot be given."""
    keyed: bool
    """Whether an Idempotency-Key may be given."""
    body: type[BaseModel] | None
    answer: Any
    """The type of a good answer with a body; None without."""
    summary: str


def by_place(routes: Iterable[APIRoute]) -> dict[Place, APIRoute]:
    return {Place(method, route.path_format): route for route in routes for method in route.methods or ()}


def parts_of(route: APIRoute) -> Parts:
    """Raises LookupError for a route whose query is written in another way than those of REST."""
    path: dict[str, Any] = {}
    query: list[Member] = []
    keyed, rows = False, None
    for dependant in _with_all_below(route.dependant):
        path |= {field.alias: _annotation(field) for field in dependant.path_params}
        keyed = keyed or any(field.alias == IDEMPOTENCY_KEY for field in dependant.header_params)
        for field in dependant.query_params:
            model = cast(type[BaseModel], field.field_info.annotation)
            query += members_of(model)
            rows = _rows(model.model_fields["limit"]) if "limit" in model.model_fields else rows
    names = {member.name for member in query}
    return Parts(
        path=path,
        query=tuple(member for member in query if member.name not in _PAGE),
        paged="cursor" in names,
        rows=rows,
        keyed=keyed,
        body=None if route.body_field is None else cast(type[BaseModel], route.body_field.field_info.annotation),
        answer=_answer(route),
        summary=". ".join(filter(None, (route.summary, route.description))),
    )


def _with_all_below(dependant: Dependant) -> Iterator[Dependant]:
    yield dependant
    for below in dependant.dependencies:
        yield from _with_all_below(below)


def _rows(limit: FieldInfo) -> Rows:
    return Rows(limit.default, next(cast(int, one.le) for one in limit.metadata if isinstance(one, Le)))


def _annotation(field: Any) -> Any:
    info = cast(FieldInfo, field.field_info)
    return cast(Any, Annotated)[(info.annotation, *info.metadata, info)]


def _answer(route: APIRoute) -> Any:
    """The most that it may answer: of two good answers that of the lower status, which may say less."""
    found = [route.responses[status]["model"] for status in _GOOD if "model" in route.responses.get(status, {})]
    return found[0] if found else route.response_model
