"""Calldata of our contracts, and the address a collection will have. Pure: no chain is asked.

`decode(encode(call)) == call` for every call, NUL bytes and odd strings included.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Final

from eth_abi.abi import decode as abi_decode
from eth_abi.abi import encode as abi_encode
from eth_abi.exceptions import DecodingError, EncodingError
from eth_utils.crypto import keccak

from steadymint.domain.errors import InvalidInputError
from steadymint.domain.types import ZERO_ADDRESS, Address, Bytes32

ZERO_BYTES32: Final = Bytes32("0x" + "00" * 32)


class CollectionKind(IntEnum):
    """The factory's first argument."""

    ERC721 = 0
    ERC1155 = 1


@dataclass(frozen=True, slots=True)
class MintConfig:
    """`MintConfig` of the contracts; 0 and the zero root mean "no such rule"."""

    price: int = 0
    """Wei for one token, below 2^128."""
    start_time: int = 0
    """Unix seconds, inclusive."""
    end_time: int = 0
    """Unix seconds, exclusive."""
    limit_per_wallet: int = 0
    """Below 2^32."""
    allowlist_root: Bytes32 = ZERO_BYTES32


@dataclass(frozen=True, slots=True)
class CollectionInit:
    """`CollectionInit` of the contracts: everything a collection is born with."""

    owner: Address
    name: str
    symbol: str
    base_uri: str = ""
    contract_uri: str = ""
    max_supply: int = 0
    royalty_bps: int = 0
    royalty_receiver: Address = ZERO_ADDRESS
    payout: Address = ZERO_ADDRESS
    mint: MintConfig = field(default_factory=MintConfig)


@dataclass(frozen=True, slots=True)
class CreateCollection:
    kind: CollectionKind
    salt: Bytes32
    init: CollectionInit


@dataclass(frozen=True, slots=True)
class Mint721:
    to: Address
    quantity: int
    proof: tuple[Bytes32, ...]
    ref: Bytes32


@dataclass(frozen=True, slots=True)
class Mint1155:
    to: Address
    token_id: int
    quantity: int
    proof: tuple[Bytes32, ...]
    ref: Bytes32


@dataclass(frozen=True, slots=True)
class MintBatch:
    to: Address
    token_ids: tuple[int, ...]
    quantities: tuple[int, ...]
    proof: tuple[Bytes32, ...]
    ref: Bytes32


Call = CreateCollection | Mint721 | Mint1155 | MintBatch

_CONFIG: Final = "(uint128,uint64,uint64,uint32,bytes32)"
_INIT: Final = f"(address,string,string,string,string,uint256,uint96,address,address,{_CONFIG})"

_TYPES: Final[dict[type[Call], tuple[str, tuple[str, ...]]]] = {
    CreateCollection: ("createCollection", ("uint8", "bytes32", _INIT)),
    Mint721: ("mint", ("address", "uint256", "bytes32[]", "bytes32")),
    Mint1155: ("mint", ("address", "uint256", "uint256", "bytes32[]", "bytes32")),
    MintBatch: ("mintBatch", ("address", "uint256[]", "uint256[]", "bytes32[]", "bytes32")),
}


def selector(name: str, types: tuple[str, ...]) -> bytes:
    """The first four bytes of the hash of a function's or error's signature."""
    return keccak(text=f"{name}({','.join(types)})")[:4]


SELECTORS: Final = {call: selector(*signature) for call, signature in _TYPES.items()}
_CALLS: Final = {code: call for call, code in SELECTORS.items()}


def encode(call: Call) -> str:
    """The calldata, `0x` and lower-case hex. Raises InvalidInputError for a value that its ABI type cannot hold."""
    kind = type(call)
    try:
        return "0x" + (SELECTORS[kind] + abi_encode(_TYPES[kind][1], _values_of(call))).hex()
    except (EncodingError, UnicodeEncodeError, ValueError) as error:
        raise InvalidInputError(f"A value does not fit the contract's type: {type(error).__name__}") from None


def decode(calldata: str) -> Call:
    """What `encode` was given. Raises ValueError for calldata that is not a well-formed call of ours."""
    raw = bytes.fromhex(calldata.removeprefix("0x"))
    kind = _CALLS.get(raw[:4])
    if kind is None:
        raise ValueError("not a call of our contracts")
    try:
        values = abi_decode(_TYPES[kind][1], raw[4:])
        return _call_of(kind, values)
    except (DecodingError, UnicodeDecodeError, OverflowError) as error:
        raise ValueError("not the calldata of this call") from error


def predict_collection(
    *,
    factory: Address,
    implementation: Address,
    chain_number: int,
    creator: Address,
    kind: CollectionKind,
    salt: Bytes32,
) -> Address:
    """The address that `createCollection` gives: CREATE2 (EIP-1014) of an EIP-1167 clone of `implementation`.

    The same as the factory's `predict`; the salt binds chain, creator and kind.
    """
    bound = keccak(abi_encode(("uint256", "address", "uint8", "bytes32"), (chain_number, creator, kind, _raw(salt))))
    init_code = _CLONE_HEAD + _raw(implementation) + _CLONE_TAIL
    return Address("0x" + keccak(b"\xff" + _raw(factory) + bound + keccak(init_code))[12:].hex())


# The creation code of OpenZeppelin's `Clones`: ten bytes that return the runtime code of EIP-1167.
_CLONE_HEAD: Final = bytes.fromhex("3d602d80600a3d3981f3363d3d373d3d3d363d73")
_CLONE_TAIL: Final = bytes.fromhex("5af43d82803e903d91602b57fd5bf3")


def _raw(text: str) -> bytes:
    return bytes.fromhex(text[2:])


def _hex32(raw: bytes) -> Bytes32:
    return Bytes32("0x" + raw.hex())


def _values_of(call: Call) -> tuple[Any, ...]:
    match call:
        case CreateCollection(kind, salt, init):
            rules = init.mint
            config = (
                rules.price,
                rules.start_time,
                rules.end_time,
                rules.limit_per_wallet,
                _raw(rules.allowlist_root),
            )
            texts = (init.name, init.symbol, init.base_uri, init.contract_uri)
            royalty = (init.royalty_bps, init.royalty_receiver)
            return int(kind), _raw(salt), (init.owner, *texts, init.max_supply, *royalty, init.payout, config)
        case Mint721(to, quantity, proof, ref):
            return to, quantity, [_raw(node) for node in proof], _raw(ref)
        case Mint1155(to, token_id, quantity, proof, ref):
            return to, token_id, quantity, [_raw(node) for node in proof], _raw(ref)
        case MintBatch(to, token_ids, quantities, proof, ref):
            return to, token_ids, quantities, [_raw(node) for node in proof], _raw(ref)


def _call_of(kind: type[Call], values: tuple[Any, ...]) -> Call:
    if kind is CreateCollection:
        number, salt, (owner, name, symbol, base_uri, contract_uri, supply, bps, receiver, payout, config) = values
        price, start, end, limit, root = config
        return CreateCollection(
            CollectionKind(number),
            _hex32(salt),
            CollectionInit(
                owner=owner,
                name=name,
                symbol=symbol,
                base_uri=base_uri,
                contract_uri=contract_uri,
                max_supply=supply,
                royalty_bps=bps,
                royalty_receiver=receiver,
                payout=payout,
                mint=MintConfig(price, start, end, limit, _hex32(root)),
            ),
        )
    *rest, proof, ref = values
    tail = (tuple(_hex32(node) for node in proof), _hex32(ref))
    if kind is MintBatch:
        to, token_ids, quantities = rest
        return MintBatch(to, tuple(token_ids), tuple(quantities), *tail)
    if kind is Mint721:
        to, quantity = rest
        return Mint721(to, quantity, *tail)
    to, token_id, quantity = rest
    return Mint1155(to, token_id, quantity, *tail)
