"""Two people with wallets of their own: they refuse, hesitate and hurry, offer and accept, sweep, revoke and link."""

from __future__ import annotations

import itertools

import pytest
from eth_abi.abi import encode
from playwright.async_api import expect

from tests.support.browser.storefront import Storefront
from tests.support.browser.tabs import NARROW, Tabs
from tests.support.browser.wallets import BrowserWallet
from tests.support.full_stack import FullStack

REFUSED = "You said no in the wallet"
STRANGER = "0x" + "5a" * 20
APPROVE, GET_APPROVED = "0x095ea7b3", "0x081812fc"
"""The selectors of `approve(address,uint256)` and `getApproved(uint256)`, EIP-721."""
_names = itertools.count(1)


async def wallet(full_stack: FullStack, name: str) -> BrowserWallet:
    """A new wallet of the browser, with money."""
    key = (await full_stack.wallet()).private_key
    return BrowserWallet(key, full_stack.stack.anvil, name)


@pytest.mark.long
async def test_two_people_trade_with_wallets_of_their_own(full_stack: FullStack, storefront_tabs: Tabs) -> None:
    async with full_stack.person() as creator:
        contract = await full_stack.made(creator, name="Pier Lamps")
        prints = await full_stack.made(creator, "erc1155", name="Pier Prints")
    mint_page = f"/mint/{full_stack.chain_id}/{contract}"
    token_page = f"/collections/{full_stack.chain_id}/{contract}"
    ada, ada_cold, bob = [await wallet(full_stack, name) for name in ("Ada's", "Ada's cold", "Bob's")]
    async with (
        storefront_tabs.open(wallets=[ada, ada_cold]) as first,
        storefront_tabs.open(wallets=[bob], width=NARROW, dark=True) as second,
    ):
        seller, buyer = Storefront(first), Storefront(second)
        await _refuse_and_agree(seller, ada)
        await _mint_and_hurry(full_stack, seller, ada, mint_page)
        await buyer.open(f"{token_page}/1", "#1")
        await buyer.connect("Bob's")
        await _offer_and_accept(full_stack, seller, buyer, bob, f"{token_page}/1")
        await _list_two_and_sweep(full_stack, seller, buyer, token_page)
        await _trade_units(full_stack, seller, buyer, prints)
        await _revoke(full_stack, seller)
        await _revoke_one_token(full_stack, buyer, bob, contract)
        await _launch(full_stack, buyer)
        await _link_and_unlink(seller, ada_cold)
        await _meet(seller, buyer)


async def _refuse_and_agree(shop: Storefront, ada: BrowserWallet) -> None:
    await shop.open("/account", "Your account")
    ada.refuse()
    await shop.press("Connect wallet", inside="banner")
    await shop.press("Ada's", inside="dialog")
    await shop.sees(REFUSED)
    await shop.tab.expect_accessible()
    ada.agree()
    await shop.press("Ada's", inside="dialog")
    await expect(shop.page.get_by_role("button", name="Wallet 0x")).to_be_visible()
    await shop.sees("No items yet")


async def _mint_and_hurry(full_stack: FullStack, shop: Storefront, ada: BrowserWallet, mint_page: str) -> None:
    """The wallet says no, then takes its time, and then sends the transaction again for a higher fee."""
    await shop.tab.go(mint_page)
    await shop.fill(How_many="501")
    await shop.press("Mint", inside="main")
    await shop.complains("How many", "At most 500 at once.")
    await shop.fill(How_many="3")
    ada.refuse()
    await shop.press("Mint", inside="main")
    await shop.sees(REFUSED)
    await shop.tab.expect_accessible()
    ada.agree()
    ada.wait()
    await shop.press("Continue in the wallet", inside="main")
    await shop.sees("Confirm it in your wallet.")
    ada.agree()
    await shop.sees("On its way")
    hurried = await ada.speed_up()
    async with full_stack.blocks.ticking():
        await shop.sees("These are yours now")
    await expect(shop.page.get_by_text(f"{hurried[:6]}…{hurried[-4:]}").first).to_be_visible()


async def _offer_and_accept(
    full_stack: FullStack, seller: Storefront, buyer: Storefront, bob: BrowserWallet, token_page: str
) -> None:
    """The page is loaded again while the money is being wrapped: nothing is wrapped twice."""
    await buyer.press("Make an offer")
    await buyer.page.get_by_role("dialog").get_by_label("Your offer").fill("0.3")
    await buyer.tab.expect_accessible()
    await buyer.press("Sign the offer", inside="dialog")
    await buyer.sees("The wrapping is on its way.")
    await buyer.page.reload()
    await expect(buyer.page.get_by_role("button", name="1 under way")).to_be_visible()
    await buyer.press("Make an offer")
    await expect(buyer.page.get_by_role("dialog").get_by_label("Your offer")).to_have_value("0.3")
    await buyer.press("Sign the offer", inside="dialog")
    await buyer.sees("The wrapping is on its way.")
    assert len(bob.sent) == 1
    async with full_stack.blocks.ticking():
        await buyer.sees("Your offer stands")
        await seller.open("/account?tab=offers", "Your account")
        await seller.page.get_by_role("link", name="Look at it").click()
        await seller.shows("#1")
        await seller.press("Accept", inside="main")
        await seller.sees("All done.")
        await seller.close_dialog()
    await buyer.open("/account?tab=activity", "Your account")
    await buyer.sees("Bought")
    await expect(buyer.page.get_by_role("cell", name="Received", exact=True)).to_have_count(0)  # a sale is told once


async def _list_two_and_sweep(full_stack: FullStack, seller: Storefront, buyer: Storefront, token_page: str) -> None:
    async with full_stack.blocks.ticking():
        for token in ("2", "3"):
            await seller.open(f"{token_page}/{token}", f"#{token}")
            await seller.list_for("0.2", f"#{token}")
            await buyer.tab.go(f"{token_page}/{token}")
            await buyer.press("Add to cart")
        await buyer.page.get_by_role("button", name="Cart, 2 items").click()
        await buyer.tab.expect_accessible()
        await buyer.press("Buy 2 items", inside="dialog")
        await buyer.sees("All done.")
        await buyer.close_dialog()
    await buyer.open("/account", "Your account")
    await expect(buyer.page.get_by_role("main").get_by_role("link", name="#")).to_have_count(3)
    await seller.open(token_page, "Pier Lamps")
    for part in ("Activity", "Holders", "Offers"):
        await seller.page.get_by_role("tab", name=part).click()
        await seller.shows("Pier Lamps")


async def _trade_units(full_stack: FullStack, seller: Storefront, buyer: Storefront, prints: str) -> None:
    """An edition: some units are minted, fewer are listed, fewer are bought, and some are offered for."""
    print_page = f"/collections/{full_stack.chain_id}/{prints}/1"
    async with full_stack.blocks.ticking():
        await seller.tab.go(f"/mint/{full_stack.chain_id}/{prints}")
        await seller.fill(Edition="1", How_many="5")
        await seller.press("Mint", inside="main")
        await seller.sees("This is yours now")
        await seller.open(print_page, "#1")
        await seller.sees("You hold 5 units")
        await seller.press("List for sale")
        await seller.fill(Units="9", Price_of_one_unit="0.1")
        await seller.press("Sign the listing", inside="dialog")
        await seller.complains("Units", "At most 5.")
        await seller.fill(Units="4")
        await seller.sees("0.4 ETH for all of them together.")
        await seller.tab.expect_accessible()
        await seller.press("Sign the listing", inside="dialog")
        await seller.sees("#1 is for sale")
        await buyer.sign_out()
        await buyer.open(print_page, "#1")
        await buyer.press("Buy now", inside="main")
        await buyer.fill(Units="5")
        await buyer.press("Buy", inside="dialog")
        await buyer.complains("Units", "At most 4.")
        await buyer.fill(Units="3")
        await buyer.tab.expect_accessible()
        await buyer.press("Buy", inside="dialog")
        await buyer.press("Bob's", inside="dialog")  # the purchase goes on once they are signed in
        await buyer.sees("All done.")
        await buyer.close_dialog()
        await buyer.sees("You hold 3 units")
        await buyer.sees("1 of 4")
        await buyer.press("Make an offer")
        await buyer.fill(Units="2", Your_offer_for_one="0.05")
        await buyer.press("Sign the offer", inside="dialog")
        await buyer.sees("Your offer stands")
        await seller.open(print_page, "#1")
        await seller.press("Accept", inside="main")
        await seller.fill(Units="2")
        await seller.press("Sell", inside="dialog")
        await seller.sees("All done.")
        await seller.close_dialog()
    holders = seller.page.get_by_role("table", name="Holders")
    await expect(holders.get_by_role("row")).to_have_count(2)  # its heading, and whoever bought all five
    await expect(holders.get_by_role("row").last).to_contain_text("5")


async def _revoke(full_stack: FullStack, shop: Storefront) -> None:
    await shop.open("/account?tab=approvals", "Your account")
    async with full_stack.blocks.ticking():
        for what in ("Pier Lamps", "Pier Prints"):
            await _press_revoke(shop, what)
        await shop.sees("Nobody may move what is yours.")


async def _press_revoke(shop: Storefront, what: str) -> None:
    await shop.page.get_by_role("button", name=f"Revoke the approval of {what} for 0x").click()
    await shop.sees("All done.")
    await shop.close_dialog()


async def _revoke_one_token(full_stack: FullStack, shop: Storefront, bob: BrowserWallet, contract: str) -> None:
    """Two tokens were approved for a stranger elsewhere. Each has its row, and what ends is the one that is revoked."""
    for token in (1, 2):
        await bob.answer(
            "eth_sendTransaction",
            [{"to": contract, "data": APPROVE + encode(["address", "uint256"], [STRANGER, token]).hex()}],
        )
    async with full_stack.blocks.ticking():
        await shop.open("/account?tab=approvals", "Your account")
        await shop.sees("#1")
        await _press_revoke(shop, "Pier Lamps #2")
        await expect(shop.page.get_by_role("button", name="Revoke the approval of Pier Lamps #2")).to_have_count(0)
    approved = [
        await full_stack.stack.anvil.rpc("eth_call", {"to": contract, "data": f"{GET_APPROVED}{token:064x}"}, "latest")
        for token in (1, 2)
    ]
    assert [int(word, 16) for word in approved] == [int(STRANGER, 16), 0]


async def _launch(full_stack: FullStack, shop: Storefront) -> None:
    await shop.open("/launch", "Launch a token")
    await shop.fill(Name="Harbour Coin", Supply_at_launch="1.5", Decimals="0")
    await shop.press("Review")
    await shop.complains("Symbol", "This is needed.")
    await shop.complains("Supply at launch", "at most 0 digits after the point")
    await shop.fill(Symbol="HRBR", Supply_at_launch="1000000", Decimals="18")
    await shop.press("Review")
    await shop.sees("Exactly there")
    async with full_stack.blocks.ticking():
        await shop.press("Launch it", inside="dialog")
        await shop.sees("All done.")
        await shop.close_dialog()
        await shop.sees("1,000,000 HRBR")


async def _link_and_unlink(shop: Storefront, cold: BrowserWallet) -> None:
    await shop.open("/settings?tab=wallets", "Settings")
    await shop.press("Link a wallet")
    cold.refuse()
    await shop.press("Ada's cold", inside="dialog")
    await shop.sees(REFUSED)
    await shop.tab.expect_accessible()
    cold.agree()
    await shop.press("Ada's cold", inside="dialog")
    await shop.sees("The wallet is linked")
    short = f"{cold.address[:6]}…{cold.address[-4:]}"
    await shop.press(f"Make it the main wallet: {short}")
    await expect(shop.page.get_by_role("listitem").filter(has_text=short)).to_contain_text("Main wallet")
    await shop.tab.expect_accessible()
    await shop.press(f"Unlink {short}")
    await shop.press("Unlink", inside="dialog")
    await shop.sees("The wallet is unlinked")


async def _meet(ada: Storefront, bob: Storefront) -> None:
    """Names, a follow and a block. A name that is taken loses nothing of what was typed."""
    number = next(_names)
    name, other = f"ada_{number}", f"bob_{number}"
    await ada.open("/settings", "Settings")
    await ada.fill(Username="a b")
    await ada.press("Save")
    await ada.complains("Username", "3 to 30 letters, digits and underscores.")
    await ada.fill(Username=name, Display_name="Ada", About_you="I keep the lamps.")
    await ada.press("Save")
    await ada.sees("Saved")
    await bob.tab.go("/settings")
    await bob.fill(Username=name.upper())
    with bob.tab.complaints.allowing("^409 PATCH /v1/me$"):
        await bob.press("Save")
        await bob.sees("This name is taken")
    await expect(bob.page.get_by_label("Username", exact=True)).to_have_value(name.upper())
    await bob.fill(Username=other)
    await bob.press("Save")
    await bob.sees("Saved")
    await bob.open(f"/users/{name}", "Ada")
    await bob.press("Follow")
    await expect(bob.page.get_by_role("button", name=f"Following {name}: stop")).to_be_visible()
    await ada.open(f"/users/{other}", other)
    await ada.sees("Follows you")
    await ada.press("Block")
    await ada.sees("You have blocked this user.")
    await ada.tab.expect_accessible()
