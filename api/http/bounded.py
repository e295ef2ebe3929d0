"""The base of bodies and queries: it limits the number of members, and so the number of errors for unknown ones."""

from __future__ import annotations

from typing import Any, Final, cast

from pydantic import BaseModel, model_validator

MAX_MEMBERS: Final = 64
"""Members of one object, or names in one query. Our largest has 17."""


class Bounded(BaseModel):
    """Refuses an object with too many members. Each unknown member would be an error. A body can hold 20,000 of them,
    which kept the process busy for 0.2 s without a sign-in, a hundred times as long as reading them takes."""

    @model_validator(mode="before")
    @classmethod
    def _few_members(cls, given: Any) -> Any:
        if isinstance(given, dict) and len(cast(dict[Any, Any], given)) > MAX_MEMBERS:
            raise ValueError(f"has more than {MAX_MEMBERS} members")
        return given
