"""How values are shown in JSON: EIP-55, decimal strings, RFC 3339; with what OpenAPI says of them.

Answers are `TypedDict`s made by plain functions and written by orjson: the type checker holds the shape to the
documentation, and nothing is validated a second time on its way out. A test validates every answer against its type.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Final

from pydantic import ConfigDict, Field

from steadymint.domain.types import Address, show_address

EXACT: Final = ConfigDict(extra="forbid")
"""For `__pydantic_config__`: the documented members are all there are."""

ADDRESS_EXAMPLE: Final = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"
CONTRACT_EXAMPLE: Final = "0x5FbDB2315678afecb367f032d93F642f64180aa3"
TX_EXAMPLE: Final = "0x" + "ab" * 32
TIME_EXAMPLE: Final = "2026-01-31T12:00:00Z"
MEDIA_ID_EXAMPLE: Final = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


def address(value: Address) -> str:
    """EIP-55."""
    return show_address(value)


def address_or_none(value: Address | None) -> str | None:
    return None if value is None else show_address(value)


def amount(value: Decimal | int) -> str:
    """Plain decimal notation without trailing zeros: never `1E+2`."""
    text = str(value) if isinstance(value, int) else format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


ChainIdText = Annotated[str, Field(pattern="^eip155:[1-9][0-9]*$", examples=["eip155:31337"], description="CAIP-2.")]
AddressText = Annotated[
    str,
    Field(
        pattern="^0x[0-9a-fA-F]{40}$",
        examples=[ADDRESS_EXAMPLE],
        description="EIP-55.",
        json_schema_extra={"format": "address"},
    ),
]
Bytes32Text = Annotated[
    str, Field(pattern="^0x[0-9a-f]{64}$", examples=[TX_EXAMPLE], json_schema_extra={"format": "bytes32"})
]
TxHashText = Bytes32Text
DecimalText = Annotated[
    str, Field(pattern="^(0|[1-9][0-9]{0,77})$", examples=["1"], description="An integer below 2^256, in decimal.")
]
QuantityText = Annotated[
    str,
    Field(pattern="^(0|[1-9][0-9]*)$", examples=["3"], description="A sum of units, in decimal. It may pass 2^256."),
]
MoneyText = Annotated[
    str,
    Field(
        pattern="^(0|[1-9][0-9]*)$",
        examples=["1500000000000000000"],
        description="A sum of money in the smallest unit of its currency, in decimal. It may pass 2^256.",
    ),
]
AmountText = Annotated[
    str, Field(pattern=r"^[0-9]+(\.[0-9]+)?$", examples=["0.08"], description="In the native currency, in decimal.")
]
Time = Annotated[datetime, Field(examples=[TIME_EXAMPLE], description="RFC 3339, UTC.")]
NextCursor = Annotated[
    str | None,
    Field(description="Give it as `cursor` to read on; null on the last page.", examples=["AWkE9w…"]),
]
