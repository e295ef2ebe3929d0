"""Folds the events of fungible tokens: launches by our factories, and what moves the tokens launched there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from steadymint.domain.types import ZERO_ADDRESS
from steadymint.indexing.reading.logs import Log
from steadymint.indexing.reading.words import address_of, expect, word
from steadymint.indexing.store.chain_tables import place_of
from steadymint.indexing.subjects.approvals.gathered import ERC20, note
from steadymint.indexing.subjects.folding import Folding
from steadymint.indexing.subjects.fungibles.decode import Launch, launch_of, moved_of
from steadymint.indexing.subjects.sightings.fold import sight


class LaunchRow(NamedTuple):
    """A token that a factory of ours launched."""

    launch: Launch
    place: int
    tx_hash: str
    at: int


class TransactionRow(NamedTuple):
    """What happened to a token. A mint comes from nobody, a burn goes to nobody, and a launch moves nothing yet."""

    contract: str
    type: str
    place: int
    tx_hash: str
    sender: str | None
    recipient: str | None
    amount: int
    at: int


@dataclass(slots=True)
class TokenLogs:
    """What a batch says of fungible tokens."""

    launches: list[LaunchRow] = field(default_factory=list[LaunchRow])
    transactions: list[TransactionRow] = field(default_factory=list[TransactionRow])

    def changes(self) -> Changes:
        """What the transactions come to."""
        return Changes.of((row.contract, row.sender, row.recipient, row.amount) for row in self.transactions)


@dataclass(slots=True)
class Changes:
    """By how much movements change balances, supplies and counts."""

    balances: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict[tuple[str, str], int](int))
    """Contract and holder -> amount."""
    supplies: dict[str, int] = field(default_factory=lambda: defaultdict[str, int](int))
    """Contract -> amount."""
    transactions: dict[str, int] = field(default_factory=lambda: defaultdict[str, int](int))
    """Contract -> number of transactions."""

    @classmethod
    def of(cls, movements: Iterable[tuple[str, str | None, str | None, int]], sign: int = 1) -> Changes:
        """Each movement is a contract, a sender, a recipient and an amount. A `sign` of -1 takes them back."""
        changes = cls()
        for contract, sender, recipient, amount in movements:
            changes.transactions[contract] += sign
            if sender is not None:
                changes.balances[contract, sender] -= sign * amount
            elif recipient is not None:
                changes.supplies[contract] += sign * amount
            if recipient is not None:
                changes.balances[contract, recipient] += sign * amount
            elif sender is not None:
                changes.supplies[contract] -= sign * amount
        return changes


def launched(folding: Folding, log: Log) -> None:
    """A registered token factory launched a token. Its logs count from the next one on."""
    launch, batch = launch_of(log), folding.batch
    if launch.token in folding.launched or launch.token in batch.launched:
        # CREATE2 gives an address twice only if the first contract was destroyed, and ours cannot be.
        batch.counts["launched_again"] += 1
        return
    sight(folding, log)
    batch.launched.add(launch.token)
    place = place_of(folding.block, int(log.log_index, 16))
    logs = batch.of(TokenLogs)
    logs.launches.append(LaunchRow(launch, place, log.transaction_hash, folding.at))
    logs.transactions.append(
        TransactionRow(launch.token, "create", place, log.transaction_hash, None, None, launch.supply, folding.at)
    )
    folding.taken()


def moved(folding: Folding, log: Log) -> None:
    """A launched token was minted, transferred or burned."""
    seen, batch = moved_of(log), folding.batch
    sender = None if seen.sender == ZERO_ADDRESS else seen.sender
    recipient = None if seen.recipient == ZERO_ADDRESS else seen.recipient
    if seen.amount == 0 or (sender is None and recipient is None):
        # Anybody can "transfer" nothing from anybody else: such a line would only put a stranger's address into the
        # history of an account.
        batch.counts["moved_nothing"] += 1
        return
    kind = "mint" if sender is None else "burn" if recipient is None else "transfer"
    place = place_of(folding.block, int(log.log_index, 16))
    batch.of(TokenLogs).transactions.append(
        TransactionRow(log.address, kind, place, log.transaction_hash, sender, recipient, seen.amount, folding.at)
    )
    folding.taken()


def approved(folding: Folding, log: Log) -> None:
    """Somebody may move more or less of an account's launched token. If it is a currency of the market as well, the
    approval is noted twice, and written once."""
    expect(log, 3, 1)
    note(folding, log, address_of(log.topics[1]), address_of(log.topics[2]), ERC20, word(log.data, 0), is_amount=True)
