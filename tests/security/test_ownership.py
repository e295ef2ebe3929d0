"""Who gets what of every route: the table `ownership.txt`, which has to name each route that is served.

To add a route, run this test: it prints the lines that are missing, with what each caller gets. Read them before they
go into the table.
"""

from __future__ import annotations

import aiohttp
import pytest

from api.main import create_app
from steadymint.settings import Settings
from tests.support.media_api import Studio
from tests.support.ownership import CALLERS, Cast, Place, assemble, line, served, table

_UNDOCUMENTED = {"/docs", "/openapi.json"}


def places() -> list[Place]:
    """Every route of ours; the page of the documentation is for everybody."""
    found = served(create_app(Settings(environment="test")).routes)
    return sorted(
        {one for one in found if one[1] not in _UNDOCUMENTED and not one[1].startswith("/swagger/")},
        key=lambda one: (one[1], one[0]),
    )


@pytest.fixture
async def scene(studio: Studio) -> Cast:
    return await assemble(studio)


async def test_every_route_answers_each_caller_as_the_table_says(scene: Cast) -> None:
    declared, routes = table(), places()
    async with aiohttp.ClientSession() as http:
        found = {place: await scene.statuses(http, place) for place in routes}
    wrong = [line(place, found[place]) for place in routes if declared.get(place) != found[place]]
    assert not wrong, "not in ownership.txt, or not so:\n" + "\n".join(wrong)
    assert declared.keys() == found.keys(), "the table has a route that is not served"


def test_nobody_gets_at_what_needs_a_token_and_a_suspended_user_is_nobody() -> None:
    for place, statuses in table().items():
        by = dict(zip(CALLERS, statuses, strict=True))
        assert by["operator"] == by["other"], place
        if by["nobody"] == 401:
            assert by["suspended"] == 401, place
        if (place[1] + "/").startswith("/v1/me/"):
            assert by["nobody"] == 401, place
