"""The scalars of the schema. Their values are those of REST's JSON, so that nothing is converted on its way out.

On its way in a scalar only asks for the right kind of JSON value. What the value says is checked by the route that is
asked, which answers with the place and the reason in the words of every other client.
"""

from __future__ import annotations

from typing import Any, Final, NewType

import strawberry
from strawberry.types.scalar import ScalarDefinition

Address = NewType("Address", str)
ChainId = NewType("ChainId", str)
Hex = NewType("Hex", str)
DateTime = NewType("DateTime", str)
WholeNumber = NewType("WholeNumber", int)
JSON = NewType("JSON", object)
Upload = NewType("Upload", object)

LARGEST_EXACT: Final = 2**53 - 1  # RFC 8259, section 6


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("must be a text")
    return value


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > LARGEST_EXACT:
        raise ValueError("must be a whole number of at most 2^53-1")
    return value


def _file(value: Any) -> Any:
    if not hasattr(value, "read"):
        raise ValueError("must be a file of a multipart request")
    return value


def _of_texts(name: str, description: str, url: str | None = None) -> ScalarDefinition:
    return strawberry.scalar(name=name, description=description, specified_by_url=url, parse_value=_text)


SCALARS: Final[dict[object, ScalarDefinition]] = {
    Address: _of_texts(
        "Address",
        "20 bytes, `0x` and 40 hex digits. Shown in EIP-55 casing, taken in any valid one.",
        "https://eips.ethereum.org/EIPS/eip-55",
    ),
    ChainId: _of_texts(
        "ChainId",
        "A CAIP-2 id of an EVM chain, such as `eip155:1`.",
        "https://chainagnostic.org/CAIPs/caip-2",
    ),
    Hex: _of_texts("Hex", "Bytes: `0x` and hex digits."),
    DateTime: _of_texts("DateTime", "RFC 3339, in UTC.", "https://www.rfc-editor.org/rfc/rfc3339"),
    WholeNumber: strawberry.scalar(
        name="WholeNumber",
        description="A whole number of at most 2^53-1. `Int` of GraphQL ends at 2^31-1, which block numbers may pass.",
        parse_value=_whole,
    ),
    JSON: strawberry.scalar(
        name="JSON", description="Any JSON value: where REST has a map, or a value of one of several types."
    ),
    Upload: strawberry.scalar(
        name="Upload",
        description="A file of a multipart request.",
        specified_by_url="https://github.com/jaydenseric/graphql-multipart-request-spec",
        parse_value=_file,
    ),
}
