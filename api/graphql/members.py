"""The members of a body of REST, which is a pydantic model or a `TypedDict`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, NotRequired, cast, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from typing_extensions import get_type_hints, is_typeddict


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a body: its name in JSON, and its type as the body writes it."""

    name: str
    annotation: Any
    required: bool
    """Whether it has to be given."""
    always: bool
    """Whether an answer always has it."""
    description: str | None


def members_of(body: type[Any]) -> Iterator[Member]:
    """The members of a body."""
    if is_typeddict(body):
        required = cast(Any, body).__required_keys__
        for name, annotation in get_type_hints(body, include_extras=True).items():
            # Where annotations are texts, the keys that are not required are found in what they say only.
            always = name in required and get_origin(annotation) is not NotRequired
            yield Member(name, annotation, always, always, _description(annotation))
        return
    for name, field in cast(type[BaseModel], body).model_fields.items():
        said = cast(Any, Annotated)[(field.annotation, *field.metadata, field)]
        required = field.is_required()
        yield Member(field.alias or name, said, required, required or field.default is not None, field.description)


def is_body(annotation: Any) -> bool:
    """Whether it is a body, and no value."""
    return is_typeddict(annotation) or (isinstance(annotation, type) and issubclass(annotation, BaseModel))


def _description(annotation: Any) -> str | None:
    if get_origin(annotation) is NotRequired:
        return _description(get_args(annotation)[0])
    if get_origin(annotation) is Annotated:
        inner, *said = get_args(annotation)
        found = (one.description for one in reversed(said) if isinstance(one, FieldInfo))
        return next(filter(None, found), None) or _description(inner)
    return None
