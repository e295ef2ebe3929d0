"""Fields and bases that several request bodies share."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    WithJsonSchema,
)
from pydantic.alias_generators import to_camel
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from api.http.bounded import Bounded
from steadymint.domain.media import MediaId
from steadymint.domain.texts import parse_link, parse_text

_LARGEST_EXACT_NUMBER: Final = 2**53 - 1  # RFC 8259, section 6
_URI_SCHEMES: Final = ("https://", "ipfs://", "ar://", "data:")


class Body(Bounded):
    """Base of request bodies: camelCase, unknown members refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """The schema without defaults; descriptions name them. Client generators treat a member with a default as
        always present, and would make every caller send it."""
        found = handler(schema)
        for member in handler.resolve_ref_schema(found).get("properties", {}).values():
            member.pop("default", None)
        return found


def text(limit: int, *, empty: bool = False, lines: bool = False) -> AfterValidator:
    """A text of at most `limit` code points, as `parse_text` takes it. Not empty unless `empty`."""

    def check(value: str) -> str:
        parsed = parse_text(value, max_length=limit, lines=lines)
        if not parsed and not empty:
            raise ValueError("must not be empty")
        return parsed

    return AfterValidator(check)


def _uri(value: str) -> str:
    """A URI that goes on chain as it is: ASCII, printable, of a scheme that marketplaces read."""
    if not value.isascii() or not value.isprintable() or " " in value:
        raise ValueError("must be a URI of printable ASCII characters without spaces")
    if not value.startswith(_URI_SCHEMES):
        raise ValueError(f"must start with one of {', '.join(_URI_SCHEMES)}")
    return value


def _not_rounded(value: object) -> object:
    """Refuse a JSON number of more than 53 bits, because most JSON writers have rounded it."""
    if isinstance(value, int) and value > _LARGEST_EXACT_NUMBER:
        raise ValueError("must be a decimal string")
    return value


def _digest(value: str) -> MediaId:
    if len(value) != 64 or value.strip("0123456789abcdef"):
        raise ValueError("must be 64 lower-case hex digits, as the upload or the publishing answers it")
    return MediaId(value)


Exact = BeforeValidator(_not_rounded)
Uri = Annotated[str, Field(max_length=2048), AfterValidator(_uri)]
Link = Annotated[str, AfterValidator(parse_link)]
"""A link for readers: `https`, `ipfs` or `ar`."""
MediaIdField = Annotated[
    MediaId,
    AfterValidator(_digest),
    WithJsonSchema({"type": "string", "pattern": "^[0-9a-f]{64}$", "examples": ["9f" * 32]}),
]
