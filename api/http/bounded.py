"""The base of everything that is read from a request: of what nobody knows, only so much is complained about."""

from __future__ import annotations

from typing import Any, Final, cast

from pydantic import BaseModel, model_validator

MAX_MEMBERS: Final = 64
"""Members of one object, or names in one query. The largest of ours has 17."""


class Bounded(BaseModel):
    """Refuses too many members at once. Each that is not known would be an error of its own, and 20,000 of them, which
    fit into a body, kept the process busy for 0.2 s: before anybody had signed in, and a hundred times as long as it
    takes to read them."""

    @model_validator(mode="before")
    @classmethod
    def _few_members(cls, given: Any) -> Any:
        if isinstance(given, dict) and len(cast(dict[Any, Any], given)) > MAX_MEMBERS:
            raise ValueError(f"has more than {MAX_MEMBERS} members")
        return given
