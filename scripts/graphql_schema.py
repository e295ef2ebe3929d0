"""Writes `docs/schema.graphql`: `python scripts/graphql_schema.py`."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from api.graphql.schema import schema_of  # noqa: E402
from api.graphql.serving import routes_of  # noqa: E402
from api.main import create_app  # noqa: E402
from steadymint.settings import Settings  # noqa: E402

FILE = ROOT / "docs" / "schema.graphql"


def text() -> str:
    return schema_of(routes_of(create_app(Settings(environment="test")))).schema.as_str() + "\n"


if __name__ == "__main__":
    FILE.write_text(text())
