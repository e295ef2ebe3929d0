"""What Alembic runs. It is handed an open connection by `migrations.runner`; no alembic.ini, no working directory."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection

from migrations.metadata import metadata

VERSION_TABLE = "alembic_version"


def run_online(connection: Connection) -> None:
    """Bring the database to head, one transaction per migration."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        version_table=VERSION_TABLE,
        version_table_schema="public",
        transaction_per_migration=True,
        include_schemas=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def run_offline() -> None:
    """Print the SQL instead of running it: the dry run."""
    context.configure(
        dialect_name="postgresql",
        target_metadata=metadata,
        version_table=VERSION_TABLE,
        version_table_schema="public",
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    run_offline()
else:
    run_online(context.config.attributes["connection"])
