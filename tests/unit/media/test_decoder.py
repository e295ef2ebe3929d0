"""Decoders: what a file does to one is an answer about that file, and the next file is decoded."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest
from PIL import Image

from steadymint.domain.errors import MediaRefusedError, UnsupportedMediaError, UpstreamUnavailableError
from steadymint.media import decoder as decoding
from steadymint.media.decoder import Decoder
from steadymint.settings import MediaSettings
from tests.support.pictures import encoded, png, scene, svg

BLUR = (
    '<filter id="f"><feTurbulence baseFrequency="0.9" numOctaves="2000"/></filter>'
    '<rect width="40" height="20" filter="url(#f)"/>'
)
"""Minutes of drawing."""


@pytest.fixture
async def small() -> AsyncIterator[Decoder]:
    """One decoder, of a second and 256 MB."""
    settings = MediaSettings(decoders=1, decode_seconds=1.0, decode_memory=256 * 1024 * 1024)
    async with Decoder(settings) as started:
        yield started


def written(folder: Path, data: bytes) -> Path:
    file = folder / "upload"
    file.write_bytes(data)
    return file


async def works(decoder: Decoder, folder: Path) -> bool:
    """Whether the next file is decoded."""
    file = folder / "next"
    file.write_bytes(encoded(scene(), "PNG"))
    return (await decoder.clean(file, folder / "cleaned")).width == 96


def children(of: int | None = None) -> set[int]:
    """The decoder processes of a process, of this one if none is named."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == (of or os.getpid()) and b"decoder_process" in (folder / "cmdline").read_bytes():
                found.add(int(folder.name))
    return found


def lives(process: int) -> bool:
    """Whether it still runs; one that nobody has reaped yet does not."""
    try:
        return bool(Path(f"/proc/{process}/cmdline").read_bytes())
    except OSError:
        return False


def belongings(process: int) -> tuple[bytes, list[str]]:
    """Its environment, and what it has open beside input, output and errors."""
    folder = Path(f"/proc/{process}")
    files = [os.readlink(file) for file in (folder / "fd").iterdir() if int(file.name) > 2]
    return (folder / "environ").read_bytes(), files


async def test_a_file_that_takes_too_long_is_refused_and_its_decoder_killed(small: Decoder, tmp_path: Path) -> None:
    file = written(tmp_path, svg(BLUR))
    with pytest.raises(MediaRefusedError, match="more time"):
        await small.clean(file, tmp_path / "cleaned")
    assert await works(small, tmp_path)


async def test_a_file_that_takes_too_much_memory_is_refused(small: Decoder, tmp_path: Path) -> None:
    file = written(tmp_path, encoded(Image.new("1", (16_000, 3_000)), "PNG"))
    assert await small.clean(file, tmp_path / "cleaned")  # a byte for a pixel
    file = written(tmp_path, encoded(Image.new("RGBA", (16_000, 3_000)), "PNG", compress_level=1))
    with pytest.raises(MediaRefusedError, match="memory"):
        await small.clean(file, tmp_path / "cleaned")
    assert await works(small, tmp_path)


async def test_a_decoder_that_crashes_takes_nobody_with_it(small: Decoder, tmp_path: Path) -> None:
    before = children()
    assert await works(small, tmp_path)
    (child,) = children() - before
    os.kill(child, signal.SIGSEGV)
    with suppress(MediaRefusedError):
        await works(small, tmp_path)
    assert await works(small, tmp_path)


@pytest.mark.parametrize(
    "end", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP], ids=lambda one: one.name
)
async def test_a_decoder_that_the_system_ends_says_nothing_about_the_file(
    small: Decoder, tmp_path: Path, end: signal.Signals
) -> None:
    before = children()
    assert await works(small, tmp_path)
    (child,) = children() - before
    os.kill(child, end)
    with pytest.raises(UpstreamUnavailableError):
        await works(small, tmp_path)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "AVIF"])
async def test_a_disk_that_is_full_says_nothing_about_the_file(small: Decoder, tmp_path: Path, kind: str) -> None:
    with pytest.raises(UpstreamUnavailableError):
        await small.clean(written(tmp_path, encoded(scene(), kind)), Path("/dev/full"))
    assert await works(small, tmp_path)


async def test_a_machine_that_is_too_busy_says_nothing_about_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Decoder(MediaSettings(decoders=1)) as decoder:
        assert await works(decoder, tmp_path)
        monkeypatch.setattr(decoding, "PATIENCE", -2 * MediaSettings().decode_seconds)
        with pytest.raises(UpstreamUnavailableError):
            await works(decoder, tmp_path)
        monkeypatch.undo()
        assert await works(decoder, tmp_path)


async def test_a_caller_that_goes_away_leaves_no_decoder_at_work(small: Decoder, tmp_path: Path) -> None:
    before = children()
    file = written(tmp_path, svg(BLUR))
    task = asyncio.create_task(small.clean(file, tmp_path / "cleaned"))
    while not children() - before:  # noqa: ASYNC110  # nobody tells us
        await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert children() == before
    assert await works(small, tmp_path)


SAYS = """
import sys
print('{"ready": true}', flush=True)
for line in sys.stdin:
    print(%s, flush=True)
"""


@pytest.mark.parametrize(
    "says",
    [
        '"x" * 1_000_000',
        '"no JSON"',
        """'{"made": {"mime": "text/html", "width": 1, "height": 1, "frames": 1, "phash": ""}}'""",
        """'{"refused": "internal_error", "detail": "x"}'""",
    ],
    ids=["endless", "no-json", "html", "refusal"],
)
async def test_a_decoder_that_a_file_has_taken_over_can_only_refuse_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, says: str
) -> None:
    monkeypatch.setattr(decoding, "_COMMAND", ("-c", SAYS % says))
    async with Decoder(MediaSettings(decoders=1)) as decoder:
        with pytest.raises(MediaRefusedError):
            await decoder.clean(written(tmp_path, b""), tmp_path / "cleaned")


FLOODS = """
import os, sys
print('{"ready": true}', flush=True)
for line in sys.stdin:
    if not os.fork():
        os.setsid()
        while True:
            os.write(1, b"x" * 100_000)
    print('{"refused": "internal_error", "detail": "x"}', flush=True)
"""
"""It answers, and a process that it has started writes until nobody reads any more."""


async def test_a_decoder_ends_though_its_output_does_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "_COMMAND", ("-c", FLOODS))
    async with asyncio.timeout(60), Decoder(MediaSettings(decoders=1)) as decoder:
        with pytest.raises(MediaRefusedError):
            await decoder.clean(written(tmp_path, b""), tmp_path / "cleaned")


STARTS_ONE = """
import asyncio, sys
from pathlib import Path
from steadymint.media.decoder import Decoder
from steadymint.settings import MediaSettings

async def main():
    decoder = Decoder(MediaSettings(decoders=1))
    await decoder.clean(Path(sys.argv[1]), Path(sys.argv[1] + ".cleaned"))
    print("cleaned", flush=True)
    await asyncio.sleep(600)

asyncio.run(main())
"""


async def test_a_decoder_does_not_outlive_who_started_it(tmp_path: Path) -> None:
    file = written(tmp_path, encoded(scene(), "PNG"))
    command = [sys.executable, "-c", STARTS_ONE, str(file)]
    parent = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE)
    assert parent.stdout
    assert await parent.stdout.readline() == b"cleaned\n"
    (child,) = children(parent.pid)
    parent.kill()
    await parent.wait()
    async with asyncio.timeout(30):
        while await asyncio.to_thread(lives, child):  # noqa: ASYNC110  # nobody tells us
            await asyncio.sleep(0.01)


async def test_a_decoder_makes_room_for_a_new_one_after_its_share(
    small: Decoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decoding, "TASKS", 2)
    before = children()
    seen = set()
    for _ in range(3):
        assert await works(small, tmp_path)
        seen |= children() - before
    assert len(seen) == 2


async def test_nothing_is_left_when_a_decoder_is_closed(tmp_path: Path) -> None:
    before = children()
    async with Decoder(MediaSettings(decoders=2)) as decoder:
        await asyncio.gather(works(decoder, tmp_path), works(decoder, tmp_path))
        assert len(children() - before) == 2
    assert children() == before


async def test_a_decoder_knows_none_of_our_secrets(
    small: Decoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STEADYMINT_POSTGRES__DSN", "postgresql://secret")
    before = children()
    assert await works(small, tmp_path)
    (child,) = children() - before
    environment, files = await asyncio.to_thread(belongings, child)
    assert b"STEADYMINT" not in environment
    assert not [file for file in files if file.startswith("socket:")]


async def test_a_refusal_has_no_path_in_it(decoder: Decoder, tmp_path: Path) -> None:
    for data in (
        b"nothing",
        png(9, 9, pixels=b"damaged"),
        b"\xff\xd8\xff\xe0",
        b"GIF89a",
        b"<svg",
        b"RIFF\0\0\0\0WEBP",
    ):
        with pytest.raises((MediaRefusedError, UnsupportedMediaError)) as caught:
            await decoder.clean(written(tmp_path, data), tmp_path / "cleaned")
        assert str(tmp_path) not in caught.value.detail
        assert "/" not in caught.value.detail
