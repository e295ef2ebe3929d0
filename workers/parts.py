"""The composition root of the workers: connections of a process, and the activities that are made with them."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg
from pymongo import AsyncMongoClient
from redis.asyncio import Redis
from temporalio.client import Client

from activities.accounts import Leaving
from activities.closing import Closing
from activities.following.activity import Following
from activities.following.needs import FollowingNeeds
from activities.importing import Importing
from activities.linking import LinkChecking, Linking
from activities.orders import OrderActivities
from activities.preparing.base import PreparingNeeds
from activities.sign_in import Granting, SignatureChecking
from steadymint.account_data.erasing import HeldRows
from steadymint.account_data.histories import UserHistories
from steadymint.audit.operator_settings import OperatorSettings
from steadymint.catalog.cache import CatalogCache
from steadymint.catalog.mintable import MintableCollections
from steadymint.chain.approvals import ApprovalInspector
from steadymint.chain.calls.signatures import ContractSignatures
from steadymint.chain.following import TransactionFollower
from steadymint.chain.fulfilment import FulfilmentBuilder
from steadymint.chain.inspecting import ChainInspector
from steadymint.chain.nodes.client import ChainClients
from steadymint.chain.nodes.heads import HeadTrackers
from steadymint.chain.nodes.registry import ChainRegistry
from steadymint.chain.orders import OrderInspector
from steadymint.chain.preparing import TransactionBuilder
from steadymint.durable.client import connect
from steadymint.durable.notices import Notices
from steadymint.durable.queues import Queues
from steadymint.durable.reopening import Reopening
from steadymint.identity.messages.handoff import SignatureHandoff
from steadymint.identity.messages.using_nonces import LinkNonces
from steadymint.identity.sessions.revocation import Revocation
from steadymint.identity.sessions.store import Sessions
from steadymint.identity.users.accounts import Users
from steadymint.identity.users.deletions import Deletions
from steadymint.identity.wallets.linking import WalletLinking
from steadymint.identity.wallets.links import Wallets
from steadymint.indexing.importing.importer import Importer
from steadymint.indexing.index_progress import IndexProgress
from steadymint.intents.recorder import IntentRecorder
from steadymint.intents.repository import IntentRepository
from steadymint.intents.waits import Waits
from steadymint.live.nudges import ChainNudges
from steadymint.live.publisher import StatusPublisher
from steadymint.market.building import OrderBuilding
from steadymint.market.fillable import FillableOrders
from steadymint.market.intake import OrderIntake
from steadymint.market.orders import Orders
from steadymint.market.policies import policy_of
from steadymint.media.assets import Assets
from steadymint.publishing.minting import MintedMetadata
from steadymint.settings import Settings
from steadymint.stores import open_stores
from steadymint.telemetry.metrics import sdk_runtime


@dataclass(frozen=True, slots=True)
class WorkerParts:
    """The connections of a worker process. All of its queues share them."""

    settings: Settings
    queues: Queues
    temporal: Client
    pool: asyncpg.Pool
    redis: Redis
    mongo: AsyncMongoClient[dict[str, Any]]
    registry: ChainRegistry
    clients: ChainClients
    trackers: HeadTrackers
    intents: IntentRepository
    publisher: StatusPublisher
    nudges: ChainNudges

    @property
    def recorder(self) -> IntentRecorder:
        return IntentRecorder(self.intents, self.publisher)

    @property
    def reopening(self) -> Reopening:
        return Reopening(self.temporal, self.queues, deadline=self.settings.intents.deadline)

    @property
    def preparing_needs(self) -> PreparingNeeds:
        return PreparingNeeds(
            TransactionBuilder(self.clients),
            MintableCollections(self.pool),
            MintedMetadata(Assets(self.mongo)),
            ApprovalInspector(self.clients),
            OrderInspector(self.clients),
            Orders(self.pool),
            FillableOrders(self.pool, self.registry),
            FulfilmentBuilder(self.clients, policy_of),
            self.intents,
            self.recorder,
        )

    def closing(self) -> Closing:
        return Closing(self.intents, self.recorder)

    def following(self) -> Following:
        chain = TransactionFollower(self.clients, self.trackers)
        index = IndexProgress(self.pool)
        waits = Waits(ChainInspector(self.clients), index)
        return Following(
            FollowingNeeds(self.intents, self.recorder, chain, index, self.nudges, waits, Notices(self.temporal))
        )

    def granting(self) -> Granting:
        return Granting(Wallets(self.pool), Users(self.pool), self._sessions(), self._deletions())

    def linking(self) -> Linking:
        return Linking(WalletLinking(self.pool), LinkNonces(self.pool), self._ends())

    def link_checking(self) -> LinkChecking:
        return LinkChecking(WalletLinking(self.pool), self._ends(), ContractSignatures(self.clients))

    def importing(self) -> Importing:
        return Importing(Importer(self.pool, self.clients))

    def orders(self) -> OrderActivities:
        return OrderActivities(self.intake(), OrderBuilding(self.pool, self.clients))

    def intake(self) -> OrderIntake:
        return OrderIntake(self.pool, self.clients, CatalogCache(self.redis))

    def signature_checking(self) -> SignatureChecking:
        return SignatureChecking(SignatureHandoff(self.redis), ContractSignatures(self.clients), self._ends())

    def _ends(self) -> Revocation:
        return Revocation(self._sessions(), self.redis, self.settings.auth.access_ttl)

    def leaving(self) -> Leaving:
        return Leaving(self._deletions(), self._ends(), UserHistories(self.pool, self.temporal), HeldRows(self.pool))

    def _deletions(self) -> Deletions:
        return Deletions(self.pool, OperatorSettings(self.pool))

    def _sessions(self) -> Sessions:
        auth = self.settings.auth
        return Sessions(self.pool, auth.refresh_ttl, auth.session_max_age, auth.contract_session_max_age)


@asynccontextmanager
async def open_parts(settings: Settings) -> AsyncGenerator[WorkerParts]:
    """Everything open, closed again in reverse order."""
    async with AsyncExitStack() as stack:
        stores = await stack.enter_async_context(open_stores(settings))
        registry = ChainRegistry(stores.pool, stores.redis)
        clients = ChainClients(registry, redis=stores.redis)
        stack.push_async_callback(clients.close)
        trackers = HeadTrackers(clients)
        stack.push_async_callback(trackers.close)
        intents = IntentRepository(stores.pool)
        nudges = await stack.enter_async_context(ChainNudges(stores.redis, intents))
        yield WorkerParts(
            settings=settings,
            queues=Queues(settings.temporal.task_queue_prefix),
            temporal=await connect(settings, runtime=sdk_runtime(settings.worker)),
            pool=stores.pool,
            redis=stores.redis,
            mongo=stores.mongo,
            registry=registry,
            clients=clients,
            trackers=trackers,
            intents=intents,
            publisher=StatusPublisher(stores.redis, ttl=settings.intents.status_ttl),
            nudges=nudges,
        )
