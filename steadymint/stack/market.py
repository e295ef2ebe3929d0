"""Opens a market on a local chain: Seaport 1.6, a conduit for it, and a wrapped native currency."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from eth_abi.abi import encode
from eth_utils.crypto import keccak

from contracts import load_artifact
from steadymint.chain.calls.abi import selector
from steadymint.stack.chain_node import ChainNode
from steadymint.stack.deploy import send_all
from steadymint.stack.dev_accounts import DEPLOYER

SEAPORT: Final = "0x0000000000000068f116a894984e2db1123eb395"
CONDUIT_CONTROLLER: Final = "0x00000000f9490004c11cef243f5400493c00ad63"
"""The addresses that both have on every chain. Real chains have them as rows of the registry."""
SEAPORT_DEPLOYER: Final = "0x0000000000ffe8b47b3e2130213b802212439497"
"""From whose address the one of Seaport was mined by CREATE2, with this salt."""
SEAPORT_SALT: Final = bytes.fromhex("d738b7f0bb99901b1c83f249").rjust(32, b"\0")
CREATE2_DEPLOYER: Final = "0x4e59b44847b379578588920ca78fbf26c0b4956c"
"""Creates a contract by CREATE2 from a salt and init code. anvil has it on every chain."""
CONDUIT_KEY: Final = bytes.fromhex(DEPLOYER.address[2:]) + (1).to_bytes(12)
"""A key begins with the address of whoever opens the conduit."""
WRAPPED_SALT: Final = bytes(32)


@dataclass(frozen=True, slots=True)
class Market:
    """The addresses of a market's contracts, in lower case. Every local chain has the same."""

    seaport: str
    conduit_controller: str
    conduit: str
    """Opened for Seaport. `CONDUIT_KEY` is its key."""
    wrapped_native: str


@cache
def expected_market() -> Market:
    conduit = _create2(CONDUIT_CONTROLLER, CONDUIT_KEY, _bytecode("Conduit"))
    wrapped = _create2(CREATE2_DEPLOYER, WRAPPED_SALT, _bytecode("WrappedNative"))
    return Market(SEAPORT, CONDUIT_CONTROLLER, conduit, wrapped)


async def open_market(node: ChainNode) -> Market:
    """Put on the chain what it does not have of the market. It takes one block, or none.

    Seaport, the conduit and the currency are deployed. The init code of Seaport gives the canonical address, so it is
    the real one. Two codes are set, because their deployment cannot be repeated: the controller's, which an older
    compiler made, and the one of Seaport's deployer, of which only the address counts.

    Raises:
        RpcError: the node cannot set code, or a deployment failed.
    """
    market = expected_market()
    contracts = (SEAPORT_DEPLOYER, CONDUIT_CONTROLLER, market.seaport, market.conduit, market.wrapped_native)
    codes = await asyncio.gather(*(node.rpc("eth_getCode", address, "latest") for address in contracts))
    missing = {address for address, code in zip(contracts, codes, strict=True) if code == "0x"}
    if SEAPORT_DEPLOYER in missing:
        code = await node.rpc("eth_getCode", CREATE2_DEPLOYER, "latest")
        await node.rpc("anvil_setCode", SEAPORT_DEPLOYER, code)
    if CONDUIT_CONTROLLER in missing:
        await node.rpc("anvil_setCode", CONDUIT_CONTROLLER, await _constructed(node, "ConduitController"))
    calls: list[dict[str, str]] = []
    if market.seaport in missing:
        calls.append(_call(SEAPORT_DEPLOYER, SEAPORT_SALT + seaport_init_code(), 8_000_000))
    if market.wrapped_native in missing:
        calls.append(_call(CREATE2_DEPLOYER, WRAPPED_SALT + _bytecode("WrappedNative"), 2_000_000))
    if market.conduit in missing:
        opening = _function("createConduit", ("bytes32", "address"), CONDUIT_KEY, DEPLOYER.address)
        channel = _function("updateChannel", ("address", "address", "bool"), market.conduit, market.seaport, True)
        calls += [_call(CONDUIT_CONTROLLER, opening, 1_000_000), _call(CONDUIT_CONTROLLER, channel, 300_000)]
    await send_all(node, calls)
    return market


def seaport_init_code() -> bytes:
    """What creates Seaport: its bytecode, and the controller that its constructor takes."""
    return _bytecode("Seaport") + encode(["address"], [CONDUIT_CONTROLLER])


async def _constructed(node: ChainNode, name: str) -> str:
    """The code that the constructor makes at the controller's address. It runs there within a call that changes
    nothing, because it takes the hash of a conduit that holds this address."""
    code = {CONDUIT_CONTROLLER: {"code": load_artifact(name).bytecode}}
    return await node.rpc("eth_call", {"to": CONDUIT_CONTROLLER}, "latest", code)


def _create2(deployer: str, salt: bytes, init_code: bytes) -> str:
    return "0x" + keccak(b"\xff" + bytes.fromhex(deployer[2:]) + salt + keccak(init_code))[12:].hex()


def _bytecode(name: str) -> bytes:
    return bytes.fromhex(load_artifact(name).bytecode[2:])


def _function(name: str, types: tuple[str, ...], *arguments: Any) -> bytes:
    return selector(name, types) + encode(types, arguments)


def _call(to: str, data: bytes, gas: int) -> dict[str, str]:
    """A transaction with a limit of its own, so that all of them fit into one block."""
    return {"from": DEPLOYER.address, "to": to, "data": "0x" + data.hex(), "gas": hex(gas)}
