"""Databases that are not yet at head."""

from __future__ import annotations

import re
from pathlib import Path

from alembic import command
from sqlalchemy import Connection

from migrations import versions
from migrations.runner import alembic_config
from steadymint.database import create_engine


def revision_before(name: str) -> str:
    """The revision that the one called `name` follows, such as '0014' for 'catalog_words'."""
    (file,) = Path(versions.__path__[0]).glob(f"[0-9]*_{name}.py")
    found = re.search(r'^down_revision = "(\d+)"$', file.read_text(), re.MULTILINE)
    assert found is not None, f"{name} is the first revision"
    return found[1]


async def migrate_to(dsn: str, revision: str) -> None:
    """Bring the database to a revision that is not the last."""

    def upgrade(connection: Connection) -> None:
        config = alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)

    engine = create_engine(dsn)
    async with engine.connect() as connection:
        await connection.run_sync(upgrade)
    await engine.dispose()
