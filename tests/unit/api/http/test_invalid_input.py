"""What is said of input that is not valid."""

from __future__ import annotations

import json
from typing import Annotated, Any
from uuid import UUID

import httpx
import pytest
from fastapi import Depends, FastAPI
from pydantic import BaseModel, ConfigDict, Field

from api.http import problems
from api.http.problems import Problem


class Item(BaseModel):
    size: int


class Order(BaseModel):
    model_config = ConfigDict(extra="forbid")

    items: Annotated[tuple[Item, ...], Field(min_length=1)]
    intent: UUID | None = None
    note: Annotated[str, Field(min_length=3)] = "none"


@pytest.fixture
def app() -> FastAPI:
    made = FastAPI()
    problems.install(made)

    @made.post("/orders")
    async def order(body: Order) -> None:  # pyright: ignore[reportUnusedFunction]
        del body

    return made


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ("{}", {"items": "is required"}),
        ('{"items": [], "colour": 1}', {"items": "has too few items", "colour": "is not known"}),
        ('{"items": [{}]}', {"items.0.size": "is required"}),  # and not that there are too few
        ('{"items": [{"size": 1}], "intent": "x"}', {"intent": "must be a UUID"}),
        (
            '{"items": [{"size": "x"}]}',
            {"items.0.size": "must be a valid integer, unable to parse string as an integer"},
        ),
        ('{"items": [{"size": 1}], "note": "x"}', {"note": "must have at least 3 characters"}),
        ('{"items": ', {"body": "is not JSON"}),
        ("[]", {"body": "must be a JSON object, sent as Content-Type: application/json"}),
    ],
)
async def test_each_place_is_named_with_what_is_wrong_there(app: FastAPI, body: str, fields: dict[str, Any]) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://api.test") as client:
        answer = await client.post("/orders", content=body, headers={"content-type": "application/json"})
    problem = json.loads(answer.content)
    Problem.model_validate(problem)
    assert (answer.status_code, problem["code"]) == (422, "invalid_input")
    assert {found["field"]: found["reason"] for found in problem["fields"]} == fields


async def test_who_forgets_what_kind_of_body_it_is_is_told(app: FastAPI) -> None:
    """`fetch` calls a string `text/plain` where nobody says otherwise."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://api.test") as client:
        answer = await client.post("/orders", content="{}", headers={"content-type": "text/plain;charset=UTF-8"})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")
    assert "Content-Type: application/json" in answer.json()["detail"]


async def test_a_parameter_that_a_route_and_its_dependency_name_is_told_once(app: FastAPI) -> None:
    async def named(number: int) -> None:
        del number

    @app.get("/{number}", dependencies=[Depends(named)])
    async def read(number: int) -> None:  # pyright: ignore[reportUnusedFunction]
        del number

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://api.test") as client:
        problem = (await client.get("/x")).json()
    assert [one["field"] for one in problem["fields"]] == ["path.number"]
    assert problem["detail"].count("path.number") == 1
