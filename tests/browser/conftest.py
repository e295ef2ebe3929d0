"""The browser of these tests. It ends with the last of them: an idle one would take time of the others."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import pytest

from tests.support.browser.chromium import started

if TYPE_CHECKING:
    from playwright.async_api import Browser


@pytest.fixture(scope="package")
async def browser(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Browser]:
    async with started(tmp_path_factory.mktemp("browser")) as running:
        yield running
