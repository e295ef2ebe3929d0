"""What we hold of a user in Postgres: table by table, how it is exported and how it is erased, or why it is kept.

A test compares this list with the schema: a new table that names a user, a wallet or an IP address must be listed here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from steadymint.account_data import attempts

_WALLETS: Final = "(SELECT wallet_id FROM wallet_service.wallet_links WHERE user_id = $1)"
_ADDRESSES: Final = "(SELECT address FROM wallet_service.wallet_links WHERE user_id = $1 AND unlinked_at IS NULL)"
_ONCE_LINKED: Final = """(
    SELECT address FROM wallet_service.wallet_links own WHERE user_id = $1 AND NOT EXISTS (
        SELECT FROM wallet_service.wallet_links l
        WHERE l.address = own.address AND l.user_id <> $1 AND l.unlinked_at IS NULL)
)"""
"""Those that are somebody else's now are left out."""
_SESSIONS: Final = "(SELECT session_id FROM auth_service.sessions WHERE user_id = $1)"
_WEBHOOKS: Final = "(SELECT webhook_id FROM event_service.webhooks WHERE user_id = $1)"
_OWN: Final = "user_id = $1"


@dataclass(frozen=True, slots=True)
class Held:
    """One table."""

    table: str
    """`schema.table`."""
    whose: str
    """SQL: which rows `t` are of the user $1."""
    hidden: tuple[str, ...] = ()
    """Columns that an export leaves out: secrets and hashes of tokens, what other columns say already, and what is
    about somebody else."""
    exported: bool = True
    forget: str | None = None
    """SQL: deletes or empties $2 rows of the user $1 at most, and touches none twice. None: they are kept."""
    lock: str | None = None
    """SQL: takes the locks that `forget` and its triggers will need, in the order that everybody takes them in."""
    kept: str = ""
    """Why rows, or what is left of them, are kept."""

    @property
    def export(self) -> str:
        """SQL: the user's rows as JSON texts, so that large numbers stay exact."""
        shown = "".join(f" - '{name}'" for name in self.hidden)
        return f"SELECT (to_jsonb(t){shown})::text AS row FROM {self.table} t WHERE {self.whose}"  # noqa: S608 - constants

    @property
    def name(self) -> str:
        """The name of its file in an export."""
        return self.table.partition(".")[2]


def _delete(table: str, key: str, whose: str) -> str:
    chosen = f"SELECT {key} FROM {table} t WHERE {whose} LIMIT $2"  # noqa: S608 - constants
    return f"DELETE FROM {table} WHERE ({key}) IN ({chosen})"  # noqa: S608 - constants


def _empty(table: str, key: str, whose: str, changes: str, unless: str) -> str:
    """`unless`: SQL, what holds of a row that is empty already."""
    chosen = f"SELECT {key} FROM {table} t WHERE ({whose}) AND NOT ({unless}) LIMIT $2"  # noqa: S608 - constants
    return f"UPDATE {table} SET {changes} WHERE ({key}) IN ({chosen})"  # noqa: S608 - constants


_FOLLOWS: Final = "(follower_id = $1 OR following_id = $1)"
_NEXT_FOLLOWS: Final = f"""
SELECT follower_id, following_id FROM user_service.user_follows WHERE {_FOLLOWS}
ORDER BY follower_id, following_id LIMIT $2
"""  # noqa: S608 - a constant


def _deleted(table: str, key: str, whose: str, hidden: tuple[str, ...] = (), *, exported: bool = True) -> Held:
    return Held(table, whose, hidden, exported, _delete(table, key, whose))


# Who changes links holds these locks (identity/wallets/locks.py). A sign-in that has found the link while it was live
# would write it anew after the erasure, and give the erased user a wallet.
_LOCK_LINKS: Final = """
SELECT pg_advisory_xact_lock(hashtextextended(key, 0)) FROM (
    (SELECT DISTINCT ('wallet_service.wallet_links/' || address) COLLATE "C" AS key, 0 AS turn
     FROM wallet_service.wallet_links WHERE user_id = $1 AND unlinked_at IS NULL LIMIT $2)
    UNION ALL SELECT ('wallet_service.users/' || $1::uuid) COLLATE "C", 1
    ORDER BY turn, key
) wanted
"""

# What was asked for may have texts and pictures that are not on chain, such as a token's description.
_EXPIRED: Final = "created_by = $1 AND tx_hash IS NULL AND step = 'expired'"
_FORGET_INTENTS: Final = f"""
WITH gone AS (
    {_delete("orchestrator_service.tx_intents", "intent_id", _EXPIRED)} RETURNING 1
), emptied AS (
    UPDATE orchestrator_service.tx_intents SET req_payload_json = '{{}}' WHERE intent_id IN (
        SELECT intent_id FROM orchestrator_service.tx_intents t
        WHERE created_by = $1 AND NOT ({_EXPIRED}) AND req_payload_json <> '{{}}' LIMIT $2
    ) RETURNING 1
)
SELECT * FROM gone UNION ALL SELECT * FROM emptied
"""  # noqa: S608 - a constant

LINKS: Final = Held(
    "wallet_service.wallet_links",
    _OWN,
    forget=_empty(
        "wallet_service.wallet_links",
        "wallet_id",
        _OWN,
        "label = NULL, connector = NULL, is_primary = false, unlinked_at = coalesce(unlinked_at, now())",
        "unlinked_at IS NOT NULL AND num_nonnulls(label, connector) = 0",
    ),
    lock=_LOCK_LINKS,
    kept="that the address was linked, so that the next sign-in of its wallet makes another user",
)
"""From their end on a sign-in writes nothing as this user, so they end before anything else goes."""

HELD: Final[tuple[Held, ...]] = (
    LINKS,
    _deleted("auth_service.auth_nonces", "nonce", f"(user_id = $1 OR account_id IN {_ONCE_LINKED})", exported=False),
    _deleted("auth_service.refresh_tokens", "hash", f"session_id IN {_SESSIONS}", exported=False),
    Held(
        "auth_service.sessions",
        _OWN,
        ("refresh_hash", "previous_refresh_hash", "nonce_hash"),
        forget=_empty(
            "auth_service.sessions",
            "session_id",
            _OWN,
            "ip_address = NULL, user_agent = NULL, device_id = NULL, collection_intent_context = NULL",
            "num_nonnulls(ip_address, user_agent, device_id, collection_intent_context) = 0",
        ),
        kept="a nonce must never open a second session: its hash, the address of the wallet and the times stay",
    ),
    Held("auth_service.login_events", attempts.OWN, ("nonce_hash",), forget=attempts.FORGET),
    Held(
        "user_service.user_follows",
        _FOLLOWS,
        forget=f"DELETE FROM user_service.user_follows WHERE (follower_id, following_id) IN ({_NEXT_FOLLOWS})",  # noqa: S608
        # The trigger that counts follows locks the counters of both. Two users who leave at once must not deadlock.
        lock=f"""
            SELECT FROM user_service.user_stats WHERE user_id IN (
                SELECT unnest(ARRAY[follower_id, following_id]) FROM ({_NEXT_FOLLOWS}) chosen
            ) ORDER BY user_id FOR UPDATE
        """,  # noqa: S608 - a constant
    ),
    Held(
        "user_service.user_blocks",
        "blocker_id = $1",  # whoever has blocked the user is not told
        forget=_delete("user_service.user_blocks", "blocker_id, blocked_id", "(blocker_id = $1 OR blocked_id = $1)"),
    ),
    _deleted("user_service.usernames", "skeleton", _OWN),
    Held(
        "user_service.profiles",
        _OWN,
        forget=_empty(
            "user_service.profiles",
            "user_id",
            _OWN,
            "username = NULL, username_changed_at = NULL, display_name = NULL, bio = NULL, avatar_id = NULL,"
            " banner_id = NULL, locale = NULL, timezone = NULL, socials_json = '{}'",
            "num_nonnulls(username, username_changed_at, display_name, bio, avatar_id, banner_id, locale, timezone) = 0"
            " AND socials_json = '{}'",
        ),
        kept="the row is empty; it goes with that of the user",
    ),
    Held(
        "user_service.user_preferences",
        _OWN,
        forget=_empty(
            "user_service.user_preferences",
            "user_id",
            _OWN,
            "email_notifications = DEFAULT, push_notifications = DEFAULT, marketing_emails = DEFAULT, theme = DEFAULT,"
            " privacy_level = 'private', currency = DEFAULT",
            "privacy_level = 'private' AND theme = 'auto' AND currency = 'USD' AND NOT marketing_emails",
        ),
        kept="the defaults; the row goes with that of the user",
    ),
    Held("user_service.user_stats", _OWN, kept="counters, which are zero then"),
    Held("user_service.users", _OWN, kept="the id, the status and two times, so that nobody gets the id again"),
    Held("user_service.deletions", _OWN, kept="proves when the account was erased"),
    _deleted("user_service.exports", "export_id", _OWN),
    Held("wallet_service.approvals", f"owner IN {_ADDRESSES}", kept="they are on chain, and indexed for every account"),
    Held("wallet_service.approvals_history", f"owner IN {_ADDRESSES}", kept="as the approvals"),
    Held(
        "audit_service.security_events",
        _OWN,
        ("metadata",),  # for operators only: it has their names, and their reasons
        forget=_empty(
            "audit_service.security_events",
            "id",
            _OWN,
            "ip_address = NULL, wallet_address = NULL, metadata = '{}'",
            "ip_address IS NULL AND wallet_address IS NULL AND metadata = '{}'",
        ),
        kept="that something happened, until it is swept: law asks for a record of who was told what",
    ),
    _deleted("orchestrator_service.session_intent_audit", "id", _OWN),
    Held(
        "orchestrator_service.tx_intents",
        "created_by = $1",
        ("match_key", "request_hash", "tx_request"),
        forget=_FORGET_INTENTS,
        kept="those whose transaction is on chain, where everybody can read the same, without what was asked for",
    ),
    Held(
        "orchestrator_service.intent_steps",
        "intent_id IN (SELECT intent_id FROM orchestrator_service.tx_intents WHERE created_by = $1)",
        kept="as the intents, with which they go",
    ),
    _deleted(
        "token_service.issuance_pairs",
        "token_id",
        "token_id IN (SELECT id FROM token_service.fungible_tokens WHERE creator_id = $1)",
    ),
    Held(
        "token_service.fungible_tokens",
        "creator_id = $1",
        forget=_empty(
            "token_service.fungible_tokens",
            "id",
            "creator_id = $1",
            "creator_id = NULL, description = NULL, icon_media_id = NULL",
            "false",
        ),
        kept="the contract, which is on chain, without who launched it here",
    ),
    Held(
        "catalog_service.allowlists",
        "published_by = $1",
        ("nodes",),
        forget=_empty("catalog_service.allowlists", "root", "published_by = $1", "published_by = NULL", "false"),
        kept="the list, by which others mint, without who published it; it holds hashes only",
    ),
    _deleted("event_service.webhook_deliveries", "webhook_id, seq", f"webhook_id IN {_WEBHOOKS}"),
    Held(
        "event_service.webhooks",
        _OWN,
        ("secret", "previous_secret", "request_key", "request_hash"),
        forget=_empty(
            "event_service.webhooks",
            "webhook_id",
            _OWN,
            "status = 'deleted', paused_because = NULL, url = '', description = NULL, secret = NULL,"
            " previous_secret = NULL, previous_until = NULL, request_key = NULL, request_hash = NULL,"
            " collections = '{}', accounts = '{}', wake = true",
            "status = 'deleted' AND request_key IS NULL",
        ),
        kept="its id, so that its flow finds that it has ended",
    ),
    Held(
        "catalog_service.orders",
        f"maker IN {_ADDRESSES}",
        ("signature",),
        kept="their maker has signed them for everybody; they end by their own time, or are cancelled on chain",
    ),
    Held(
        "wallet_service.wallet_activity",
        f"wallet_id IN {_WALLETS}",
        forget=_empty(
            "wallet_service.wallet_activity",
            "id",
            f"wallet_id IN {_WALLETS}",
            "ip_address = NULL, user_agent = NULL, metadata = '{}'",
            "ip_address IS NULL AND user_agent IS NULL AND metadata = '{}'",
        ),
        kept="what was done with a wallet, and when",
    ),
    _deleted("wallet_service.wallet_verifications", "id", f"wallet_id IN {_WALLETS}"),
)
"""In the order of erasing."""

WITHOUT_A_USER: Final[dict[str, str]] = {
    "audit_service.settings_history": "names operators only",
    "catalog_service.account_stats": "counts what is on chain",
}
"""Tables that look as if they held something of a user, and why they do not."""
