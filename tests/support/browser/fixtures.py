"""Tabs in the browser of `tests/browser`. The library is imported when a test needs it: that takes half a second."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.full_stack import FullStack

if TYPE_CHECKING:
    from playwright.async_api import Browser

    from tests.support.browser.tabs import Tabs


@pytest.fixture
def tabs(browser: Browser, tmp_path: Path) -> Tabs:
    """Tabs without a server behind them: the test answers what its pages ask."""
    from tests.support.browser.tabs import Tabs

    return Tabs(browser, "", tmp_path)


@pytest.fixture
def storefront_tabs(browser: Browser, full_stack: FullStack, tmp_path: Path) -> Tabs:
    """Tabs on the storefront that the run's stack serves."""
    from tests.support.browser.tabs import Tabs

    return Tabs(browser, full_stack.stack.api_url, tmp_path)
