"""What pages promise wherever they are opened: on a phone, and by an address without TLS.

The pages are the built ones. In place of the API answers `ExampleApi`, so that no stack has to run.
"""

from __future__ import annotations

from typing import Final

import pytest
from playwright.async_api import expect

from tests.support.browser.example_api import COLLECTION, ExampleApi
from tests.support.browser.tabs import NARROW, Tabs

pytestmark = pytest.mark.xdist_group("browser")

LAN: Final = "http://192.168.1.20:8080"
"""What a browser calls an insecure context. Nothing is asked of it: `ExampleApi` answers."""


async def test_on_a_phone_the_preview_of_a_collection_stands_before_its_button(tabs: Tabs) -> None:
    async with tabs.open(width=NARROW) as tab, ExampleApi(tab) as api:
        await api.open("/create")
        preview = tab.page.get_by_role("region", name="Preview")
        await tab.page.get_by_label("Name", exact=True).fill("Harbour Lights")
        await expect(preview).to_contain_text("Harbour Lights")
        of_preview = await preview.bounding_box()
        of_button = await tab.page.get_by_role("button", name="Review", exact=True).bounding_box()
        assert of_preview is not None
        assert of_button is not None
        assert of_preview["y"] + of_preview["height"] <= of_button["y"]
        await tab.expect_accessible()


async def test_over_plain_http_a_flow_begins_and_an_address_is_copied(tabs: Tabs) -> None:
    """Browsers leave out `crypto.randomUUID`, `navigator.clipboard` and `navigator.locks` there."""
    async with tabs.open() as tab, ExampleApi(tab, LAN) as api:
        await api.open(f"/mint/{COLLECTION}")
        assert not await tab.page.evaluate("isSecureContext")
        await tab.page.get_by_label("How many", exact=True).fill("1")
        await tab.page.get_by_role("main").get_by_role("button", name="Mint", exact=True).click()
        await api.asked("POST /v1/mints/prepare")
        await api.open(f"/collections/{COLLECTION}")
        await tab.page.get_by_role("button", name="Copy 0x").first.click()
        await expect(tab.page.get_by_role("button", name="Copied").first).to_be_visible()
