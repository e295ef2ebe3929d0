"""Writes the module with a method for each route."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

METHODS: Final = ("get", "post", "put", "patch", "delete")
REPEATABLE: Final = {"patch_me", "publish_metadata", "track_intent", "upload_media"}
"""Of the operations that write: the same one twice does what it does once, by the API's documentation. PUT does so by
HTTP's. GET, and what has an idempotency key, is known where requests are sent."""
HEAD: Final = '''"""Every route of the API as a method.

Made by scripts/generate_clients.py of the API's document. Do not edit.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any, Literal
from urllib.parse import quote
from uuid import uuid4

from steadymint_client import codes, models
from steadymint_client._async.http import AsyncHttp
from steadymint_client.events import ServerEvent


def _part(value: object) -> str:
    """A parameter in a path."""
    return quote(str(value), safe=":")


class AsyncOperations:
    """The routes. Each raises ProblemError, UnexpectedAnswerError or UnreachableError."""

    def __init__(self, http: AsyncHttp) -> None:
        self._http = http
'''


def snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name.replace("-", "_")).lower()


def _value(parameter: Parameter) -> str:
    """What is sent of a parameter. A request without a key gets one: it is sent again if its answer is lost."""
    return f"{parameter.python} or str(uuid4())" if parameter.name == "Idempotency-Key" else parameter.python


def written(document: dict[str, Any]) -> str:
    """The module's text, not yet in form."""
    operations = [
        Operation(method, path, found[method], document)
        for path, found in document["paths"].items()
        for method in METHODS
        if method in found
    ]
    return HEAD + "".join("\n" + operation.text() for operation in operations)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a method."""

    name: str
    python: str
    place: str
    type: str
    needed: bool

    def declared(self) -> str:
        return f"{self.python}: {self.type}" if self.needed else f"{self.python}: {self.type} | None = None"


@dataclass(frozen=True, slots=True)
class Operation:
    """One route."""

    method: str
    path: str
    spec: dict[str, Any]
    document: dict[str, Any]

    def text(self) -> str:
        answer = self._answer()
        if answer == "stream":
            return self._streaming()
        request = ", ".join([answer, repr(self.method.upper()), self._path(), *self._sent()])
        yields = "None" if answer == "None" else answer
        return (
            f"    async def {snake(self.spec['operationId'])}({self._signature()}) -> {yields}:\n"
            f"{self._documented()}"
            f"        return await self._http.ask({request})\n"
        )

    def _streaming(self) -> str:
        sent = [one for one in self._sent() if not one.startswith("headers=")]
        return (
            f"    def {snake(self.spec['operationId'])}({self._signature()}) -> AsyncGenerator[ServerEvent]:\n"
            f"{self._documented()}"
            f"        return self._http.stream({', '.join([self._path(), *sent, 'after=last_event_id'])})\n"
        )

    def _signature(self) -> str:
        parameters = list(self._parameters())
        in_path = [one.declared() for one in sorted(parameters, key=self._position) if one.place == "path"]
        needed = [one.declared() for one in parameters if one.place != "path" and one.needed]
        others = [one.declared() for one in parameters if one.place != "path" and not one.needed]
        named = [*needed, *others]
        body = self._body()
        first = [f"body: {body}"] if body and not self._is_upload() else []
        upload = ["file: bytes"] if self._is_upload() else []
        return ", ".join(["self", *in_path, *first, *upload, *(["*", *named] if named else [])])

    def _parameters(self) -> Iterator[Parameter]:
        for one in self.spec.get("parameters", []):
            if "$ref" in one:
                one = self.document["components"]["parameters"][one["$ref"].split("/")[-1]]
            python = snake(one["name"])
            if keyword.iskeyword(python):
                python += "_"
            yield Parameter(one["name"], python, one["in"], self._type(one["schema"]), one.get("required", False))

    def _position(self, parameter: Parameter) -> int:
        """The document lists the parameters of a path as the API declares them, and callers think of the path."""
        return self.path.find(f"{{{parameter.name}}}")

    def _sent(self) -> list[str]:
        found = list(self._parameters())
        sent: list[str] = []
        for place, argument in (("query", "query"), ("header", "headers")):
            # None is left out where the request is sent.
            if members := [f"{one.name!r}: {_value(one)}" for one in found if one.place == place]:
                sent.append(f"{argument}={{{', '.join(members)}}}")
        if self._is_upload():
            sent.append('files={"file": file}')
        elif self._body():
            sent.append("body=body.body()")
        if "security" not in self.spec:
            sent.append("secured=False")
        if self.method == "put" or snake(self.spec["operationId"]) in REPEATABLE:
            sent.append("repeatable=True")
        return sent

    def _path(self) -> str:
        if "{" not in self.path:
            return repr(self.path)
        return "f" + repr(re.sub(r"\{(\w+)\}", lambda found: "{_part(" + snake(found[1]) + ")}", self.path))

    def _body(self) -> str | None:
        content = self.spec.get("requestBody", {}).get("content", {})
        return self._type(next(iter(content.values()))["schema"]) if content else None

    def _is_upload(self) -> bool:
        return "multipart/form-data" in self.spec.get("requestBody", {}).get("content", {})

    def _answer(self) -> str:
        """The type of what the route answers; `stream` if that is a stream of events."""
        types: list[str] = []
        for status, response in self.spec["responses"].items():
            for kind, content in response.get("content", {}).items() if status.startswith("2") else ():
                types += self._typed(kind, content).split(" | ")
        distinct = list(dict.fromkeys(types))
        if "bytes" in distinct:
            return "bytes"
        return " | ".join(distinct) or "None"

    def _typed(self, kind: str, content: dict[str, Any]) -> str:
        if kind == "text/event-stream":
            return "stream"
        if kind.startswith("text/"):
            return "str"
        if kind != "application/json" or not content.get("schema"):
            return "bytes"
        return self._type(content["schema"])

    def _type(self, schema: dict[str, Any]) -> str:
        if "$ref" in schema:
            name = schema["$ref"].split("/")[-1]
            found = self.document["components"]["schemas"][name]
            return f"codes.{name}" if "enum" in found else f"models.{name}"
        if "enum" in schema:
            return _literal(schema["enum"])
        if alternatives := schema.get("anyOf"):
            types = [self._type(one) for one in alternatives if one.get("type") != "null"]
            return " | ".join(dict.fromkeys(types))
        if schema.get("type") == "array":
            return f"list[{self._type(schema['items'])}]"
        simple = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}
        return simple.get(schema.get("type", ""), "Any")

    def _documented(self) -> str:
        summary = self.spec["summary"].rstrip(".")
        return f'        """{summary}: `{self.method.upper()} {self.path}`."""\n'


def _literal(values: list[Any]) -> str:
    return f"Literal[{', '.join(map(repr, values))}]"
