"""All tables of all services in one place, for Alembic and for the test that holds them equal to the database."""

from __future__ import annotations

from steadymint import columns

metadata = columns.metadata
