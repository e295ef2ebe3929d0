"""Links, unlinks, moves and sign-ins at once: one order of locks, and the same promises as one after the other."""

from __future__ import annotations

import asyncio
import random
import secrets
from collections.abc import Awaitable
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.linking import Linking
from activities.sign_in import Granting
from steadymint.audit.operator_settings import OperatorSettings
from steadymint.domain.errors import InvalidNonceError, LastWalletError, SteadymintError
from steadymint.domain.linking import FormerLink, LinkedWallet, LinkOrder
from steadymint.domain.sign_in import SignatureKind, SignInGrant, WalletLink
from steadymint.domain.types import Address, Bytes32, ChainId, UserId
from steadymint.identity.messages.using_nonces import LinkNonces
from steadymint.identity.sessions.store import Sessions
from steadymint.identity.users.accounts import Users
from steadymint.identity.users.deletions import Deletions
from steadymint.identity.wallets import changes
from steadymint.identity.wallets.linking import WalletLinking
from steadymint.identity.wallets.links import Wallets
from steadymint.identity.wallets.rows import Origin
from tests.unit.identity.test_granting import CHAIN, DAY, account, attempt, issued

HERE = Origin("192.0.2.1", "a browser")


def order(user_id: UUID, address: Address, *, chain: ChainId = CHAIN, move: bool = True, **changes: Any) -> LinkOrder:
    fields: dict[str, Any] = {
        "attempt_id": uuid4(),
        "nonce_hash": secrets.token_hex(32),
        "account": address,
        "chain_id": chain,
        "domain": "market.example",
        "proof": SignatureKind.EOA,
        "digest": Bytes32("0x" + "00" * 32),
        "contract_budget": 9.0,
        "user_id": user_id,
        "move": move,
    }
    return LinkOrder(**fields | changes)


async def user(pool: asyncpg.Pool, address: Address | None = None) -> UserId:
    """A user with one wallet."""
    who = address or account()
    link = await Wallets(pool).link(attempt(who, "00" * 32))
    await Users(pool).ensure(UserId(link.user_id))
    return UserId(link.user_id)


async def owners(pool: asyncpg.Pool, address: Address) -> list[UUID]:
    rows = await pool.fetch(
        "SELECT DISTINCT user_id FROM wallet_service.wallet_links WHERE address = $1 AND unlinked_at IS NULL", address
    )
    return [row["user_id"] for row in rows]


async def actions(pool: asyncpg.Pool, address: Address) -> list[str]:
    rows = await pool.fetch(
        "SELECT action FROM wallet_service.wallet_activity JOIN wallet_service.wallet_links USING (wallet_id)"
        " WHERE address = $1 ORDER BY action",
        address,
    )
    return [row["action"] for row in rows]


async def outcomes(*deeds: Awaitable[Any]) -> list[Any]:
    """What each has come to. A deadlock is an error of the database, which is raised."""
    found = await asyncio.gather(*deeds, return_exceptions=True)
    for one in found:
        if isinstance(one, BaseException) and not isinstance(one, SteadymintError):
            raise one
    return found


async def test_of_many_users_who_prove_one_wallet_at_once_one_has_it(pool: asyncpg.Pool) -> None:
    """Without `move`, the first one keeps it; with it, the last one, and each of the others reads that it has moved."""
    linking, users = WalletLinking(pool), [await user(pool) for _ in range(6)]
    for move in (False, True):
        shared = account()
        found = await outcomes(*(linking.link(order(one, shared, move=move)) for one in users))
        made = [one for one in found if not isinstance(one, SteadymintError)]
        assert len(made) == (len(users) if move else 1)
        assert len(await owners(pool, shared)) == 1
        assert await actions(pool, shared) == ["linked"] * len(made) + ["unlinked"] * (len(made) - 1)
        assert sum(len(former) for _, former in made) == len(made) - 1


async def test_one_wallet_linked_many_times_at_once_is_linked_once(pool: asyncpg.Pool) -> None:
    """Each attempt twice, as after a lost answer: a repeated call writes nothing."""
    linking, who, wallet = WalletLinking(pool), await user(pool), account()
    orders = [order(who, wallet) for _ in range(4)]
    found = await outcomes(*(linking.link(one) for one in orders * 2))
    assert len({linked.wallet_id for linked, _ in found}) == 1
    assert await actions(pool, wallet) == ["linked", "verified", "verified", "verified"]
    told = "SELECT count(*) FROM event_service.outbox WHERE payload ->> 'walletId' = $1"
    assert await pool.fetchval(told, str(found[0][0].wallet_id)) == 1


async def test_a_key_moves_with_its_links_on_all_chains_and_a_contract_with_its_own(pool: asyncpg.Pool) -> None:
    linking, old, new = WalletLinking(pool), await user(pool), await user(pool)
    key, contract, other = account(), account(), ChainId("eip155:137")
    for chain in (CHAIN, other):
        await linking.link(order(old, key, chain=chain))
        await linking.link(order(old, contract, chain=chain, proof=SignatureKind.CONTRACT))
    moved = order(new, key)
    _, former = await linking.link(moved)
    assert {(one.user_id, one.chain_id) for one in former} == {(old, CHAIN), (old, other)}
    assert sorted((await linking.link(moved))[1], key=str) == sorted(former, key=str), "a repeated call knows them too"
    _, former = await linking.link(order(new, contract, proof=SignatureKind.CONTRACT))
    assert former == [FormerLink(user_id=old, account=contract, chain_id=CHAIN)]
    assert (await owners(pool, key), set(await owners(pool, contract))) == ([new], {old, new})


async def test_two_users_who_take_from_each_other_at_once_both_get_it(pool: asyncpg.Pool) -> None:
    linking, (one, other) = WalletLinking(pool), (await user(pool), await user(pool))
    for _ in range(5):
        first, second = account(), account()
        await outcomes(linking.link(order(one, first)), linking.link(order(other, second)))
        await outcomes(linking.link(order(other, first)), linking.link(order(one, second)))
        assert (await owners(pool, first), await owners(pool, second)) == ([other], [one])


async def test_r20_two_wallets_unlinked_at_once_leave_one(pool: asyncpg.Pool) -> None:
    for _ in range(5):
        first, second = account(), account()
        who = await user(pool, first)
        await WalletLinking(pool).link(order(who, second))
        found = await outcomes(*(changes.unlink(pool, who, one, HERE) for one in (first, second)))
        assert sum(isinstance(one, LastWalletError) for one in found) == 1
        left = (
            "SELECT count(*), bool_and(is_primary) FROM wallet_service.wallet_links"
            " WHERE user_id = $1 AND unlinked_at IS NULL"
        )
        assert tuple(await pool.fetchrow(left, who)) == (1, True)


@pytest.mark.parametrize("cut", ["before the session", "before the answer"])
async def test_a_sign_in_that_overlaps_an_unlink_leaves_no_session(pool: asyncpg.Pool, cut: str) -> None:
    """The unlink ends the sessions that it finds; one that opens later finds that its wallet is gone."""

    class Overlapped(Sessions):
        async def open(self, attempt: Any, wallet: WalletLink) -> SignInGrant:
            if cut == "before the session":
                await unlink()
            grant = await super().open(attempt, wallet)
            if cut == "before the answer":
                await unlink()
            return grant

    async def unlink() -> None:
        chains = await changes.unlink(pool, who, wallet, HERE)
        await sessions.revoke_wallet(who, wallet, chains, "wallet_unlinked")

    sessions = Overlapped(pool, 14 * DAY, 90 * DAY, DAY)
    who, wallet = await user(pool), account()
    await WalletLinking(pool).link(order(who, wallet))
    tried = attempt(wallet, await issued(pool, wallet))
    for _ in range(2):  # the activity, and its repetition
        with pytest.raises(ApplicationError, match="unlinked while it signed in"):
            await ActivityEnvironment().run(
                Granting(Wallets(pool), Users(pool), sessions, Deletions(pool, OperatorSettings(pool))).grant_session,
                tried,
            )
        cut = "no more"
    live = "SELECT count(*) FROM auth_service.sessions WHERE address = $1 AND revoked_at IS NULL"
    assert await pool.fetchval(live, wallet) == 0
    assert await owners(pool, wallet) == [], "the repetition has made no user of its own"


async def test_a_link_cut_off_after_any_step_is_completed_by_repeating_it(pool: asyncpg.Pool) -> None:
    """A refusal by the first look leaves the nonce; a cut-off repetition ends the sessions of the former user too."""
    ended: list[tuple[UUID, str]] = []

    class Cut:
        """Raises after each step once, as a worker that is killed there."""

        def __init__(self) -> None:
            self.linking, self.nonces, self.left = WalletLinking(pool), LinkNonces(pool), {"use", "link", "end"}

        def die(self, step: str) -> None:
            if step in self.left:
                self.left.remove(step)
                raise ConnectionResetError(step)

        async def check(self, order: LinkOrder) -> None:
            await self.linking.check(order)

        async def use(self, order: LinkOrder) -> None:
            await self.nonces.use(order)
            self.die("use")

        async def link(self, order: LinkOrder) -> tuple[LinkedWallet, list[FormerLink]]:
            found = await self.linking.link(order)
            self.die("link")
            return found

        async def unlink_lost(self, wallet: LinkedWallet) -> bool:
            raise NotImplementedError

        async def end_of_wallet(self, user_id: UserId, address: Address, chains: Any, reason: str) -> int:
            ended.append((user_id, reason))
            self.die("end")
            return 1

    cut = Cut()
    old, wallet = await user(pool), account()
    new = await user(pool)
    await WalletLinking(pool).link(order(old, wallet))
    nonce = await issued(pool, wallet)
    await pool.execute("UPDATE auth_service.auth_nonces SET user_id = $1 WHERE nonce_hash = $2", new, nonce)
    run = Linking(cut, cut, cut).link_wallet
    with pytest.raises(ApplicationError, match="linked to another user"):
        await ActivityEnvironment().run(run, order(new, wallet, nonce_hash=nonce, move=False))
    moved = order(new, wallet, nonce_hash=nonce)
    for _ in range(3):
        with pytest.raises(ConnectionResetError):
            await ActivityEnvironment().run(run, moved)
    assert (await ActivityEnvironment().run(run, moved)).made
    assert ended == [(old, "wallet_moved")] * 2
    assert await actions(pool, wallet) == ["linked", "linked", "unlinked"]
    with pytest.raises(InvalidNonceError):
        await LinkNonces(pool).use(order(new, wallet, nonce_hash=nonce))


async def test_random_deeds_at_once_keep_every_promise(pool: asyncpg.Pool) -> None:
    """No deadlock; no user without a wallet; one primary wallet each; a key belongs to one user on all chains."""
    seeded, linking, wallets = random.Random(9), WalletLinking(pool), Wallets(pool)
    addresses = [account() for _ in range(6)]
    users = [await user(pool, address) for address in addresses[:3]]
    chains = [CHAIN, ChainId("eip155:137")]

    def deed() -> Awaitable[Any]:
        who, address, chain = seeded.choice(users), seeded.choice(addresses), seeded.choice(chains)
        match seeded.randrange(4):
            case 0:
                return changes.unlink(pool, who, address, HERE)
            case 1:
                return changes.make_primary(pool, who, address, HERE)
            case 2:
                return wallets.link(attempt(address, "00" * 32, chain_id=chain))
            case _:
                return linking.link(order(who, address, chain=chain))

    for _ in range(12):
        await outcomes(*(deed() for _ in range(12)))
    assert (
        await pool.fetchval(
            "SELECT count(*) FROM wallet_service.wallet_links WHERE unlinked_at IS NULL"
            " GROUP BY user_id HAVING count(*) FILTER (WHERE is_primary) <> 1"
        )
        is None
    )
    assert (
        await pool.fetchval(
            "SELECT count(DISTINCT user_id) FROM wallet_service.wallet_links WHERE unlinked_at IS NULL"
            " GROUP BY address HAVING count(DISTINCT user_id) > 1"
        )
        is None
    )
    without = (
        "SELECT user_id FROM wallet_service.wallet_links GROUP BY user_id HAVING bool_and(unlinked_at IS NOT NULL)"
    )
    assert await pool.fetch(without) == []
