"""How a user takes a name. SQL of `user_service`.

A name that was given up is kept for its user for 30 days. In that time nobody else can take it or a name that looks
like it, and its user can have either. Another new name may be taken once in 30 days.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from steadymint.domain.errors import UsernameChangedRecentlyError, UsernameTakenError
from steadymint.domain.types import UserId
from steadymint.identity.users.usernames import skeleton_of

KEPT: Final = timedelta(days=30)
"""How long an old name is kept, and how long a user waits between two new names. The two are one, so that a user
holds one old name at most beside the one that they went back from."""

# The lock on the profile puts two changes of one user in order.
_CURRENT: Final = """
SELECT p.username, p.username_changed_at, now() AS now, EXISTS (
    SELECT FROM user_service.usernames n
    WHERE n.user_id = $1 AND n.skeleton = $2 AND n.held_until > now()
) AS held
FROM user_service.profiles p WHERE p.user_id = $1 FOR UPDATE
"""

# The key is the skeleton, so of two users who take names that look alike at once, one gets nothing.
_CLAIM: Final = """
INSERT INTO user_service.usernames AS n (skeleton, username, user_id) VALUES ($2, $3, $1)
ON CONFLICT (skeleton) DO UPDATE SET username = excluded.username, user_id = excluded.user_id, held_until = NULL
WHERE n.user_id = excluded.user_id OR n.held_until <= now()
RETURNING true
"""

_HOLD_OTHERS: Final = """
UPDATE user_service.usernames SET held_until = now() + $3::interval
WHERE user_id = $1 AND skeleton <> $2 AND held_until IS NULL
"""

_NAME: Final = """
UPDATE user_service.profiles SET
    username = $2, username_changed_at = CASE WHEN $3 THEN now() ELSE username_changed_at END
WHERE user_id = $1
"""


def next_change(changed_at: datetime | None) -> datetime | None:
    """When the next new name may be taken; None for a user who has not changed theirs yet."""
    return None if changed_at is None else changed_at + KEPT


async def rename(connection: Any, user_id: UserId, name: str) -> None:
    """Give the user this name, in the caller's transaction. The first name and a name that is kept for the user are no
    new names, and neither is what looks like the present or the kept one: names that look alike are one name.

    Raises UsernameTakenError, UsernameChangedRecentlyError.
    """
    skeleton = skeleton_of(name)
    row = await connection.fetchrow(_CURRENT, user_id, skeleton)
    if row is None or row["username"] == name:
        return
    is_new = row["username"] is not None and skeleton_of(row["username"]) != skeleton and not row["held"]
    allowed_at = next_change(row["username_changed_at"])
    if is_new and allowed_at is not None and row["now"] < allowed_at:
        raise UsernameChangedRecentlyError(
            f"A new name may be taken from {allowed_at:%Y-%m-%dT%H:%M:%SZ} on; your old one you can have back at once"
        )
    if not await connection.fetchval(_CLAIM, user_id, skeleton, name):
        raise UsernameTakenError
    await connection.execute(_HOLD_OTHERS, user_id, skeleton, KEPT)
    await connection.execute(_NAME, user_id, name, is_new)
