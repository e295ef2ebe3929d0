"""Takes pictures of the storefront: each page on a phone and a desk, light and dark.

    make screenshots                                   # of the stack that `make up` runs
    make screenshots STOREFRONT_URL=http://127.0.0.1:8080

Fill the stack first, so that each page has something to show. All pictures are in `.steadymint/screenshots`, to be
looked at; those that pages of the documentation show are put there as well.
"""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import sys
import tempfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import aiohttp
from PIL import Image

from steadymint.stack.home import HOME
from tests.support.browser.chromium import started
from tests.support.browser.storefront import Storefront
from tests.support.browser.tabs import NARROW, SETTLED, WIDE, Tabs

ROOT: Final = Path(__file__).parents[3]
DOCS: Final = ROOT / "docs"
ALL: Final = ROOT / ".steadymint" / "screenshots"
QUALITY: Final = 82
"""Of WebP: letters are still sharp, and a picture takes thirty kilobytes."""
HEIGHT: Final = 1080
"""Pixels: so that the head of a collection is shown with items below it."""
WIDER: Final = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
ACCOUNT: Final = "Account 2"
"""Of the local chain: whose items are shown."""


async def pages(url: str) -> dict[str, str]:
    """Paths by the names of their pictures. Of collections and tokens, what was traded most is shown."""
    async with aiohttp.ClientSession(url) as http:

        async def some(path: str, **query: str) -> list[dict[str, Any]]:
            async with http.get(path, params=query) as answer:
                return (await answer.json())["items"]

        collections = await some("/v1/collections", sort="volume")
        found = {"home": "/", "create": "/create", "launch": "/launch", "account": "/account"}
        for tab in ("offers", "activity", "approvals", "security"):
            found[f"account-{tab}"] = f"/account?tab={tab}"
        for tab in ("profile", "preferences", "wallets"):
            found[f"settings-{tab}"] = f"/settings?tab={tab}"
        if not collections:
            return found
        place = _place(collections[0])
        found |= {"search": f"/search?q={collections[0]['name'].split()[0]}", "collection": f"/collections/{place}"}
        for tab in ("activity", "holders", "offers"):
            found[f"collection-{tab}"] = f"/collections/{place}?tab={tab}"
        found["mint"] = f"/mint/{_place(next(filter(_open, collections), collections[0]))}"
        tokens = await some(f"/v1/collections/{place}/tokens", sort="price", order="desc", listed="true")
        return found if not tokens else found | {"token": f"/collections/{place}/{tokens[0]['tokenId']}"}


def _place(collection: Mapping[str, Any]) -> str:
    return f"{collection['chainId']}/{collection['contract']}"


def _open(collection: Mapping[str, Any]) -> bool:
    """Whether somebody can still mint of it."""
    return collection["mint"] is not None and collection["maxSupply"] != collection["totalMinted"]


def shown() -> set[str]:
    """The names of the pictures that pages of the documentation show."""
    pages = [ROOT / "README.md", *DOCS.rglob("*.md")]
    return {name for page in pages for name in re.findall(r"images/storefront/([\w-]+\.webp)", page.read_text())}


async def take(url: str, folder: Path) -> None:
    """All pictures of the storefront at `url`, into a folder that is there. A page that is wider than its window, so
    that it moves sideways, is told."""
    found = await pages(url)
    with tempfile.TemporaryDirectory() as home:
        async with started(Path(home)) as browser:
            tabs = Tabs(browser, url, Path(home))
            for width in (NARROW, WIDE):
                for scheme in ("light", "dark"):
                    async with tabs.open("/", width=width, dark=scheme == "dark") as tab:
                        await tab.page.set_viewport_size({"width": width, "height": HEIGHT})
                        await Storefront(tab).connect(ACCOUNT)
                        for name, path in found.items():
                            await tab.go(path)
                            await tab.page.wait_for_load_state("networkidle")
                            await tab.page.evaluate(SETTLED)
                            if (wider := await tab.page.evaluate(WIDER)) > 0:
                                print(f"{name} is {wider} pixels wider than its window of {width}")
                            shot = Image.open(BytesIO(await tab.page.screenshot()))
                            shot.save(folder / f"{name}-{width}-{scheme}.webp", quality=QUALITY, method=6)
                        tab.complaints.found.clear()  # the tests complain; a picture shows what there is
    print(f"{4 * len(found)} pictures in {folder}")


def main() -> None:
    given = sys.argv[1] if len(sys.argv) > 1 else ""
    url = given or json.loads((HOME / "stack.json").read_text())["apiUrl"]
    ALL.mkdir(parents=True, exist_ok=True)
    asyncio.run(take(url, ALL))
    for name in shown():
        shutil.copyfile(ALL / name, DOCS / "images" / "storefront" / name)


if __name__ == "__main__":
    main()
