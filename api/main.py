"""The composition root of the HTTP side: which services this process holds, and which routes it serves."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, Final

from fastapi import FastAPI
from fastapi_swagger import patch_fastapi

from api import middleware, openapi, problems
from api.bulk import BULK_SECONDS, MAX_BULK
from api.dependencies import Services
from api.intents import reading
from api.intents.kinds import routers_of_kinds
from api.media import EXTRA as MEDIA
from api.media import UPLOAD_ROUTE, open_media, upload_limit
from api.routers import (
    auth,
    catalog,
    chains,
    content,
    imports,
    media,
    metadata_sets,
    operations,
    refreshes,
    users,
)
from api.streaming import StreamHandover
from steadymint.database import create_engine
from steadymint.durable.client import connect
from steadymint.durable.intents import IntentFlows
from steadymint.durable.queues import Queues
from steadymint.intents.repository import IntentRepository
from steadymint.live.events import DomainEvents
from steadymint.live.feed import IntentFeed
from steadymint.logs import configure_logging
from steadymint.settings import Settings, load_settings
from steadymint.stores import open_stores

DESCRIPTION = """
The back end of an NFT marketplace. Sign in, prepare a transaction, let the wallet send it, and follow its intent until
the tokens are in the catalog. Every flow survives crashes, deploys, reorgs and a wallet that signs tomorrow.

- Chain ids are CAIP-2, addresses EIP-55, amounts and token ids decimal strings, times RFC 3339 in UTC.
- Errors are RFC 9457 problem documents with a stable `code`.
- Lists are `{items, nextCursor}`; pass `nextCursor` as `cursor` for the next page.
- Every answer has an `X-Request-Id`, by which our logs know it. 429 and 503 say in `Retry-After` when to come again.
"""

SERVER: Final[dict[str, Any]] = {
    "log_config": None,
    "access_log": False,
    "server_header": False,
    "proxy_headers": False,  # `api.middleware` trusts only the proxies that the settings name
    "ws_max_size": 4096,  # viewers have nothing to say; the default would let each fill 16 MB, 32 times over
    "ws_max_queue": 4,
}
"""How uvicorn serves the application, in production and in tests."""


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application. Its connections are opened when it starts and closed when it stops."""
    settings = settings or load_settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        async with AsyncExitStack() as stack:
            app.state.services = await _open(settings, stack)
            yield

    app = FastAPI(
        title="Steadymint",
        version="1",
        description=DESCRIPTION,
        lifespan=lifespan,
        separate_input_output_schemas=False,
        docs_url=None,
        openapi_url=None,  # `api.openapi` serves it
        generate_unique_id_function=openapi.operation_id,
        redoc_url=None,
        swagger_ui_oauth2_redirect_url=None,
        redirect_slashes=False,  # the redirect would be built from a Host header that anybody may write
    )
    openapi.install(app)
    patch_fastapi(app, redirect_from_root_to_docs=False)  # for the files; the page is ours, which comes first
    problems.install(app)
    middleware.install(
        app,
        max_body=settings.api.max_body,
        trusted_proxies=settings.api.trusted_proxies,
        cors_origins=settings.api.cors_origins,
        larger={
            ("POST", metadata_sets.router.prefix): middleware.BodyLimit(MAX_BULK, BULK_SECONDS),
            UPLOAD_ROUTE: upload_limit(settings.media),
        },
    )
    app.add_middleware(StreamHandover)
    for module in (auth, media, imports):
        app.include_router(module.router)
    for router in routers_of_kinds():
        app.include_router(router)
    for module in (
        reading,
        metadata_sets,
        catalog,
        refreshes,
        chains,
        users,
        content,
        operations,
    ):
        app.include_router(module.router)
    return app


async def _open(settings: Settings, stack: AsyncExitStack) -> Services:
    """Temporal is connected to when first needed: reads are served while it is down."""
    configure_logging(settings)
    stores = await stack.enter_async_context(open_stores(settings, generic_plans=True))
    engine = create_engine(settings.postgres.dsn.get_secret_value(), command_timeout=settings.postgres.command_timeout)
    stack.push_async_callback(engine.dispose)
    temporal = await connect(settings, lazy=True)
    queues = Queues(settings.temporal.task_queue_prefix)
    repository = IntentRepository(stores.pool)
    feed = IntentFeed(stores.redis, repository)
    await stack.enter_async_context(feed)
    media_desk = await stack.enter_async_context(open_media(settings, stores.mongo, temporal, queues))
    return Services(
        settings=settings,
        pool=stores.pool,
        engine=engine,
        redis=stores.redis,
        mongo=stores.mongo,
        temporal=temporal,
        queues=queues,
        intents=repository,
        flows=IntentFlows(temporal, queues),
        feed=feed,
        events=DomainEvents(stores.redis),
        extras={MEDIA: media_desk},
    )


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
