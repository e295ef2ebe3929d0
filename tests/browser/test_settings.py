"""What somebody does in their settings beyond a name: webhooks, a copy of their data, and leaving."""

from __future__ import annotations

import uuid
import zipfile
from typing import Final

import pytest
from playwright.async_api import expect

from tests.support.browser.storefront import Storefront
from tests.support.browser.tabs import Tabs
from tests.support.browser.wallets import BrowserWallet
from tests.support.full_stack import FullStack

NOWHERE: Final = "0x" + "de" * 20
"""The address of no collection."""


@pytest.mark.long
async def test_somebody_subscribes_takes_their_data_leaves_and_comes_back(
    full_stack: FullStack, storefront_tabs: Tabs
) -> None:
    rival = f"rival_{uuid.uuid4().hex[:8]}"
    sam = BrowserWallet((await full_stack.wallet()).private_key, full_stack.stack.anvil, "Sam's")
    async with full_stack.person() as other, storefront_tabs.open(wallets=[sam]) as tab:
        await other.client.patiently("PATCH", "/v1/me", {"username": rival})
        shop = Storefront(tab)
        await shop.open(f"/users/{rival}", rival)
        await shop.connect("Sam's")
        await shop.press("Block")
        await shop.sees("You have blocked this user.")
        await _look_around(full_stack, shop, rival)
        await _subscribe(shop)
        await _take_the_own_data(shop)
        await _leave_and_come_back(shop)


async def _look_around(full_stack: FullStack, shop: Storefront, rival: str) -> None:
    """Pages that no other story opens. `open` runs axe over each."""
    await shop.open("/account?tab=security", "Your account")
    await shop.sees("Where you are signed in")
    await shop.open("/settings?tab=preferences", "Settings")
    await shop.page.get_by_label("Friends").check()
    await shop.press("Save")
    await shop.sees("Saved")
    await shop.tab.expect_accessible()
    await shop.open(f"/search?q={rival}", f"Results for “{rival}”")
    with shop.tab.complaints.allowing("^404 GET /"):
        await shop.open("/no/such/page", "There is nothing here")
        await shop.open(f"/collections/{full_stack.chain_id}/{NOWHERE}", "There is no such collection")


async def _subscribe(shop: Storefront) -> None:
    """A webhook: what the API says of its address stands at the field, and its secret is shown once."""
    await shop.open("/settings?tab=webhooks", "Settings")
    await shop.press("Add a webhook")
    await shop.fill(Address="shop", What_it_is_for="My shop")
    await shop.press("Add it")
    await shop.complains("Address", "Write an address such as")
    await shop.fill(Address="https://127.0.0.1/events")
    with shop.tab.complaints.allowing("^422 POST /v1/webhooks$"):
        await shop.press("Add it")
        await shop.complains("Address", "is not an address that we send to")
    await expect(shop.page.get_by_label("Address", exact=True)).to_be_focused()
    await expect(shop.page.get_by_label("What it is for")).to_have_value("My shop")
    await shop.tab.expect_accessible()
    await shop.fill(Address="https://shop.example/events")
    await shop.page.get_by_label("Tokens were sold").check()
    await shop.press("Add it")
    await shop.sees("whsec_")
    await shop.tab.expect_accessible()
    for _ in range(2):  # browsers heed a second one, whatever the page says to the first
        await shop.page.keyboard.press("Escape")
    await shop.sees("whsec_")
    await shop.press("I have kept it")
    await expect(shop.page.get_by_text("whsec_")).to_have_count(0)
    await shop.press("New secret")
    await shop.page.get_by_label("The old one was stolen").check()
    await shop.press("New secret", inside="dialog")
    await shop.sees("whsec_")
    await shop.press("I have kept it")
    await shop.press("Send a test")
    await shop.press("Deliveries")
    await expect(shop.page.get_by_role("row").filter(has_text="webhook.test")).to_contain_text("1")
    await shop.tab.expect_accessible()
    await shop.page.get_by_label("Only those that were given up").check()
    await shop.sees("Nothing was given up.")
    await shop.press("Pause")
    await expect(shop.page.get_by_role("button", name="Resume")).to_be_visible()
    await shop.press("Delete https://shop.example/events")
    await shop.press("Delete", inside="dialog")
    await shop.sees("No webhooks yet.")


async def _take_the_own_data(shop: Storefront) -> None:
    """Whoever was blocked is not, and everything that is held is downloaded."""
    with shop.tab.complaints.allowing("^404 GET /v1/me/export$"):  # none was asked for
        await shop.open("/settings?tab=data", "Settings")
    await shop.page.get_by_role("button", name="Unblock rival_").click()
    await shop.sees("You have blocked nobody.")
    await shop.press("Make a copy")
    await shop.sees("Your copy is ready")
    async with shop.page.expect_download() as begun:
        await shop.press("Download it")
    archive = await begun.value
    assert zipfile.is_zipfile(await archive.path())


async def _leave_and_come_back(shop: Storefront) -> None:
    """The account is about to be deleted, and its user takes that back by the next sign-in."""
    with shop.tab.complaints.allowing("^404 GET /v1/me/export$"):
        await shop.open("/settings?tab=data", "Settings")
    await shop.press("Delete my account")
    await shop.tab.expect_accessible()
    await shop.press("Delete it", inside="dialog")
    await shop.sees("Your account will be deleted")
    await shop.press("Connect wallet", inside="banner")
    with shop.tab.complaints.allowing("^403 POST /v1/auth/verify$"):
        await shop.press("Sam's", inside="dialog")
        await shop.sees("This account will be deleted on")
    await shop.tab.expect_accessible()
    await shop.press("Keep my account")
    await expect(shop.page.get_by_role("button", name="Wallet 0x")).to_be_visible()
