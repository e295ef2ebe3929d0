"""Fields that several bodies of the catalog share."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

StandardText = Literal["erc721", "erc1155"]


ShownUrl = Annotated[
    str,
    Field(
        description="Where a browser finds it: `https`, or our `/ipfs/` and an Arweave gateway for `ipfs://` and `ar://`."
    ),
]


QuantityText = Annotated[
    str,
    Field(pattern="^(0|[1-9][0-9]*)$", examples=["3"], description="A sum of units, in decimal. It may pass 2^256."),
]
