"""Which rows of `login_events` are of a user, and how they are erased. SQL, of the user $1.

A refused attempt names no user, only an address. Lines of `wallet_activity` say who had linked the address at its time:
they are never deleted, and a link that comes back has a new `created_at`. The erasure of a user writes no line: the
links that it ends have its time as `unlinked_at`.

Strangers write such rows, as many as they like, so each statement reads them along an index and ends with its page.
"""

from __future__ import annotations

from typing import Final


def _had(who: str) -> str:
    """Whether a user had the address of the attempt `t`, at its time and on its chain. A key is one account on all
    chains, and an attempt that failed early names none."""
    return f"""EXISTS (
        SELECT FROM wallet_service.wallet_links l CROSS JOIN LATERAL (
            SELECT a.action FROM wallet_service.wallet_activity a
            WHERE a.wallet_id = l.wallet_id AND a.action IN ('linked', 'unlinked') AND a.created_at <= t.ts
            ORDER BY a.created_at DESC, a.id DESC LIMIT 1
        ) last
        WHERE l.address = t.account_id AND {who} AND last.action = 'linked'
            AND (l.unlinked_at IS NULL OR t.ts < l.unlinked_at)
            AND (l.chain_id = t.chain_id OR l.type = 'eoa' OR t.chain_id IS NULL)
    )"""  # noqa: S608 - constants


OWN: Final = f"""(user_id = $1 OR user_id IS NULL AND account_id = ANY (ARRAY (
    SELECT address FROM wallet_service.wallet_links WHERE user_id = $1
)) AND {_had("l.user_id = $1")})"""  # noqa: S608 - constants
"""What an export shows: the refused attempts while the user had the address. Before and after, they may be those of
somebody else, who had it without signing in."""

_TRACE: Final = f"t.user_id IS NULL AND NOT {_had('l.user_id <> $1')}"
"""What an erasure takes: also the refused attempts while nobody had the address, such as those before the first sign-in
that succeeded. Attempts on what another user had then are that user's."""

HASHES: Final = f"""
SELECT ts AS at, id, CASE WHEN {_TRACE} THEN nonce_hash END AS named FROM auth_service.login_events t
WHERE account_id = $2 AND (ts, id) < ($3, $4) ORDER BY ts DESC, id DESC LIMIT $5
"""  # noqa: S608 - a constant
"""The next $5 attempts on the address $2, newest first. Those that the erasure does not take have no name."""

FORGET: Final = f"""
WITH gone AS (
    DELETE FROM auth_service.login_events WHERE id = ANY (ARRAY (
        (SELECT id FROM auth_service.login_events WHERE user_id = $1 LIMIT $2)
        UNION ALL
        (SELECT id FROM (SELECT DISTINCT address FROM wallet_service.wallet_links WHERE user_id = $1) own
        CROSS JOIN LATERAL (
            SELECT id FROM auth_service.login_events t WHERE account_id = own.address AND {_TRACE}
            ORDER BY ts DESC LIMIT $2
        ) traces LIMIT $2)
        LIMIT $2
    )) RETURNING ip, ts
), nameless AS (
    UPDATE audit_service.security_events s SET ip_address = NULL FROM gone
    WHERE s.user_id IS NULL AND s.ip_address = gone.ip
        AND s.created_at BETWEEN gone.ts - interval '1 day' AND gone.ts + interval '1 day'
)
SELECT FROM gone
"""  # noqa: S608 - a constant
"""Deletes $2 attempts at most. What was refused to their IP address, within a day and to no known user, keeps no IP
address: such a security event can be of the same attempt. One call takes both, so a killed one loses no trace."""
