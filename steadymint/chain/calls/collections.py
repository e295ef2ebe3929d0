"""Our collections, ERC-721 and ERC-1155: what gives tokens to people, and the events that tell of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from steadymint.chain.calls.abi import Built, Call, Proof, address_in, raw, words
from steadymint.domain.errors import InvalidInputError
from steadymint.domain.intents import airdrop
from steadymint.domain.intents.airdrop import AirdropTerms
from steadymint.domain.intents.identity import Facts
from steadymint.domain.intents.kinds import IntentKind
from steadymint.domain.intents.mint import MintTerms, facts_of_erc721, facts_of_erc1155
from steadymint.domain.intents.rows import Effects
from steadymint.domain.types import UINT256_MAX, Address, Bytes32, Standard, TokenId

MAX_IDS: Final = 1 << 20
"""Ids in one event. Each has its own Transfer, whose log costs more gas than a block has for so many of them."""


@dataclass(frozen=True, slots=True)
class Mint721(Call):
    FUNCTION: ClassVar = "mint"
    ABI: ClassVar = ("address", "uint256", "bytes32[]", "bytes32")

    to: Address
    quantity: int
    proof: tuple[Bytes32, ...]
    ref: Bytes32


@dataclass(frozen=True, slots=True)
class Mint1155(Call):
    FUNCTION: ClassVar = "mint"
    ABI: ClassVar = ("address", "uint256", "uint256", "bytes32[]", "bytes32")

    to: Address
    token_id: int
    quantity: int
    proof: tuple[Bytes32, ...]
    ref: Bytes32


@dataclass(frozen=True, slots=True)
class MintBatch(Call):
    FUNCTION: ClassVar = "mintBatch"
    ABI: ClassVar = ("address", "uint256[]", "uint256[]", "bytes32[]", "bytes32")

    to: Address
    token_ids: tuple[int, ...]
    quantities: tuple[int, ...]
    proof: tuple[Bytes32, ...]
    ref: Bytes32


@dataclass(frozen=True, slots=True)
class Airdrop721(Call):
    FUNCTION: ClassVar = "airdropBatch"
    ABI: ClassVar = ("address[]", "uint256[]", "bytes32")

    to: tuple[Address, ...]
    quantities: tuple[int, ...]
    ref: Bytes32


@dataclass(frozen=True, slots=True)
class Airdrop1155(Call):
    FUNCTION: ClassVar = "airdropBatch"
    ABI: ClassVar = ("address[]", "uint256[]", "uint256[]", "bytes32")

    to: tuple[Address, ...]
    token_ids: tuple[int, ...]
    quantities: tuple[int, ...]
    ref: Bytes32


def _mint(terms: MintTerms, caller: Address, reference: Bytes32) -> Built:
    """Raises InvalidInputError for terms that say nothing to mint."""
    return Built(terms.contract, _mint_call(terms, reference))


def _mint_call(terms: MintTerms, reference: Bytes32) -> Mint721 | Mint1155 | MintBatch:
    proof = tuple(Bytes32(node) for node in terms.proof)
    if terms.standard is Standard.ERC721:
        if terms.quantity is None:
            raise InvalidInputError("An ERC-721 mint needs a quantity")
        return Mint721(terms.to, terms.quantity, proof, reference)
    if not terms.items:
        raise InvalidInputError("An ERC-1155 mint needs items")
    if len(terms.items) == 1:  # the single mint costs less gas
        item = terms.items[0]
        return Mint1155(terms.to, item.token_id, item.quantity, proof, reference)
    ids = tuple(item.token_id for item in terms.items)
    return MintBatch(terms.to, ids, tuple(item.quantity for item in terms.items), proof, reference)


def _minted(contract: Address, topics: Sequence[str], data: str) -> tuple[Facts, Effects]:
    first, quantity, _ = words(("uint256", "uint256", "uint256"), raw(data))
    facts = facts_of_erc721(contract, address_in(topics[2]), address_in(topics[3]), quantity)
    return facts, {"tokenIds": ids_from(first, quantity)}


def _minted_batch(contract: Address, topics: Sequence[str], data: str) -> tuple[Facts, Effects]:
    """A mint names its ids itself, so they are foreseen; an id may be given more than once."""
    ids, quantities, _ = words(("uint256[]", "uint256[]", "uint256"), raw(data))
    summed: dict[int, int] = {}
    for token_id, quantity in zip(ids, quantities, strict=True):
        summed[token_id] = summed.get(token_id, 0) + quantity
    facts = facts_of_erc1155(contract, address_in(topics[2]), address_in(topics[3]), summed)
    return facts, {"tokenIds": [str(token_id) for token_id in summed]}


def _airdrop(terms: AirdropTerms, caller: Address, reference: Bytes32) -> Built:
    to, quantities = tuple(gift.to for gift in terms.gifts), tuple(gift.quantity for gift in terms.gifts)
    if terms.standard is Standard.ERC721:
        return Built(terms.contract, Airdrop721(to, quantities, reference))
    ids = tuple(gift.token_id or TokenId(0) for gift in terms.gifts)
    return Built(terms.contract, Airdrop1155(to, ids, quantities, reference))


def _airdropped(contract: Address, topics: Sequence[str], data: str) -> tuple[Facts, Effects]:
    """An ERC-721 tells which ids it has given; they begin with 1. Those of an ERC-1155 are foreseen."""
    entries, first, quantity = words(("bytes32", "uint256", "uint256"), raw(data))
    facts = airdrop.facts(contract, address_in(topics[2]), Bytes32("0x" + entries.hex()), quantity)
    return facts, {"tokenIds": ids_from(first, quantity)} if first else {}


def ids_from(first: int, quantity: int) -> list[str]:
    """The ids of an ERC-721 mint, which are consecutive. Raises ValueError for more than any block could hold."""
    if not 0 < quantity <= MAX_IDS or first + quantity - 1 > UINT256_MAX:
        raise ValueError("no block holds a mint of this many ids")
    return [str(token_id) for token_id in range(first, first + quantity)]


CALLS: Final = (Mint721, Mint1155, MintBatch, Airdrop721, Airdrop1155)
BUILDERS: Final = {IntentKind.MINT: _mint, IntentKind.AIRDROP: _airdrop}
PROOFS: Final = (
    Proof(IntentKind.MINT, "Minted(bytes32,address,address,uint256,uint256,uint256)", 1, _minted),
    Proof(IntentKind.MINT, "MintedBatch(bytes32,address,address,uint256[],uint256[],uint256)", 1, _minted_batch),
    Proof(IntentKind.AIRDROP, "Airdropped(bytes32,address,bytes32,uint256,uint256)", 1, _airdropped),
)
