"""Traits whose names and values are as long as a document may make them: listed, paged through, and filtered by."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from steadymint.domain.types import Address, show_address
from steadymint.metadata.attributes import MAX_NAME, MAX_VALUE
from tests.support.reads import Reads, serving_reads
from tests.support.traits import Drop

LONG = {
    "plain": ("Story", "a" * MAX_VALUE),
    "another script": ("物語", "あ" * MAX_VALUE),
    "quoted": ('"' * MAX_NAME, "\\" * MAX_VALUE),
    "with colons": (":" * MAX_NAME, ":" * MAX_VALUE),
}
"""Token number -> its one trait, in this order."""


@pytest.fixture
async def reads(database: str) -> AsyncIterator[Reads]:
    async with serving_reads(database) as found:
        yield found


async def drop_of(reads: Reads) -> tuple[str, Drop]:
    drop = await Drop.of(reads.pool, len(LONG))
    await drop.write({number: {name: value} for number, (name, value) in enumerate(LONG.values())})
    contract = show_address(Address(drop.row["contract_address"]))
    return f"/v1/collections/{drop.row['chain_id']}/{contract}", drop


async def test_every_page_of_traits_leads_to_the_next_however_long_they_are(reads: Reads) -> None:
    base, _ = await drop_of(reads)
    found: list[tuple[str, str]] = []
    query: dict[str, str] = {"limit": "1"}
    while True:
        answer = await reads.http.get(f"{base}/traits", params=query)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        found += [(item["traitType"], item["value"]) for item in page["items"]]
        if page["nextCursor"] is None:
            break
        query["cursor"] = page["nextCursor"]
    assert sorted(found) == sorted(LONG.values())


@pytest.mark.parametrize("which", list(LONG))
async def test_what_is_listed_can_be_filtered_by_however_long_it_is(reads: Reads, which: str) -> None:
    base, _ = await drop_of(reads)
    name, value = LONG[which]
    escaped = name.replace("\\", "\\\\").replace(":", "\\:")
    answer = await reads.http.get(f"{base}/tokens", params={"trait": f"{escaped}:{value}"})
    assert answer.status_code == 200, answer.text
    assert [item["tokenId"] for item in answer.json()["items"]] == [str(list(LONG).index(which))]
