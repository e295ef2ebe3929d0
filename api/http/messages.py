"""The part `webhooks` of the OpenAPI document: what we send. FastAPI's own would declare our problems there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import TypeAdapter

_REFERENCES: Final = "#/components/schemas/{model}"
_HEADERS: Final = {
    "webhook-id": "The same each time that the event is sent: the `id` of the body.",
    "webhook-timestamp": "When it was sent, in seconds since 1970. Refuse what is older than five minutes.",
    "webhook-signature": "`v1,` and HMAC-SHA256 in base64 of `{id}.{timestamp}.{body}`; two, with a space between, "
    "while one secret replaces another.",
}


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent for the events of one name."""

    shape: Any
    """A TypedDict."""
    summary: str
    example: Mapping[str, Any]


def add_messages(document: dict[str, Any], messages: Mapping[str, Message]) -> None:
    """Write the messages and their schemas into the document. A schema that is there already stays."""
    schemas = document["components"]["schemas"]
    found: dict[str, Any] = {}
    for name, message in messages.items():
        for title, schema in schemas_of(message).items():
            schemas.setdefault(title, schema)
        found[name] = {"post": _operation(name, message)}
    if found:
        document["webhooks"] = found


def schemas_of(message: Message, references: str = _REFERENCES) -> dict[str, Any]:
    """The JSON schemas of a message and of all within it, by name."""
    schema = TypeAdapter(message.shape).json_schema(ref_template=references)
    within = schema.pop("$defs", {})
    return {message.shape.__name__: schema, **within}


def _operation(name: str, message: Message) -> dict[str, Any]:
    reference = {"$ref": _REFERENCES.format(model=message.shape.__name__)}
    words = "".join(part.capitalize() for part in name.replace(".", " ").replace("_", " ").split())
    return {
        "operationId": f"on{words}",
        "summary": message.summary,
        "description": "Signed as Standard Webhooks. Answer 2xx within 15 seconds; anything else is tried again.",
        "tags": ["Webhooks"],
        "parameters": [
            {"name": header, "in": "header", "required": True, "description": what, "schema": {"type": "string"}}
            for header, what in _HEADERS.items()
        ],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": reference, "example": dict(message.example)}},
        },
        "responses": {"2XX": {"description": "Taken. What the answer says is not read."}},
    }
