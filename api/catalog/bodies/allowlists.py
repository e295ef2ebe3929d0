"""Allowlists as they come in, and what they say of an account."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, Self

from pydantic import ConfigDict, Field, model_validator
from typing_extensions import TypedDict

from api.http.fields import Body
from api.http.shown import EXACT, Bytes32Text
from steadymint.domain.allowlists import AllowlistTree
from steadymint.domain.types import AddressField

MAX_ADDRESSES: Final = 50_000
"""A tree of 3 MiB, which a request brings and a thread makes."""

EXAMPLES: Final[dict[str, Any]] = {
    "two": {
        "value": {
            "addresses": ["0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266", "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"]
        }
    }
}


class PublishAllowlistBody(Body):
    """The accounts that may mint."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLES["two"]["value"]]})

    addresses: Annotated[tuple[AddressField, ...], Field(min_length=1, max_length=MAX_ADDRESSES)] = Field(
        description=f"Each once, in any order, at most {MAX_ADDRESSES:,}"
    )

    @model_validator(mode="after")
    def _none_is_there_twice(self) -> Self:
        if len(set(self.addresses)) != len(self.addresses):
            raise ValueError("an address is there twice")
        return self

    def tree(self) -> AllowlistTree:
        """Call it in a thread: ten thousand addresses take tens of milliseconds."""
        return AllowlistTree.of(self.addresses)


class AllowlistBody(TypedDict):
    """A published list."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    root: Annotated[Bytes32Text, Field(description="For `mint.allowlistRoot` of a collection.")]
    addresses: Annotated[int, Field(description="How many there are.")]


class EligibilityBody(TypedDict):
    """Whether a collection's allowlist has an account."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    allowlist: Annotated[
        Literal["none", "listed", "not_listed", "unpublished"],
        Field(
            description="`none`: everybody may mint. `unpublished`: there is a list, and its creator has not published "
            "it here; whoever is on it brings a proof of their own."
        ),
    ]
    proof: Annotated[
        list[Bytes32Text], Field(description="`proof` of a mint. Empty unless `listed`, and for a list of one.")
    ]


ALLOWLIST_EXAMPLE: Final[dict[str, Any]] = {
    "root": "0xb1c0c6e2bcc5cf6c0bf1b7c0c1c4d9b2a79f2f0d6a54d8bda9f2eeb0a15e57d4",
    "addresses": 2,
}
ELIGIBILITY_EXAMPLE: Final[dict[str, Any]] = {
    "allowlist": "listed",
    "proof": ["0x208697df1b2d4c083944c10909fe1ed6e99c1eaccff33ba129464b28f8245f01"],
}
