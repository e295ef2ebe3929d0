"""A picture on its way through the whole product: uploaded, rendered by a worker process, seen by everybody."""

from __future__ import annotations

import asyncio
import os

import aiohttp
import pytest

from steadymint.media.cid import file_cid
from steadymint_client import models
from tests.support.full_stack import FullStack, until
from tests.support.people import Person
from tests.support.pictures import animated, encoded, scene


async def until_ready(person: Person, media_id: str) -> models.MediaBody:
    async def ready() -> models.MediaBody | None:
        media = await person.client.api.get_media(media_id)
        return None if media.status == "processing" else media

    found = await until(ready, "the variants")
    assert found is not None
    return found


async def read(url: str) -> tuple[str, bytes]:
    """Type and bytes of what a stranger gets."""
    async with aiohttp.ClientSession() as http, http.get(url) as answer:
        assert answer.status == 200, url
        return answer.content_type, await answer.read()


@pytest.mark.parametrize("kind", ["still", "moving"])
async def test_an_uploaded_picture_is_seen_in_every_size(full_stack: FullStack, kind: str) -> None:
    noise = int.from_bytes(os.urandom(1))
    frames = [scene((600, 300), turn=noise + turn) for turn in range(3)]
    content = animated(frames, "GIF", [80, 80, 80]) if kind == "moving" else encoded(frames[0], "PNG")
    async with full_stack.person() as alice:
        uploaded = await alice.client.upload(content, "lighthouse")
        body = await until_ready(alice, uploaded.media_id)
    assert body.status == "ready"
    assert [variant.width for variant in body.variants] == [64, 256, 512, 600]
    mime, original = await read(body.url)
    assert mime == body.mime
    assert file_cid(original)[0] == body.cid
    assert await read(body.ipfs_url) == (mime, original)
    for variant in body.variants:
        mime, rendered = await read(variant.url)
        assert mime == "image/webp"
        assert rendered[8:12] == b"WEBP"
        assert (b"ANIM" in rendered) is (kind == "moving")


@pytest.mark.long
async def test_a_worker_that_is_killed_with_pictures_in_hand_loses_none(full_stack: FullStack) -> None:
    async with full_stack.person() as alice:
        pictures = [encoded(scene((400, 300), turn=turn), "PNG") for turn in range(40, 46)]
        uploaded = await asyncio.gather(*(alice.client.upload(picture, "a") for picture in pictures))
        await full_stack.stack.worker.kill()
        await full_stack.stack.worker.start()
        bodies = [await until_ready(alice, one.media_id) for one in uploaded]
    assert [body.status for body in bodies] == ["ready"] * len(pictures)
