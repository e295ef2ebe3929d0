"""The reference of webhooks: what is sent, from the committed schemas."""

from __future__ import annotations

from collections.abc import Iterator

from docs_site.schemas import Schema, anchor, members


def page(schemas: Schema) -> str:
    return "\n".join(_lines(schemas))


def _lines(schemas: Schema) -> Iterator[str]:
    shapes: dict[str, Schema] = schemas["$defs"]
    sent = [one["$ref"].rsplit("/", 1)[1] for one in schemas["oneOf"]]
    yield "# Webhook events\n"
    yield "What a webhook is sent: a `POST` with one of these objects as JSON. When each event comes, how it is signed"
    yield "and what to answer is in [webhooks and topics](webhooks.md); how to check a signature, in the"
    yield "[recipe](recipes/verify-a-webhook.md). The same as a JSON schema:"
    yield "[webhook-events.schema.json](webhook-events.schema.json).\n"
    yield "| `type` | object |"
    yield "|---|---|"
    for name in sent:
        yield f"| `{_type(shapes[name])}` | [{name}](#{anchor(name)}) |"
    yield ""
    for name in [*sent, *(name for name in shapes if name not in sent)]:
        yield f"## {name} {{ #{anchor(name)} }}\n"
        if said := shapes[name].get("description"):
            yield f"{said}\n"
        yield from members(shapes[name], lambda other: f"#{anchor(other)}")
        yield ""


def _type(shape: Schema) -> str:
    return str(shape["properties"]["type"].get("const", ""))
