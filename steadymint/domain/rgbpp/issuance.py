"""The issuance of a fungible token by RGB++: an unsigned pair of transactions, one of CKB and one of Bitcoin.

The transaction of Bitcoin spends the output that owns some empty cells of CKB, and carries a hash of the transaction of
CKB, which spends these cells: the commitment. The new cell with the supply is owned by the output 1 of the transaction
of Bitcoin. Whoever signs the one has agreed to the other.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, Final

from steadymint.domain.errors import InvalidInputError
from steadymint.domain.record import Record
from steadymint.domain.rgbpp import bitcoin
from steadymint.domain.rgbpp.molecule import CellOutput, CkbTransaction, OutPoint, Script, ckb_hash, packed_input
from steadymint.domain.rgbpp.molecule import packed_table as table
from steadymint.domain.rgbpp.networks import CONTRACTS, RgbppNetwork
from steadymint.domain.types import QuantityField

SEAL: Final = 1
"""Which output of the transaction of Bitcoin owns the supply. Output 0 carries the commitment."""
DUST: Final = 546
"""Satoshis of the seal. Nodes pass on no output that holds less."""
CONFIRMATIONS: Final = 6
"""What the official SDK writes into the lock of the cell that holds the name."""
MAX_CELLS: Final = 40
"""The official SDK takes no more of an output's cells."""
_WITNESS: Final = 5_000
"""Bytes that the fee allows for the proof that the transaction of Bitcoin is in a block."""
_FEE_RATE: Final = 1_100
"""Shannons for a thousand bytes."""
_UNKNOWN: Final = bytes(32)
"""Stands for the id of the transaction of Bitcoin in what that transaction commits to."""
_NOBODY: Final = Script(bytes(32), "data", b"")


class SealSource(Record):
    """The output of Bitcoin that owns the cells, and pays for it all."""

    txid: str
    vout: int
    value: int
    """Satoshis."""
    script: str
    """Its scriptPubKey, in hex: P2WPKH or P2TR. Seal and change go to the same one."""


class FundingCell(Record):
    """An empty cell of CKB that the output owns."""

    tx_hash: str
    index: int
    capacity: QuantityField
    """Shannons."""


class IssuanceTerms(Record):
    """What is to be issued. The supply is in the smallest unit, below 2^128."""

    network: RgbppNetwork
    name: str
    symbol: str
    decimals: int
    supply: QuantityField
    seal: SealSource
    cells: tuple[FundingCell, ...]
    """All empty cells that the output owns, as they are to be spent."""
    fee_rate: int
    """Satoshis for a virtual byte."""


@dataclass(frozen=True, slots=True)
class IssuancePair:
    """The two transactions, unsigned."""

    ckb: CkbTransaction
    """With the id of the transaction of Bitcoin in its locks. It lacks the proof that this one is in a block."""
    commitment: bytes
    spent: bitcoin.Spent
    paid: tuple[bitcoin.Paid, ...]

    @property
    def btc_txid(self) -> str:
        return bitcoin.txid_of(bitcoin.unsigned(self.spent, self.paid))

    @property
    def psbt(self) -> str:
        return bitcoin.psbt_of(self.spent, self.paid)

    def to_json(self) -> dict[str, Any]:
        return {
            "commitment": self.commitment.hex(),
            "btcTxid": self.btc_txid,
            "psbt": self.psbt,
            "ckbTransaction": self.ckb.to_json(),
            "ckbTxHash": "0x" + self.ckb.hash().hex(),
        }


def build(terms: IssuanceTerms) -> IssuancePair:
    """The pair. The same terms give the same bytes.

    Raises:
        InvalidInputError: the cells have no room for the token, or the output does not pay for the transaction.
    """
    virtual = virtual_transaction(terms)
    commitment = commitment_of(virtual)
    source = terms.seal
    spent = bitcoin.Spent(source.txid, source.vout, source.value, bytes.fromhex(source.script))
    paid = _payments(terms, spent, commitment)
    txid = bitcoin.txid_of(bitcoin.unsigned(spent, paid))
    return IssuancePair(bound_to(virtual, txid), commitment, spent, paid)


def virtual_transaction(terms: IssuanceTerms) -> CkbTransaction:
    """The transaction of CKB as it is committed to, before the id of the transaction of Bitcoin is known."""
    contracts = CONTRACTS[terms.network]
    owner = contracts.rgbpp_lock.script(seal_args(terms.seal.vout, bytes.fromhex(terms.seal.txid)))
    inputs = tuple(OutPoint(bytes.fromhex(cell.tx_hash[2:]), cell.index) for cell in terms.cells)
    told = CellOutput(
        0,
        contracts.time_lock.script(table([_NOBODY.pack(), struct.pack("<I", CONFIRMATIONS), _UNKNOWN])),
        contracts.unique.script(ckb_hash(packed_input(inputs[0]) + struct.pack("<Q", 1))[:20]),
        token_info(terms.decimals, terms.name, terms.symbol),
    )
    told = replace(told, capacity=told.occupied())
    supply = CellOutput(
        sum(cell.capacity for cell in terms.cells) - told.capacity,
        contracts.rgbpp_lock.script(seal_args(SEAL, _UNKNOWN)),
        contracts.xudt.script(owner.hash()),
        terms.supply.to_bytes(16, "little"),
    )
    if supply.capacity <= 0:
        raise _too_small(told, supply)
    lock = contracts.rgbpp_lock
    deps = (lock.dep(), lock.dep(1), contracts.xudt.dep(), contracts.unique.dep())
    transaction = CkbTransaction(deps, inputs, (supply, told))
    size = transaction.size([b"\xff", *[b""] * (len(inputs) - 1)]) + _WITNESS
    supply = replace(supply, capacity=supply.capacity + -(size * _FEE_RATE) // 1_000)
    if supply.capacity < supply.occupied():
        raise _too_small(told, supply)
    return replace(transaction, outputs=(supply, told))


def commitment_of(virtual: CkbTransaction) -> bytes:
    """What the transaction of Bitcoin carries: SHA-256 twice over what is spent and made."""
    parts = [b"RGB++", b"\0\0", bytes([len(virtual.inputs), len(virtual.outputs)])]
    parts += [one.pack() for one in virtual.inputs]
    for output in virtual.outputs:
        parts += [output.pack(), struct.pack("<I", len(output.data)), output.data]
    return sha256(sha256(b"".join(parts)).digest()).digest()


def bound_to(virtual: CkbTransaction, txid: str) -> CkbTransaction:
    """The same with the id of the transaction of Bitcoin where the locks leave room for it: at their end."""
    known = bytes.fromhex(txid)[::-1]
    outputs = tuple(
        replace(output, lock=replace(output.lock, args=output.lock.args[:-32] + known)) for output in virtual.outputs
    )
    return replace(virtual, outputs=outputs)


def seal_args(index: int, txid: bytes) -> bytes:
    """The output of a transaction of Bitcoin, in the arguments of a lock. `txid`: as explorers show it."""
    return struct.pack("<I", index) + txid[::-1]


def token_info(decimals: int, name: str, symbol: str) -> bytes:
    """The data of the cell with the token's name."""
    texts = [text.encode() for text in (name, symbol)]
    return bytes([decimals]) + b"".join(bytes([len(text)]) + text for text in texts)


def _payments(terms: IssuanceTerms, spent: bitcoin.Spent, commitment: bytes) -> tuple[bitcoin.Paid, ...]:
    paid = (bitcoin.remark(commitment), bitcoin.Paid(DUST, spent.script), bitcoin.Paid(0, spent.script))
    fee = terms.fee_rate * bitcoin.vsize_of(spent, paid)
    change = spent.value - DUST - fee
    if change < DUST:
        raise InvalidInputError(f"The output must hold at least {fee + 2 * DUST} satoshis at this fee rate")
    return (*paid[:2], bitcoin.Paid(change, spent.script))


def _too_small(told: CellOutput, supply: CellOutput) -> InvalidInputError:
    needed = told.occupied() + supply.occupied() + 10**8
    return InvalidInputError(f"The cells must hold at least {needed} shannons together")


def check(terms: IssuanceTerms, pair: IssuancePair) -> None:
    """That the two halves say the same, and what was asked. Read from what would be signed, not from how it was made.

    Raises:
        AssertionError: they do not. Then the pair must not be handed out.
    """
    paid, (supply, told) = pair.paid, pair.ckb.outputs
    committed = commitment_of(bound_to(pair.ckb, _UNKNOWN.hex()))
    spends = (pair.spent.txid, pair.spent.vout) == (terms.seal.txid, terms.seal.vout)
    holds: dict[str, bool] = {
        "the transaction of Bitcoin spends the output": spends and bitcoin.is_native_segwit(pair.spent.script),
        "it carries the commitment": paid[0] == bitcoin.remark(committed) and committed == pair.commitment,
        "it pays the seal": paid[SEAL] == bitcoin.Paid(DUST, pair.spent.script),
        "it pays no more than it spends": sum(one.value for one in paid) < pair.spent.value,
        "its id owns the supply": supply.lock.args == seal_args(SEAL, bytes.fromhex(pair.btc_txid)),
        "the supply is what was asked": int.from_bytes(supply.data, "little") == terms.supply,
        "the name is what was asked": told.data == token_info(terms.decimals, terms.name, terms.symbol),
        "the cells have room": all(output.capacity >= output.occupied() for output in pair.ckb.outputs),
        "the cells hold no more than those spent": sum(output.capacity for output in pair.ckb.outputs)
        < sum(cell.capacity for cell in terms.cells),
    }
    wrong = [promise for promise, is_so in holds.items() if not is_so]
    if wrong:
        raise AssertionError(f"a pair is not so: {', '.join(wrong)}")
