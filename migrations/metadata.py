"""All tables of all services in one place, for Alembic and for the test that holds them equal to the database."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from migrations import models
from migrations.models import columns

# Importing a module registers its tables.
for module in iter_modules(models.__path__, f"{models.__name__}."):
    import_module(module.name)

metadata = columns.metadata
