"""What is done to a webhook is on record: for its owner, or among the deeds of operators."""

from __future__ import annotations

from urllib.parse import urlsplit

import asyncpg
import pytest

from steadymint.audit.reading import Filter, search
from steadymint.domain.errors import NotFoundError
from steadymint.domain.types import UserId
from steadymint.domain.webhooks import WebhookStatus
from steadymint.webhooks import history
from steadymint.webhooks.deeds import By
from steadymint.webhooks.requests import Request
from steadymint.webhooks.subscriptions import Subscriptions
from steadymint.webhooks.wanted import Change, Wanted
from tests.support.webhooks import SEAL, a_user

URL, OTHER = "https://a.web.example/hook/secret-path", "https://b.web.example/hook"


async def recorded(pool: asyncpg.Pool, kind: str) -> list[tuple[str, str, str | None]]:
    """Of each entry, the oldest first: what was done, how severe it is, and to where events go."""
    found = await search(pool, Filter(type=kind), limit=99)
    return [(one.details["verb"], one.severity, one.details.get("target")) for one in reversed(found)]


async def all_of_it(pool: asyncpg.Pool, user_id: UserId | None, by: By) -> None:
    webhooks = Subscriptions(pool, SEAL)
    request = None if user_id is None else Request.of("one", {})
    for _ in range(2):  # the second is the answer to the first, told again
        made = await webhooks.create(user_id, URL, None, Wanted(), request=request, by=by)
        if user_id is None:
            break
    webhook_id = made.subscription.webhook_id
    await webhooks.change(user_id, webhook_id, Change(url=OTHER), by=by)
    await webhooks.change(user_id, webhook_id, Change(status=WebhookStatus.PAUSED), by=by)
    await webhooks.change(user_id, webhook_id, Change(description="mine", description_given=True), by=by)
    for _ in range(2):  # the second tells the same secret
        await webhooks.rotate(user_id, webhook_id, overlap=True, by=by)
    await webhooks.rotate(user_id, webhook_id, overlap=False, by=by)
    await history.replay(pool, webhook_id, 1, None, dead_only=False, by=by)
    await webhooks.delete(user_id, webhook_id, by=by)
    with pytest.raises(NotFoundError):
        await webhooks.delete(user_id, webhook_id, by=by)


DONE = [
    ("create", "info", "https://a.web.example"),
    ("redirect", "info", "https://b.web.example"),
    ("change", "info", None),
    ("change", "info", None),
    ("rotate", "info", None),
    ("rotate", "warning", None),
]


async def test_an_owner_reads_what_was_done_and_from_where_and_no_secret_is_in_it(pool: asyncpg.Pool) -> None:
    user_id = await a_user(pool)
    await all_of_it(pool, user_id, By(ip="203.0.113.5"))
    assert await recorded(pool, "webhook") == [*DONE, ("delete", "info", None)]
    found = await search(pool, Filter(user_id=user_id), limit=99)
    assert {one.ip for one in found} == {"203.0.113.5"}
    path = urlsplit(URL).path
    assert not [one for one in found if path in str(one) or "whsec" in str(one)]
    assert len({one.description for one in found}) == 5, "each deed in words"


async def test_a_change_is_on_record_by_what_it_does_and_not_by_what_it_names(pool: asyncpg.Pool) -> None:
    user_id = await a_user(pool)
    webhooks = Subscriptions(pool, SEAL)
    webhook_id = (await webhooks.create(user_id, URL, "mine", Wanted())).subscription.webhook_id
    same = Change(URL, "mine", description_given=True, event_names=[], accounts=[], status=WebhookStatus.ACTIVE)
    await webhooks.change(user_id, webhook_id, same)
    assert await recorded(pool, "webhook") == [DONE[0]]
    await webhooks.change(user_id, webhook_id, Change(URL, accounts=["0xab"]))
    assert await recorded(pool, "webhook") == [DONE[0], DONE[2]]
    await webhooks.change(user_id, webhook_id, Change(OTHER, status=WebhookStatus.PAUSED))
    *_, one, two = await recorded(pool, "webhook")  # at the same time, so in any order
    assert {one, two} == {DONE[1], DONE[2]}


async def test_a_deed_of_an_operator_is_on_record_with_who(pool: asyncpg.Pool) -> None:
    await all_of_it(pool, None, By(operator="zoe"))
    assert await recorded(pool, "operators") == [*DONE, ("replay", "info", None), ("delete", "info", None)]
    found = await search(pool, Filter(type="operators"), limit=99)
    assert {(one.type, one.details["operator"], one.user_id) for one in found} == {("operators.webhook", "zoe", None)}
