"""Each form of the storefront says what is wrong at the field, puts the cursor there, and loses nothing of what was
typed, whether the page or the API says so.

The pages are the built ones. In place of the API answers `ExampleApi`, so that no stack has to run.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import pytest
from playwright.async_api import Locator, expect

from tests.support.browser.example_api import ACCOUNT, COLLECTION, EDITION, ITEM, LIMITED, ExampleApi
from tests.support.browser.tabs import Tabs

pytestmark = pytest.mark.xdist_group("browser")

LONG: Final = "x" * 2_001
SLOW_MS: Final = 400
"""How long somebody takes for a click who is not quick. A sentence that came meanwhile would move the button away."""


@dataclass(frozen=True)
class Form:
    path: str
    send: str
    """The name of its button."""
    wrong: Mapping[str, tuple[str, str]]
    """By label: what is typed, and the sentence about it."""
    mended: Mapping[str, str] = field(default_factory=dict)
    """By label: what is typed so that the page has nothing against it."""
    refuses: tuple[str, str] | None = None
    """The request that the API then refuses, as `POST /v1/...`, and the field that it names."""
    at: str = ""
    """The label of the field where the refusal is shown."""
    open: tuple[str, ...] = ()
    """Buttons that lead to the form."""
    asks: str = ""
    """The request that it sends when it opens."""


PRICE: Final = "Enter an amount above zero"
HTTPS: Final = "Write an address such as https://"
FORMS: Final = {
    "create a collection": Form(
        "/create", "Review",
        {
            "Name": ("", "This is needed."),
            "Symbol": ("x" * 21, "At most 20 characters."),
            "Description": (LONG, "At most 2000 characters."),
            "Website": ("http://shop", HTTPS),
            "How many can be minted": ("many", "Write a whole number"),
            "Mint price": ("1,000", "Leave commas out"),
            "Royalty": ("51", "Write a share from 0 to 50."),
            "Who gets royalties": ("0x1", "An address starts with 0x"),
            "Most per wallet": ("0", "Write a whole number"),
            "Allowlist": ("me", "One line is wrong."),
        },
        {
            "Name": "Lamps", "Symbol": "LITE", "Description": "", "Website": "", "How many can be minted": "",
            "Mint price": "1", "Royalty": "5", "Who gets royalties": "", "Most per wallet": "3", "Allowlist": ACCOUNT,
        },
        ("POST /v1/collections/prepare", "mint.limitPerWallet"), "Most per wallet",
    ),
    "launch a token": Form(
        "/launch", "Review",
        {
            "Name": ("", "This is needed."),
            "Symbol": ("", "This is needed."),
            "Supply at launch": ("1,000", "Leave commas out"),
            "Decimals": ("37", "Write a number from 0 to 36."),
            "Who gets it": ("me", "An address starts with 0x"),
        },
        {"Name": "Coin", "Symbol": "COIN", "Supply at launch": "10", "Decimals": "18", "Who gets it": ""},
        ("POST /v1/tokens-fungible/prepare", "supply"), "Supply at launch",
    ),
    "mint": Form(
        f"/mint/{COLLECTION}", "Mint", {"How many": ("0", "At most")}, {"How many": "1"},
        ("POST /v1/mints/prepare", "quantity"), "How many",
    ),
    "mint of an edition": Form(
        f"/mint/{EDITION}", "Mint",
        {"Edition": ("one", "Write the number of an edition"), "How many": ("1.5", "At most")},
        {"Edition": "1", "How many": "2"}, ("POST /v1/mints/prepare", "items.0.tokenId"), "Edition",
    ),
    "mint by a list of one's own": Form(
        f"/mint/{LIMITED}", "Mint", {"Allowlist": ("0x1", "Line 1 is no address.")}
    ),
    "list a token": Form(
        f"/collections/{ITEM}", "Sign the listing", {"Price": ("free", PRICE)}, {"Price": "1"},
        ("POST /v1/orders/build", "orders.0.price"), "Price", ("List for sale",),
        asks="POST /v1/orders/build",  # what would be left of a price
    ),
    "offer for a token": Form(
        f"/collections/{COLLECTION}", "Sign the offer",
        {"How many": ("none", "Enter a whole number"), "Your offer for one": ("0", PRICE)},
        {"How many": "2", "Your offer for one": "1"},
        ("POST /v1/orders/build", "orders.0.quantity"), "How many", ("Collection offer",),
    ),
    "filter by price": Form(
        f"/collections/{COLLECTION}", "Apply", {"From": ("cheap", "Write amounts such as 0.25")}
    ),
    "profile": Form(
        "/settings", "Save",
        {
            "Username": ("a b", "3 to 30 letters"),
            "Display name": ("x" * 51, "At most 50 characters."),
            "About you": ("x" * 501, "At most 500 characters."),
            "Website": ("shop", HTTPS),
        },
        {"Username": "ada", "Display name": "Ada", "About you": "Lamps.", "Website": "", "X": "@@"},
        ("PATCH /v1/me", "socials.x"), "X",
    ),
    "label of a wallet": Form(
        "/settings?tab=wallets", "Save", {"Label": ("x" * 101, "At most 100 characters.")}, {"Label": "Cold"},
        ("PATCH /v1/me/wallets/{address}", "label"), "Label",
    ),
    "webhook": Form(
        "/settings?tab=webhooks", "Add it",
        {"Address": ("shop", HTTPS), "What it is for": ("x" * 201, "At most 200 characters.")},
        {"Address": "https://10.0.0.1", "What it is for": "Shop"},
        ("POST /v1/webhooks", "url"), "Address", ("Add a webhook",),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
async def test_a_form_says_what_is_wrong_at_the_field_and_loses_nothing(tabs: Tabs, name: str) -> None:
    form = FORMS[name]
    async with tabs.open() as tab, ExampleApi(tab) as api:
        await api.open(form.path)
        for button in form.open:
            await tab.page.get_by_role("button", name=button, exact=True).first.click()
        if form.asks:
            await api.asked(form.asks)

        def at(label: str) -> Locator:
            return tab.page.get_by_label(label, exact=True).filter(visible=True).first

        async def send(typed: Mapping[str, str]) -> None:
            for label, text in typed.items():
                await at(label).fill(text)
            button = tab.page.get_by_role("button", name=form.send, exact=True).filter(visible=True).first
            await button.click(delay=SLOW_MS)

        async def complains(label: str, sentence: str) -> None:
            await expect(at(label)).to_have_attribute("aria-invalid", "true")
            await expect(at(label)).to_have_accessible_description(re.compile(re.escape(sentence)))

        bad = {label: text for label, (text, _) in form.wrong.items()}
        before = len(api.sent)
        await send(bad)
        for label, (text, sentence) in form.wrong.items():
            await complains(label, sentence)
            await expect(at(label)).to_have_value(text)
        await expect(at(next(iter(form.wrong)))).to_be_focused()
        await tab.expect_accessible()
        assert api.sent[before:] == [], "nothing is asked of the API that is known to be wrong"
        if form.refuses is None:
            return
        request, wrong = form.refuses
        api.refuse(request, wrong, "is not what we take")
        with tab.complaints.allowing("^422 "):
            await send(form.mended)
            await complains(form.at, "is not what we take")
        await expect(at(form.at)).to_be_focused()
        for label, text in form.mended.items():
            await expect(at(label)).to_have_value(text)
        assert "POST /v1/allowlists" not in api.sent, "a list is published with its collection, not before"
