"""However a chain was read, the catalog is that of a clean replay."""

from __future__ import annotations

from tests.support.schedules import Schedule, check


async def test_any_schedule_of_batches_reorgs_and_first_readings_equals_a_clean_replay(
    database: str, fresh_index: str
) -> None:
    """The long form is `make schedules`."""
    await check(database, fresh_index, [Schedule(seed) for seed in range(40)])
