"""Who loses or gets power over a collection reads so among their security events."""

from __future__ import annotations

from uuid import uuid4

import asyncpg

from steadymint.audit.reading import events_of_user
from steadymint.domain.types import ChainId
from steadymint.indexing.batch import CollectionEvent
from steadymint.indexing.subjects.collections import role_changes, topics
from tests.support.forged_logs import ALICE as MAKER
from tests.support.forged_logs import CATS, log, topic
from tests.support.indexing import fetch
from tests.support.projected import creation, projected

CHAIN = ChainId("eip155:31337")
ALICE, BOB, CONTRACT = "0x" + "a1" * 20, "0x" + "b0" * 20, "0x" + "c0" * 20


def event(name: str, number: int, **payload: str) -> CollectionEvent:
    return CollectionEvent(7, number, "0x" + "11" * 32, CONTRACT, name, payload, 1_700_000_000)


async def test_a_change_of_owner_or_role_is_one_event_of_each_user_whose_wallet_it_is_about(pool: asyncpg.Pool) -> None:
    user = uuid4()
    await pool.execute(
        "INSERT INTO wallet_service.wallet_links (user_id, address, chain_id) VALUES ($1, $2, 'eip155:1')", user, ALICE
    )
    events = [
        event("OwnershipTransferred", 1, previousOwner=ALICE, newOwner=BOB),
        event("RoleGranted", 2, role="0x" + "01" * 32, account=ALICE, sender=BOB),
        event("RoleRevoked", 3, role="0x" + "01" * 32, account=BOB, sender=BOB),
        event("Paused", 4, account=ALICE),
        # A contract can grant any number of roles in a block.
        *(event("RoleGranted", 5 + n, role=f"0x{n:064x}", account=ALICE, sender=BOB) for n in range(9)),
    ]
    for _ in range(2):
        async with pool.acquire() as connection, connection.transaction():
            await role_changes.note(connection, CHAIN, events)
    found = await events_of_user(pool, user, after=None, limit=9)
    assert sorted(one.description for one in found) == [
        "OwnershipTransferred of a collection",
        "RoleGranted of a collection",
    ]
    assert await pool.fetchval("SELECT count(*) FROM audit_service.security_events") == 2


async def test_an_imported_contract_writes_into_nobodys_record(database: str) -> None:
    """A collection of ours does, if it is not new."""
    told = [topics.OWNERSHIP_TRANSFERRED, topic(MAKER), topic(ALICE)]
    async with projected(database) as index:
        connection = index.writer.connection
        link = "INSERT INTO wallet_service.wallet_links (user_id, address, chain_id) VALUES ($1, $2, 'eip155:1')"
        await connection.execute(link, uuid4(), ALICE)
        recorded: list[int] = []
        for block, first in ((1, [creation(CATS, 0, block=1)]), (2, []), (3, [])):
            await index.take([*first, log(CATS, told, block=block, index=1)], block)
            (found,) = await fetch(database, "SELECT count(*) AS n FROM audit_service.security_events")
            recorded.append(found["n"])
            if block == 2:
                imported = "UPDATE catalog_service.collections SET source = 'import', index_status = 'synced'"
                await connection.execute(imported)
    assert recorded == [0, 1, 1]
