"""Which rows of `login_events` are of a user, and how they are erased. SQL, of the user $1.

A refused attempt names no user, only an address. Lines of `wallet_activity` say who had linked the address at its time:
they are never deleted, and a link that comes back has a new `created_at`. The erasure of a user writes no line: the
links that it ends have its time as `unlinked_at`.
"""

from __future__ import annotations

from typing import Final


def _had(who: str) -> str:
    """Whether a user had the address of the attempt `e`, at its time and on its chain. A key is one account on all
    chains, and an attempt that failed early names none."""
    return f"""EXISTS (
        SELECT FROM wallet_service.wallet_links l CROSS JOIN LATERAL (
            SELECT a.action FROM wallet_service.wallet_activity a
            WHERE a.wallet_id = l.wallet_id AND a.action IN ('linked', 'unlinked') AND a.created_at <= e.ts
            ORDER BY a.created_at DESC, a.id DESC LIMIT 1
        ) last
        WHERE l.address = e.account_id AND {who} AND last.action = 'linked'
            AND (l.unlinked_at IS NULL OR e.ts < l.unlinked_at)
            AND (l.chain_id = e.chain_id OR l.type = 'eoa' OR e.chain_id IS NULL)
    )"""  # noqa: S608 - constants


def _attempts(refused: str) -> str:
    return f"""id IN (
    SELECT e.id FROM auth_service.login_events e WHERE e.user_id = $1
    UNION ALL SELECT e.id FROM (SELECT DISTINCT address FROM wallet_service.wallet_links WHERE user_id = $1) own
    JOIN auth_service.login_events e ON e.account_id = own.address AND e.user_id IS NULL
    WHERE {refused}
)"""  # noqa: S608 - constants


OWN: Final = _attempts(_had("l.user_id = $1"))
"""What an export shows: the refused attempts while the user had the address. Before and after, they may be those of
somebody else, who had it without signing in."""

TRACES: Final = _attempts(f"NOT {_had('l.user_id <> $1')}")
"""What an erasure takes: also the refused attempts while nobody had the address, such as those before the first sign-in
that succeeded. Attempts on what another user had then are that user's."""

FORGET: Final = f"""
WITH gone AS (
    DELETE FROM auth_service.login_events WHERE id IN (
        SELECT id FROM auth_service.login_events t WHERE {TRACES} LIMIT $2
    ) RETURNING ip, ts
), nameless AS (
    UPDATE audit_service.security_events s SET ip_address = NULL FROM gone
    WHERE s.user_id IS NULL AND s.ip_address = gone.ip
        AND s.created_at BETWEEN gone.ts - interval '1 day' AND gone.ts + interval '1 day'
)
SELECT FROM gone
"""  # noqa: S608 - a constant
"""Deletes $2 attempts at most. What was refused to their IP address, within a day and to no known user, keeps no IP
address: such a security event can be of the same attempt. One call takes both, so a killed one loses no trace."""
