"""Asks a contract about itself. Its answers may be long, false or missing."""

from __future__ import annotations

from typing import Any, Final, Literal

from eth_abi.abi import decode as abi_decode
from eth_abi.exceptions import DecodingError

from steadymint.chain.nodes.client import EvmClient
from steadymint.chain.nodes.errors import NodeRefusedError
from steadymint.domain.errors import (
    CallRevertedError,
    ContractNotFoundError,
    NotACollectionError,
    SteadymintError,
)
from steadymint.domain.importing import Inspection
from steadymint.domain.types import Address
from steadymint.indexing.reading.words import MAX_NAME, line_of

_SUPPORTS: Final = "0x01ffc9a7"  # supportsInterface(bytes4), ERC-165
_ERC165: Final = "01ffc9a7"
_NOTHING: Final = "ffffffff"
_ERC721: Final = "80ac58cd"
_ERC1155: Final = "d9b67a26"
_NAME: Final = "0x06fdde03"
_SYMBOL: Final = "0x95d89b41"
_OWNER: Final = "0x8da5cb5b"

GAS: Final = 500_000
"""Gas for one call. ERC-165 promises an answer within 30,000, but a name may be read through a proxy or two."""
TIMEOUT: Final = 5.0
"""Seconds for all calls together."""
_DELEGATION: Final = bytes.fromhex("ef0100")
"""The beginning of the code of an account that delegates to a contract (EIP-7702). It is no collection."""


async def inspect(client: EvmClient, contract: Address) -> Inspection:
    """The contract's standard, name, symbol and owner.

    Raises:
        ContractNotFoundError: there is no code.
        NotACollectionError: by ERC-165 it is neither an ERC-721 nor an ERC-1155, or both.
        UpstreamUnavailableError: no node answers.
    """
    code = await client.code(contract)
    if not code or code.startswith(_DELEGATION):
        raise ContractNotFoundError
    questions = [_supports(of) for of in (_ERC165, _NOTHING, _ERC721, _ERC1155)]
    calls = [
        ("eth_call", ({"to": contract, "data": data, "gas": hex(GAS)}, "latest"))
        for data in (*questions, _NAME, _SYMBOL, _OWNER)
    ]
    answers = [_bytes(answer) for answer in await client.rpc.batch(calls, timeout=TIMEOUT)]
    erc165, nothing, erc721, erc1155 = (_is_true(answer) for answer in answers[:4])
    if not erc165 or nothing or erc721 is erc1155:
        raise NotACollectionError
    standard: Literal["erc721", "erc1155"] = "erc721" if erc721 else "erc1155"
    name, symbol, owner = answers[4:]
    return Inspection(standard=standard, name=_text(name), symbol=_text(symbol), owner=_address(owner))


def _supports(interface: str) -> str:
    return _SUPPORTS + interface + "0" * 56


def _bytes(answer: Any) -> bytes | None:
    """The bytes of an answer; None if the contract refused. Raises a failure of the node."""
    if isinstance(answer, CallRevertedError | NodeRefusedError):
        return None
    if isinstance(answer, SteadymintError):
        raise answer
    try:
        return bytes.fromhex(answer[2:])
    except (TypeError, ValueError):
        return None


def _is_true(answer: bytes | None) -> bool:
    """Whether the answer is a `bool` that is true."""
    return answer is not None and len(answer) == 32 and int.from_bytes(answer, "big") == 1


def _text(answer: bytes | None) -> str:
    """The text of a `string`, or of the `bytes32` that some older contracts answer; empty for anything else."""
    if answer is None:
        return ""
    if len(answer) == 32:
        return line_of(answer.rstrip(b"\0"), MAX_NAME)
    try:
        (raw,) = abi_decode(["bytes"], answer)
    except (DecodingError, OverflowError, ValueError):
        return ""
    return line_of(raw, MAX_NAME)


def _address(answer: bytes | None) -> Address | None:
    if answer is None or len(answer) != 32 or answer[:12].strip(b"\0") or not answer.strip(b"\0"):
        return None
    return Address("0x" + answer[12:].hex())
