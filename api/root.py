"""The root of the API: every service of the process as one typed object.

`open_services` chooses and opens the services. A route gets them by `ServicesDep`, and in no other way.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Annotated, Any, cast

import asyncpg
from fastapi import Depends, Request
from pymongo import AsyncMongoClient
from redis.asyncio import Redis
from starlette.requests import HTTPConnection
from temporalio.client import Client

from api.http.cursors import CursorCodec
from api.http.pagination import EDGES, Pages
from api.http.process_limits import DAY, Rate, StreamPlaces
from api.http.rate_limits import RateLimiter
from steadymint.account_data.exports import ExportRequests
from steadymint.audit.operator_settings import OperatorSettings
from steadymint.audit.refusals import Refusals
from steadymint.catalog.allowlists import Allowlists
from steadymint.catalog.cache import CatalogCache
from steadymint.catalog.issuances import Issuances
from steadymint.durable.accounts import AccountFlows
from steadymint.durable.client import connect
from steadymint.durable.importing import ImportFlows
from steadymint.durable.intents import IntentFlows
from steadymint.durable.linking import LinkFlows
from steadymint.durable.market import MarketOrders
from steadymint.durable.queues import Queues
from steadymint.durable.refreshing import Refreshes
from steadymint.durable.sign_in import SignInFlows
from steadymint.identity.service import SignInService
from steadymint.identity.wallets.service import OwnWallets
from steadymint.intents.repository import IntentRepository
from steadymint.live.approval_checks import ApprovalChecks
from steadymint.live.feed import IntentFeed
from steadymint.live.order_requests import OrderRequests
from steadymint.market.feed import OrderFeed
from steadymint.market.orders import Orders
from steadymint.market.reads.events import OrderEvents
from steadymint.media.service import Media, open_media
from steadymint.metadata.requests import RefreshRequests
from steadymint.publishing.publisher import MetadataPublisher
from steadymint.settings import Settings
from steadymint.stores import open_stores
from steadymint.webhooks.sealing import Seal
from steadymint.webhooks.subscriptions import Subscriptions
from steadymint.webhooks.targets import Targets


@dataclass(frozen=True, slots=True)
class Services:
    """The services that the API's process holds open."""

    settings: Settings
    pool: asyncpg.Pool
    redis: Redis
    mongo: AsyncMongoClient[dict[str, Any]]
    temporal: Client
    limiter: RateLimiter
    stream_places: StreamPlaces
    uploaded_bytes: Rate
    trait_offers: Rate
    cursors: CursorCodec
    sign_in: SignInService
    wallets: OwnWallets
    account_flows: AccountFlows
    exports: ExportRequests
    operator_settings: OperatorSettings
    refusals: Refusals
    intents: IntentRepository
    flows: IntentFlows
    feed: IntentFeed
    catalog_cache: CatalogCache
    allowlists: Allowlists
    imports: ImportFlows
    issuances: Issuances
    refreshes: RefreshRequests
    refresh_flows: Refreshes
    orders: Orders
    market_orders: MarketOrders
    approval_checks: ApprovalChecks
    order_feed: OrderFeed
    media: Media
    publisher: MetadataPublisher
    webhooks: Subscriptions
    webhook_targets: Targets


def trait_offers_of(settings: Settings) -> Rate:
    """The limit on trait offers of one address that come with their tokens or traits."""
    daily = settings.api.trait_offers_daily
    return Rate("trait-offers", daily, DAY, f"This address may name the tokens or traits of {daily} offers a day")


@asynccontextmanager
async def open_services(settings: Settings) -> AsyncGenerator[Services]:
    """Open every service, and close them in reverse order.

    Postgres must answer. Temporal is connected when it is first needed, so reads are served while it is down.
    """
    async with AsyncExitStack() as stack:
        stores = await stack.enter_async_context(open_stores(settings, generic_plans=True))
        temporal = await connect(settings, lazy=True)
        queues = Queues(settings.temporal.task_queue_prefix)
        intents = IntentRepository(stores.pool)
        feed = await stack.enter_async_context(IntentFeed(stores.redis, intents))
        order_feed = await stack.enter_async_context(OrderFeed(OrderEvents(stores.pool)))
        sign_in = SignInService(stores.pool, stores.redis, SignInFlows(temporal, queues), settings.auth)
        media = await stack.enter_async_context(open_media(settings, stores.mongo, temporal, queues))
        yield Services(
            settings=settings,
            pool=stores.pool,
            redis=stores.redis,
            mongo=stores.mongo,
            temporal=temporal,
            limiter=RateLimiter(stores.redis),
            stream_places=StreamPlaces(
                per_user=settings.api.streams_per_user, per_address=settings.api.streams_per_address
            ),
            uploaded_bytes=Rate(
                "upload-bytes",
                settings.media.upload_daily_bytes,
                DAY,
                f"You may upload {settings.media.upload_daily_bytes} bytes a day",
            ),
            trait_offers=trait_offers_of(settings),
            cursors=CursorCodec(settings.auth.signing_keys),
            sign_in=sign_in,
            wallets=OwnWallets(stores.pool, sign_in.proofs, LinkFlows(temporal, queues), sign_in.revocation),
            account_flows=AccountFlows(temporal, queues),
            exports=ExportRequests(stores.pool, media.store),
            operator_settings=OperatorSettings(stores.pool),
            refusals=Refusals(stores.pool),
            intents=intents,
            flows=IntentFlows(temporal, queues),
            feed=feed,
            catalog_cache=CatalogCache(stores.redis),
            allowlists=Allowlists(stores.pool),
            imports=ImportFlows(temporal, queues),
            issuances=Issuances(stores.pool),
            refreshes=RefreshRequests(stores.pool),
            refresh_flows=Refreshes(temporal, queues),
            orders=Orders(stores.pool),
            market_orders=MarketOrders(temporal, queues, OrderRequests(stores.redis)),
            approval_checks=ApprovalChecks(stores.redis),
            order_feed=order_feed,
            media=media,
            publisher=MetadataPublisher.over(media),
            webhooks=Subscriptions(stores.pool, Seal(settings.codec)),
            webhook_targets=Targets(settings.webhooks.local_receivers),
        )


def services_of(connection: HTTPConnection) -> Services:
    """The services, for code that runs before FastAPI solves dependencies."""
    return cast(Services, connection.app.state.services)


# Dependencies are async, because FastAPI runs others in threads, which costs more than most of them do.
async def services(connection: HTTPConnection) -> Services:
    return services_of(connection)


ServicesDep = Annotated[Services, Depends(services)]


async def _pages(request: Request, found: ServicesDep) -> Pages:
    return Pages(request.url.path, found.cursors, edges=request.scope.get(EDGES, False))


PagesDep = Annotated[Pages, Depends(_pages)]
"""The pages of one request's list; see `api.http.pagination`."""
