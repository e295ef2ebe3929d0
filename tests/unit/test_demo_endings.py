"""What a demo exits with when it fails, when a signal comes, and when both do. The stack and the job are fakes."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from steadymint.cli import demo as cli
from steadymint.cli.signals import StopSignals
from steadymint.demo.run import DemoFailedError, DemoRun
from steadymint.stack.part import PartFailedError
from tests.unit.test_demo import DESCRIBED


class FakeStack:
    """A stack without parts. `while_starting` and `while_stopping` are called in the middle of both."""

    api_url = DESCRIBED["apiUrl"]

    def __init__(self) -> None:
        self.while_starting: Callable[[], None] = lambda: None
        self.while_stopping: Callable[[], None] = lambda: None
        self.stopped_parts: list[str] = []

    def __call__(self, *_: Any, **__: Any) -> FakeStack:
        return self

    async def __aenter__(self) -> FakeStack:
        try:
            self.while_starting()
            await _a_while()
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        self.stopped_parts.append("worker")
        self.while_stopping()
        await _a_while()
        self.stopped_parts.append("postgres")


async def _a_while() -> None:
    """Long enough for the loop to be told of signals that were sent, and of what they cancel."""
    for _ in range(20):
        await asyncio.sleep(0.001)


def sent(*numbers: signal.Signals) -> None:
    for number in numbers:
        os.kill(os.getpid(), number)


async def succeeds(_: DemoRun) -> str:
    return "all is well"


async def fails(_: DemoRun) -> str:
    raise DemoFailedError("the catalog and the chain disagree")


async def never_ends(_: DemoRun) -> str:
    await asyncio.Event().wait()
    raise AssertionError


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch) -> FakeStack:
    fake = FakeStack()
    monkeypatch.setattr(cli, "EmbeddedStack", fake)
    monkeypatch.setattr(cli, "description", lambda _: DESCRIBED)
    return fake


@pytest.fixture(autouse=True)
def _signals_of_a_terminal() -> Iterator[None]:
    """As in a terminal, whatever this run was started with (`nohup` ignores SIGHUP), and afterwards as before."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


async def ends(home: Path, job: cli.DemoJob, *, keep: bool = False) -> int:
    return await cli._on_own_stack(home, 1.0, keep, job)


@pytest.mark.parametrize("job", [succeeds, fails])
@pytest.mark.parametrize("keep", [False, True], ids=["", "stay"])
async def test_the_code_is_the_jobs_also_when_ctrl_c_ends_the_stack_that_stayed(
    stack: FakeStack, job: cli.DemoJob, keep: bool, tmp_path: Path
) -> None:
    ending = asyncio.create_task(ends(tmp_path, job, keep=keep))
    if keep:
        await _a_while()
        await _a_while()
        assert not ending.done()
        sent(signal.SIGINT)
    assert await ending == (0 if job is succeeds else 1)
    assert stack.stopped_parts == ["worker", "postgres"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("when", ["while it starts", "in the job"])
async def test_a_signal_before_the_job_has_ended_is_no_success(
    stack: FakeStack, number: signal.Signals, when: str, tmp_path: Path
) -> None:
    async def interrupted(demo: DemoRun) -> str:
        sent(number)
        return await never_ends(demo)

    if when == "while it starts":
        stack.while_starting = lambda: sent(number)
    assert await ends(tmp_path, interrupted if when == "in the job" else succeeds) == 128 + number
    assert stack.stopped_parts == ["worker", "postgres"]


@pytest.mark.parametrize("job", [succeeds, fails, None], ids=["well", "failed", "interrupted"])
async def test_a_further_signal_does_not_leave_parts_running(
    stack: FakeStack, job: cli.DemoJob | None, tmp_path: Path
) -> None:
    async def interrupted(demo: DemoRun) -> str:
        sent(signal.SIGTERM)
        return await never_ends(demo)

    stack.while_stopping = lambda: sent(signal.SIGHUP, signal.SIGINT)
    codes = {succeeds: 0, fails: 1, None: 128 + signal.SIGTERM}
    assert await ends(tmp_path, job or interrupted) == codes[job]
    assert stack.stopped_parts == ["worker", "postgres"]


async def test_a_part_that_fails_is_no_success(stack: FakeStack, tmp_path: Path) -> None:
    def lost() -> None:
        raise PartFailedError("[postgres] exited with 1")

    stack.while_starting = lost
    assert await ends(tmp_path, succeeds) == 1


async def test_ctrl_c_counts_in_a_background_job_and_a_closed_terminal_does_not_under_nohup(
    stack: FakeStack, tmp_path: Path
) -> None:
    """A shell ignores SIGINT for its background jobs, and `nohup` SIGHUP."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)

    async def survives(_: DemoRun) -> str:
        sent(signal.SIGHUP)
        await _a_while()
        return "all is well"

    async def interrupted(demo: DemoRun) -> str:
        sent(signal.SIGINT)
        return await never_ends(demo)

    assert await ends(tmp_path, survives) == 0
    assert await ends(tmp_path, interrupted) == 128 + signal.SIGINT


async def test_ctrl_c_in_a_job_on_a_stack_that_runs_is_no_success() -> None:
    async def interrupted(demo: DemoRun) -> str:
        sent(signal.SIGINT)
        return await never_ends(demo)

    assert await cli._on_running_stack(DESCRIBED, interrupted) == 128 + signal.SIGINT


async def test_the_first_signal_is_told_once() -> None:
    told: list[str] = []
    with StopSignals(lambda: told.append("stopping")) as signals:
        sent(signal.SIGTERM)
        await signals.wait()
        sent(signal.SIGHUP)
        await _a_while()
    assert told == ["stopping"]
