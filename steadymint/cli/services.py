"""The production entry points. Each runs one process with the settings of the environment."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from steadymint.settings import load_settings
from steadymint.stack.secrets import new_secrets


async def migrate() -> None:
    """Migrate every store, and print the revision."""
    from migrations.runner import migrate as run
    from steadymint.durable.client import connect

    settings = load_settings()
    revision = await run(
        settings.postgres.dsn.get_secret_value(), settings.mongo.url.get_secret_value(), await connect(settings)
    )
    print(f"postgres at revision {revision}; mongo indexes and temporal search attributes are there")


def print_migrations() -> None:
    """Print the SQL of all migrations, without running it."""
    from migrations.runner import migration_sql

    migration_sql()


def api() -> None:
    """Serve HTTP until SIGINT or SIGTERM."""
    from api.main import run

    run(load_settings())


def worker() -> None:
    """Serve task queues until SIGINT or SIGTERM."""
    import uvloop

    from workers.main import run_worker

    uvloop.run(run_worker(load_settings()))


def codec_server() -> None:
    """Decrypt payloads for the Temporal UI."""
    import uvicorn

    from workers.codec_server import create_codec_server

    settings = load_settings()
    uvicorn.run(
        create_codec_server(settings), host=settings.api.host, port=settings.codec.server_port, log_level="warning"
    )


def print_secrets() -> None:
    """Print new keys. The key id is today's date, so that later keys sort after it."""
    key_id = f"{datetime.now(UTC):%Y-%m-%d}"
    made = new_secrets()
    print(f"STEADYMINT_AUTH__SIGNING_KEYS={json.dumps({key_id: made.signing_key})}")
    print(f"STEADYMINT_CODEC__KEYS={json.dumps({key_id: made.codec_key})}")


def print_views() -> None:
    """A name, what it shows, its filter, and its link."""
    from steadymint.cli.views import VIEWS

    settings = load_settings()
    for view in VIEWS:
        print(f"{view.name}: {view.shows}\n  {view.query}\n  {view.link(settings)}\n")
