"""The API reference: from the OpenAPI document, a page for each tag, and one for the shapes that they share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from docs_site.schemas import Schema, anchor, cell, example, members, type_of, words_of

TAGS: Final = {
    "Sign-in": "A wallet signs a message and gets a session.",
    "Flows": "Everything that ends in a transaction: `prepare` answers what the wallet has to send.",
    "Intents": "What became of what was prepared: by request, by event stream, by WebSocket.",
    "Media": "Pictures are uploaded, cleaned and made in several sizes.",
    "Metadata": "Documents of tokens are published, and what they say is read again.",
    "Content": "Pictures and documents by their hash or their CID.",
    "Catalog": "Collections, tokens, owners, traits, activity, search: what people browse.",
    "Market": "Orders, offers, sales and prices.",
    "Users": "Profiles, follows and blocks.",
    "Wallets": "The wallets of a user, and who may move what is in them.",
    "Webhooks": "Events that are sent to an address of yours.",
    "Chains": "The chains that are served.",
    "Operations": "For those who run Steadymint.",
}
"""Each tag of the document, in the order of the navigation."""


def pages(document: Schema) -> dict[str, str]:
    """File name -> Markdown."""
    found = {f"{_file(tag)}.md": "\n".join(_tag_page(document, tag)) for tag in TAGS}
    return found | {"index.md": "\n".join(_index(document)), "shapes.md": "\n".join(_shapes(document))}


def navigation() -> list[tuple[str, str]]:
    """(title, file name) of all pages."""
    return [("Overview", "index.md"), *((tag, f"{_file(tag)}.md") for tag in TAGS), ("Shapes", "shapes.md")]


def _file(tag: str) -> str:
    return tag.lower()


def _link(name: str) -> str:
    return f"shapes.md#{anchor(name)}"


def _operations(document: Schema, tag: str) -> Iterator[tuple[str, str, Schema]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if isinstance(operation, dict) and tag in operation.get("tags", ()):
                yield method.upper(), path, operation


def _index(document: Schema) -> Iterator[str]:
    missing = {
        tag
        for methods in document["paths"].values()
        for operation in methods.values()
        if isinstance(operation, dict)
        for tag in operation.get("tags", ())
    } - TAGS.keys()
    if missing:
        raise ValueError(f"docs_site/api_reference.py has no words for the tags {sorted(missing)}")
    yield "# API reference\n"
    yield document["info"]["description"]
    yield "A running API shows the same at `/docs`, where requests can be tried, and serves the document itself at"
    yield "`/openapi.json`. What the codes of errors mean is in [problems](../problems.md).\n"
    for tag, words in TAGS.items():
        yield f"## {tag}\n"
        yield f"{words}\n"
        yield "| route | |"
        yield "|---|---|"
        for method, path, operation in _operations(document, tag):
            where = f"{_file(tag)}.md#{anchor(operation['operationId'])}"
            yield f"| [`{method} {path}`]({where}) | {cell(operation['summary'])} |"
        yield ""


def _tag_page(document: Schema, tag: str) -> Iterator[str]:
    yield f"# {tag}\n"
    yield f"{TAGS[tag]}\n"
    for method, path, operation in _operations(document, tag):
        yield f"## {operation['summary']} {{ #{anchor(operation['operationId'])} }}\n"
        yield f"`{method} {path}`{{ .route }}"
        yield ""
        if operation.get("security"):
            yield "Needs a session: `Authorization: Bearer` and an access token.\n"
        yield operation.get("description", "") + "\n"
        yield from _parameters(operation)
        yield from _body(document, operation)
        yield from _answers(operation)


def _parameters(operation: Schema) -> Iterator[str]:
    if not operation.get("parameters"):
        return
    yield "| parameter | in | type | |"
    yield "|---|---|---|---|"
    for one in operation["parameters"]:
        schema = one["schema"]
        always = "" if one.get("required") else "Optional. "
        said = words_of(schema | {"description": one.get("description", schema.get("description", ""))})
        yield f"| `{one['name']}` | {one['in']} | {cell(type_of(schema, _link))} | {cell(always + said)} |"
    yield ""


def _body(document: Schema, operation: Schema) -> Iterator[str]:
    for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
        schema = content.get("schema", {})
        named = document["components"]["schemas"].get(schema.get("$ref", "").rsplit("/", 1)[-1], schema)
        yield f"**Body**, `{media_type}`: {type_of(schema, _link)}\n"
        if named.get("properties"):
            yield from members(named, _link)
            yield ""
        for number, one in enumerate(_examples(content) or named.get("examples", ()), 1):
            yield from example(one, f"Example {number}")


def _answers(operation: Schema) -> Iterator[str]:
    yield "| answer | with | |"
    yield "|---|---|---|"
    shown: list[tuple[str, Any]] = []
    for status, answer in operation["responses"].items():
        if status == "default":
            continue
        content: dict[str, Schema] = answer.get("content", {})
        types = " or ".join(
            dict.fromkeys(
                type_of(one["schema"], _link) if one.get("schema") else f"`{kind}`" for kind, one in content.items()
            )
        )
        yield f"| {status} | {cell(types)} | {cell(answer['description'].replace('Successful Response', ''))} |"
        if status.startswith("2"):
            shown += [(status, one) for content_type in content.values() for one in _examples(content_type)]
    yield ""
    for status, one in shown[:1]:
        yield from example(one, f"Answer {status}")


def _examples(content: Schema) -> list[Any]:
    if "example" in content:
        return [content["example"]]
    return [one["value"] for one in content.get("examples", {}).values() if "value" in one]


def _shapes(document: Schema) -> Iterator[str]:
    yield "# Shapes\n"
    yield "The objects of requests and answers. A member is always there unless it is optional.\n"
    for name, schema in sorted(document["components"]["schemas"].items()):
        yield f"## {name} {{ #{anchor(name)} }}\n"
        if said := schema.get("description"):
            yield f"{said}\n"
        if schema.get("properties"):
            yield from members(schema, _link)
        else:
            yield type_of({key: value for key, value in schema.items() if key != "description"}, _link)
        yield ""
