"""The application: which routes it serves, behind which middleware. `api.root` has its services."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import cache
from typing import Any, Final

from fastapi import APIRouter, FastAPI
from fastapi_swagger import patch_fastapi
from starlette.routing import BaseRoute

from api.accounts.bodies.sign_in import SessionView
from api.accounts.routes import (
    approvals,
    follows,
    leaving,
    me,
    names,
    security_events,
    sign_in,
    users,
    wallets,
    webhooks,
)
from api.catalog import routes as catalog
from api.catalog.bodies.allowlists import PublishAllowlistBody
from api.catalog.routes import allowlists, chains, imports, issuances, refreshes
from api.graphql import serving as graphql
from api.http import middleware, openapi, problems
from api.http.body_limits import BodyLimit
from api.http.bulk import BULK_SECONDS, MAX_BULK
from api.intents import reading
from api.intents.kinds import routers_of_kinds
from api.intents.streaming import StreamHandover
from api.intents.views import PreparedAnswer
from api.market.bodies.webhook_events import MESSAGES
from api.market.routes import collection_market, order_events, order_lists, orders
from api.media.bodies.metadata_sets import PublishBody
from api.media.routes import assets, content, metadata_sets
from api.media.uploads import UPLOAD_ROUTE, upload_limit
from api.operations.refusals import note_refusal
from api.operations.routes import health
from api.operations.routes import settings as public_settings
from api.root import open_services
from api.storefront import serving as storefront
from steadymint.domain.intents.view import IntentError, IntentView
from steadymint.domain.market.intake import NeededApproval, OrderFinding
from steadymint.domain.transactions import TxRequest
from steadymint.settings import Settings, load_settings
from steadymint.telemetry.logs import configure_logging

DESCRIPTION = """
The back end of an NFT marketplace. Sign in, prepare a transaction, let the wallet send it, and follow its intent until
the tokens are in the catalog. Every flow survives crashes, deploys, reorgs and a wallet that signs tomorrow.

- Chain ids are CAIP-2, addresses EIP-55, amounts and token ids decimal strings, times RFC 3339 in UTC.
- Errors are RFC 9457 problem documents with a stable `code`.
- Lists are `{items, nextCursor}`; pass `nextCursor` as `cursor` for the next page.
- Every answer has an `X-Request-Id`, by which our logs know it. 429 and 503 say in `Retry-After` when to come again.
"""

NEVER_NULL: Final = (
    IntentView,
    IntentError,
    PreparedAnswer,
    TxRequest,
    SessionView,
    OrderFinding,
    NeededApproval,
    problems.Problem,
)
"""Answers whose members are left out while nothing is known. FastAPI's document says that they may also be null."""

SERVER: Final[dict[str, Any]] = {
    "log_config": None,
    "access_log": False,
    "server_header": False,
    "proxy_headers": False,  # `api.http.middleware` trusts only the proxies that the settings name
    "ws_max_size": 16_384,  # of an operation of GraphQL; the default would let each fill 16 MB, 32 times over
    "ws_max_queue": 4,
}
"""How uvicorn serves the application, in production and in tests."""


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application. Its connections are opened when it starts and closed when it stops."""
    settings = settings or load_settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        configure_logging(settings)
        async with open_services(settings) as app.state.services:
            gateway.begin()
            yield

    app = FastAPI(
        title="Steadymint",
        version="1",
        description=DESCRIPTION,
        lifespan=lifespan,
        separate_input_output_schemas=False,
        docs_url=None,
        openapi_url=None,  # `api.http.openapi` serves it
        generate_unique_id_function=openapi.operation_id,
        redoc_url=None,
        swagger_ui_oauth2_redirect_url=None,
        redirect_slashes=False,  # the redirect would be built from a Host header that anybody may write
    )
    openapi.install(
        app,
        public_url=settings.api.public_url,
        bulk_bodies=(PublishBody, PublishAllowlistBody),
        never_null=NEVER_NULL,
        messages=MESSAGES,
    )
    patch_fastapi(app, redirect_from_root_to_docs=False)  # for the files; the page is ours, which comes first
    problems.install(app, note_refusal)
    middleware.install(
        app,
        max_body=settings.api.max_body,
        trusted_proxies=settings.api.trusted_proxies,
        cors_origins=settings.api.cors_origins,
        read_rate=settings.api.read_rate,
        refused=note_refusal,
        larger={
            ("POST", metadata_sets.router.prefix): BodyLimit(MAX_BULK, BULK_SECONDS),
            ("POST", allowlists.PATH): BodyLimit(MAX_BULK, BULK_SECONDS),
            UPLOAD_ROUTE: upload_limit(settings.media),
            ("POST", graphql.PATH): upload_limit(settings.media),  # of files; JSON has `max_body` there as well
        },
    )
    app.add_middleware(StreamHandover)
    gateway = graphql.install(app, settings)  # first: the route is looked for one by one, and there are a hundred
    app.router.routes.extend(_routes())
    storefront.install(app, settings)
    return app


@cache
def _routes() -> list[BaseRoute]:
    """The routes of every application of this process. FastAPI makes the validators of a route at its first request,
    once for each router that includes it, which takes most of a second for all; so they share one. Therefore
    `dependency_overrides` of an application do nothing."""
    router = APIRouter(generate_unique_id_function=openapi.operation_id)
    for module in (sign_in, assets, imports, issuances):
        router.include_router(module.router)
    for one in routers_of_kinds():
        router.include_router(one)
    market = (orders, order_lists, order_events, collection_market)
    people = (me, wallets, approvals, users, names, follows, security_events, leaving, webhooks)
    others = (metadata_sets, allowlists, catalog, refreshes, chains, *people, content, public_settings, health)
    for module in (reading, *market, *others):
        router.include_router(module.router)
    return router.routes


def run(settings: Settings | None = None) -> None:
    """Serve until told to stop."""
    import uvicorn

    settings = settings or load_settings()
    config = uvicorn.Config(
        create_app(settings),
        host=settings.api.host,
        port=settings.api.port,
        loop="uvloop",
        timeout_graceful_shutdown=5,
        **SERVER,
    )
    uvicorn.Server(config).run()
