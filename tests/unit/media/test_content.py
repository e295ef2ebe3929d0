"""Bytes of our own store by CID."""

from __future__ import annotations

import asyncio

import pytest

from steadymint.domain.media import Cid, MediaId
from steadymint.media.assets import Assets
from steadymint.media.content import READ_WHOLE_AFTER, LocalContent
from steadymint.media.directories import directory_cid
from tests.support.media import Shelf


async def test_a_file_is_found_by_its_cid_and_read_in_ranges(shelf: Shelf, local_content: LocalContent) -> None:
    asset = await shelf.document(b'{"name":"One"}')
    content = await local_content.open(asset.cid)
    assert content is not None
    assert (content.size, content.sha256, content.mime) == (14, asset.id, "application/json")
    assert b"".join([piece async for piece in content.stream(2, 6)]) == b"name"
    assert (await local_content.open(asset.cid.upper())) == content
    assert (await local_content.open_id(asset.id)) == content


async def test_a_path_below_a_directory_is_resolved(shelf: Shelf, local_content: LocalContent, assets: Assets) -> None:
    one, two = await shelf.document(b"1"), await shelf.document(b"2")
    inner = await shelf.directory({"1": one.id, "two.json": two.id})
    outer = await shelf.directory({"tokens": inner.id, "ü": one.id})
    nodes = await assets.nodes([one.id, two.id])
    assert inner.cid == directory_cid({"1": nodes[one.id], "two.json": nodes[two.id]}).node.cid
    assert (inner.kind, await assets.entries_of(inner.id)) == ("directory", {"1": one.cid, "two.json": two.cid})

    for cid, path, wanted in (
        (inner.cid, "1", b"1"),
        (inner.cid, "/two.json/", b"2"),
        (outer.cid, "tokens/two.json", b"2"),
        (outer.cid, "ü", b"1"),
    ):
        content = await local_content.open(cid, path)
        assert content is not None
        assert await content.read() == wanted


@pytest.mark.parametrize(
    "path", ["", "3", "1/1", "..", "../1", "1\0", "TWO.json", "/".join("a" * 5000), "$where", "entries.0"]
)
async def test_what_is_not_in_a_directory_is_not_found(shelf: Shelf, local_content: LocalContent, path: str) -> None:
    one = await shelf.document(b"1")
    directory = await shelf.directory({"1": one.id, "two.json": one.id})
    assert await local_content.open(directory.cid, path) is None


@pytest.mark.parametrize(
    "cid", ["", "x", "../..", "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku", "b" * 5000]
)
async def test_what_is_not_ours_or_no_cid_is_not_found(local_content: LocalContent, cid: str) -> None:
    assert await local_content.open(cid) is None


async def test_the_same_directory_again_is_the_same(shelf: Shelf) -> None:
    one = await shelf.document(b"1")
    first = await shelf.directory({"1": one.id})
    assert await shelf.directory({"1": one.id}) == first


async def test_who_asks_for_name_after_name_is_told_the_same_by_what_is_remembered(
    shelf: Shelf, local_content: LocalContent
) -> None:
    files = {str(number): await shelf.document(b"%d" % number) for number in range(2 * READ_WHOLE_AFTER)}
    directory = await shelf.directory({name: asset.id for name, asset in files.items()})
    for name, asset in files.items():
        content = await local_content.open(directory.cid, name)
        assert content is not None
        assert content.sha256 == asset.id
        assert await local_content.open(directory.cid, f"{name}x") is None


async def test_all_names_are_read_once_for_all_who_ask_meanwhile(
    shelf: Shelf, local_content: LocalContent, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = await shelf.document(b"1")
    directory = await shelf.directory({"1": one.id})
    read, reads = Assets.entries_of, 0

    async def counting(assets: Assets, media_id: MediaId) -> dict[str, Cid]:
        nonlocal reads
        reads += 1
        return await read(assets, media_id)

    monkeypatch.setattr(Assets, "entries_of", counting)
    asked = (local_content.open(directory.cid, "1") for _ in range(5 * READ_WHOLE_AFTER))
    assert {found and found.sha256 for found in await asyncio.gather(*asked)} == {one.id}
    assert reads == 1
