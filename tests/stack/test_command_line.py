"""`steadymint up` keeps its word: everything answers, nothing is lost, nothing is left behind."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import aiohttp
import asyncpg
import pytest
from eth_account import Account
from temporalio.client import Client

from steadymint.cli.doctor import findings_of
from steadymint.settings import Settings
from steadymint.stack import launch
from tests.stack.support import NODE_DIR, alive, processes_below, until

pytestmark = [pytest.mark.timeout(600)]

KEYS = {
    "apiUrl",
    "temporalAddress",
    "temporalUiUrl",
    "postgresDsn",
    "mongoUrl",
    "redisUrl",
    "chains",
    "webhookReceiver",
    "signInDomain",
    "devAccounts",
}


class Home:
    """A stack's directory and its command line."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir()
        (path / "node").symlink_to(NODE_DIR)
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("STEADYMINT_")}
        self.environment = inherited | {"STEADYMINT_HOME": str(path), "NO_COLOR": "1"}

    async def run(self, *words: str) -> tuple[int, str]:
        """The exit code and output of one command."""
        process = await self.begin(*words)
        output, _ = await process.communicate()
        assert process.returncode is not None
        return process.returncode, output.decode()

    async def begin(self, *words: str) -> asyncio.subprocess.Process:
        launcher = [launch.__file__, "--parent", str(os.getpid()), "--death-signal", "SIGKILL", "--"]
        return await asyncio.create_subprocess_exec(
            sys.executable,
            *launcher,
            *(sys.executable, "-m", "steadymint.cli", *words),
            env=self.environment,
            cwd=self.path,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )

    @property
    def stack(self) -> dict[str, Any]:
        return json.loads((self.path / "stack.json").read_text())

    @property
    def supervisor(self) -> int:
        return int((self.path / "stack.pid").read_text())

    def child(self, words: str) -> int:
        """The process id of the supervisor's child whose command line contains `words`; 0 if there is none."""
        listed = subprocess.run(
            ["ps", "-ww", "--ppid", str(self.supervisor), "-o", "pid=,args="],
            check=True,
            capture_output=True,
            text=True,
        ).stdout.splitlines()
        found = [int(line.split()[0]) for line in listed if words in line]
        return found[0] if found else 0


@pytest.fixture
async def home(tmp_path: Path) -> Any:
    created = Home(tmp_path / "home")
    yield created
    await created.run("down")
    assert processes_below(created.path) == []


@pytest.mark.slow
@pytest.mark.long
async def test_up_answers_everywhere_keeps_its_data_and_starts_again_what_exits(home: Home) -> None:
    """One story, since each start of a stack takes seconds: up, down, up again, two parts die, the supervisor dies."""
    code, output = await home.run("up", "--detach", "--block-time", "1")
    assert code == 0, output
    stack = home.stack
    assert stack.keys() == KEYS
    assert stat.S_IMODE((home.path / "stack.json").stat().st_mode) == 0o600
    assert all(Account.from_key(one["privateKey"]).address == one["address"] for one in stack["devAccounts"])
    (chain,) = stack["chains"]
    assert chain.keys() == {"chainId", "rpcUrl", "factory"}
    async with aiohttp.ClientSession() as session:
        for url in (f"{stack['apiUrl']}/readyz", stack["temporalUiUrl"]):
            async with session.get(url) as response:
                assert response.status == 200
        code_of = {"jsonrpc": "2.0", "id": 1, "method": "eth_getCode", "params": [chain["factory"], "latest"]}
        async with session.post(chain["rpcUrl"], json=code_of) as response:
            assert len((await response.json())["result"]) > 100
        domain, account = stack["signInDomain"], stack["devAccounts"][0]["address"]
        body = {"accountId": account, "chainId": chain["chainId"], "domain": domain}
        async with session.post(f"{stack['apiUrl']}/v1/auth/nonce", json=body) as response:
            assert response.status == 201, await response.text()
    code, output = await home.run("doctor")
    assert code == 0, output

    connection = await asyncpg.connect(stack["postgresDsn"])
    await connection.execute("CREATE TABLE kept (x int)")
    await connection.close()
    client = await Client.connect(stack["temporalAddress"])
    await client.start_workflow("Anything", id="kept", task_queue="nobody")
    code, output = await home.run("up", "--detach")
    assert (code, "already running" in output) == (0, True)
    (home.path / "gallery.json").write_text('{"state": "begun", "seed": 1}')
    code, output = await home.run("up", "--with-gallery")
    assert (code, "half full" in output) == (1, True)

    code, output = await home.run("down")
    assert code == 0, output
    assert not (home.path / "stack.json").exists()
    assert processes_below(home.path) == []

    code, output = await home.run("up", "--detach", "--block-time", "1")
    assert code == 0, output
    assert home.stack == stack
    connection = await asyncpg.connect(stack["postgresDsn"])
    assert await connection.fetchval("SELECT count(*) FROM kept") == 0
    await connection.close()
    client = await Client.connect(stack["temporalAddress"])
    status = (await client.get_workflow_handle("kept").describe()).status
    assert status is not None
    assert status.name == "RUNNING"

    for part in ("cli worker", "valkey-server"):
        before = home.child(part)
        assert before, part
        os.kill(before, signal.SIGKILL)
        await until(lambda part=part, before=before: home.child(part) not in (0, before), 60)
    assert (home.path / "logs" / "up.log").read_text().count("exited with -9") == 2
    os.kill(home.supervisor, signal.SIGKILL)
    await until(lambda: processes_below(home.path) == [])


@pytest.mark.slow
async def test_a_start_refuses_a_second_one_and_ctrl_c_stops_it_with_all_it_has_started(home: Home) -> None:
    first = await home.begin("up")
    assert first.stdout is not None
    await first.stdout.readline()  # the first part is ready
    code, output = await home.run("up")
    assert (code, "already running" in output) == (1, True)
    assert alive(first.pid)
    first.send_signal(signal.SIGINT)
    await first.communicate()
    assert first.returncode == 0
    assert not (home.path / "stack.json").exists()
    assert processes_below(home.path) == []


async def test_the_doctor_names_what_cannot_be_reached_and_tells_no_secret() -> None:
    nowhere = {
        "postgres": {"dsn": "postgresql://someone:pass-word@127.0.0.1:1/none"},
        "redis": {"url": "redis://:pass-word@127.0.0.1:1/0"},
        "mongo": {"url": "mongodb://someone:pass-word@127.0.0.1:1", "timeout": 1},
        "temporal": {"address": "127.0.0.1:1"},
        "media": {
            "store": "s3://bucket",
            "s3_endpoint": "http://127.0.0.1:1",
            "s3_access_key": "someone",
            "s3_secret_key": "pass-word",
        },
    }
    settings = Settings(**nowhere)  # pyright: ignore[reportArgumentType]
    found = await findings_of(settings)
    assert {one.name: one.fit for one in found} == dict.fromkeys(
        ["postgres", "redis", "mongo", "temporal", "media", "secrets"], False
    )
    assert not any("pass-word" in one.detail for one in found)


def test_fresh_secrets_are_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    printed = subprocess.run(
        [sys.executable, "-m", "steadymint.cli", "secrets"], check=True, capture_output=True, text=True
    ).stdout
    for line in printed.splitlines():
        name, _, value = line.partition("=")
        monkeypatch.setenv(name, value)
    settings = Settings()
    assert len(settings.auth.signing_keys) == len(settings.codec.keys) == 1
