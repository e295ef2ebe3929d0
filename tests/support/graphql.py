"""GraphQL in tests: operations over HTTP, counted statements, and the catalog's sample behind the real gateway."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from typing import Any

import asyncpg
import httpx
from fastapi import FastAPI

from api.graphql import serving
from api.http import middleware, problems
from api.main import create_app
from api.operations.refusals import note_refusal
from steadymint.audit.refusals import Refusals
from steadymint.settings import Settings
from tests.support.catalog_sample import serving_sample


@dataclass(frozen=True, slots=True)
class Answer:
    """What an operation was answered."""

    data: Any
    errors: list[dict[str, Any]]

    @property
    def codes(self) -> list[str]:
        return [error["extensions"]["code"] for error in self.errors]


@dataclass(frozen=True, slots=True)
class GraphQL:
    """Sends operations."""

    http: httpx.AsyncClient
    pool: asyncpg.Pool
    services: Any

    async def __call__(self, query: str, **variables: Any) -> Answer:
        found = await self.http.post(serving.PATH, json={"query": query, "variables": variables})
        assert found.status_code == 200, found.text
        return answer_of(found)

    async def data(self, query: str, **variables: Any) -> Any:
        """The data of an operation without an error."""
        answer = await self(query, **variables)
        assert not answer.errors, answer.errors
        return answer.data


def answer_of(found: httpx.Response) -> Answer:
    body = found.json()
    return Answer(body["data"], body.get("errors", []))


@asynccontextmanager
async def serving_graphql(database: str) -> AsyncGenerator[GraphQL]:
    """The gateway over the catalog's sample. Its routes are those of the whole application."""
    async with serving_sample(database) as reads:
        application = create_app(Settings(environment="test"))
        endpoint: Any = serving.Endpoint(application, reads.app.state.services.settings)
        reads.app.router.add_route(serving.PATH, endpoint, methods=["GET", "POST"])
        yield GraphQL(reads.http, reads.pool, reads.app.state.services)


@asynccontextmanager
async def served_with(
    graphql: GraphQL, *, refused: problems.Refused = note_refusal, **changes: Any
) -> AsyncGenerator[GraphQL]:
    """The same services behind a gateway with other settings of the API."""
    settings = graphql.services.settings
    settings = settings.model_copy(update={"api": settings.api.model_copy(update=changes)})
    app = FastAPI()
    problems.install(app)
    middleware.install(app, max_body=settings.api.max_body, read_rate=settings.api.read_rate, refused=refused)
    refusals = Refusals(graphql.pool)
    app.state.services = replace(graphql.services, settings=settings, refusals=refusals)
    endpoint: Any = serving.Endpoint(create_app(Settings(environment="test")), settings)
    app.router.add_route(serving.PATH, endpoint, methods=["GET", "POST"])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as http:
        yield GraphQL(http, graphql.pool, app.state.services)


@contextmanager
def counted_statements(pool: asyncpg.Pool) -> Generator[list[str]]:
    """The statements that the pool's connections run meanwhile."""
    seen: list[str] = []

    def note(record: asyncpg.connection.LoggedQuery) -> None:
        seen.append(record.query)

    connections = [holder._con for holder in pool._holders if holder._con]  # pyright: ignore[reportPrivateUsage]
    for connection in connections:
        connection.add_query_logger(note)
    try:
        yield seen
    finally:
        for connection in connections:
            connection.remove_query_logger(note)
