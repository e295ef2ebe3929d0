"""What the log of attempts tells the security events: bounded, whoever tries."""

from __future__ import annotations

from uuid import uuid4

import asyncpg

from steadymint.audit.reading import Filter, search
from steadymint.identity import login_events
from steadymint.identity.login_events import Attempt, LoginEvents
from steadymint.identity.wallets.links import Wallets
from tests.unit.identity.test_granting import CHAIN, account, attempt


async def test_one_network_is_one_event_an_hour_of_an_account_and_many_networks_are_few(pool: asyncpg.Pool) -> None:
    victim = account()
    owner = (await Wallets(pool).link(attempt(victim, "00" * 32))).user_id

    async def told_of(peers: list[str]) -> int:
        for peer in peers:
            tried = Attempt(uuid4(), peer, None, victim, CHAIN)
            assert await LoginEvents(pool).file_failure(tried, "invalid_nonce", "The nonce is not valid")
        return len(await search(pool, Filter(user_id=owner), limit=200))

    assert await told_of([f"2001:db8:1:2::{number:x}" for number in range(1, 40)]) in (1, 2)  # the hour may end
    assert await told_of([f"2001:db8:1:{number:x}::1" for number in range(100)]) <= 2 * login_events.MOST_AN_HOUR
