"""What names a collection in a request: the address of its contract, or its slug, which reads well in an address line.

A slug is made when a collection is born and ends in a hyphen and digits of its address (`first-light-5fbdb231`). So no
slug is taken for an address.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Final, NewType

from pydantic import AfterValidator, WithJsonSchema

from steadymint.domain.types import ADDRESS_SCHEMA, Address, parse_address

ContractName = NewType("ContractName", str)
"""An `Address`, or a slug. `address_in` tells them apart."""

SLUG_PATTERN: Final = "^[a-z0-9][a-z0-9-]{0,127}$"
SLUG_SCHEMA: Final[dict[str, Any]] = {"type": "string", "pattern": SLUG_PATTERN, "examples": ["first-light-5fbdb231"]}
_SLUG: Final = re.compile(SLUG_PATTERN[1:-1], re.ASCII)


def parse_contract(text: str) -> ContractName:
    """An address in any valid casing, or a slug. Raises ValueError for anything else, a wrong checksum included."""
    if "-" in text and _SLUG.fullmatch(text):
        return ContractName(text)
    if not text.startswith("0x"):
        raise ValueError("must be an address, 0x and 40 hex digits, or the slug of a collection")
    return ContractName(parse_address(text))


def address_in(name: ContractName) -> Address | None:
    """The address; None if the name is a slug."""
    return None if "-" in name else Address(name)


ContractField = Annotated[
    ContractName,
    AfterValidator(parse_contract),
    WithJsonSchema({"anyOf": [ADDRESS_SCHEMA, SLUG_SCHEMA]}),
]
