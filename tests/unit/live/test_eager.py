"""A coroutine that is begun at once does what it would have done in a task."""

from __future__ import annotations

import asyncio

import pytest

from steadymint.live.eager import begin


async def test_what_need_not_wait_is_over_at_once() -> None:
    done: list[str] = []

    async def work() -> None:
        done.append("all")

    assert begin(work()) is None
    assert done == ["all"]


@pytest.mark.parametrize("answered_before", [True, False])
async def test_what_has_to_wait_is_ended_by_whoever_awaits_the_rest(answered_before: bool) -> None:
    """Also if what it waited for has happened meanwhile."""
    answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    done: list[str] = []

    async def work() -> None:
        done.append(await answer)
        await asyncio.sleep(0)
        done.append("more")

    rest = begin(work())
    assert rest is not None
    assert done == []
    if answered_before:
        answer.set_result("answer")
    else:
        asyncio.get_running_loop().call_soon(answer.set_result, "answer")
    await rest
    assert done == ["answer", "more"]


async def test_an_error_is_raised_where_it_happens() -> None:
    async def work(turns: int) -> None:
        for _ in range(turns):
            await asyncio.sleep(0)
        raise ConnectionError

    with pytest.raises(ConnectionError):
        begin(work(0))
    rest = begin(work(2))
    assert rest is not None
    with pytest.raises(ConnectionError):
        await rest


@pytest.mark.parametrize("how", ["cancelled", "closed"])
async def test_the_rest_can_be_cancelled_and_given_up(how: str) -> None:
    cleaned: list[bool] = []

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            cleaned.append(True)

    rest = begin(work())
    assert rest is not None
    if how == "closed":
        rest.close()
    else:

        async def rest_of_it() -> None:
            await rest

        task = asyncio.create_task(rest_of_it())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert cleaned == [True]
