"""Both stores keep the same promises: a directory, and a service that speaks S3."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import obstore
import pytest
from obstore.store import S3Store

from steadymint.domain.errors import NotFoundError, UpstreamUnavailableError
from steadymint.domain.media import MediaId
from steadymint.media import store as store_module
from steadymint.media.store import ObjectStore, blob_key, open_object_store, variant_key
from steadymint.settings import MediaSettings

ID = MediaId("ab" * 32)


@pytest.fixture(params=["directory", "s3"])
def store(request: pytest.FixtureRequest) -> ObjectStore:
    name = "media_settings" if request.param == "directory" else "s3_settings"
    return open_object_store(request.getfixturevalue(name))


async def read(store: ObjectStore, key: str, start: int = 0, end: int | None = None) -> bytes:
    return b"".join([piece async for piece in store.stream(key, start, end)])


async def test_what_is_put_is_read_whole_and_in_ranges(store: ObjectStore) -> None:
    content = bytes(range(256)) * 3000
    await store.put(blob_key(ID), content, "image/png")
    assert await store.read(blob_key(ID)) == content
    assert await read(store, blob_key(ID)) == content
    for start, end in ((0, 1), (1, 1), (700_000, 768_000), (5, None), (767_999, 768_000)):
        assert await read(store, blob_key(ID), start, end) == content[start:end]


async def test_a_file_larger_than_a_part_is_put_from_disk(store: ObjectStore, tmp_path: Path) -> None:
    file = tmp_path / "large"
    file.write_bytes(bytes(1_000_003) * 18)
    await store.put("blobs/aa/large", file, "application/octet-stream")
    info = await store.head("blobs/aa/large")
    assert info is not None
    assert info.size == file.stat().st_size
    assert abs(info.modified_at - datetime.now(UTC)) < timedelta(hours=1)


async def test_putting_again_replaces_and_deleting_again_does_nothing(store: ObjectStore) -> None:
    key = variant_key(ID, 64)
    await store.put(key, b"first", "image/webp")
    await store.put(key, b"second", "image/webp")
    assert await store.read(key) == b"second"
    await store.delete(key)
    await store.delete(key)
    assert await store.head(key) is None


async def test_what_is_not_there_is_not_found(store: ObjectStore) -> None:
    assert await store.head("blobs/aa/none") is None
    with pytest.raises(NotFoundError):
        await store.read("blobs/aa/none")
    with pytest.raises(NotFoundError):
        await read(store, "blobs/aa/none")


async def test_a_list_has_what_is_below_a_folder_and_nothing_else(store: ObjectStore) -> None:
    keys = [f"variants/{'cd' * 32}/{width}.webp" for width in (64, 256)]
    for key in [*keys, "blobs/cd/x"]:
        await store.put(key, b"1234", "image/webp")
    found = {info.key: info.size async for info in store.list("variants")}
    assert found == dict.fromkeys(keys, 4)


@pytest.mark.parametrize(
    "key", ["", "/", "blobs", "../x/y", "blobs/../x", "blobs//x", "/etc/passwd", "blobs/\0", "blobs/.x", "b/c d"]
)
async def test_a_key_of_another_form_is_a_mistake_of_ours(object_store: ObjectStore, key: str) -> None:
    for call in (object_store.read(key), object_store.put(key, b"", "a/b"), object_store.delete(key)):
        with pytest.raises(ValueError, match="not a key of ours"):
            await call


async def test_s3_is_told_the_type(s3_settings: MediaSettings) -> None:
    store = open_object_store(s3_settings)
    await store.put(blob_key(ID), b"<svg/>", "image/png")
    bucket, _, prefix = s3_settings.store.removeprefix("s3://").partition("/")
    other = S3Store(
        bucket,
        endpoint=s3_settings.s3_endpoint,
        client_options={"allow_http": True},
        access_key_id="other",
        secret_access_key="other",
    )
    answer = await obstore.get_async(other, f"{prefix}/{blob_key(ID)}")
    assert answer.attributes["Content-Type"] == "image/png"


async def test_a_store_that_does_not_answer_is_said_so_without_its_address() -> None:
    dead = MediaSettings.model_validate(
        {"store": "s3://media", "s3_endpoint": "http://127.0.0.1:9", "s3_access_key": "a", "s3_secret_key": "b"}
    )
    store = open_object_store(dead)
    with pytest.raises(UpstreamUnavailableError) as caught:
        await store.head("blobs/aa/x")
    assert "127.0.0.1" not in caught.value.detail


SLOW_ANSWER = (
    b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\nETag: x\r\nLast-Modified: Mon, 30 Nov 2026 09:00:00 GMT\r\n"
    b"Connection: close\r\n\r\n"
)


async def test_an_object_may_take_longer_than_s3_may_be_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "SILENCE", timedelta(seconds=1))

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(SLOW_ANSWER)
        for _ in range(8):
            await asyncio.sleep(0.25)
            writer.write(b"x")
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        endpoint = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        slow = MediaSettings.model_validate(
            {"store": "s3://media", "s3_endpoint": endpoint, "s3_access_key": "a", "s3_secret_key": "b"}
        )
        assert await read(open_object_store(slow), blob_key(ID)) == b"x" * 8


PUTS_UNTIL_KILLED = """
import asyncio, sys
from steadymint.media.store import open_object_store
from steadymint.settings import MediaSettings

async def main():
    store = open_object_store(MediaSettings(store=sys.argv[1]))
    print("putting", flush=True)
    while True:
        await store.put("blobs/aa/whole", bytes(64 << 20), "application/octet-stream")

asyncio.run(main())
"""


async def test_a_put_that_is_killed_leaves_no_object_and_nothing_for_ever(
    media_settings: MediaSettings, object_store: ObjectStore
) -> None:
    folder = Path(media_settings.store.removeprefix("file:"))

    def left() -> list[Path]:
        return [file for file in folder.rglob("*#*") if file.is_file()]

    command = [sys.executable, "-c", PUTS_UNTIL_KILLED, media_settings.store]
    process = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE)
    assert process.stdout
    await process.stdout.readline()
    while not await asyncio.to_thread(left):  # noqa: ASYNC110  # nobody tells us
        await asyncio.sleep(0.001)
    process.kill()
    await process.wait()
    info = await object_store.head("blobs/aa/whole")
    assert info is None or info.size == 64 << 20
    assert {found.key async for found in object_store.list("blobs")} <= {"blobs/aa/whole"}

    (folder / "blobs" / "aa" / "half#1").write_bytes(b"half")  # if the kill came between two puts
    assert await object_store.delete_unfinished(timedelta(days=1)) == 0
    assert await object_store.delete_unfinished(timedelta(0)) >= 1
    assert await asyncio.to_thread(left) == []
    assert await object_store.head("blobs/aa/whole") == info


async def test_the_event_loop_goes_on_while_a_large_object_is_written(object_store: ObjectStore) -> None:
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    counting = asyncio.create_task(count())
    await asyncio.sleep(0)
    begun = turns
    await object_store.put("blobs/aa/large", bytes(32 * 1024 * 1024), "application/octet-stream")
    counting.cancel()
    assert turns > begun + 10


def test_a_directory_may_be_relative_and_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    open_object_store(MediaSettings(store="file:some/media"))
    assert (tmp_path / "some" / "media").is_dir()


@pytest.mark.parametrize("setting", ["", "s3:", "s3://", "https://media.example", "/var/media"])
def test_a_setting_that_names_no_store_is_refused(setting: str) -> None:
    with pytest.raises(ValueError, match="the media store is"):
        open_object_store(MediaSettings(store=setting))
