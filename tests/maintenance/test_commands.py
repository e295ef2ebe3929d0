"""`steadymint maintenance ...`, and what any command says where the database is not as it should be."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from steadymint.cli import chains, stores
from steadymint.maintenance.backup import COPY
from steadymint.settings import PostgresSettings, Settings
from tests.support import command_line
from tests.unit.chain.fakes import echo, fake_node


async def steadymint(dsn: str, *words: str) -> tuple[int, str]:
    """The exit code and output of a command with this database."""
    return await command_line.steadymint(command_line.at_database(dsn), *words)


async def begun(dsn: str, *words: str, **environment: str) -> asyncio.subprocess.Process:
    """A command in a process of its own, which a signal reaches."""
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "steadymint.cli", *words),
        env=os.environ | command_line.at_database(dsn) | environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )


async def process(dsn: str, *words: str) -> tuple[int | None, str]:
    """The exit code and output of such a command."""
    command = await begun(dsn, *words)
    said, _ = await command.communicate()
    return command.returncode, said.decode()


async def test_a_backup_is_made_tried_and_told_from_one_that_lacks_something(database: str, tmp_path: Path) -> None:
    code, said = await process(database, "maintenance", "backup", str(tmp_path), "--keep-days", "30")
    assert code == 0, said
    dump = next(tmp_path / name for name in os.listdir(tmp_path) if name.endswith(".dump"))
    assert said.startswith(f"{dump}: ")
    code, said = await process(database, "maintenance", "restore-check", str(dump))
    assert (code, said.splitlines()[-1]) == (0, "everything is there")
    beside = dump.with_suffix(".json")
    known = json.loads(beside.read_text())
    known["rows"]["user_service.users"] += 1
    beside.write_text(json.dumps(known))
    code, said = await process(database, "maintenance", "restore-check", str(dump))
    assert (code, said.splitlines()[-1]) == (1, "user_service.users: 1 row in the backup, 0 restored")
    beside.unlink()
    assert (await process(database, "maintenance", "restore-check", str(dump)))[0] == 1


HANGS = """#!/bin/sh
[ "$1" = --version ] && echo "(PostgreSQL) 99.0" && exit
touch "$HANGING"
exec sleep 600
"""


@pytest.mark.parametrize(("command", "tool"), [("backup", "pg_dump"), ("restore-check", "pg_restore")])
async def test_what_is_told_to_end_leaves_neither_a_draft_nor_a_copy(
    database: str, tmp_path: Path, command: str, tool: str
) -> None:
    (tmp_path / tool).write_text(HANGS)
    (tmp_path / tool).chmod(0o700)
    hanging, folder = tmp_path / "hanging", tmp_path / "backups"
    folder.mkdir()
    dump = tmp_path / "any.dump"
    dump.touch()
    running = await begun(
        *(database, "maintenance", command, str(folder if command == "backup" else dump)),
        PATH=f"{tmp_path}:{os.environ['PATH']}",
        HANGING=str(hanging),
    )
    async with asyncio.timeout(60):
        while not hanging.exists():  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    connection = await asyncpg.connect(database)
    copies = await connection.fetch(
        "select application_name from pg_stat_activity where datname = current_database() and starts_with("
        "application_name, $1)",
        COPY,
    )
    assert (len(os.listdir(folder)), len(copies)) == ((1, 0) if command == "backup" else (0, 1))
    running.send_signal(signal.SIGTERM)
    said, _ = await running.communicate()
    assert (running.returncode, said) == (128 + signal.SIGTERM, b"stopped by SIGTERM\n")
    assert os.listdir(folder) == []
    assert await connection.fetch("select from pg_database where datname = any($1)", [row[0] for row in copies]) == []
    await connection.close()


async def test_what_is_in_the_way_is_shown(database: str) -> None:
    connection = await asyncpg.connect(database)
    blocked = await asyncpg.connect(database)
    await connection.execute("begin; lock table user_service.users in access exclusive mode")
    waiting = asyncio.create_task(blocked.fetchval("select count(*) from user_service.users"))
    while not await connection.fetchval("select count(*) from pg_locks where not granted"):  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    code, said = await steadymint(database, "maintenance", "diagnose")
    await connection.execute("rollback")
    await waiting
    for opened in (connection, blocked):
        await opened.close()
    assert code == 0, said
    assert "Largest tables" in said
    assert "Indexes that are broken: none" in said
    assert "select count(*) from user_service.users" in said


async def test_vacuum_leaves_no_table_of_ours_out(database: str) -> None:
    connection = await asyncpg.connect(database)
    await connection.execute("insert into user_service.users select gen_random_uuid() from generate_series(1, 7)")
    code, said = await steadymint(database, "maintenance", "vacuum")
    tables = await connection.fetchval("select count(*) from pg_tables where schemaname like '%\\_service'")
    rows = await connection.fetchval("select reltuples from pg_class where oid = 'user_service.users'::regclass")
    await connection.close()
    assert (code, len(said.splitlines()), rows) == (0, tables, 7)


@pytest.mark.parametrize(
    "words",
    [
        ("maintenance", "diagnose"),
        ("maintenance", "backup", "backups"),
        ("chain", "list"),
        ("intent", "list"),
        ("collection", "imports"),
        ("flag", "show", "eip155:1", "0x" + "11" * 20, "1"),
    ],
    ids=" ".join,
)
async def test_without_a_database_a_command_says_so_in_a_line(words: tuple[str, ...], tmp_path: Path) -> None:
    here = [str(tmp_path) if word == "backups" else word for word in words]
    run = process if "backup" in words else steadymint
    code, said = await run("postgresql://someone:pass-word@127.0.0.1:1/none", *here)
    assert code == 1
    assert said.endswith("`steadymint doctor` says more\n")
    assert "Traceback" not in said
    assert "pass-word" not in said


async def test_a_database_that_was_not_migrated_is_told_from_none(empty_database: str) -> None:
    code, said = await steadymint(empty_database, "chain", "list")
    assert (code, said.splitlines()[-1].endswith("run `steadymint migrate`")) == (1, True)


GOOD: dict[str, Any] = {
    "chainId": "eip155:5",
    "name": "Five",
    "endpoints": [{"url": "https://node.example/v2/secret-key"}],
    "contracts": [{"name": "factory", "address": "0x" + "ab" * 20}],
}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"chainId": "ethereum"}, "must be a CAIP-2 chain id such as eip155:1"),
        ({"nme": "x"}, "nme: Extra inputs are not permitted"),
        ({"endpoints": [{"url": "https://node.example/v2/secret-key", "weight": "x"}]}, "endpoints.0.weight: "),
        ({"endpoints": [{"url": "https://node.example/v2/secret-key", "weight": 0}]}, "chain_endpoints_weight_check"),
        ({"contracts": [{"name": "factory", "address": "0x12"}]}, "must be an address: 0x and 40 hex digits"),
        ({"features": {"confirmations": 0}}, "features: Value error, confirmations must be a number above 0"),
        ({"features": {"history_check": 1.5}}, "history_check must be a number from 0 to 1"),
        ({"features": {"block_time_seconds": "1"}}, "block_time_seconds must be a number"),
        ({"features": {"market": {"feeBps": 250}}}, "market: Value error, feeBps needs a feeRecipient"),
        ({"features": {"market": {"feeBps": 10_001, "feeRecipient": "0x" + "ab" * 20}}}, "market.feeBps: "),
        ({"features": {"market": {"fee": 1}}}, "market.fee: Extra inputs are not permitted"),
        ({"features": {"market": {"zones": ["0x12"]}}}, "market.zones.0: Value error, must be an address"),
        ({"features": {"market": {"royalty": "maybe"}}}, "market.royalty: "),
        (
            {"features": {"market": {"currencies": [{"address": "0x" + "ab" * 20, "symbol": "A", "decimals": 78}]}}},
            "market.currencies.0.decimals: ",
        ),
        ({"name": "a\u202eb"}, "name: Value error, must not hold the character U+202E"),
        (
            {
                "endpoints": [
                    {"url": "https://node.example", "authType": "bearer", "secretRef": "STEADYMINT_POSTGRES__DSN"}
                ]
            },
            "endpoints.0.secretRef: Value error, must begin with RPC_",
        ),
        ({"contracts": [{"name": "a\x1b[2J", "address": "0x" + "ab" * 20}]}, "contracts.0.name: Value error, must not"),
        ({"explorerUrl": "javascript:alert(1)"}, "explorerUrl: Value error, must begin with https:// or http://"),
        ({"explorerUrl": "http://192.168.0.1/"}, "explorerUrl: the host is not on the public internet"),
        ({"endpoints": [{"url": "file:///secret-key"}]}, "endpoints.0.url: Value error, must begin with https://"),
        ({"endpoints": [{"url": "https://a:secret-key@node.example"}]}, "must not hold a user or a password"),
        (
            {"endpoints": [{"url": "http://127.0.0.1:8545/secret-key"}]},
            "endpoints.0.url: the host is not on the public",
        ),
        (
            {"endpoints": [{"url": "https://node.example", "wsUrl": "ws://10.0.0.1/secret-key"}]},
            "endpoints.0.wsUrl: the host is not on the public internet; if it is meant to be on your own network, add",
        ),
    ],
)
async def test_a_chain_that_cannot_be_registered_is_refused_in_words_without_its_keys(
    module_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: dict[str, Any], said: str
) -> None:
    settings = Settings(postgres=PostgresSettings(dsn=SecretStr(module_database)))
    monkeypatch.setattr(stores, "load_settings", lambda: settings)
    file = tmp_path / "chain.json"
    file.write_text(json.dumps(GOOD | change))
    # In this process, since a command's start costs more than all that it does here.
    command = await asyncio.to_thread(CliRunner().invoke, chains.app, ["add", str(file), "--no-ask"])
    told = command.output
    assert (command.exit_code, said in told) == (1, True), told
    assert "Traceback" not in told
    assert "secret-key" not in told


async def test_a_chain_is_registered_from_a_file(database: str, tmp_path: Path) -> None:
    file = tmp_path / "chain.json"
    file.write_text(json.dumps(GOOD))
    for _ in range(2):
        code, told = await steadymint(database, "chain", "add", str(file), "--no-ask")
        assert (code, told) == (0, "eip155:5 is registered, version 4\n")
    rules = {"feeBps": 250, "feeRecipient": "0x" + "AB" * 20}
    seaport = {"name": "seaport", "address": "0x" + "5e" * 20}
    market = {"features": {"market": rules}, "contracts": [*GOOD["contracts"], seaport]}
    file.write_text(json.dumps(GOOD | market))
    assert (await steadymint(database, "chain", "add", str(file), "--no-ask"))[0] == 0
    assert "fee 250 bps, royalty warn" in (await steadymint(database, "chain", "list"))[1]
    assert (await steadymint(database, "chain", "add", str(tmp_path / "none.json")))[0] == 2
    file.write_text("{")
    code, told = await steadymint(database, "chain", "add", str(file))
    assert (code, told.startswith("the file: Invalid JSON")) == (1, True)


async def test_a_chain_whose_node_serves_another_or_does_not_answer_is_not_registered(
    database: str, tmp_path: Path
) -> None:
    file = tmp_path / "chain.json"
    async with fake_node(echo, chain_number=5) as right, fake_node(echo, chain_number=1) as wrong:
        for urls, said in (
            ([right.url, wrong.url], "endpoints.1: the node does not serve eip155:5\n"),
            ([right.url, "http://127.0.0.1:1/secret-key"], "endpoints.1: the node does not answer; if it is not up"),
        ):
            file.write_text(json.dumps(GOOD | {"endpoints": [{"url": url} for url in urls]}))
            code, told = await steadymint(database, "chain", "add", str(file), "--local")
            assert (code, told.startswith(said)) == (1, True), told
            assert "secret-key" not in told
        asked = right.hits
        assert (await steadymint(database, "chain", "list"))[1] == "no chains\n"
        file.write_text(json.dumps(GOOD | {"endpoints": [{"url": right.url}]}))
        code, told = await steadymint(database, "chain", "add", str(file), "--local")
        assert (code, told) == (0, "eip155:5 is registered, version 4\n")
        assert right.hits > asked


async def test_our_contracts_are_not_deployed_on_a_node_that_serves_another_chain(database: str) -> None:
    async with fake_node(echo, chain_number=1) as other:
        assert await steadymint(database, "chain", "local", other.url) == (
            1,
            "the node serves eip155:1, not eip155:31337\n",
        )
        assert other.requests == []
    code, told = await steadymint(database, "chain", "local", "ftp://127.0.0.1")
    assert (code, "must begin with https:// or http://" in told) == (2, True)
