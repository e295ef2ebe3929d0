"""Where uploads wait: gone when they are over, and when their process is."""

from __future__ import annotations

import asyncio
import hashlib
import os
import sys
from pathlib import Path
from uuid import uuid4

import pytest

from steadymint.domain.errors import RateLimitedError
from steadymint.domain.types import UserId
from steadymint.media.uploads import WRITE_SIZE, Spool, UploadSlots

DIES_WITH_AN_UPLOAD = """
import asyncio, sys
from pathlib import Path
from steadymint.media.uploads import Spool

async def main():
    async with Spool(Path(sys.argv[1])).open() as upload:
        await upload.write(b"x" * 100)
        await upload.flush()
        print("open", flush=True)
        await asyncio.sleep(600)

asyncio.run(main())
"""


def in_(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def test_an_upload_is_a_file_until_its_block_is_left(tmp_path: Path) -> None:
    content = os.urandom(2 * WRITE_SIZE + 7)
    async with Spool(tmp_path).open() as upload:
        for start in range(0, len(content), 1000):
            await upload.write(content[start : start + 1000])
        await upload.flush()
        assert upload.path.read_bytes() == content
        assert (upload.size, upload.sha256) == (len(content), hashlib.sha256(content).hexdigest())
        (upload.path.parent / "made-of-it").touch()
    assert in_(tmp_path) == []


async def test_an_upload_that_fails_leaves_nothing(tmp_path: Path) -> None:
    async def interrupted() -> None:
        async with Spool(tmp_path).open() as upload:
            await upload.write(b"99 %")
            raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await interrupted()
    assert in_(tmp_path) == []


async def test_what_a_killed_process_leaves_is_removed_and_what_a_living_one_writes_stays(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", DIES_WITH_AN_UPLOAD, str(tmp_path), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"open\n"
    async with spool.open() as own:
        assert spool.sweep() == 0
        process.kill()
        await process.wait()
        assert spool.sweep() == 1
        assert in_(tmp_path) == [own.path.parent]


async def test_a_spool_that_is_not_there_yet_has_nothing_to_remove(tmp_path: Path) -> None:
    assert Spool(tmp_path / "none").sweep() == 0


def test_places_are_bounded_for_a_user_and_for_all_and_given_back() -> None:
    slots = UploadSlots(per_user=2, in_all=3)
    alice, bob = UserId(uuid4()), UserId(uuid4())
    with slots.take(alice), slots.take(alice):
        with pytest.raises(RateLimitedError) as refused, slots.take(alice):
            pass
        assert refused.value.retry_after
        with slots.take(bob), pytest.raises(RateLimitedError), slots.take(bob):
            pass
    with slots.take(alice), slots.take(alice), slots.take(bob):
        pass
