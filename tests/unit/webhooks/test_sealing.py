"""A stored secret is worth nothing without its key and its webhook, shows up nowhere, and can get another key."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import asyncpg
import pytest
from typer.testing import CliRunner

from steadymint.cli import webhooks as cli
from steadymint.settings import CodecSettings
from steadymint.webhooks.resealing import Resealed, reseal, under_others
from steadymint.webhooks.sealing import Seal, SealError, new_secret
from steadymint.webhooks.subscriptions import Subscriptions
from tests.support.webhooks import KEY, SEAL, a_user, subscribed

OTHER_KEY = base64.b64encode(b"k" * 32).decode()


def seal(*names: str) -> Seal:
    return Seal(CodecSettings.model_validate({"keys": {name: KEY if name == "test" else OTHER_KEY for name in names}}))


def test_a_secret_is_opened_by_its_key_and_for_its_webhook_alone() -> None:
    secret, webhook_id = new_secret(), uuid4()
    stored = seal("test").close(secret, webhook_id)
    assert secret.removeprefix("whsec_").encode() not in stored
    assert seal("new", "test").open(stored, webhook_id) == secret
    for opener, whose in ((seal("new"), webhook_id), (seal("test"), uuid4()), (Seal(CodecSettings()), webhook_id)):
        with pytest.raises(SealError) as refused:
            opener.open(stored, whose)
        assert secret not in str(refused.value)
    with pytest.raises(SealError):
        seal("test").open(stored[:-1] + bytes([stored[-1] ^ 1]), webhook_id)
    plain = Seal(CodecSettings())
    assert plain.open(plain.close(secret, webhook_id), webhook_id) == secret


async def test_the_database_holds_no_secret_that_can_be_read(pool: asyncpg.Pool) -> None:
    _, secret = await subscribed(pool, None)
    rows = await pool.fetch("select w::text as row, w.secret from event_service.webhooks w")
    raw = base64.b64decode(secret.removeprefix("whsec_"))
    assert not [row for row in rows if secret in row["row"] or raw.hex() in row["row"] or raw in row["secret"]]
    assert len({new_secret() for _ in range(100)}) == 100


async def _secrets(pool: asyncpg.Pool, seal: Seal) -> list[tuple[str, str | None]]:
    """All of them, by webhook. Raises SealError."""
    rows = await pool.fetch("select * from event_service.webhooks where status <> 'deleted' order by webhook_id")
    return [
        (
            seal.open(row["secret"], row["webhook_id"]),
            None if row["previous_secret"] is None else seal.open(row["previous_secret"], row["webhook_id"]),
        )
        for row in rows
    ]


async def _resealed(pool: asyncpg.Pool, by: Seal, at_once: int = 2) -> Resealed:
    return [found async for found in reseal(pool, by, at_once=at_once)][-1]


async def test_after_a_change_of_keys_all_secrets_are_sealed_by_the_new_one_and_the_old_one_can_go(
    pool: asyncpg.Pool,
) -> None:
    subscriptions = Subscriptions(pool, SEAL)
    hooks = [(await subscribed(pool, owner))[0] for owner in (None, None, await a_user(pool), None, None)]
    await subscriptions.rotate(None, hooks[0].webhook_id, overlap=True)
    await subscriptions.delete(None, hooks[1].webhook_id)
    plain = Subscriptions(pool, Seal(CodecSettings()))
    await plain.rotate(None, hooks[3].webhook_id, overlap=False)  # from before there were keys
    both, new = seal("new", "test"), seal("new")
    before = await _secrets(pool, both)
    async for _ in reseal(pool, both, at_once=2):
        break  # it was stopped after the first batch
    assert await _secrets(pool, both) == before, "whoever has both keys goes on"
    assert await under_others(pool, both, at_once=2) == 2, "the first batch had two of the four"
    found = await _resealed(pool, both)
    assert (found.seen, found.changed, found.lost) == (4, 0, ())
    assert await under_others(pool, new, at_once=2) == 0
    assert await _secrets(pool, new) == before
    assert (await _resealed(pool, new)).sealed == 0
    await Subscriptions(pool, both).rotate(None, hooks[0].webhook_id, overlap=True)
    await subscriptions.rotate(None, hooks[4].webhook_id, overlap=False)  # by a process that has the old key only
    assert await under_others(pool, both) == 1


async def test_a_secret_that_a_rotation_has_ended_needs_no_key_and_is_gone(pool: asyncpg.Pool) -> None:
    hook = (await subscribed(pool, None))[0].webhook_id
    await pool.execute(
        "update event_service.webhooks set previous_secret = '\\x0378787878', previous_until = now() - interval '1 day'"
        " where webhook_id = $1",
        hook,
    )
    found = await _resealed(pool, seal("new", "test"))
    assert (found.sealed, found.lost) == (1, ())
    assert await pool.fetchval("select previous_secret from event_service.webhooks where webhook_id = $1", hook) is None


async def test_a_secret_that_is_rotated_meanwhile_is_left_and_one_without_its_key_is_named(pool: asyncpg.Pool) -> None:
    hook, lost = [(await subscribed(pool, None))[0].webhook_id for _ in range(2)]
    await pool.execute("update event_service.webhooks set secret = '\\x0378787878' where webhook_id = $1", lost)
    both, subscriptions = seal("new", "test"), Subscriptions(pool, SEAL)
    rotated: list[str] = []

    class Between:
        """A pool in whose hands the secret is rotated between the reading and the writing."""

        async def fetch(self, *arguments: object) -> object:
            rows = await pool.fetch(*arguments)
            if rows and not rotated:
                rotated.append(await subscriptions.rotate(None, hook, overlap=False))
            return rows

        async def execute(self, *arguments: object) -> str:
            return await pool.execute(*arguments)

    found = await _resealed(Between(), both)  # type: ignore[arg-type]
    assert (found.seen, found.sealed, found.changed, found.lost) == (2, 0, 1, (lost,))
    row = await pool.fetchrow("select secret from event_service.webhooks where webhook_id = $1", hook)
    assert both.open(row["secret"], hook) == rotated[0]


@pytest.mark.parametrize(("left", "code"), [(0, 0), (1, 1)])
def test_the_command_is_to_be_run_again_only_while_something_is_left(
    left: int, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A secret that was rotated meanwhile may be under the active key already."""

    async def found(*_: object) -> AsyncIterator[Resealed]:
        yield Resealed(seen=2, sealed=1, changed=1)

    async def left_over(*_: object) -> int:
        return left

    @asynccontextmanager
    async def no_pool(_: object) -> AsyncIterator[None]:
        yield None

    async def noted(*_: object) -> None:
        pass

    monkeypatch.setattr(cli, "open_pool", no_pool)
    monkeypatch.setattr(cli, "note", noted)
    monkeypatch.setattr(cli, "reseal", found)
    monkeypatch.setattr(cli, "under_others", left_over)
    said = CliRunner().invoke(cli.app, ["reseal"])
    assert said.exit_code == code, said.output
    assert ("run it again" in said.output) == bool(left)
