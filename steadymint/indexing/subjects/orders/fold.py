"""What the events of Seaport, of approvals and of currencies add to a batch. Pure.

An event that does not have the shape of its signature raises ValueError before it has changed anything.
"""

from __future__ import annotations

from typing import TypeVar

from steadymint.domain.market import events
from steadymint.domain.types import ZERO_ADDRESS
from steadymint.indexing.batch import ERC721, Child
from steadymint.indexing.reading.logs import Log
from steadymint.indexing.reading.words import address_of, expect, word, words_of
from steadymint.indexing.store.chain_tables import place_of
from steadymint.indexing.subjects.approvals.gathered import ERC20, note, note_token
from steadymint.indexing.subjects.folding import Folding
from steadymint.indexing.subjects.movements.decode import unindexed
from steadymint.indexing.subjects.orders.gathered import Logged, OrderLogs, Touched, Touches
from steadymint.indexing.subjects.sightings.fold import PROOF_TOPICS, sight
from steadymint.market.checking.causes import CauseKind

Event = TypeVar("Event")

# -- Seaport -----------------------------------------------------------------------------------------------------------


def fulfilled(folding: Folding, log: Log) -> None:
    said = _logged(folding, log, events.fulfilled(log.topics, log.data))
    folding.batch.of(OrderLogs).trades.append(said)


def matched(folding: Folding, log: Log) -> None:
    said = _logged(folding, log, events.matched(log.topics, log.data))
    folding.batch.of(OrderLogs).trades.append(said)


def cancelled(folding: Folding, log: Log) -> None:
    said = _logged(folding, log, events.cancelled(log.topics, log.data))
    folding.batch.of(OrderLogs).cancels.append(said)


def validated(folding: Folding, log: Log) -> None:
    said = _logged(folding, log, events.validated(log.topics, log.data))
    folding.batch.of(OrderLogs).validations.append(said)


def counter_incremented(folding: Folding, log: Log) -> None:
    said = _logged(folding, log, events.counter_incremented(log.topics, log.data))
    folding.batch.of(OrderLogs).increments.append(said)


def _logged(folding: Folding, log: Log, event: Event) -> Logged[Event]:
    """The event with its place. The log counts from here on."""
    _sight(folding, log)
    folding.taken()
    place = place_of(folding.block, int(log.log_index, 16))
    return Logged(place, log.transaction_hash, log.address, folding.at, event)


# -- what orders depend on ---------------------------------------------------------------------------------------------


def approval(folding: Folding, log: Log, child: Child) -> None:
    """EIP-721: one token may be moved by somebody, or no longer. Old contracts have less of it indexed."""
    if len(log.topics) == 3:
        expect(log, 3, 1)
        owner, operator, token_number = address_of(log.topics[1]), address_of(log.topics[2]), word(log.data, 0)
    else:
        topics = log.topics if len(log.topics) == 4 else unindexed(log)
        owner, operator, token_number = address_of(topics[1]), address_of(topics[2]), int(topics[3], 16)
    _sight(folding, log)
    if child.standard == ERC721:
        note_token(folding, log, owner, operator, token_number)
        _touch(folding, Touched(CauseKind.TOKEN, owner, log.address, token_number))


def currency_moved(folding: Folding, log: Log) -> None:
    """EIP-20: both accounts have another balance."""
    expect(log, 3, 1)
    sender, recipient = address_of(log.topics[1]), address_of(log.topics[2])
    _sight(folding, log)
    for account in (sender, recipient):
        _touch(folding, Touched(CauseKind.FUNDS, account, log.address))


def currency_approved(folding: Folding, log: Log) -> None:
    """EIP-20: somebody may move more or less of the account's balance."""
    expect(log, 3, 1)
    owner, spender, amount = address_of(log.topics[1]), address_of(log.topics[2]), word(log.data, 0)
    _sight(folding, log)
    note(folding, log, owner, spender, ERC20, amount, is_amount=True)
    _touch(folding, Touched(CauseKind.FUNDS, owner, log.address))


def currency_wrapped(folding: Folding, log: Log) -> None:
    """WETH9: the account has deposited or withdrawn."""
    expect(log, 2)
    words_of(log.data)
    account = address_of(log.topics[1])
    _sight(folding, log)
    _touch(folding, Touched(CauseKind.FUNDS, account, log.address))


def _touch(folding: Folding, touched: Touched) -> None:
    """Nobody has approved or holds anything as the zero address. No row follows from the log alone, so it does not
    count as taken."""
    if touched.account != ZERO_ADDRESS:
        folding.batch.of(Touches).blocks[touched] = folding.block


def _sight(folding: Folding, log: Log) -> None:
    """Note that the event may fulfil an intent, if a kind of intent is proven by it."""
    if log.topics[0] in PROOF_TOPICS:
        sight(folding, log)
