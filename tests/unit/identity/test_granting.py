"""The statements behind a sign-in, repeated, raced and cut off: each has the effect of one."""

from __future__ import annotations

import asyncio
import secrets
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.sign_in import Granting
from steadymint.audit.operator_settings import OperatorSettings
from steadymint.domain.errors import AttemptAbandonedError, ExpiredNonceError, InvalidNonceError
from steadymint.domain.sign_in import SignatureKind, SignInAttempt, SignInGrant, WalletLink
from steadymint.domain.types import Address, Bytes32, ChainId, UserId
from steadymint.identity.login_events import Attempt, LoginEvents
from steadymint.identity.messages.verification import hash_of_nonce
from steadymint.identity.sessions.store import Sessions, session_id_of
from steadymint.identity.users.accounts import Users
from steadymint.identity.users.deletions import Deletions
from steadymint.identity.wallets.links import Wallets

CHAIN = ChainId("eip155:1")
DAY = 86_400


async def issued(pool: asyncpg.Pool, account: Address, chain: ChainId = CHAIN, ttl: int = 300) -> str:
    nonce = secrets.token_hex(16)
    await pool.execute(
        "INSERT INTO auth_service.auth_nonces (nonce, account_id, chain_id, domain, issued_at, expires_at)"
        " VALUES ($1, $2, $3, 'market.example', now() - interval '2 minutes', now() + make_interval(secs => $4))",
        nonce,
        account,
        chain,
        ttl,
    )
    return hash_of_nonce(nonce)


def attempt(account: Address, nonce_hash: str, **changes: Any) -> SignInAttempt:
    fields: dict[str, Any] = {
        "attempt_id": uuid4(),
        "nonce_hash": nonce_hash,
        "account": account,
        "chain_id": CHAIN,
        "domain": "market.example",
        "proof": SignatureKind.EOA,
        "digest": Bytes32("0x" + "00" * 32),
        "refresh_hash": secrets.token_hex(32),
        "contract_budget": 9.0,
        "ip": "192.0.2.1",
        "user_agent": "a browser",
    }
    return SignInAttempt(**fields | changes)


def account() -> Address:
    return Address("0x" + secrets.token_hex(20))


@pytest.fixture
def wallets(pool: asyncpg.Pool) -> Wallets:
    return Wallets(pool)


@pytest.fixture
def sessions(pool: asyncpg.Pool) -> Sessions:
    return Sessions(pool, 14 * DAY, 90 * DAY, DAY)


async def granted(pool: asyncpg.Pool, tried: SignInAttempt) -> tuple[WalletLink, SignInGrant]:
    """All statements of a sign-in."""
    link = await Wallets(pool).link(tried)
    await Users(pool).ensure(UserId(link.user_id))
    return link, await Sessions(pool, 14 * DAY, 90 * DAY, DAY).open(tried, link)


async def rows(pool: asyncpg.Pool, *tables: str) -> dict[str, int]:
    return {table: await pool.fetchval(f"SELECT count(*) FROM {table}") for table in tables}


TABLES = (
    "user_service.users",
    "user_service.profiles",
    "user_service.user_preferences",
    "user_service.user_stats",
    "wallet_service.wallet_links",
    "wallet_service.wallet_activity",
    "wallet_service.wallet_verifications",
    "auth_service.sessions",
    "auth_service.refresh_tokens",
    "auth_service.login_events",
)
EVENTS = "event_service.outbox"


@pytest.mark.parametrize("cut_after", [1, 2, 3])
async def test_r17_a_sign_in_cut_off_after_any_statement_is_completed_by_repeating_it(
    pool: asyncpg.Pool, cut_after: int
) -> None:
    who = account()
    tried = attempt(who, await issued(pool, who))
    link = await Wallets(pool).link(tried)
    if cut_after > 1:
        await Users(pool).ensure(UserId(link.user_id))
    if cut_after > 2:
        await Sessions(pool, 14 * DAY, 90 * DAY, DAY).open(tried, link)
    again, first = await granted(pool, tried)
    assert again == link
    assert (await granted(pool, tried))[1] == first
    assert await rows(pool, *TABLES, EVENTS) == {**dict.fromkeys(TABLES, 1), EVENTS: 2}


async def test_a_link_left_alone_is_completed_by_the_next_sign_in(pool: asyncpg.Pool, wallets: Wallets) -> None:
    who = account()
    lost = await wallets.link(attempt(who, await issued(pool, who)))
    found, _ = await granted(pool, attempt(who, await issued(pool, who)))
    assert (found.wallet_id, found.user_id) == (lost.wallet_id, lost.user_id)
    assert await rows(pool, EVENTS) == {EVENTS: 2}  # linked once, signed in once


async def test_first_sign_ins_of_one_key_on_many_chains_at_once_are_one_user(pool: asyncpg.Pool) -> None:
    who = account()
    chains = [ChainId(f"eip155:{number}") for number in range(1, 9)]
    tries = [attempt(who, await issued(pool, who, chain), chain_id=chain) for chain in chains]
    links = await asyncio.gather(*(Wallets(pool).link(tried) for tried in tries))
    assert len({link.user_id for link in links}) == 1
    assert len({link.wallet_id for link in links}) == 8
    primary = "SELECT count(*) FROM wallet_service.wallet_links WHERE is_primary"
    assert await pool.fetchval(primary) == 1
    statuses = await asyncio.gather(*(Users(pool).ensure(UserId(links[0].user_id)) for _ in range(1)))
    assert statuses == ["active"]


async def test_one_nonce_opens_one_session_for_many_attempts_at_once(pool: asyncpg.Pool, sessions: Sessions) -> None:
    who = account()
    nonce_hash = await issued(pool, who)
    link, _ = await granted(pool, attempt(who, await issued(pool, who)))
    results = await asyncio.gather(
        *(sessions.open(attempt(who, nonce_hash), link) for _ in range(20)), return_exceptions=True
    )
    assert sum(isinstance(result, SignInGrant) for result in results) == 1
    assert sum(isinstance(result, InvalidNonceError) for result in results) == 19
    assert await rows(pool, "auth_service.sessions") == {"auth_service.sessions": 2}


async def test_an_attempt_that_was_given_up_is_granted_nothing_and_keeps_its_nonce(
    pool: asyncpg.Pool, sessions: Sessions, wallets: Wallets
) -> None:
    who = account()
    tried = attempt(who, await issued(pool, who))
    link = await wallets.link(tried)
    assert await LoginEvents(pool).file_failure(Attempt(tried.attempt_id, None, None, who), "failed", "gave up")
    with pytest.raises(AttemptAbandonedError):
        await sessions.open(tried, link)
    assert await rows(pool, "auth_service.sessions") == {"auth_service.sessions": 0}
    assert (await sessions.open(attempt(who, tried.nonce_hash), link)).account == who


async def test_an_attempt_that_was_granted_cannot_be_given_up(pool: asyncpg.Pool, sessions: Sessions) -> None:
    who = account()
    tried = attempt(who, await issued(pool, who))
    _, grant = await granted(pool, tried)
    assert not await LoginEvents(pool).file_failure(Attempt(tried.attempt_id, None, None, who), "failed", "gave up")
    stored = await sessions.granted_to(tried.attempt_id)
    assert stored is not None
    assert stored.session_id == grant.session_id
    assert await pool.fetchval("SELECT result FROM auth_service.login_events") == "success"


@pytest.mark.parametrize(
    "changes",
    [{"account": Address("0x" + "ab" * 20)}, {"chain_id": ChainId("eip155:137")}, {"domain": "evil.example"}],
    ids=str,
)
async def test_a_nonce_opens_no_session_but_the_one_it_was_issued_for(
    pool: asyncpg.Pool, sessions: Sessions, changes: dict[str, Any]
) -> None:
    who = account()
    link, _ = await granted(pool, attempt(who, await issued(pool, who)))
    nonce_hash = await issued(pool, who)
    with pytest.raises(InvalidNonceError):
        await sessions.open(attempt(who, nonce_hash).model_copy(update=changes), link)
    assert not await pool.fetchval("SELECT used FROM auth_service.auth_nonces WHERE nonce_hash = $1", nonce_hash)


async def test_an_expired_nonce_opens_no_session(pool: asyncpg.Pool, sessions: Sessions) -> None:
    who = account()
    link, _ = await granted(pool, attempt(who, await issued(pool, who)))
    with pytest.raises(ExpiredNonceError):
        await sessions.open(attempt(who, await issued(pool, who, ttl=-1)), link)


async def test_a_key_that_comes_to_a_contracts_wallet_on_its_chain_is_its_user(
    pool: asyncpg.Pool, wallets: Wallets
) -> None:
    """EIP-7702: the contract at a key's own address, on the chain where the key has put it."""
    who = account()
    as_contract = await wallets.link(attempt(who, await issued(pool, who), proof=SignatureKind.CONTRACT))
    as_key = await wallets.link(attempt(who, await issued(pool, who)))
    assert as_key.user_id == as_contract.user_id


async def test_the_life_of_a_session_is_the_shorter_of_its_limits(pool: asyncpg.Pool) -> None:
    who = account()
    link, _ = await granted(pool, attempt(who, await issued(pool, who)))
    short = Sessions(pool, 14 * DAY, DAY, DAY)
    grant = await short.open(attempt(who, await issued(pool, who)), link)
    assert grant.expires_at == grant.absolute_expires_at
    assert (grant.absolute_expires_at - datetime.now(UTC)).days in (0, 1)


async def test_an_account_that_is_closed_while_its_session_opens_gets_none(pool: asyncpg.Pool) -> None:
    class ClosedMeanwhile(Sessions):
        """The operator's verb has ended the sessions just before this one opens."""

        async def open(self, attempt: SignInAttempt, wallet: WalletLink) -> SignInGrant:
            await pool.execute("UPDATE user_service.users SET status = 'banned' WHERE user_id = $1", wallet.user_id)
            return await super().open(attempt, wallet)

    who = account()
    tried = attempt(who, await issued(pool, who))
    sessions = ClosedMeanwhile(pool, 14 * DAY, 90 * DAY, DAY)
    granting = Granting(Wallets(pool), Users(pool), sessions, Deletions(pool, OperatorSettings(pool)))
    with pytest.raises(ApplicationError, match="closed"):
        await ActivityEnvironment().run(granting.grant_session, tried)
    assert await sessions.live(session_id_of(tried.attempt_id)) is None


async def test_a_deletion_is_taken_back_by_a_sign_in_that_is_granted_and_by_no_other(
    pool: asyncpg.Pool, sessions: Sessions
) -> None:
    who, deletions = account(), Deletions(pool, OperatorSettings(pool))
    link, _ = await granted(pool, attempt(who, await issued(pool, who)))
    user_id = UserId(link.user_id)
    await deletions.close(user_id)
    granting = Granting(Wallets(pool), Users(pool), sessions, deletions)
    late = attempt(who, await issued(pool, who, ttl=-1), take_back_deletion=True)
    with pytest.raises(ApplicationError, match="expired"):
        await ActivityEnvironment().run(granting.grant_session, late)
    assert await deletions.open_until(user_id) is not None
    tried = attempt(who, await issued(pool, who), take_back_deletion=True)
    for _ in range(2):  # a try that is repeated gives the same answer
        grant = await ActivityEnvironment().run(granting.grant_session, tried)
        assert (grant.user_id, await deletions.open_until(user_id)) == (user_id, None)
    assert await sessions.live(session_id_of(tried.attempt_id)) is not None
