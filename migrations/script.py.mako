"""${message}."""

from __future__ import annotations

from migrations.script import run_script

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}

SQL = """
"""


def upgrade() -> None:
    """Say what this brings, and why."""
    run_script(SQL)
