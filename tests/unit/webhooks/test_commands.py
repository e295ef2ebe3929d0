"""What operators do with their webhooks by command, and that a secret is printed when it is made and never again."""

from __future__ import annotations

import asyncio
from uuid import UUID

import asyncpg
import pytest
from typer.testing import CliRunner

from steadymint.audit.reading import Filter, search
from steadymint.cli import webhooks as command
from steadymint.cli.arguments import operator_name
from steadymint.settings import Settings
from tests.support.catalog_rows import collection_row, insert
from tests.support.webhooks import ALICE, CATS, CHAIN, a_user, given_out, happen, listening, minted, sold, subscribed


async def test_an_operator_subscribes_looks_pauses_and_replays(
    database: str, pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings.model_validate({"environment": "test", "postgres": {"dsn": database}})
    monkeypatch.setattr(command, "load_settings", lambda: settings)

    async def run(*arguments: str, code: int = 0) -> str:
        done = await asyncio.to_thread(CliRunner().invoke, command.app, arguments)
        assert done.exit_code == code, done.output
        return done.output

    cats = collection_row(1) | {"contract_address": CATS, "chain_id": CHAIN, "slug": "cats-cafecafe"}
    await insert(pool, "catalog_service.collections", [cats])
    wanted = ("--event", "mints.events minted", "--collection", f"{CHAIN}/cats-cafecafe", "--account", ALICE)
    made = await run("create", "https://ops.example/all", *wanted)
    webhook, secret = (line.split()[1] for line in made.splitlines())
    await listening(pool)
    await happen(pool, minted(ALICE), sold(ALICE, ALICE), minted(ALICE))
    await given_out(pool)
    assert "paused" in await run("pause", webhook)
    await run("test", webhook)
    await pool.execute("update event_service.webhook_deliveries set status = 'dead' where seq = 1")
    told = [await run(what, webhook) for what in ("show", "deliveries", "events")]
    told += [await run("list"), await run("deliveries", webhook, "--status", "dead")]
    assert [one.count("mints.events minted") for one in told] == [1, 2, 2, 0, 1]
    assert "1 event will be sent again, up to number 1" in await run("replay", webhook, "1", "--dead")
    assert "active" in await run("resume", webhook)
    rotated = (await run("rotate", webhook)).split()[1]
    assert not [one for one in (secret, rotated) if one in "".join(told)]
    users, _ = await subscribed(pool, await a_user(pool))
    await run("show", str(users.webhook_id), code=1)
    await run("create", "https://10.0.0.1/", code=2)
    await run("create", "https://ops.example/all", "--collection", f"{CHAIN}/dogs-cafecafe", code=1)
    await run("delete", webhook)
    row = await pool.fetchrow("select status, secret from event_service.webhooks where webhook_id = $1", UUID(webhook))
    assert tuple(row) == ("deleted", None)
    await run("reseal", code=1)  # the secret of the user above is sealed by a key that is not configured here
    recorded = [one.details for one in await search(pool, Filter(type="operators.webhook"), limit=9)]
    assert [one["verb"] for one in reversed(recorded)] == [
        "create", "change", "replay", "change", "rotate", "delete", "reseal",
    ]  # fmt: skip
    assert {one["operator"] for one in recorded} == {operator_name()}
