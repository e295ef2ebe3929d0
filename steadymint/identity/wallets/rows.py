"""Writing wallet links. Each deed is a change of `wallet_links`, a line of `wallet_activity` and an event, in the
caller's transaction, which holds the locks of `locks.py`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID, uuid4, uuid5

from steadymint.audit.entries import Entry, EventType, record
from steadymint.domain.sign_in import ProvenMessage
from steadymint.domain.types import Address, ChainId
from steadymint.events.event import WALLETS
from steadymint.events.outbox import append
from steadymint.identity.events import LINKED, PRIMARY_CHANGED, UNLINKED, account_of, linked_id, of_wallet


class Cause(StrEnum):
    """What brought a deed about. Owners read it."""

    SIGN_IN = "sign_in"
    """The wallet has signed in."""
    PROOF = "proof"
    """The wallet was proven, to be linked."""
    MOVED = "moved"
    """A proof has moved the wallet from one user to another. Both have a line."""
    REQUEST = "request"
    """The user asked for it."""
    OTHER_UNLINKED = "other_unlinked"
    """The primary wallet was unlinked, so another one took its place."""
    REORGED_AWAY = "wallet_reorged_away"
    """The block that the contract was in has left the chain."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request came from, for the log of its own user."""

    ip: str | None = None
    user_agent: str | None = None


NOWHERE: Final = Origin()
"""The origin of what somebody else has done, which is none of the owner's business."""


@dataclass(frozen=True, slots=True)
class Link:
    """A live link."""

    wallet_id: UUID
    user_id: UUID
    address: Address
    chain_id: ChainId
    is_primary: bool


@dataclass(frozen=True, slots=True)
class WrittenLink:
    wallet_id: UUID
    user_id: UUID
    made: bool
    """Whether the link is new."""
    proven_at: datetime


# Links that one proof speaks for: the account on its chain, and a key on all chains. $3: the kind of the proof.
ONE_ACCOUNT: Final = "address = $1 AND unlinked_at IS NULL AND (chain_id = $2 OR ($3::text = 'eoa' AND type = 'eoa'))"

# A link that was unlinked and comes back counts from now on.
_WRITE: Final = """
WITH live AS (
    SELECT label FROM wallet_service.wallet_links
    WHERE user_id = $1 AND address = $2 AND unlinked_at IS NULL
), there AS (
    SELECT FROM wallet_service.wallet_links
    WHERE user_id = $1 AND address = $2 AND chain_id = $3 AND unlinked_at IS NULL
), link AS (
    INSERT INTO wallet_service.wallet_links AS w
        (user_id, address, chain_id, type, label, is_primary, verified_at, last_seen_at)
    SELECT $1, $2, $3, $4::text, (SELECT max(label) FROM live), NOT EXISTS (
        SELECT FROM wallet_service.wallet_links other WHERE other.user_id = $1 AND other.is_primary
    ), now(), now()
    ON CONFLICT (user_id, chain_id, address) DO UPDATE SET verified_at = now(), last_seen_at = now(),
        type = CASE WHEN w.unlinked_at IS NULL THEN w.type ELSE excluded.type END,
        is_primary = CASE WHEN w.unlinked_at IS NULL THEN w.is_primary ELSE excluded.is_primary END,
        created_at = CASE WHEN w.unlinked_at IS NULL THEN w.created_at ELSE now() END, unlinked_at = NULL
    RETURNING wallet_id, user_id, NOT EXISTS (SELECT FROM there) AS made
), activity AS (
    INSERT INTO wallet_service.wallet_activity (id, wallet_id, action, metadata, ip_address, user_agent)
    SELECT $5, wallet_id, CASE WHEN made THEN 'linked' ELSE 'verified' END, $6::jsonb, $7::inet, $8 FROM link
), verification AS (
    INSERT INTO wallet_service.wallet_verifications
        (id, wallet_id, verification_type, status, verification_data, verified_at)
    SELECT $9, wallet_id, 'signature', 'verified', $10::jsonb, now() FROM link
), event AS (
    INSERT INTO event_service.outbox (event_id, stream, type, occurred_at, payload)
    SELECT $11, $12, $13, now(), $14::jsonb || jsonb_build_object('userId', user_id, 'walletId', wallet_id)
    FROM link WHERE made
)
SELECT wallet_id, user_id, made, now() AS proven_at FROM link
"""

_UNLINK: Final = """
WITH gone AS (
    UPDATE wallet_service.wallet_links w SET unlinked_at = now(), is_primary = false
    FROM unnest($1::uuid[], $2::uuid[]) deed (wallet_id, activity_id)
    WHERE w.wallet_id = deed.wallet_id AND w.unlinked_at IS NULL
    RETURNING w.wallet_id, deed.activity_id
), activity AS (
    INSERT INTO wallet_service.wallet_activity (id, wallet_id, action, metadata, ip_address, user_agent)
    SELECT activity_id, wallet_id, 'unlinked', $3::jsonb, $4::inet, $5 FROM gone
)
SELECT wallet_id, activity_id, now() AS at FROM gone
"""

_CLEAR: Final = "UPDATE wallet_service.wallet_links SET is_primary = false WHERE user_id = $1 AND is_primary"
_PRIMARY: Final = """
WITH link AS (
    UPDATE wallet_service.wallet_links SET is_primary = true WHERE wallet_id = $1 RETURNING wallet_id
)
INSERT INTO wallet_service.wallet_activity (id, wallet_id, action, metadata, ip_address, user_agent)
SELECT $2, wallet_id, 'set_primary', $3::jsonb, $4::inet, $5 FROM link
RETURNING created_at
"""

_DONE: Final = """
SELECT w.wallet_id, w.user_id, a.action = 'linked' AS made, a.created_at AS proven_at
FROM wallet_service.wallet_activity a JOIN wallet_service.wallet_links w USING (wallet_id)
WHERE a.id = $1
"""


async def written_before(connection: Any, attempt_id: UUID) -> WrittenLink | None:
    """What an earlier try of the same attempt has written."""
    row = await connection.fetchrow(_DONE, _line_of(attempt_id))
    return None if row is None else WrittenLink(**row)


async def write_link(connection: Any, message: ProvenMessage, user_id: UUID, cause: Cause) -> WrittenLink:
    """Link the account to the user, or note that it was proven again. The first link of a user is the primary one.

    The caller holds the lock of the address, and nobody else has a live link of the account.
    """
    standard = "eip191" if message.proof.value == "eoa" else "eip1271"
    row = await connection.fetchrow(
        _WRITE,
        user_id,
        message.account,
        message.chain_id,
        message.proof.value,
        _line_of(message.attempt_id),
        _details(cause, attemptId=message.attempt_id),
        message.ip,
        message.user_agent,
        uuid5(message.attempt_id, "wallet_verification"),
        {"attemptId": str(message.attempt_id), "standard": standard},
        linked_id(message.attempt_id),
        WALLETS,
        LINKED,
        account_of(message),
    )
    written = WrittenLink(**row)
    if written.made and cause is not Cause.SIGN_IN:
        await record(
            connection,
            Entry(
                EventType.WALLET_LINKED,
                "A wallet was linked",
                user_id=user_id,
                wallet=message.account,
                ip=message.ip,
                details=_details(cause),
                key=str(message.attempt_id),
            ),
        )
    return written


async def unlink(
    connection: Any, links: Iterable[Link], cause: Cause, origin: Origin, *, attempt_id: UUID | None = None
) -> None:
    """End these links. `attempt_id` is of the proof that has moved them. The caller holds the lock of the address and
    those of the owners."""
    by_id = {link.wallet_id: link for link in links}
    details = _details(cause) if attempt_id is None else _details(cause, attemptId=attempt_id)
    lines = [uuid4() for _ in by_id]
    rows = await connection.fetch(_UNLINK, list(by_id), lines, details, origin.ip, origin.user_agent)
    await append(
        connection,
        [
            of_wallet(UNLINKED, row["activity_id"], row["at"], **_named(by_id[row["wallet_id"]]), reason=cause.value)
            for row in rows
        ],
    )
    moved = cause is Cause.MOVED
    for row in rows:
        link = by_id[row["wallet_id"]]
        await record(
            connection,
            Entry(
                EventType.WALLET_MOVED if moved else EventType.WALLET_UNLINKED,
                "A wallet was moved to another user" if moved else "A wallet was unlinked",
                severity="warning" if moved else "info",
                user_id=link.user_id,
                wallet=link.address,
                ip=origin.ip,
                details=_details(cause),
            ),
        )


async def make_primary(connection: Any, link: Link, cause: Cause, origin: Origin) -> None:
    """Make the link its owner's primary one. The caller holds the owner's lock."""
    await connection.execute(_CLEAR, link.user_id)
    line = uuid4()
    at = await connection.fetchval(_PRIMARY, link.wallet_id, line, _details(cause), origin.ip, origin.user_agent)
    await append(connection, [of_wallet(PRIMARY_CHANGED, line, at, **_named(link))])
    await record(
        connection,
        Entry(
            EventType.PRIMARY_WALLET_CHANGED,
            "Another wallet is the primary one",
            user_id=link.user_id,
            wallet=link.address,
            ip=origin.ip,
            details=_details(cause),
        ),
    )


def _line_of(attempt_id: UUID) -> UUID:
    """The id of the line that an attempt writes into `wallet_activity`."""
    return uuid5(attempt_id, "wallet_activity")


def _details(cause: Cause, **ids: UUID) -> Mapping[str, str]:
    return {"cause": cause.value} | {name: str(value) for name, value in ids.items()}


def _named(link: Link) -> dict[str, Any]:
    return {
        "user_id": link.user_id, "wallet_id": link.wallet_id, "address": link.address, "chain_id": link.chain_id
    }  # fmt: skip
