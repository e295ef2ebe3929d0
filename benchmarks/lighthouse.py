"""Lighthouse on the built pages, over a stack that runs: `make lighthouse`.

Lighthouse is installed from npm by a lock file (`peers/lighthouse`), and looks with the Chromium of the browser tests.
The pages are those of the largest collection of the stack; `make gallery` makes one of a thousand tokens. The command
ends with 1 if a score or a layout shift is not what it should be.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

import aiohttp
from eth_account import Account
from eth_account.messages import encode_defunct

from steadymint.stack.home import HOME
from steadymint.stack.node import program
from tests.support.browser.chromium import UNPACKED, environment
from tests.support.browser.tabs import MOST_SHIFT

SOURCES: Final = Path(__file__).parent / "peers" / "lighthouse"
GOAL: Final = 95
HIDDEN: Final = ("account",)
"""Pages that say `noindex` on purpose. The audit `is-crawlable`, which asks for the opposite, is left out there; a test
of the storefront's heads holds that they say it."""


async def main(url: str, described: dict[str, Any]) -> bool:
    """Print what Lighthouse says. Whether all is as it should be."""
    async with aiohttp.ClientSession(url) as http:
        pages, items = await _pages(http)
        kept = await _signed_in(http, described)
    print(f"{url}, the largest collection has {items} tokens")
    with tempfile.TemporaryDirectory() as home:
        asked = {
            "chromium": str(UNPACKED / "chromium"), "env": environment(Path(home)), "url": url, "kept": kept,
            "pages": pages, "hidden": HIDDEN,
        }  # fmt: skip
        ran = await asyncio.to_thread(
            subprocess.run,
            [program(), str(SOURCES / "run.mjs"), json.dumps(asked)],
            stdout=subprocess.PIPE,
            check=True,
            text=True,
        )
    below = False
    for name, found in json.loads(ran.stdout).items():
        scores: dict[str, int] = found["scores"]
        below |= min(scores.values()) < GOAL or found["shift"] >= MOST_SHIFT
        figures = "  ".join(f"{one} {score}" for one, score in scores.items())
        print(f"{name:12} {figures}  shift {found['shift']:.3f}  largest paint {found['paint']:.0f} ms")
        for audit in found["failed"]:
            print(f"{'':12} {audit}")
    print("below the goal" if below else f"all are {GOAL} or above, and nothing moves by {MOST_SHIFT} or more")
    return not below


async def _pages(http: aiohttp.ClientSession) -> tuple[dict[str, str], int]:
    async with http.get("/v1/collections", params={"sort": "items", "limit": "1"}) as answer:
        largest = (await answer.json())["items"][0]
    place = f"/collections/{largest['chainId']}/{largest['contract']}"
    pages = {"home": "/", "collection": place, "token": f"{place}/1", "account": "/account"}
    return pages, largest["items"]


async def _signed_in(http: aiohttp.ClientSession, described: dict[str, Any]) -> dict[str, str]:
    """What the page keeps of a development account that has signed in."""
    account = Account.from_key(described["devAccounts"][1]["privateKey"])
    chain_id, domain = described["chains"][0]["chainId"], described["signInDomain"]
    asked = {"accountId": account.address, "chainId": chain_id, "domain": domain}
    async with http.post("/v1/auth/nonce", json=asked) as answer:
        nonce = await answer.json()
    message = "\n".join(
        (
            f"{domain} wants you to sign in with your Ethereum account:", account.address, "", "Look.", "",
            f"URI: http://{domain}", "Version: 1", f"Chain ID: {chain_id.removeprefix('eip155:')}",
            f"Nonce: {nonce['nonce']}", f"Issued At: {nonce['issuedAt']}",
        )
    )  # fmt: skip
    signature = "0x" + bytes(account.sign_message(encode_defunct(text=message)).signature).hex()
    proof = {"accountId": account.address, "message": message, "signature": signature}
    async with http.post("/v1/auth/verify", json=proof) as answer:
        session = await answer.json()
    wallet = {"walletId": "local", "walletName": "Account 2", "address": session["address"]}
    return {"steadymint.session": json.dumps(session), "steadymint.wallet": json.dumps(wallet)}


if __name__ == "__main__":
    stack = json.loads((HOME / "stack.json").read_text())
    given = sys.argv[1] if len(sys.argv) > 1 else ""
    sys.exit(0 if asyncio.run(main(given or stack["apiUrl"], stack)) else 1)
