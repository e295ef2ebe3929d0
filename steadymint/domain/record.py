"""The base of the values that cross a process boundary."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class Record(BaseModel):
    """An immutable value. Its JSON is camelCase.

    Unknown members are ignored: during a deploy they come from newer processes. A subclass whose JSON a person or a
    standard defines refuses them.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        alias_generator=to_camel,
        populate_by_name=True,
        arbitrary_types_allowed=False,
        json_schema_extra={"additionalProperties": False},  # what the API answers has no others
    )
