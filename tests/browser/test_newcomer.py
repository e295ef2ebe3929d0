"""A newcomer's path: one address, no wallet of their own, and in the end an NFT that was minted and sold."""

from __future__ import annotations

import time
from typing import Final
from urllib.parse import urlsplit

from playwright.async_api import expect

from steadymint.stack.anvil import DEV_ACCOUNTS
from tests.support.browser.storefront import Storefront, picture
from tests.support.browser.tabs import Tabs
from tests.support.full_stack import FullStack

AWAY = r"ERR_|^50\d|Failed to fetch"
"""What a page meets while the API is away."""


CREATOR: Final = DEV_ACCOUNTS[3].address
"""`Account 4`, who is alone on the allowlist."""


async def test_a_newcomer_creates_mints_and_sells_by_clicking(full_stack: FullStack, storefront_tabs: Tabs) -> None:
    begun = time.monotonic()
    blocks = full_stack.blocks
    async with storefront_tabs.open() as tab:
        shop = Storefront(tab)
        await shop.open("/", "Collect art that stays put")
        await tab.page.get_by_role("banner").get_by_role("link", name="Create").click()
        await shop.shows("Create a collection")
        await _fill_in_wrongly_and_mend(shop)
        await _upload(shop)
        await shop.press("Review")
        await expect(tab.page.get_by_role("dialog")).to_contain_text("Exactly there")
        await tab.expect_accessible()
        async with blocks.ticking():
            await shop.press("Create it", inside="dialog")
            await shop.sees("All done.")
        await shop.close_dialog()
        await tab.page.get_by_role("link", name="Mint from it").click()
        await shop.shows("Mint Harbour Lights")
        await shop.sees("Your wallet is on the list.")
        mint_page = urlsplit(tab.page.url).path
        await _mint_through_an_outage_and_a_reload(full_stack, shop)
        await tab.page.get_by_role("link", name="north pier").click()
        await shop.shows("north pier")
        async with blocks.ticking():
            await shop.list_for("0.5", "north pier")
            await shop.sign_out()
            await shop.connect("Account 5")
            await shop.press("Buy now", inside="main")
            await shop.sees("All done.")
        await tab.expect_accessible()
        await shop.close_dialog()
        await shop.open("/account", "Your account")
        await expect(tab.page.get_by_role("link", name="north pier").first).to_be_visible()
        await _is_not_on_the_list(shop, mint_page)
    print(f"\nfrom the first click to the sale: {time.monotonic() - begun:.0f} s")


async def _fill_in_wrongly_and_mend(shop: Storefront) -> None:
    """Each fault is told at its field, and what was typed stays: also over the sign-in and a reload."""
    await shop.fill(Name="Harbour Lights", Description="The lamps of a small harbour.", Mint_price="cheap")
    await shop.fill(Royalty="77", Who_gets_royalties="0x12", Allowlist="0x70997970c51812dc3a010c7d01b50e0d17dc79c8\nme")
    await shop.press("Review")
    await shop.complains("Symbol", "This is needed.")
    await shop.complains("Mint price", "Write an amount such as 0.05.")
    await shop.complains("Royalty", "Write a share from 0 to 50.")
    await shop.complains("Who gets royalties", "An address starts with 0x")
    await shop.complains("Allowlist", "One line is wrong.")
    await shop.sees("Line 2: me is no address.")
    await expect(shop.page.get_by_label("Symbol", exact=True)).to_be_focused()
    await shop.tab.expect_accessible()
    await shop.fill(Symbol="LITE", Mint_price="0.01", Royalty="5", Who_gets_royalties="", Allowlist="")
    await shop.page.get_by_label("Load a CSV file").set_input_files(
        {"name": "list.csv", "mimeType": "text/csv", "buffer": f"address,who\n{CREATOR},me\n".encode()}
    )
    await shop.sees("1 address can mint.")
    await shop.connect("Account 4")
    await shop.page.reload()
    await expect(shop.page.get_by_label("Name", exact=True)).to_have_value("Harbour Lights")


async def _upload(shop: Storefront) -> None:
    await shop.choose("items", picture("north_pier.png", "#0a6b53"), picture("south_pier.png", "#b1271f"))
    await shop.choose("image", picture("logo.png", "#2244aa"))
    await shop.choose("banner", picture("banner.png", "#224433"))
    await expect(shop.page.get_by_label("Name of item 2")).to_have_value("south pier")
    await expect(shop.page.get_by_role("button", name="Remove banner")).to_be_visible()
    await expect(shop.page.get_by_role("button", name="Remove logo")).to_be_visible()


async def _mint_through_an_outage_and_a_reload(full_stack: FullStack, shop: Storefront) -> None:
    await shop.press("Mint", inside="main")
    await shop.sees("On its way")
    with shop.tab.complaints.allowing(AWAY):
        await full_stack.stack.api.stop()
        await full_stack.stack.api.start()
        await full_stack.blocks.mine()
        await shop.page.reload()
        await shop.sees("1 of 3 confirmations")
        await shop.tab.expect_accessible()
        async with full_stack.blocks.ticking():
            await shop.sees("This is yours now")
    await expect(shop.page.get_by_role("link", name="north pier")).to_be_visible()
    await shop.tab.expect_accessible()


async def _is_not_on_the_list(shop: Storefront, mint_page: str) -> None:
    """Whoever is not on it is told so before they pay anything."""
    await shop.open(mint_page, "Mint Harbour Lights")
    await shop.sees("Your wallet is not on this list.")
    await expect(shop.page.get_by_role("main").get_by_role("button", name="Mint", exact=True)).to_be_disabled()
    await shop.tab.expect_accessible()
