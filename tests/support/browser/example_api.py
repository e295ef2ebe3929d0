"""A fake API behind the built pages: it answers each read with the example of the API's document."""

from __future__ import annotations

import asyncio
import json
import re
from collections import defaultdict
from collections.abc import Mapping
from copy import deepcopy
from functools import cache
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import urlsplit

from playwright.async_api import Route

from api.storefront.build import FOLDER
from tests.support.api_document import api_document
from tests.support.browser.tabs import Tab

SITE: Final = "http://127.0.0.1:1"
"""Nothing listens there."""
CHAIN: Final = "eip155:31337"
ACCOUNT: Final = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"
PLAIN, PRINTS, PRIVATE = (f"0x{digit * 40}" for digit in "123")
COLLECTION, EDITION, LIMITED = (f"{CHAIN}/{contract}" for contract in (PLAIN, PRINTS, PRIVATE))
ITEM: Final = f"{COLLECTION}/1"
MINT: Final = {"price": "0", "limitPerWallet": 5, "startAt": None, "endAt": None, "allowlistRoot": None}
SIGNED_IN: Final = """([session, wallet]) => {
    localStorage.setItem("steadymint.session", session);
    localStorage.setItem("steadymint.wallet", wallet);
}"""


class ExampleApi:
    """Serves the built pages and the examples to one tab, in which somebody is signed in."""

    def __init__(self, tab: Tab, site: str = SITE) -> None:
        self._tab = tab
        self._site = site
        self._refusals: dict[str, dict[str, Any]] = {}
        self._rows: dict[str, list[Any]] = {}
        self.sent: list[str] = []
        """What was written, as `POST /v1/...`."""
        self._asked: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)

    async def __aenter__(self) -> Self:
        session = {
            "accessToken": "a", "refreshToken": "r", "expiresAt": "2100-01-01T00:00:00Z",
            "userId": _example("GET", "/v1/me")["userId"], "address": ACCOUNT, "chainId": CHAIN,
        }  # fmt: skip
        wallet = {"walletId": "local", "walletName": "Account 1", "address": ACCOUNT}
        kept = json.dumps([json.dumps(session), json.dumps(wallet)])
        await self._tab.page.add_init_script(f"({SIGNED_IN})({kept})")
        await self._tab.page.route(f"{self._site}/**", self._answer)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._tab.page.unroute_all(behavior="ignoreErrors")

    async def open(self, path: str) -> None:
        await self._tab.page.goto(self._site + path)

    async def asked(self, request: str) -> None:
        """Waits until the page has sent the request."""
        async with asyncio.timeout(10):
            await self._asked[request].wait()

    def refuse(self, request: str, field: str, reason: str) -> None:
        """Answers the request with a problem that names the field."""
        self._refusals[request] = {
            "type": "about:blank", "title": "Invalid input", "status": 422, "code": "invalid_input",
            "detail": "See fields.", "fields": [{"field": field, "reason": reason}],
        }  # fmt: skip

    def list_one(self, template: str, **members: Any) -> None:
        """Answers the reads of a list with one row: that of the document's example, with these members."""
        self._rows[template] = [_example("GET", template)["items"][0] | members]

    async def _answer(self, route: Route) -> None:
        path, method = urlsplit(route.request.url).path, route.request.method
        if not path.startswith(("/v1/", "/ipfs/", "/media/")):
            file = FOLDER / path.removeprefix("/")
            await route.fulfill(path=file if file.is_file() else FOLDER / "index.html")
            return
        template = _template(path)
        if method != "GET":
            self.sent.append(f"{method} {template}")
            self._asked[f"{method} {template}"].set()
        problem = self._refusals.get(f"{method} {template}")
        if problem is not None:
            await route.fulfill(status=422, json=problem, content_type="application/problem+json")
        elif method == "GET" and template in self._rows:
            await route.fulfill(json={"items": self._rows[template], "nextCursor": None})
        elif template is None:
            await route.fulfill(body="<svg xmlns='http://www.w3.org/2000/svg'/>", content_type="image/svg+xml")
        else:
            await route.fulfill(json=_changed(template, path, _example(method, template)))


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    paths = sorted(api_document()["paths"], key=lambda path: path.count("{"))
    return tuple((re.compile(re.sub(r"\{[^}]+\}", "[^/]+", path) + "$"), path) for path in paths if path[:4] == "/v1/")


def _template(path: str) -> str | None:
    return next((template for pattern, template in _patterns() if pattern.match(path)), None)


def _example(method: str, template: str) -> Any:
    """What the document says that the route answers."""
    for status, answer in api_document()["paths"][template][method.lower()]["responses"].items():
        content = answer.get("content", {}).get("application/json", {})
        if status[0] == "2" and "example" in content:
            return deepcopy(content["example"])
    return {}


def _changed(template: str, path: str, example: Any) -> Any:
    """The example, with what the tests need to be so."""
    match template:
        case "/v1/collections/{chainId}/{contract}":
            edition = PRINTS in path
            mint = MINT | {"allowlistRoot": "0x" + "ab" * 32 if PRIVATE in path else None}
            return example | {
                "chainId": CHAIN, "contract": path.split("/")[-1], "slug": path.split("/")[-1], "paused": False,
                "standard": "erc1155" if edition else "erc721", "maxSupply": None, "mint": mint,
            }  # fmt: skip
        case "/v1/collections/{chainId}/{contract}/eligibility/{address}":
            return {"allowlist": "unpublished", "proof": []}
        case "/v1/collections/{chainId}/{contract}/tokens/{tokenId}":
            return example | {"chainId": CHAIN, "contract": PLAIN, "owner": ACCOUNT, "burned": False}
        case "/v1/chains":
            return example | {"items": [example["items"][0] | {"chainId": CHAIN, "contracts": []}]}
        case "/v1/me":
            wallets = [wallet | {"isPrimary": True} for wallet in example["wallets"][:1]]
            return example | {"usernameChangeableAt": None, "wallets": wallets}
        case _:
            return _ended(example)


def _ended(example: Any) -> Any:
    """A page of a list is its last one, and has no items: no story is told of them."""
    return {"items": [], "nextCursor": None} if isinstance(example, Mapping) and "nextCursor" in example else example
