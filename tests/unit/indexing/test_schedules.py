"""However a chain was read, the catalog is that of a clean replay."""

from __future__ import annotations

import pytest

from steadymint.indexing import projection
from steadymint.indexing.subjects.movements import rows, seal_rows
from tests.support.schedules import Schedule, check


@pytest.mark.parametrize("few", [None, 2])
async def test_any_schedule_of_batches_reorgs_and_first_readings_equals_a_clean_replay(
    database: str, fresh_index: str, monkeypatch: pytest.MonkeyPatch, few: int | None
) -> None:
    """The long form is `make schedules`. With `few` also small batches are copied, as large ones are, and a first
    reading is folded in memory if it is small."""
    if few is not None:
        for module, name in ((rows, "FEW_MOVEMENTS"), (rows, "DIRECT_COPY"), (projection, "FEW_BLOCKS")):
            monkeypatch.setattr(module, name, few)
        monkeypatch.setattr(seal_rows, "MOST_AT_ONCE", 10)
    first = 20 * (few or 0)
    await check(database, fresh_index, [Schedule(seed) for seed in range(first, first + 20)])
