"""The wallet of the browser tests does what people do with theirs, on a real chain."""

from __future__ import annotations

import asyncio
from typing import Any, Final

import pytest
from eth_account import Account
from eth_account.messages import encode_defunct

from steadymint.stack.anvil import DEV_ACCOUNTS
from tests.support.browser.tabs import Tab, Tabs
from tests.support.browser.wallets import REFUSED, BrowserWallet
from tests.support.browser.written import open_written
from tests.support.local_chain import LocalChain

pytestmark = pytest.mark.xdist_group("browser")

FIND: Final = """() => new Promise((found) => {
    addEventListener('eip6963:announceProvider', ({ detail }) => { window.wallet = detail; found(detail.info.name) });
    dispatchEvent(new Event('eip6963:requestProvider'));
})"""
ASK: Final = "([method, params]) => wallet.provider.request({ method, params }).catch(({ code }) => ({ code }))"


async def ask(tab: Tab, method: str, *params: object) -> Any:
    """What the page gets; of a refusal `{"code": ...}`."""
    return await tab.page.evaluate(ASK, [method, params])


async def test_it_is_found_signs_refuses_waits_and_speeds_up(tabs: Tabs, chain: LocalChain) -> None:
    wallet = BrowserWallet(DEV_ACCOUNTS[3].private_key, chain.anvil)
    async with tabs.open(wallets=[wallet]) as tab:
        await open_written(tab)
        assert await tab.page.evaluate(FIND) == wallet.name
        assert await ask(tab, "eth_requestAccounts") == [DEV_ACCOUNTS[3].address]
        assert await ask(tab, "eth_chainId") == hex(chain.anvil.chain_id)

        signature = await ask(tab, "personal_sign", "0x" + b"hello".hex(), wallet.address)
        assert Account.recover_message(encode_defunct(b"hello"), signature=signature) == wallet.address

        wallet.refuse()
        assert await ask(tab, "personal_sign", "0x00", wallet.address) == {"code": REFUSED}
        wallet.agree()

        await chain.anvil.rpc("evm_setAutomine", False)
        payment = {"from": wallet.address, "to": DEV_ACCOUNTS[4].address, "value": "0x1"}
        wallet.wait()
        asked = asyncio.create_task(ask(tab, "eth_sendTransaction", payment))
        await asyncio.sleep(0.1)
        assert not asked.done()
        wallet.agree()
        first = await asked

        second = await wallet.speed_up()
        await chain.anvil.mine()
        assert first != second
        assert await ask(tab, "eth_getTransactionReceipt", first) is None
        assert (await ask(tab, "eth_getTransactionReceipt", second))["status"] == "0x1"
