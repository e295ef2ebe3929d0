"""Pages that a test writes itself."""

from __future__ import annotations

from typing import Final

from playwright.async_api import Route

from tests.support.browser.tabs import Tab

SITE: Final = "http://127.0.0.1:1"
"""Nothing listens there: the test answers what the page asks."""
STRICT: Final = "default-src 'none'; script-src 'self'"
SOUND: Final = "<!doctype html><html lang=en><title>Sound</title><main><h1>Sound</h1><p>All is well.</p></main>"


async def open_written(tab: Tab, body: str = SOUND, *, status: int = 200, policy: str = STRICT) -> None:
    """Opens a page that says `body`."""

    async def answer(route: Route) -> None:
        headers = {"content-type": "text/html; charset=utf-8", "content-security-policy": policy}
        await route.fulfill(status=status, body=body, headers=headers)

    await tab.page.route(f"{SITE}/**", answer)
    await tab.page.goto(SITE)
