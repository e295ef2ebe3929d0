"""The check of contract wallets' signatures: EIP-1271 for deployed wallets, EIP-6492 for wallets that are not deployed.

One `eth_call` runs a contract that is never deployed (`contracts/src/SignatureValidator.sol`). It compares the chain
and looks for code. If there is no code and the signature names a factory, it calls the factory. Then it asks the
wallet. Nothing is sent, no value moves, and the caller has no rights. If the wallet is deployed, its answer alone
decides.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Final

from eth_abi.abi import decode as abi_decode
from eth_abi.abi import encode as abi_encode
from eth_abi.exceptions import DecodingError

from contracts import load_artifact
from steadymint.chain.nodes.chain import Chain
from steadymint.chain.nodes.client import BlockRef, ChainClients, EvmClient
from steadymint.chain.nodes.errors import ExecutionRevertedError, WrongChainError
from steadymint.domain.errors import SteadymintError, UpstreamUnavailableError
from steadymint.domain.reserved_addresses import is_reserved
from steadymint.domain.types import ZERO_ADDRESS, Address, ChainId
from steadymint.domain.upstreams import Upstream

MAX_SIGNATURE: Final = 8 * 1024
"""Bytes, including an EIP-6492 wrapper. A Safe with twenty owners, or a passkey, stays below two thousand."""
GAS: Final = 8_000_000
"""Gas for the whole call. The validator gives the wallet two million of it and a factory four million."""
TIMEOUT: Final = 4.0
"""Seconds for everything, unless the caller names its own: the proof of a chain and the call, on a node that takes 2 s
for each."""

# No ECDSA signature can end with these bytes (EIP-6492).
_WRAPPER_MARK: Final = bytes.fromhex("6492" * 16)

_ARGUMENTS: Final = ("uint256", "address", "bytes32", "bytes", "address", "bytes")
_VALID: Final = 1
_WRONG_CHAIN: Final = 3


@dataclass(frozen=True, slots=True)
class _Wrapped:
    """A signature, with the call that deploys its wallet if the signature names one (EIP-6492)."""

    signature: bytes
    factory: Address = ZERO_ADDRESS
    factory_calldata: bytes = b""


class ContractSignatures:
    """Checks signatures with contract wallets. Share one per process.

    It reads the latest block, so a key that was just removed is refused at once. On a chain whose `features_json` has
    `wallet_confirmations` k > 1 it reads k blocks deep, so a wallet in a block that may still leave the chain is
    refused. On all others `stands` says later whether the wallet is still there.
    """

    def __init__(self, clients: ChainClients) -> None:
        self._clients = clients

    async def is_valid(
        self, chain_id: ChainId, address: Address, digest: bytes, signature: bytes, timeout: float = TIMEOUT
    ) -> bool:
        """Whether the contract at `address` accepts `signature` over the 32-byte `digest`; at most two calls, in
        `timeout` seconds.

        False if there is no contract and the signature's factory deploys none. False also for addresses that no wallet
        can have: reserved addresses and our own contracts. Raises UnknownChainError, and UpstreamUnavailableError when
        no node answers: an outage is not a refusal.
        """
        chain = await self._clients.registry.get(chain_id)
        wrapped = _unwrap(signature) if len(signature) <= MAX_SIGNATURE else None
        if wrapped is None or _cannot_be_a_wallet(chain, address):
            return False
        if wrapped.factory != ZERO_ADDRESS and _cannot_be_a_wallet(chain, wrapped.factory):
            return False
        data = _creation_code() + abi_encode(
            _ARGUMENTS,
            (chain.number, address, digest, wrapped.signature, wrapped.factory, wrapped.factory_calldata),
        )
        answer = await self._ask(chain, data, timeout)
        if answer == _WRONG_CHAIN:
            raise WrongChainError(
                f"A node that is registered for {chain_id} serves another chain", upstream=Upstream.NODE
            )
        return answer == _VALID

    async def settles_in(self, chain_id: ChainId, signature: bytes) -> float | None:
        """Seconds until the block in which a wallet was just read is N confirmations deep.

        None if that does not matter: wallets are read so deep on this chain, or the signature names the wallet's
        factory, which makes the same wallet again.
        """
        chain = await self._clients.registry.get(chain_id)
        wrapped = _unwrap(signature)
        if _depth(chain) >= chain.confirmations or (wrapped is not None and wrapped.factory != ZERO_ADDRESS):
            return None
        return chain.confirmations * chain.block_time_seconds

    async def stands(self, chain_id: ChainId, address: Address, since: datetime) -> bool:
        """Whether there is a contract at the address, N confirmations deep in a block made after `since`.

        Raises UpstreamUnavailableError while there is no such block, or no node answers.
        """
        chain = await self._clients.registry.get(chain_id)
        client = await self._clients.of(chain_id)
        head = await client.block_number()
        deep = await client.header(max(0, head - chain.confirmations + 1))
        if deep.timestamp < since.timestamp():
            raise _outage(f"{chain_id} has no block yet that is deep enough")
        return bool(await client.code(address, deep.number))

    async def _ask(self, chain: Chain, data: bytes, timeout: float) -> int | None:
        """The validator's answer; None if the validator itself ran out of gas."""
        try:
            async with asyncio.timeout(timeout):
                client = await self._clients.of(chain.chain_id)
                block = await _block(chain, client, timeout)
                answer = await client.call(None, data, block=block, gas=GAS, timeout=timeout)
        except ExecutionRevertedError:
            return None
        except TimeoutError:
            raise _outage(f"No node of {chain.chain_id} answered in time") from None
        except UpstreamUnavailableError as error:
            error.retry_after = None  # the budget has room for one more try at once, and not for a wait before it
            raise
        except SteadymintError as refused:
            raise _outage(f"No node of {chain.chain_id} accepts the call") from refused
        if len(answer) != 32:
            raise _outage(f"A node of {chain.chain_id} answered with something of another shape")
        return int.from_bytes(answer, "big")


def _outage(detail: str) -> UpstreamUnavailableError:
    return UpstreamUnavailableError(detail, upstream=Upstream.NODE)


async def _block(chain: Chain, client: EvmClient, timeout: float) -> BlockRef:
    depth = _depth(chain)
    return "latest" if depth <= 1 else max(0, await client.block_number(timeout=timeout) - depth + 1)


def _depth(chain: Chain) -> int:
    """How deep wallets are read, the newest block being 1."""
    return int(chain.features.get("wallet_confirmations", 1))


def _unwrap(signature: bytes) -> _Wrapped | None:
    """The parts of an EIP-6492 wrapper, or the signature itself if it has no wrapper. None for a malformed wrapper."""
    if not signature.endswith(_WRAPPER_MARK):
        return _Wrapped(signature)
    try:
        factory, calldata, inner = abi_decode(("address", "bytes", "bytes"), signature[: -len(_WRAPPER_MARK)])
    except (DecodingError, OverflowError):
        return None
    return _Wrapped(inner, Address(factory), calldata)


def _cannot_be_a_wallet(chain: Chain, address: Address) -> bool:
    """Whether the address is reserved or one of our contracts."""
    return is_reserved(address) or chain.contract_at(address) is not None


@cache
def _creation_code() -> bytes:
    return bytes.fromhex(load_artifact("SignatureValidator").bytecode[2:])
