"""What the browser tests stand on: a fault of a page fails its test."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest
from playwright.async_api import TimeoutError as NotInTime
from playwright.async_api import expect

from tests.support.browser.chromium import UNPACKED
from tests.support.browser.tabs import Tabs
from tests.support.browser.written import SOUND, STRICT, open_written

pytestmark = pytest.mark.xdist_group("browser")

FAULTS: Final = {
    "an error in the console": ("<script>console.error('broken')</script>", "script-src 'unsafe-inline'", "broken"),
    "a warning in the console": ("<script>console.warn('odd')</script>", "script-src 'unsafe-inline'", "odd"),
    "an uncaught error": ("<script>null.x</script>", "script-src 'unsafe-inline'", "uncaught"),
    "a rejected promise": ("<script>Promise.reject(Error('lost'))</script>", "script-src 'unsafe-inline'", "lost"),
    "a script against the policy": ("<script>1</script>", STRICT, "Content Security Policy"),
    "a request that fails": ("<img src='http://127.0.0.1:2/a.png'>", "img-src *", "net::ERR"),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_of_a_page_fails_its_test(tabs: Tabs, fault: str) -> None:
    body, policy, sentence = FAULTS[fault]

    async def story() -> None:
        async with tabs.open() as tab:
            await open_written(tab, SOUND + body, policy=policy)
            await tab.page.wait_for_timeout(50)

    with pytest.raises(AssertionError, match=re.escape(sentence)):
        await story()


async def test_an_answer_of_a_refused_request_fails_its_test_unless_it_is_provoked(tabs: Tabs) -> None:
    async with tabs.open() as tab:
        with tab.complaints.allowing(r"^404 GET /$"):
            await open_written(tab, SOUND, status=404)
    with pytest.raises(AssertionError, match="404 GET /"):
        async with tabs.open() as tab:
            await open_written(tab, SOUND, status=404)


async def test_a_page_without_a_fault_passes_behind_a_strict_policy(tabs: Tabs) -> None:
    async with tabs.open() as tab:
        await open_written(tab, SOUND)
        await tab.expect_accessible()
        await tab.expect_still()


async def test_what_moves_while_a_page_loads_is_found(tabs: Tabs) -> None:
    async with tabs.open() as tab:
        await open_written(tab, SOUND)
        await tab.expect_still()
        await tab.page.evaluate("document.querySelector('h1').style.marginTop = '300px'")
        await expect(tab.page.locator("h1")).to_have_css("margin-top", "300px")
        with pytest.raises(AssertionError, match=r"has moved: .*All is well"):
            await tab.expect_still()


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        ("<img src='data:,'>", "image-alt"),
        ("<p style='color:#ccc'>faint</p>", "color-contrast"),
        ("<h4>out of order</h4>", "heading-order"),
    ],
)
async def test_what_some_people_cannot_use_is_found(tabs: Tabs, body: str, rule: str) -> None:
    async with tabs.open() as tab:
        await open_written(
            tab, SOUND.replace("</main>", f"{body}</main>"), policy="style-src 'unsafe-inline'; img-src data:"
        )
        with pytest.raises(AssertionError, match=rule):
            await tab.expect_accessible()


async def test_a_failed_story_leaves_a_picture_and_what_the_page_said(tabs: Tabs, tmp_path: Path) -> None:
    async def story() -> None:
        async with tabs.open() as tab:
            await open_written(tab)
            await tab.page.get_by_text("not there").click(timeout=1)

    with pytest.raises(NotInTime):
        await story()
    assert (tmp_path / "tab-1.png").read_bytes().startswith(b"\x89PNG")
    assert "All is well." in (tmp_path / "tab-1.txt").read_text()


async def test_the_browser_brings_the_libraries_that_debian_leaves_out() -> None:
    brought = {file.name for file in (UNPACKED / "libraries" / "lib").iterdir()}
    assert {"libnss3.so", "libnspr4.so", "libnssutil3.so", "libexpat.so.1"} <= brought
