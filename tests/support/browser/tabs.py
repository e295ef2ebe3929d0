"""Tabs: a context with one page each, as one person has it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Browser, Page, expect

from tests.support.browser.chromium import FOLDER, MODULES
from tests.support.browser.complaints import Complaints
from tests.support.browser.wallets import BrowserWallet

PATIENCE: Final = 30_000
"""Milliseconds that a page may take on a machine that others use as well."""
WIDE: Final = 1440
NARROW: Final = 390
HEIGHTS: Final = {WIDE: 900, NARROW: 844}
_INJECTED: Final = (FOLDER / "wallet.js").read_text().strip()

expect.set_options(timeout=PATIENCE)


OF_COLOURS: Final = ("color-contrast", "link-in-text-block")
"""The rules of axe that look at colours."""

# Colours that are still changing are no colours to measure. A transition begins a frame after its cause, and the
# transitions of what is inside begin after it. What never ends, such as a spinner, is not waited for.
SETTLED: Final = """async () => {
    const moves = (one) => one.playState === "running" && one.effect.getComputedTiming().endTime !== Infinity;
    for (let quiet = 0, frames = 0; quiet < 6 && frames < 300; frames++) {
        await new Promise((frame) => requestAnimationFrame(frame));
        quiet = document.getAnimations().some(moves) ? 0 : quiet + 1;
    }
}"""

MOST_SHIFT: Final = 0.02
"""Of the cumulative layout shift: a fifth of what Lighthouse still calls good."""
# From before the page's own scripts run, so that no shift is missed. Chromium complains of an entry that it has not.
_WATCH_SHIFTS: Final = """
window.shifts = {seen: [], observer: new PerformanceObserver((list) => window.shifts.seen.push(...list.getEntries()))};
window.shifts.observer.observe({type: "layout-shift"});
"""
_SHIFTS: Final = """async () => {
    const placeOf = ({x, y, width, height}) => [x, y, width, height].map(Math.round).join(" ");
    const wordsOf = ({node, previousRect, currentRect}) =>
        `${node?.nodeName} ${node?.textContent?.slice(0, 40)}: ${placeOf(previousRect)} to ${placeOf(currentRect)}`;
    for (let frames = 0; frames < 2; frames++) await new Promise((frame) => requestAnimationFrame(frame));
    const {seen, observer} = window.shifts;
    seen.push(...observer.takeRecords());
    return seen.filter((one) => !one.hadRecentInput)
        .map(({value, sources}) => ({value, moved: sources.map(wordsOf)}));
}"""


class Tab:
    """One page, and what is wrong with it."""

    def __init__(self, page: Page, complaints: Complaints, base_url: str) -> None:
        self.page = page
        self.complaints = complaints
        self.base_url = base_url

    async def go(self, path: str) -> None:
        await self.page.goto(self.base_url + path)

    async def findings(self, rules: Sequence[str] = ()) -> list[str]:
        """What axe finds on the page as it is, of any severity and by all rules or those that are named: a line for
        each."""
        if not await self.page.evaluate("'axe' in window"):
            await self.page.evaluate((MODULES / "axe-core" / "axe.min.js").read_text())
        await self.page.evaluate(SETTLED)
        options = {"resultTypes": ["violations"]} | ({"runOnly": list(rules)} if rules else {})
        report: dict[str, Any] = await self.page.evaluate("(options) => axe.run(document, options)", options)
        return [
            f"{rule['id']} ({rule['impact']}): {rule['help']}: {node['html'][:200]}: {node['failureSummary']}"
            for rule in report["violations"]
            for node in rule["nodes"]
        ]

    async def expect_still(self) -> None:
        """Nothing that was shown has moved since the page was loaded, but by what somebody pressed. Raises
        AssertionError with what has."""
        shifts: list[dict[str, Any]] = await self.page.evaluate(_SHIFTS)
        assert sum(one["value"] for one in shifts) < MOST_SHIFT, f"{self.page.url} has moved: {shifts}"

    async def expect_accessible(self) -> None:
        """The whole page in light, and its colours in dark, where nothing else is different. Raises AssertionError with
        all findings."""
        found: list[str] = []
        before = await self.page.evaluate("document.documentElement.dataset.theme ?? null")
        for scheme, rules in (("dark", OF_COLOURS), ("light", ())):
            await self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            # The storefront asks for the scheme once, when it is loaded.
            await self.page.evaluate("(scheme) => { document.documentElement.dataset.theme = scheme }", scheme)
            found += [f"{self.page.url}, {scheme}: {finding}" for finding in await self.findings(rules)]
        if before is not None:
            await self.page.evaluate("(theme) => { document.documentElement.dataset.theme = theme }", before)
        assert not found, "\n".join(found)


class Tabs:
    """Opens tabs in one browser. A tab that ends with complaints fails the test."""

    def __init__(self, browser: Browser, base_url: str, failures: Path) -> None:
        self.base_url = base_url
        self._browser = browser
        self._failures = failures
        self._count = 0

    @asynccontextmanager
    async def open(
        self, path: str | None = None, *, wallets: Sequence[BrowserWallet] = (), width: int = WIDE, dark: bool = False
    ) -> AsyncIterator[Tab]:
        """A new person's tab, at `path` if it is given. A picture of it is kept if the block of code fails."""
        context = await self._browser.new_context(
            viewport={"width": width, "height": HEIGHTS[width]},
            is_mobile=width == NARROW,
            has_touch=width == NARROW,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            locale="en-GB",
            timezone_id="UTC",
        )
        context.set_default_timeout(PATIENCE)
        self._count += 1
        name = f"tab-{self._count}"
        try:
            complaints = Complaints(context)
            await context.add_init_script(_WATCH_SHIFTS)
            if wallets:
                by_id = {wallet.uuid: wallet for wallet in wallets}
                await context.expose_function(
                    "callWallet", lambda uuid, method, params: by_id[uuid].answer(method, params)
                )
                for wallet in wallets:
                    described = json.dumps({"uuid": wallet.uuid, "name": wallet.name})
                    await context.add_init_script(f"({_INJECTED})({described})")
            page = await context.new_page()
            tab = Tab(page, complaints, self.base_url)
            try:
                if path is not None:
                    await tab.go(path)
                yield tab
            except BaseException:
                await page.screenshot(path=self._failures / f"{name}.png")
                (self._failures / f"{name}.txt").write_text(
                    "\n".join([page.url, *complaints.found, await page.locator("body").aria_snapshot()])
                )
                raise
            assert not complaints.found, "\n".join(complaints.found)
        finally:
            await context.close()
