"""A transaction: what a wallet is asked to sign, what a node knows of it, and what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pydantic import Field

from steadymint.domain.record import Record
from steadymint.domain.types import (
    Address,
    BlockHash,
    ChainIdField,
    GasField,
    HexField,
    ShownAddress,
    TxHash,
    Wei,
    WeiField,
)


class TxRequest(Record):
    """What a wallet is asked to sign (EIP-1193 `eth_sendTransaction` without a fee, which the wallet sets)."""

    chain_id: ChainIdField
    from_: ShownAddress = Field(alias="from")
    to: ShownAddress
    data: HexField = Field(description="Calldata.")
    value: WeiField
    gas: GasField | None = Field(
        None,
        description="A gas limit with a margin over what the node has just measured. Left out where the node could "
        "not measure it: then the wallet estimates.",
    )


@dataclass(frozen=True, slots=True)
class SeenTransaction:
    """A transaction that a node knows, pending or mined."""

    tx_hash: TxHash
    sender: Address
    to: Address | None
    """None for a contract creation."""
    data: str
    """`0x` and lower-case hex."""
    value: Wei
    nonce: int
    block_number: int | None
    """None while pending."""


@dataclass(frozen=True, slots=True)
class Pending:
    """No receipt yet."""


@dataclass(frozen=True, slots=True)
class Mined:
    """In a block, fewer than N confirmations deep (a block that is N deep at first sight is `Mined`, then `Deep`)."""

    block_number: int
    block_hash: BlockHash
    succeeded: bool
    confirmations: int
    """The block itself counts: a transaction in the head block has one."""


@dataclass(frozen=True, slots=True)
class Reorged:
    """The block that held it has left the chain; it is pending again."""

    block_number: int
    block_hash: BlockHash


@dataclass(frozen=True, slots=True)
class Deep:
    """N confirmations."""

    block_number: int
    block_hash: BlockHash
    succeeded: bool


@dataclass(frozen=True, slots=True)
class NonceUsed:
    """The sender's nonce, N confirmations deep, is past this transaction's, and there is no receipt for its hash."""

    nonce: int
    block_number: int
    """The block at which that was seen, N confirmations deep."""


TxState = Pending | Mined | Reorged | Deep | NonceUsed


class BlockState(StrEnum):
    """Whether a block is indexed."""

    PENDING = "pending"
    """The block is not indexed yet, or an intent that it shows is not settled yet."""
    INDEXED = "indexed"
    FORKED = "forked"
    """Another block of that number is indexed: the index has to go back, or the chain has left this one."""
