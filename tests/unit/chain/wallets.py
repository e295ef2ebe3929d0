"""Contract wallets on the test chain, and signatures of those who own them."""

from __future__ import annotations

from typing import Any

from eth_abi.abi import encode
from eth_account import Account
from eth_account.messages import encode_defunct
from eth_utils.crypto import keccak

from steadymint.domain.types import Address
from steadymint.stack.anvil import DEV_ACCOUNTS
from steadymint.stack.deploy import create, send
from tests.support.local_chain import LocalChain
from tests.unit.chain.made import ALICE

OWNER, STRANGER = DEV_ACCOUNTS[1], DEV_ACCOUNTS[2]
MESSAGE = encode_defunct(text="sign in")
DIGEST = keccak(b"\x19" + MESSAGE.version + MESSAGE.header + MESSAGE.body)
SALT = bytes(31) + b"\x07"


def sign(account: Any = OWNER) -> bytes:
    """The account's signature of the message."""
    return bytes(Account.sign_message(MESSAGE, account.private_key).signature)


def function(signature: str, types: list[str], *values: Any) -> bytes:
    """The calldata of a call."""
    return keccak(text=signature)[:4] + encode(types, values)


def wrap(factory: str, calldata: bytes, signature: bytes) -> bytes:
    """A signature with the call that deploys its wallet (EIP-6492)."""
    return encode(["address", "bytes", "bytes"], [factory, calldata, signature]) + bytes.fromhex("6492" * 16)


async def made(chain: LocalChain, name: str, *arguments: Any) -> Address:
    """A contract of the tests, deployed."""
    return Address((await create(chain.anvil, name, *arguments))["contractAddress"].lower())


async def wallet_of(chain: LocalChain, owner: str = OWNER.address) -> Address:
    """A wallet that takes its owner's signatures (EIP-1271)."""
    return await made(chain, "TestWallet1271", owner)


class Factory:
    """A `TestWalletFactory` on the chain, and the wallet it would make for the owner."""

    def __init__(self, address: Address, wallet: Address) -> None:
        self.address = address
        self.wallet = wallet
        self.calldata = function("deploy(address,bytes32)", ["address", "bytes32"], OWNER.address, SALT)

    @classmethod
    async def on(cls, chain: LocalChain) -> Factory:
        address = await made(chain, "TestWalletFactory")
        asked = function("predict(address,bytes32)", ["address", "bytes32"], OWNER.address, SALT)
        answer = await chain.anvil.rpc("eth_call", {"to": address, "data": "0x" + asked.hex()}, "latest")
        return cls(address, Address("0x" + answer[-40:]))

    async def deploy(self, chain: LocalChain) -> None:
        await send(chain.anvil, {"from": ALICE, "to": self.address, "data": "0x" + self.calldata.hex()})
