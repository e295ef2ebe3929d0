"""A22 of the attack cases: whatever is sent to whatever route, the answer is no fault of ours.

The document says which routes there are and what each takes. Each case is a request of its own: values that are right,
of another kind, or made to hurt, in every place that the route reads.
"""

from __future__ import annotations

import asyncio
import copy
import json
import os
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any, Final

import httpx
import orjson
import pytest

from api.http.process_limits import Rate
from api.http.rate_limits import RateLimiter
from steadymint.durable import policies
from tests.support.sign_in import CHAIN, Desk, Wallet, bearer, sign_in

CASES: Final = int(os.environ.get("STEADYMINT_FUZZ_CASES", "0"))
"""Requests to all routes together; 0 is one round. `make fuzz` sends 100,000."""
AT_ONCE: Final = 5
"""Requests under way. One user may upload eight at once."""
ROUND: Final = 10
"""Requests to one route, before those to the next: a run that is stopped has been everywhere."""
SEED: Final = int(os.environ.get("STEADYMINT_FUZZ_SEED", "20261128"))
ALPHABET: Final = "aZ09:/.%&=?#;'\"\\<>[]{}$-_ \t\x00\x7f\n\u00e9\u202e\ufeff\ud800\U0001f600"
ODD: Final[Sequence[Any]] = (
    None, True, 0, -1, 2**63, 2**256, 10**400, 0.1, 1e308, "", "0", "-0", "1e9", "0x", "\0", "\ud800", "x" * 5_000,
    "\u202e", [], {}, [[[]]], [None] * 100, {"a": {"b": {}}}, "0x" + "00" * 20, "0x" + "Ff" * 20, "0x" + "ab" * 32,
    CHAIN, "eip155:0", "eip155:9" + "9" * 40, "no-such-slug", "2030-01-01T00:00:00Z", "0000-00-00T00:00:00Z",
    "00000000-0000-0000-0000-000000000000", "ipfs://x#?%00", "data:,%ff", "https://[::1", "erc721", "../../etc/passwd",
)  # fmt: skip


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """(path, method, operation) of all routes."""
    found = [
        (path, method, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        # The session is needed for the others; a stream of changes that needs none has no end.
        if not path.endswith(("/logout", "/orders/events"))
    ]
    return sorted(found, key=lambda one: one[:2] == ("/v1/me", "delete"))  # the last: it ends the session too


class Fuzz:
    """Makes requests to one route."""

    def __init__(self, document: dict[str, Any], path: str, method: str, operation: dict[str, Any]) -> None:
        self._dice = random.Random(f"{SEED} {method} {path}")
        self._document, self._path, self._method, self._operation = document, path, method, operation

    def requests(self, headers: dict[str, str], number: int = ROUND) -> Iterator[httpx.Request]:
        """So many more requests."""
        for _ in range(number):
            yield self._request(headers)

    def _request(self, headers: dict[str, str]) -> httpx.Request:
        path, query, given = self._path, list[tuple[str, str]](), dict(headers)
        for parameter in self._operation.get("parameters", []):
            value = self._value(parameter["schema"])
            text = value if isinstance(value, str) else orjson.dumps(value).decode() if _fits(value) else str(value)
            if parameter["in"] == "path":
                path = path.replace("{" + parameter["name"] + "}", _quoted(text) or "0")
            elif parameter["in"] == "query" and self._dice.random() < 0.4:
                query += [(parameter["name"], text)] * self._dice.choice([1, 1, 1, 2])
            elif parameter["in"] == "header" and self._dice.random() < 0.4:
                given[parameter["name"]] = "".join(c for c in text if " " <= c <= "~")[:500]
        if self._dice.random() < 0.1:
            query.append((self._junk(), self._junk()))
        spelled = "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in query)
        url = f"http://test{path}" + (f"?{spelled}" if spelled else "")
        return httpx.Request(self._method.upper(), url, headers=given | self._type(), content=self._body())

    def _type(self) -> dict[str, str]:
        body = self._operation.get("requestBody")
        if body is None:
            return {}
        kinds = [*body["content"], "application/json", "text/plain", "multipart/form-data; boundary=x"]
        return {"content-type": self._dice.choice([kinds[0]] * 8 + kinds)}

    def _body(self) -> bytes | None:
        body = self._operation.get("requestBody")
        if body is None:
            return None
        schema = next(iter(body["content"].values())).get("schema", {})
        kind = self._dice.random()
        if kind < 0.15:
            return self._dice.randbytes(self._dice.randrange(200))
        value = self._mutated(self._example(schema)) if kind < 0.8 else self._dice.choice(ODD)
        return _json(value)

    def _value(self, schema: dict[str, Any]) -> Any:
        kind = self._dice.random()
        if kind < 0.5:
            return self._example(schema)
        return self._dice.choice(ODD) if kind < 0.85 else self._junk()

    def _junk(self) -> str:
        return "".join(self._dice.choice(ALPHABET) for _ in range(self._dice.randrange(1, 40)))

    def _mutated(self, value: Any) -> Any:
        """Some of its members are of another kind, missing, or new."""
        value = copy.deepcopy(value)
        if isinstance(value, dict) and value and self._dice.random() < 0.9:
            for name in self._dice.sample(sorted(value), self._dice.randrange(1, len(value) + 1)):
                kind = self._dice.random()
                if kind < 0.2:
                    del value[name]
                elif kind < 0.6:
                    value[name] = self._mutated(value[name])
                else:
                    value[name] = self._dice.choice(ODD)
            if self._dice.random() < 0.1:
                value[self._junk()] = self._dice.choice(ODD)
            return value
        if isinstance(value, list) and value and self._dice.random() < 0.7:
            return [self._mutated(one) for one in value] * self._dice.choice([1, 1, 3])
        return value if self._dice.random() < 0.5 else self._dice.choice(ODD)

    def _example(self, schema: dict[str, Any]) -> Any:
        """A value of the schema, by its examples where it has some."""
        if "$ref" in schema:
            return self._example(self._document["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
        for word in ("examples", "enum"):
            if schema.get(word):
                return self._dice.choice(schema[word])
        for word in ("anyOf", "oneOf", "allOf"):
            if word in schema:
                return self._example(self._dice.choice(schema[word]))
        match schema.get("type"):
            case "object":
                members = schema.get("properties", {})
                chosen = [name for name in members if name in schema.get("required", ()) or self._dice.random() < 0.5]
                return {name: self._example(members[name]) for name in chosen}
            case "array":
                return [self._example(schema.get("items", {})) for _ in range(self._dice.randrange(3))]
            case "integer" | "number":
                return self._dice.choice([schema.get("minimum", 0), 1, 50])
            case "boolean":
                return self._dice.choice([True, False])
            case _:
                return self._dice.choice(["light", "1", CHAIN, "0x" + "11" * 20, "0x" + "22" * 32])


def _fits(value: Any) -> bool:
    return not isinstance(value, int) or abs(value) < 2**63


def _json(value: Any) -> bytes:
    """JSON of whatever, numbers of any length and lone surrogates included."""
    return json.dumps(value).encode()


def _quoted(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode("utf-8", "surrogatepass"))


async def test_a22_whatever_is_sent_to_whatever_route_is_no_fault_of_ours(
    visitor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No worker serves the flows of intents, and Mongo is away: what gets so far is a 503 that names the part."""
    _lift_limits(monkeypatch)
    document = (await visitor.get("/openapi.json")).json()
    routes = operations(document)
    assert len(routes) > 40
    fuzzes = [Fuzz(document, *route) for route in routes]
    answered: Counter[int] = Counter()
    while answered.total() < max(CASES, 1):
        headers = bearer(await sign_in(visitor, Wallet()))  # a token lives for a quarter of an hour
        with monkeypatch.context() as hurried:
            hurried.setattr(policies, "UPDATE_TIMEOUT", timedelta(seconds=0.2))
            for (path, _, _), fuzz in zip(routes, fuzzes, strict=True):
                requests = list(fuzz.requests(headers))
                answers = [one for some in _some(requests) for one in await asyncio.gather(*map(visitor.send, some))]
                answered.update(answer.status_code for answer in answers)
                for request, answer in zip(requests, answers, strict=True):
                    _check(path, request, answer)
        if CASES:
            with capsys.disabled():
                print(
                    f"\rseed {SEED}: {answered.total():,} of {CASES:,} requests, {dict(sorted(answered.items()))}",
                    end="",
                )
    assert answered.keys() >= {200, 401, 404, 422}
    assert not answered[429], "what a limit refuses is not tried"


def _some(requests: Sequence[httpx.Request]) -> Iterator[Sequence[httpx.Request]]:
    for first in range(0, len(requests), AT_ONCE):
        yield requests[first : first + AT_ONCE]


def _lift_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits have tests of their own. Here they would answer in place of nearly every route."""

    async def no_wait(*_: object) -> float:
        return 0.0

    monkeypatch.setattr(RateLimiter, "_add", no_wait)
    monkeypatch.setattr(Rate, "_refuse_beyond", lambda *_: None)


def _check(path: str, request: httpx.Request, answer: httpx.Response) -> None:
    told = (SEED, str(request.url), request.method, request.content[:500], answer.text[:500])
    assert answer.status_code < 500 or answer.status_code == 503, told
    if answer.status_code == 503:
        assert answer.json().get("upstream") or path == "/readyz", told
    elif answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json", told


def test_the_requests_are_the_same_for_a_seed(desk: Desk) -> None:
    document = desk.app.openapi()
    path, method, operation = operations(document)[0]
    one, other = (
        [(request.url, request.content) for request in Fuzz(document, path, method, operation).requests({})]
        for _ in range(2)
    )
    assert one == other
