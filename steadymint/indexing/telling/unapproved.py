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
judged in the chain's order, each by what is known of those before it. What nodes do not know is the exception: the
movement is passed by, and not judged if they know it later (`node_facts`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from steadymint.indexing.reading.lookups import Question
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


Wanted = dict[Question, int]
"""What is to be asked, in this order, each with the time (the catalog's seconds) of the youngest movement for which."""


@dataclass(slots=True)
class Facts:
    """What nodes have said. None stands for what they do not know: what depends on it is not judged."""

    senders: dict[str, str | None] = field(default_factory=dict[str, "str | None"])
    """Transaction -> who sent it."""
    code: dict[str, bool | None] = field(default_factory=dict[str, "bool | None"])
    """Account -> whether it has code."""


class Judged(NamedTuple):
    """The verdicts on the first of some departures."""

    verdicts: list[Verdict]
    upto: Position | None
    """The last departure that needs nothing more; None if there is none."""
    is_done: bool
    """Whether that is the last of all."""


def sent_by_others(departures: Iterable[Departure], facts: Facts) -> list[Departure]:
    """Those that somebody else has sent. `judged` needs to know in which transactions their tokens were received."""
    return [
        one
        for one in departures
        if not one.explained and facts.senders.get(one.tx) is not None and facts.senders[one.tx] != one.address
    ]


def judged(
    departures: Sequence[Departure], received: Mapping[Position, str | None], facts: Facts, wanted: Wanted
) -> Judged:
    """Judge departures of one collection, in their order, as far as the facts go, and add to what is wanted.

    `received` maps departures to the transaction in which the account received the token: None if it is not found.
    """
    verdicts, upto, is_open = list[Verdict](), None, False
    acting, doubtful, waiting = set[int](), set[int](), set[int]()
    for one in departures:
        if not (one.explained or one.account in acting or one.account in waiting):
            verdict, is_known = _verdict(one, received, facts, wanted)
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
    one: Departure, received: Mapping[Position, str | None], facts: Facts, wanted: Wanted
) -> tuple[Verdict | None, bool]:
    """The verdict, or None if there will be none, and whether that is known yet."""
    if one.tx not in facts.senders:
        _want(wanted, Question("transaction", one.tx), one)
        return None, False
    sender = facts.senders[one.tx]
    if sender is None:
        return None, True
    if sender == one.address:
        return Verdict(one, None, sender), True
    if one.position not in received:
        return None, False
    source = received[one.position]
    missing = source is not None and source not in facts.senders
    if source is not None and missing:
        _want(wanted, Question("transaction", source), one)
    if one.address not in facts.code:
        _want(wanted, Question("account", one.address), one)
        missing = True
    if missing:
        return None, False
    has_code, source_sender = facts.code[one.address], None if source is None else facts.senders[source]
    if has_code or source_sender == one.address:
        return Verdict(one, None, sender), True
    if has_code is None or (source is not None and source_sender is None):
        return None, True
    return Verdict(one, NOT_APPROVED, sender), True


def _want(wanted: Wanted, question: Question, one: Departure) -> None:
    wanted[question] = max(wanted.get(question, one.position.at), one.position.at)
