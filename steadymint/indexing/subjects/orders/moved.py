"""What moved in the transactions of fills: tokens, where the log of a fill leaves out who sold or who bought, and
currencies. Pure.

They are kept whatever contract emits them: a sale is known before its collection is in the catalog. A contract can lie
about its own tokens only, and those are what is sold, or what is paid.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from typing import Final

from steadymint.domain.market.funding import Payment
from steadymint.domain.market.others.moves import Move
from steadymint.domain.types import Address, TokenId
from steadymint.indexing.reading.logs import Log
from steadymint.indexing.reading.words import address_of, expect, pairs_of, word
from steadymint.indexing.subjects.folding import Folding
from steadymint.indexing.subjects.movements.decode import unindexed
from steadymint.indexing.subjects.movements.topics import TRANSFER, TRANSFER_BATCH, TRANSFER_SINGLE
from steadymint.indexing.subjects.orders.elsewhere import FILL_TOPICS
from steadymint.indexing.subjects.orders.gathered import Beside

_TOPICS: Final = frozenset({TRANSFER, TRANSFER_SINGLE, TRANSFER_BATCH})
_OF_A_CURRENCY: Final = 3
"""Topics of an EIP-20 transfer. That of EIP-721 has the same name and one more."""


def told_by(contracts: Collection[str], logs: Iterable[Log]) -> set[str]:
    """The transactions in which one of these contracts tells of a fill."""
    return {
        log.transaction_hash for log in logs if log.address in contracts and log.topics and log.topics[0] in FILL_TOPICS
    }


def gather(folding: Folding, logs: Iterable[Log], transactions: Collection[str], half_told: Collection[str]) -> None:
    """Add what moved in the transactions to the batch: currencies, and in those that are half told also tokens. What is
    no transfer is left aside."""
    for log in logs:
        if log.transaction_hash in transactions and log.topics and log.topics[0] in _TOPICS:
            with suppress(ValueError):
                _gather(folding, log, tokens=log.transaction_hash in half_told)


def _gather(folding: Folding, log: Log, *, tokens: bool) -> None:
    """Raises ValueError."""
    tx_hash = log.transaction_hash
    if log.topics[0] == TRANSFER and len(log.topics) == _OF_A_CURRENCY:
        payment = _payment(log)
        folding.batch.of(Beside).payments.setdefault(tx_hash, []).append(payment)
    elif tokens:
        moves = list(_moves(log))
        folding.batch.of(Beside).moves.setdefault(tx_hash, []).extend(moves)


def _payment(log: Log) -> Payment:
    """Raises ValueError."""
    expect(log, _OF_A_CURRENCY, 1)
    sender, receiver = Address(address_of(log.topics[1])), Address(address_of(log.topics[2]))
    return Payment(Address(log.address), sender, receiver, word(log.data, 0))


def _moves(log: Log) -> Iterator[Move]:
    """Raises ValueError."""
    index = int(log.log_index, 16)
    if log.topics[0] == TRANSFER:
        topics = log.topics if len(log.topics) == 4 else unindexed(log)
        yield _move(log, topics[1], topics[2], int(topics[3], 16), 1, index)
        return
    if log.topics[0] == TRANSFER_SINGLE:
        expect(log, 4, 2)
        pairs = [(word(log.data, 0), word(log.data, 1))]
    else:
        expect(log, 4)
        pairs = pairs_of(log.data, 2)
    for token_id, quantity in pairs:
        yield _move(log, log.topics[2], log.topics[3], token_id, quantity, index)


def _move(log: Log, sender: str, receiver: str, token_id: int, quantity: int, index: int) -> Move:
    return Move(
        Address(log.address),
        TokenId(token_id),
        Address(address_of(sender)),
        Address(address_of(receiver)),
        quantity,
        index,
    )
