"""What people do on the storefront, by what they see: labels, headings and buttons."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw
from playwright.async_api import FilePayload, expect

from tests.support.browser.tabs import Tab


def picture(name: str, colour: str) -> FilePayload:
    """A drawing to upload: two shapes on a ground."""
    image = Image.new("RGB", (480, 480), colour)
    draw = ImageDraw.Draw(image)
    draw.ellipse((120, 120, 360, 360), fill="white")
    draw.polygon([(240, 150), (340, 330), (140, 330)], fill=colour)
    file = BytesIO()
    image.save(file, "PNG")
    return {"name": name, "mimeType": "image/png", "buffer": file.getvalue()}


class Storefront:
    """The storefront in one tab."""

    def __init__(self, tab: Tab) -> None:
        self.tab = tab
        self.page = tab.page

    async def open(self, path: str, heading: str) -> None:
        """Opens a page and looks at all of it: no finding of axe is let pass, and nothing may move while it comes."""
        await self.tab.go(path)
        await expect(self.page.get_by_role("heading", level=1, name=heading)).to_be_visible()
        await self.page.wait_for_load_state("networkidle")
        await self.tab.expect_still()
        await self.shows(heading)

    async def shows(self, heading: str) -> None:
        await expect(self.page.get_by_role("heading", level=1, name=heading)).to_be_visible()
        await self.tab.expect_accessible()

    async def connect(self, wallet: str) -> None:
        """Signs in with the wallet of that name, such as `Account 2` of the local chain."""
        await self.press("Connect wallet", inside="banner")
        await self.page.get_by_role("dialog").get_by_role("button", name=wallet).click()
        await expect(self.page.get_by_role("button", name="Wallet 0x")).to_be_visible()

    async def press(self, name: str, *, inside: Any = None) -> None:
        """Presses the first button of that name. `inside` is a role such as `dialog`."""
        within = self.page if inside is None else self.page.get_by_role(inside)
        await within.get_by_role("button", name=name, exact=True).first.click()

    async def fill(self, **fields: str) -> None:
        """Types into fields by their labels; `_` in a name is a space."""
        for label, text in fields.items():
            await self.page.get_by_label(label.replace("_", " "), exact=True).fill(text)

    async def complains(self, label: str, sentence: str) -> None:
        """The field of that label shows the sentence, and is tied to it."""
        field = self.page.get_by_label(label, exact=True)
        await expect(field).to_have_accessible_description(re.compile(re.escape(sentence)))
        await expect(field).to_have_attribute("aria-invalid", "true")

    async def sees(self, text: str) -> None:
        await expect(self.page.get_by_text(text).filter(visible=True).first).to_be_visible()

    async def close_dialog(self) -> None:
        await self.page.keyboard.press("Escape")
        await expect(self.page.get_by_role("dialog")).to_have_count(0)

    async def choose(self, field: str, *files: FilePayload) -> None:
        """Uploads files by the field of that name."""
        await self.page.locator(f"input[name={field}]").set_input_files(list(files))

    async def list_for(self, price: str, name: str) -> None:
        """On a token's page: lists it, with the approval that the market may need."""
        await self.press("List for sale")
        await self.page.get_by_role("dialog").get_by_label("Price").fill(price)
        await self.tab.expect_accessible()
        await self.press("Sign the listing", inside="dialog")
        await self.sees(f"{name} is for sale")

    async def sign_out(self) -> None:
        await self.page.get_by_role("button", name="Wallet 0x").click()
        await self.press("Sign out")
        await expect(self.page.get_by_role("banner").get_by_role("button", name="Connect wallet")).to_be_visible()
