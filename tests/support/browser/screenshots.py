"""Takes the pictures of the storefront that the documentation shows: each page on a phone and a desk, light and dark.

    make screenshots                                   # of the stack that `make up` runs
    make screenshots STOREFRONT_URL=http://127.0.0.1:8080

Fill the stack first, so that each page has something to show.
"""

from __future__ import annotations

import asyncio
import json
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

FOLDER: Final = Path(__file__).parents[3] / "docs" / "images" / "storefront"
QUALITY: Final = 82
"""Of WebP: letters are still sharp, and eighty pictures take two megabytes."""
ACCOUNT: Final = "Account 2"
"""Of the local chain: whose items are shown."""


async def pages(url: str) -> dict[str, str]:
    """Paths by the names of their pictures. Of collections and tokens, what was traded most is shown."""
    async with aiohttp.ClientSession(url) as http:

        async def first(path: str, **query: str) -> Mapping[str, Any] | None:
            async with http.get(path, params=query | {"limit": "1"}) as answer:
                items = (await answer.json())["items"]
                return items[0] if items else None

        collection = await first("/v1/collections", sort="volume")
        found = {"home": "/", "create": "/create", "launch": "/launch", "account": "/account"}
        for tab in ("offers", "activity", "approvals", "security"):
            found[f"account-{tab}"] = f"/account?tab={tab}"
        for tab in ("profile", "preferences", "wallets"):
            found[f"settings-{tab}"] = f"/settings?tab={tab}"
        if collection is None:
            return found
        place = f"{collection['chainId']}/{collection['contract']}"
        found |= {"collection": f"/collections/{place}", "mint": f"/mint/{place}"}
        token = await first(f"/v1/collections/{place}/tokens")
        return found if token is None else found | {"token": f"/collections/{place}/{token['tokenId']}"}


async def take(url: str, folder: Path) -> None:
    """All pictures of the storefront at `url`, into a folder that is there."""
    found = await pages(url)
    with tempfile.TemporaryDirectory() as home:
        async with started(Path(home)) as browser:
            tabs = Tabs(browser, url, Path(home))
            for width in (NARROW, WIDE):
                for scheme in ("light", "dark"):
                    async with tabs.open("/", width=width, dark=scheme == "dark") as tab:
                        await Storefront(tab).connect(ACCOUNT)
                        for name, path in found.items():
                            await tab.go(path)
                            await tab.page.wait_for_load_state("networkidle")
                            await tab.page.evaluate(SETTLED)
                            shot = Image.open(BytesIO(await tab.page.screenshot()))
                            shot.save(folder / f"{name}-{width}-{scheme}.webp", quality=QUALITY, method=6)
                        tab.complaints.found.clear()  # the tests complain; a picture shows what there is
    print(f"{4 * len(found)} pictures in {folder}")


def main() -> None:
    given = sys.argv[1] if len(sys.argv) > 1 else ""
    url = given or json.loads((HOME / "stack.json").read_text())["apiUrl"]
    FOLDER.mkdir(parents=True, exist_ok=True)
    asyncio.run(take(url, FOLDER))


if __name__ == "__main__":
    main()
