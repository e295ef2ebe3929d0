"""The workers of sign-in for tests, and a fake of the chain that they ask."""

from __future__ import annotations

from datetime import datetime

import asyncpg
from redis.asyncio import Redis
from temporalio.client import Client
from temporalio.worker import Worker, WorkflowRunner

from activities.accounts import Leaving
from activities.linking import LinkChecking, Linking
from activities.sign_in import Granting, SignatureChecking
from steadymint.account_data.erasing import HeldRows
from steadymint.account_data.histories import UserHistories
from steadymint.audit.operator_settings import OperatorSettings
from steadymint.domain.types import Address, ChainId
from steadymint.durable.queues import Queues
from steadymint.identity.messages.handoff import SignatureHandoff
from steadymint.identity.messages.using_nonces import LinkNonces
from steadymint.identity.sessions.revocation import Revocation
from steadymint.identity.sessions.store import Sessions
from steadymint.identity.users.accounts import Users
from steadymint.identity.users.deletions import Deletions
from steadymint.identity.wallets.linking import WalletLinking
from steadymint.identity.wallets.links import Wallets
from steadymint.settings import Settings
from workflows.delete_account import DeleteAccount
from workflows.export_account import ExportAccount
from workflows.link_wallet import LinkWallet
from workflows.sign_in import SignIn


class Contracts:
    """The chain's word on contract signatures, as the test dictates it."""

    def __init__(self) -> None:
        self.valid: set[tuple[str, str, bytes]] = set()
        self.asked: list[tuple[str, str]] = []
        self.error: Exception | None = None
        self.settles: float | None = None
        """Seconds until a wallet is looked at again; None if none is."""
        self.gone: set[str] = set()
        """Wallets whose block has left the chain."""

    async def is_valid(
        self, chain_id: ChainId, address: Address, digest: bytes, signature: bytes, timeout: float
    ) -> bool:
        self.asked.append((chain_id, address))
        if self.error is not None:
            raise self.error
        return (chain_id, address, signature) in self.valid

    async def settles_in(self, chain_id: ChainId, signature: bytes) -> float | None:
        return self.settles

    async def stands(self, chain_id: ChainId, address: Address, since: datetime) -> bool:
        return address not in self.gone


def workers_of(
    settings: Settings,
    queues: Queues,
    client: Client,
    pool: asyncpg.Pool,
    redis: Redis,
    contracts: Contracts,
    runner: WorkflowRunner,
) -> list[Worker]:
    auth = settings.auth
    sessions = Sessions(pool, auth.refresh_ttl, auth.session_max_age, auth.contract_session_max_age)
    granting = Granting(Wallets(pool), Users(pool), sessions, Deletions(pool, OperatorSettings(pool)))
    ends = Revocation(sessions, redis, auth.access_ttl)
    deletions = Deletions(pool, OperatorSettings(pool))
    leaving = Leaving(deletions, ends, UserHistories(pool, client), HeldRows(pool))
    signature_checking = SignatureChecking(SignatureHandoff(redis), contracts, ends)
    linking = Linking(WalletLinking(pool), LinkNonces(pool), ends)
    link_checking = LinkChecking(WalletLinking(pool), ends, contracts)
    flows = Worker(
        client,
        task_queue=queues.flows,
        workflows=[SignIn, LinkWallet, DeleteAccount, ExportAccount],
        activities=[
            granting.grant_session,
            linking.link_wallet,
            leaving.close_account,
            leaving.look_whether_due,
            leaving.forget_histories,
            leaving.forget_rows,
        ],
        workflow_runner=runner,
    )
    on_chain = [
        signature_checking.ask_contract,
        signature_checking.look_again,
        link_checking.look_again_at_link,
    ]
    chain = Worker(client, task_queue=queues.chain, activities=on_chain)
    return [flows, chain]
