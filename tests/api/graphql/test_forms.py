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


@pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/form-data; boundary=b"])
async def test_a_form_that_is_none_is_a_bad_request(alice: User, kind: str) -> None:
    headers = {"graphql-require-preflight": "1", "content-type": kind}
    found = await alice.http.post(serving.PATH, content=b"--x\r\nno form", headers=headers)
    assert (found.status_code, found.json()["code"]) == (400, "bad_request")
