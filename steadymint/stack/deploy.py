"""Deploys our contracts on a local chain."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from eth_abi.abi import encode
from eth_utils.crypto import keccak

from contracts import load_artifact
from steadymint.stack.chain_node import ChainNode, RpcError
from steadymint.stack.dev_accounts import DEPLOYER

GAS = hex(15_000_000)
"""More than any of our contracts takes to deploy, less than the 16.78 M that a real chain allows one transaction."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """The addresses of the contracts. They follow from the deployer's first nonces, so every fresh local chain has the
    same."""

    factory: str
    implementation_erc721: str
    implementation_erc1155: str
    token_factory: str
    implementation_token: str
    start_block: int
    """The block in which the last of them was deployed. Indexing starts here: nobody has used them before."""


def expected() -> Deployment:
    """The deployment on every fresh local chain. If its block is not known, indexing starts at 0."""
    erc721, erc1155, factory, token, token_factory = (_created(DEPLOYER.address, nonce) for nonce in range(5))
    return Deployment(factory, erc721, erc1155, token_factory, token, 0)


def _created(sender: str, nonce: int) -> str:
    """The address of the contract that `sender` creates with a `nonce` below 128: the hash of their RLP list."""
    assert nonce < 0x80, "a longer nonce has another encoding"
    encoded = b"\xd6\x94" + bytes.fromhex(sender[2:]) + bytes([nonce or 0x80])
    return "0x" + keccak(encoded)[12:].hex()


async def send(anvil: ChainNode, transaction: dict[str, str]) -> dict[str, Any]:
    """Send a transaction of an unlocked account and return its receipt. Mines a block if the node does not.

    Raises:
        RpcError: the transaction was refused or reverted.
    """
    (receipt,) = await send_all(anvil, [transaction])
    return receipt


async def send_all(anvil: ChainNode, transactions: Sequence[dict[str, str]]) -> list[dict[str, Any]]:
    """Send transactions of unlocked accounts, all before the next block, and return their receipts.

    Raises:
        RpcError: one of them was refused or reverted.
    """
    hashes = [await anvil.rpc("eth_sendTransaction", transaction) for transaction in transactions]
    return [await _receipt(anvil, tx_hash) for tx_hash in hashes]


async def _receipt(anvil: ChainNode, tx_hash: str) -> dict[str, Any]:
    for look in range(500):
        receipt = await anvil.rpc("eth_getTransactionReceipt", tx_hash)
        if receipt is not None:
            if int(receipt["status"], 16) != 1:
                raise RpcError(f"transaction {tx_hash} reverted")
            return receipt
        # A node that mines at once still needs a moment. A block of ours would be one too many.
        if look > 2 and (anvil.block_time is None or not anvil.mixed):
            await anvil.mine()
        await asyncio.sleep(0.02)
    raise RpcError(f"transaction {tx_hash} was not mined")


async def create(anvil: ChainNode, name: str, *arguments: Any, sender: str = DEPLOYER.address) -> dict[str, Any]:
    """Deploy the contract `name` of `contracts/artifacts` and return the receipt (`contractAddress`, `blockNumber`).

    Raises:
        RpcError: the constructor reverted.
    """
    artifact = load_artifact(name)
    types = [
        parameter["type"]
        for entry in artifact.abi
        if entry["type"] == "constructor"
        for parameter in entry.get("inputs", [])
    ]
    data = artifact.bytecode + encode(types, arguments).hex()
    return await send(anvil, {"from": sender, "data": data, "gas": GAS})


async def deploy(anvil: ChainNode, remember: Path | None = None) -> Deployment:
    """The two factories and what they clone. They are deployed if the chain does not have them.

    `remember` is a file beside the chain's state that keeps the result.

    Raises:
        RpcError: the chain refused a transaction.
    """
    known = _read(remember) or expected()
    if await anvil.rpc("eth_getCode", known.token_factory, "latest") != "0x":
        return known
    erc721 = (await create(anvil, "Collection721"))["contractAddress"]
    erc1155 = (await create(anvil, "Collection1155"))["contractAddress"]
    factory = (await create(anvil, "CollectionFactory", erc721, erc1155))["contractAddress"]
    token = (await create(anvil, "FungibleToken"))["contractAddress"]
    last = await create(anvil, "TokenFactory", token)
    start = int(last["blockNumber"], 16)
    deployment = Deployment(factory, erc721, erc1155, last["contractAddress"], token, start)
    _write(remember, deployment)
    return deployment


def _read(file: Path | None) -> Deployment | None:
    return Deployment(**json.loads(file.read_text())) if file is not None and file.exists() else None


def _write(file: Path | None, deployment: Deployment) -> None:
    if file is not None:
        file.write_text(json.dumps(asdict(deployment), indent=2) + "\n")
