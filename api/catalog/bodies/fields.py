"""Fields that several bodies of the catalog share."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from steadymint.domain.slugs import SLUG_PATTERN

StandardText = Literal["erc721", "erc1155"]


ShownUrl = Annotated[
    str,
    Field(
        description="Where a browser finds it: `https`, or our `/ipfs/` and an Arweave gateway for `ipfs://` and `ar://`."
    ),
]


SlugText = Annotated[
    str,
    Field(
        pattern=SLUG_PATTERN,
        examples=["first-light-5fbdb231"],
        description="Names the collection wherever its contract is taken.",
    ),
]


TraitNumber = Annotated[
    int | float | str, Field(description="A number; its digits as a text where a reader of JSON would round it.")
]
TraitTypeText = Annotated[str, Field(description="The trait's name.", examples=["Background"])]
TraitValueText = Annotated[
    str | int | float,
    Field(
        description="As `POST /v1/metadata` takes it: a text, a number, or of a date the seconds since 1970. A number "
        "that a reader of JSON would round is a text with its digits.",
        examples=["Sunset"],
    ),
]
ValueTypeText = Literal["string", "number", "date"]
DisplayTypeText = Literal["number", "boost_number", "boost_percentage", "date"]
"""What the members of a trait are called and hold, where they are read. `TraitWordsBody` is where they are written."""
