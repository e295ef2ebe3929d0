"""Payments on the test chain, and what their followers are told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from steadymint.domain.transactions import TxState
from steadymint.domain.types import Address, TxHash
from steadymint.stack.anvil import DEV_ACCOUNTS
from tests.support.local_chain import LocalChain
from tests.unit.chain.made import ALICE, BOB, sent

NOBODY = Address("0x" + "ee" * 20)

PATIENCE = 30.0
"""Seconds a test waits for what must come; far more than it takes."""


async def pay(chain: LocalChain, **options: Any) -> TxHash:
    """Sends a payment of Alice's; mined at once unless automine is off."""
    request = {"from": ALICE, "to": BOB, "value": "0x1", "gas": hex(21_000), **options}
    return await sent(chain, "eth_sendTransaction", request)


async def nonce_of(chain: LocalChain, account: Address = ALICE) -> int:
    """The nonce of the account's next transaction."""
    return int(await chain.anvil.rpc("eth_getTransactionCount", account, "latest"), 16)


async def take(states: AsyncIterator[TxState], count: int = 1) -> list[TxState]:
    """The next things that are told."""
    async with asyncio.timeout(PATIENCE):
        return [await anext(states) for _ in range(count)]


async def kinds(states: AsyncIterator[TxState]) -> list[type[TxState]]:
    """All that is told until the end."""
    async with asyncio.timeout(PATIENCE):
        return [type(state) async for state in states]


async def signed_payment(chain: LocalChain, nonce: int) -> str:
    """A payment of Alice's as a wallet signs it, to be sent as often as a test likes."""
    from eth_account import Account

    signed = Account.sign_transaction(
        {"chainId": 31337, "nonce": nonce, "to": DEV_ACCOUNTS[1].address, "value": 1, "gas": 21_000}
        | {"gasPrice": 20 * 10**9},
        DEV_ACCOUNTS[0].private_key,
    )
    return "0x" + signed.raw_transaction.hex().removeprefix("0x")
