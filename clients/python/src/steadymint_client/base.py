"""What the models of the API's schemas have in common."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError, ValidatorFunctionWrapHandler, WrapValidator
from pydantic.alias_generators import to_camel

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


def _known_or_text(value: Any, known: ValidatorFunctionWrapHandler) -> Any:
    try:
        return known(value)
    except ValidationError:
        if isinstance(value, str):
            return value
        raise


Open = Annotated[T, WrapValidator(_known_or_text)]
"""One of the texts that the API knew when the client was made, or a newer one: let a `match` have a default."""
