"""What the models of the API's schemas have in common."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler
from pydantic.alias_generators import to_camel
from pydantic_core import CoreSchema, core_schema

T = TypeVar("T")


def alias_of(name: str) -> str:
    """The member of the JSON that a field is: `chain_id` is `chainId`, `from_` is `from`."""
    return to_camel(name.rstrip("_"))


class Model(BaseModel):
    """A JSON object of the API. Members that it does not know are left out: the API may say more tomorrow."""

    model_config = ConfigDict(alias_generator=alias_of, populate_by_name=True, defer_build=True)

    def body(self) -> dict[str, Any]:
        """The JSON of a request: what was given, and nothing else."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True)


class _OrText:
    """Takes other texts too. A union of schemas, because a function of Python would be called for each value."""

    def __get_pydantic_core_schema__(self, source: Any, known: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.union_schema([known(source), core_schema.str_schema()], mode="left_to_right")


Omitted = Annotated[T | None, Field(exclude_if=lambda value: value is None)]
"""A member of a request that may be left out, and may not be null: None leaves it out, as if it were not given."""

Open = Annotated[T, _OrText()]
"""One of the texts that the API knew when the client was made, or a newer one: let a `match` have a default."""
