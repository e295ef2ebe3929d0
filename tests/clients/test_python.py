"""The Python client as a package: what of it is made of the API's document."""

from __future__ import annotations

import sys
from pathlib import Path

CLIENT = Path(__file__).parents[2] / "clients" / "python"
sys.path.append(str(CLIENT))

from generator import made  # noqa: E402
from generator.operations import snake  # noqa: E402

from steadymint_client import AsyncSteadymint, Steadymint  # noqa: E402
from tests.clients.test_typescript import AGAIN, document  # noqa: E402


def test_the_committed_files_are_those_of_the_apis_document(tmp_path: Path) -> None:
    """The sync half too: it is made of the async one."""
    made.made(document(), tmp_path)
    files = [path.relative_to(tmp_path) for path in tmp_path.rglob("*.py")]
    assert len(files) >= 10
    for file in files:
        assert (tmp_path / file).read_text() == (made.PACKAGE / file).read_text(), f"{file} is old: {AGAIN}"


async def test_both_halves_of_the_client_have_every_route_of_the_document() -> None:
    routes = {snake(route["operationId"]) for path in document()["paths"].values() for route in path.values()}
    with Steadymint("http://127.0.0.1") as one:
        async with AsyncSteadymint("http://127.0.0.1") as other:
            for api in (one.api, other.api):
                assert {name for name in dir(api) if not name.startswith("_")} == routes
