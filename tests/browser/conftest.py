"""The browser of these tests, and the stack behind the stories. Both end with the last of them: idle to the end of the
run they would take another half a minute of processor time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import pytest

from tests.support.full_stack import FullStack, started_stack

if TYPE_CHECKING:
    from playwright.async_api import Browser


@pytest.fixture(scope="package")
async def browser(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Browser]:
    from tests.support.browser.chromium import started

    async with started(tmp_path_factory.mktemp("browser")) as running:
        yield running


@pytest.fixture(scope="package")
async def running_stack(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[FullStack]:
    async with started_stack(tmp_path_factory.mktemp("stack")) as running:
        yield running
