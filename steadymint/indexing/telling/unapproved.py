"""Movements of imported collections that the account which they leave has perhaps not allowed. Pure.

A contract may mint a token to anybody and move it on. That fits what was so before, so only the sender of the
transaction tells it from a movement of the account's own. The sender is asked for where no approval explains another:

- An account that is known to act in a contract is believed from then on: it has approved somebody there (any operator,
  any token, also if that was revoked since), has sent a transaction that moved a token of its own there, or has sent
  the one that brought it the token (it minted or bought it).
- An account that has code is believed: others send the transactions of contracts and contract wallets.
- Any other movement is `not_approved`.

So what is asked is one transaction for each account of a contract in which it has approved nobody, and more only of
those that it has not sent itself. The answers do not depend on when they come: an account's movements in a contract are
judged in the chain's order, each by what is known of those before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from steadymint.indexing.subjects.movements.suspicion import NOT_APPROVED


class Position(NamedTuple):
    """Where a movement stands among those of its collection."""

    at: int
    """Time of its block, in the catalog's seconds."""
    place: int
    batch: int


class Departure(NamedTuple):
    """A movement out of an account: a transfer or a burn."""

    position: Position
    account: int
    address: str
    token: str
    """The token id, decimal."""
    tx: str
    explained: bool
    """Whether nothing has to be asked: the account is known to act in the contract, or the movement contradicts what
    was so before it and is suspicious anyway."""


class Verdict(NamedTuple):
    """What is to be written of a movement of which it was asked who sent it."""

    departure: Departure
    reason: int | None
    """None: it is the account's own doing."""
    sender: str


@dataclass(slots=True)
class Facts:
    """What nodes have said. None stands for what they do not know: what depends on it is not judged."""

    senders: dict[str, str | None] = field(default_factory=dict[str, "str | None"])
    """Transaction -> who sent it."""
    code: dict[str, bool | None] = field(default_factory=dict[str, "bool | None"])
    """Account -> whether it has code."""


@dataclass(slots=True)
class Wanted:
    """What nodes are to be asked, in this order."""

    transactions: dict[str, None] = field(default_factory=dict[str, None])
    accounts: dict[str, None] = field(default_factory=dict[str, None])


class Judged(NamedTuple):
    """The verdicts on the first of some departures."""

    verdicts: list[Verdict]
    upto: Position | None
    """The last departure that needs nothing more; None if there is none."""
    is_done: bool
    """Whether that is the last of all."""


def doubted(departures: Iterable[Departure], facts: Facts) -> list[Departure]:
    """Those that somebody else has sent. `judged` needs to know which transactions brought them their tokens."""
    return [
        one
        for one in departures
        if not one.explained and facts.senders.get(one.tx) is not None and facts.senders[one.tx] != one.address
    ]


def judged(
    departures: Sequence[Departure], brought: Mapping[Position, str | None], facts: Facts, wanted: Wanted
) -> Judged:
    """Judge departures of one collection, in their order, as far as the facts go, and add to what is wanted.

    `brought` maps departures to the transaction that brought the account the token: None if it is not found.
    """
    verdicts, upto, is_open = list[Verdict](), None, False
    acting, doubtful, waiting = set[int](), set[int](), set[int]()
    for one in departures:
        if not (one.explained or one.account in acting or one.account in waiting):
            verdict, is_known = _verdict(one, brought, facts, wanted)
            sender = facts.senders.get(one.tx)
            if sender is not None and sender != one.address:
                doubtful.add(one.account)
            if not is_known:
                is_open = True
                if one.account not in doubtful:  # its first answer may explain all of the others
                    waiting.add(one.account)
            elif verdict is not None:
                if verdict.reason is None:
                    acting.add(one.account)
                if not is_open:
                    verdicts.append(verdict)
        if not is_open:
            upto = one.position
    return Judged(verdicts, upto, not is_open)


def _verdict(
    one: Departure, brought: Mapping[Position, str | None], facts: Facts, wanted: Wanted
) -> tuple[Verdict | None, bool]:
    """The verdict, or None if there will be none, and whether that is known yet."""
    if one.tx not in facts.senders:
        wanted.transactions[one.tx] = None
        return None, False
    sender = facts.senders[one.tx]
    if sender is None:
        return None, True
    if sender == one.address:
        return Verdict(one, None, sender), True
    if one.position not in brought:
        return None, False
    source = brought[one.position]
    missing = source is not None and source not in facts.senders
    if source is not None and missing:
        wanted.transactions[source] = None
    if one.address not in facts.code:
        wanted.accounts[one.address] = None
        missing = True
    if missing:
        return None, False
    has_code, source_sender = facts.code[one.address], None if source is None else facts.senders[source]
    if has_code or source_sender == one.address:
        return Verdict(one, None, sender), True
    if has_code is None or (source is not None and source_sender is None):
        return None, True
    return Verdict(one, NOT_APPROVED, sender), True
