"""What pages promise wherever they are opened: on a phone, and by an address without TLS.

The pages are the built ones. In place of the API answers `ExampleApi`, so that no stack has to run.
"""

from __future__ import annotations

import json
from typing import Final

import pytest
from playwright.async_api import expect

from tests.support.browser.example_api import CHAIN, COLLECTION, EDITION, PRINTS, ExampleApi
from tests.support.browser.tabs import NARROW, Tabs

pytestmark = pytest.mark.xdist_group("browser")

CART: Final = [
    {
        "orderHash": "0x" + "ab" * 32, "chainId": CHAIN, "contract": PRINTS, "tokenId": "1", "name": "Print",
        "collection": "Prints", "units": "1", "price": "0.1", "choice": {"most": "5", "each": "0.1"}, "currency": "ETH",
    }
]  # fmt: skip
"""One listing, of whose units up to five may be chosen."""
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


async def test_units_in_the_cart_are_taken_by_enter_and_by_escape_which_closes_it(tabs: Tabs) -> None:
    async with tabs.open() as tab, ExampleApi(tab) as api:
        kept = json.dumps(json.dumps(CART))
        await tab.page.add_init_script(f"localStorage.setItem('steadymint.cart', {kept})")
        await api.open("/")
        await tab.page.get_by_role("button", name="Cart, 1 item").click()
        units = tab.page.get_by_role("dialog").get_by_label("Units of Print", exact=True)
        await units.fill("3")
        await units.press("Enter")
        await expect(tab.page.get_by_role("status").filter(has_text="Total")).to_contain_text("0.3 ETH")
        await units.fill("9")
        await units.press("Escape")
        await expect(tab.page.get_by_role("dialog")).to_have_count(0)
        await tab.page.get_by_role("button", name="Cart, 1 item").click()
        await expect(units).to_have_value("5")
        await expect(tab.page.get_by_role("button", name="Buy 5 units of 1 item")).to_be_visible()


async def test_what_is_sold_in_one_lot_only_shows_the_price_of_the_lot(tabs: Tabs) -> None:
    async with tabs.open() as tab, ExampleApi(tab) as api:
        tokens = "/v1/collections/{chainId}/{contract}/tokens"
        api.list_one(tokens, chainId=CHAIN, contract=PRINTS, tokenId="1", price="0.1", currency="ETH", lotSize="3")
        await api.open(f"/collections/{EDITION}")
        await expect(tab.page.get_by_role("article")).to_contain_text("0.3 ETH for 3")
