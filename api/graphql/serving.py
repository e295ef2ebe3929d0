"""`/graphql` as a route. The schema is made once in a process, in a thread, from the application's start: it takes most
of a second, and requests of others need not wait for it."""

from __future__ import annotations

import asyncio
from typing import Final

from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.types import Receive, Scope, Send

from api.graphql.documents import Documents
from api.graphql.gateway import Gateway
from api.graphql.schema import Served, graphql_of, schema_of
from steadymint.settings import Settings

PATH: Final = "/graphql"

_served: list[Served] = []


def install(app: FastAPI, settings: Settings) -> Endpoint:
    """Serve GraphQL over the routes of the application."""
    endpoint = Endpoint(app, settings)
    app.router.add_route(PATH, endpoint, methods=["GET", "POST"], include_in_schema=False)  # pyright: ignore[reportArgumentType]
    app.router.add_websocket_route(PATH, endpoint)  # pyright: ignore[reportArgumentType]
    return endpoint


def routes_of(app: FastAPI) -> list[APIRoute]:
    """The routes of an application, also those of included routers."""
    found = [getattr(one, "original_route", one) for one in iter_route_contexts(app.routes)]
    return [one for one in found if isinstance(one, APIRoute)]


class Endpoint:
    """Makes the gateway in a thread, which takes most of a second, and passes each request to it."""

    path = PATH
    """What the log and the metrics call it: a plain route of the framework names itself to nobody."""

    def __init__(self, app: FastAPI, settings: Settings) -> None:
        self._app = app
        self._settings = settings
        self._gateway: asyncio.Task[Gateway] | None = None

    def begin(self) -> asyncio.Task[Gateway]:
        """Make the gateway before the first request waits for it."""
        if self._gateway is None:
            self._gateway = asyncio.create_task(asyncio.to_thread(self._made))
        return self._gateway

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["route"] = self
        gateway = await asyncio.shield(self.begin())
        await gateway(scope, receive, send)

    def _made(self) -> Gateway:
        if not _served:  # routes are the same in every application of the process
            _served.append(schema_of(routes_of(self._app)))
        served, api = _served[0], self._settings.api
        documents = Documents(graphql_of(served.schema), served.weights, introspection=api.graphql_introspection)
        return Gateway(served.schema, documents, allowed_origins=api.cors_origins, max_body=api.max_body)
