"""Our factory: creating a collection, and the address that it will have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import ClassVar, Final

from eth_abi.abi import encode as abi_encode
from eth_utils.crypto import keccak

from steadymint.chain.calls.abi import ZERO_BYTES32, Built, Call, Proof, RegisteredContract, Struct, address_in, raw
from steadymint.chain.nodes.chain import FACTORY
from steadymint.domain.intents import collection
from steadymint.domain.intents.collection import CollectionTerms, MintRules
from steadymint.domain.intents.identity import Facts
from steadymint.domain.intents.kinds import IntentKind
from steadymint.domain.intents.rows import Effects
from steadymint.domain.types import ZERO_ADDRESS, Address, Bytes32, Standard


class CollectionKind(IntEnum):
    """The factory's first argument."""

    ERC721 = 0
    ERC1155 = 1


KIND_OF: Final = {Standard.ERC721: CollectionKind.ERC721, Standard.ERC1155: CollectionKind.ERC1155}


@dataclass(frozen=True, slots=True)
class MintConfig(Struct):
    """`MintConfig` of the contracts; 0 and the zero root mean "no such rule"."""

    ABI: ClassVar = ("uint128", "uint64", "uint64", "uint32", "bytes32")

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
class CollectionInit(Struct):
    """`CollectionInit` of the contracts: everything that a collection begins with."""

    ABI: ClassVar = (
        *("address", "string", "string", "string", "string", "uint256", "uint96", "address", "address"),
        MintConfig,
    )

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
class CreateCollection(Call):
    FUNCTION: ClassVar = "createCollection"
    ABI: ClassVar = (CollectionKind, "bytes32", CollectionInit)

    kind: CollectionKind
    salt: Bytes32
    init: CollectionInit


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
    bound = keccak(abi_encode(("uint256", "address", "uint8", "bytes32"), (chain_number, creator, kind, raw(salt))))
    return clone_address(factory, implementation, bound)


def clone_address(factory: Address, implementation: Address, salt: bytes) -> Address:
    """Where a factory's EIP-1167 clone is, made by CREATE2 with the salt."""
    init_code = _CLONE_HEAD + raw(implementation) + _CLONE_TAIL
    return Address("0x" + keccak(b"\xff" + raw(factory) + salt + keccak(init_code))[12:].hex())


# The creation code of OpenZeppelin's `Clones`: ten bytes that return the runtime code of EIP-1167.
_CLONE_HEAD: Final = bytes.fromhex("3d602d80600a3d3981f3363d3d373d3d3d363d73")
_CLONE_TAIL: Final = bytes.fromhex("5af43d82803e903d91602b57fd5bf3")


def _create(terms: CollectionTerms, creator: Address, reference: Bytes32) -> Built:
    init = CollectionInit(
        owner=creator,
        name=terms.name,
        symbol=terms.symbol,
        base_uri=terms.base_uri,
        contract_uri=terms.contract_uri,
        max_supply=terms.max_supply,
        royalty_bps=terms.royalty_bps,
        royalty_receiver=terms.royalty_receiver,
        payout=terms.payout_address,
        mint=_config_of(terms.mint),
    )
    return Built(RegisteredContract(FACTORY), CreateCollection(KIND_OF[terms.standard], reference, init))


def _config_of(rules: MintRules) -> MintConfig:
    return MintConfig(
        price=rules.price,
        start_time=_unix(rules.start_at),
        end_time=_unix(rules.end_at),
        limit_per_wallet=rules.limit_per_wallet,
        allowlist_root=Bytes32(rules.allowlist_root) if rules.allowlist_root else ZERO_BYTES32,
    )


def _unix(at: datetime | None) -> int:
    """Whole seconds; 0 for no time, as the contracts have it."""
    return 0 if at is None else int(at.timestamp())


def _created(contract: Address, topics: Sequence[str], data: str) -> tuple[Facts, Effects]:
    """The factory tells of the collection; the collection's address is what the intent has foreseen."""
    return collection.facts(address_in(topics[1]), address_in(topics[2])), {}


_CONFIG: Final = "(uint128,uint64,uint64,uint32,bytes32)"
_INIT: Final = f"(address,string,string,string,string,uint256,uint96,address,address,{_CONFIG})"

CALLS: Final = (CreateCollection,)
BUILDERS: Final = {IntentKind.COLLECTION: _create}
PROOFS: Final = (
    Proof(
        IntentKind.COLLECTION,
        f"CollectionCreated(address,address,bytes32,uint8,address,{_INIT})",
        reference_topic=3,  # the salt
        read=_created,
    ),
)
