"""Forms with files, by the GraphQL multipart request specification."""

from __future__ import annotations

import json
from functools import reduce
from typing import Any

import pytest

from api.graphql import serving
from tests.support.intents_api import User

UPLOAD = "mutation($files: [Upload!]!) { uploadMedia(files: $files) { mediaId } }"
OPERATION = {"query": UPLOAD, "variables": {"files": [None]}}


@pytest.mark.parametrize(
    ("operations", "places"),
    [
        (OPERATION, {"0": ["variables.files.7"]}),
        (OPERATION, {"0": ["variables.files.x"]}),
        (OPERATION, {"0": ["variables.files.0.x"]}),
        (OPERATION, {"0": ["query.x"]}),
        (OPERATION, {"0": ["variables.none.0"]}),
        (OPERATION, {"0": 5}),
        (OPERATION, {"0": [5]}),
        (OPERATION, {"1": ["variables.files.0"]}),
        (OPERATION, None),
        (None, {"0": ["variables.files.0"]}),
        (OPERATION | {"variables": None}, {"0": ["variables.files.0"]}),
        (OPERATION | {"variables": {"files": [None], "deep": reduce(lambda inner, _: [inner], range(500), [])}}, {}),
    ],
)
async def test_a_form_whose_files_have_no_place_is_a_bad_request(alice: User, operations: Any, places: Any) -> None:
    form = {"operations": json.dumps(operations), "map": json.dumps(places)}
    headers = {"graphql-require-preflight": "1"}
    found = await alice.http.post(serving.PATH, data=form, files={"0": ("a.png", b"x")}, headers=headers)
    assert (found.status_code, found.json()["code"]) == (400, "bad_request")


FORM = "multipart/form-data; boundary=b"
FIELD = b'--b\r\nContent-Disposition: form-data; name="operations"\r\n\r\n'
FILE = b'--b\r\nContent-Disposition: form-data; name="0"; filename="0"\r\n\r\n'


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("multipart/form-data", b"--x\r\nno form"),
        (FORM, b"--x\r\nno form"),
        (f"{FORM}; charset=punycode", FIELD + b"{}\r\n--b--\r\n"),
        (FORM, FIELD + b"{}\r\n" + FIELD + b"{}\r\n" + FIELD + b"{}\r\n--b--\r\n"),
        (FORM, FIELD + b" " * 300_000 + b"\r\n--b--\r\n"),
        (FORM, FIELD + b"{}" + b"\r\n--bx" * 20 + b"\r\n--b--\r\n"),
        (FORM, FIELD + b"{}\r\n" + b"\r\n".join([FILE + b" " * 20_000] * 20) + b"\r\n--b--\r\n"),
    ],
    ids=["no boundary", "no form", "another charset", "fields", "a long field", "delimiters", "files"],
)
async def test_a_form_that_is_none_or_too_much_is_a_bad_request(alice: User, kind: str, content: bytes) -> None:
    headers = {"graphql-require-preflight": "1", "content-type": kind}
    found = await alice.http.post(serving.PATH, content=content, headers=headers)
    assert (found.status_code, found.json()["code"]) == (400, "bad_request")
    assert "No GraphQL query" not in found.json()["detail"], "it was read to its end"
