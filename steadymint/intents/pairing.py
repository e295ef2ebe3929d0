"""Which intents a transaction fulfils, and with which of its orders, where an intent may be fulfilled in part.

The orders of one transaction are one sighting. They go

1. to the intents that are bound to the transaction, as far as the orders are theirs;
2. what is left, to the oldest intent that waits and has all of it;
3. else to the intents that wait, oldest first, whose orders are all among what is left: one transaction may carry out
   several of them.

An order that nobody asked for is left over.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

import asyncpg

from steadymint.domain.intents.fills import narrowed
from steadymint.domain.intents.kinds import KINDS
from steadymint.domain.intents.machine import SETTLED_FROM, IntentStatus, Step
from steadymint.domain.intents.rows import Sighting
from steadymint.domain.types import Bytes32, IntentId
from steadymint.intents import sql

Orders = frozenset[Bytes32]


@dataclass(frozen=True, slots=True)
class Candidate:
    """An intent that asks for at least one of the orders that were seen under its key."""

    intent_id: IntentId
    step: Step
    status: IntentStatus
    created_at: datetime
    tx_hash: str | None
    block_hash: str | None
    orders: Orders

    def is_bound_to(self, seen: Sighting) -> bool:
        """Whether the transaction is its own: by its report, or because it was settled by it. A transaction belongs to
        one intent of each kind, so another one that it has settled is known by the block."""
        return self.tx_hash == seen.tx_hash or (self.tx_hash is None and self.block_hash == seen.block_hash)

    @property
    def turn(self) -> tuple[Any, ...]:
        """The order in which intents that wait get their turn."""
        return (self.status is not IntentStatus.PENDING, self.tx_hash is not None, self.created_at, self.intent_id)


class Share(NamedTuple):
    """A sighting, as far as it is about one intent."""

    intent_id: IntentId
    seen: Sighting


async def shares_of(pool: asyncpg.Pool, seen: Sequence[Sighting], *, bound_only: bool) -> list[Share]:
    """What each intent gets of the sightings, all of which are of kinds that may be shown in part.

    `bound_only`: only what belongs to an intent already, as when a block has left the chain.
    """
    if not seen:
        return []
    candidates = await _candidates(pool, seen)
    taken: set[IntentId] = set()
    found: list[Share] = []
    for one in seen:
        part = KINDS[one.kind].in_part
        known = [other for other in candidates.get(_key(one), ()) if other.intent_id not in taken]
        bound = [other for other in known if other.is_bound_to(one)]
        waiting = [] if bound_only else [other for other in known if other not in bound and other.step in SETTLED_FROM]
        for intent_id, orders in divided(frozenset(one.facts[part]), bound, waiting):
            taken.add(intent_id)
            found.append(Share(intent_id, _narrowed(one, part, orders)))
    return found


def divided(
    orders: Orders, bound: Iterable[Candidate], waiting: Iterable[Candidate]
) -> Iterator[tuple[IntentId, Orders]]:
    """Who gets which of the orders of one transaction, by the rules above."""
    left = orders
    for one in bound:
        if mine := left & one.orders:
            yield one.intent_id, mine
            left -= mine
    in_turn = sorted(waiting, key=lambda one: one.turn)
    having_all = next((one for one in in_turn if left and left <= one.orders), None)
    if having_all is not None:
        yield having_all.intent_id, left
        return
    for one in in_turn:
        if one.orders and one.orders <= left:
            yield one.intent_id, one.orders
            left -= one.orders


async def _candidates(pool: asyncpg.Pool, seen: Sequence[Sighting]) -> dict[tuple[str, ...], list[Candidate]]:
    asked = [
        {
            "match_key": one.match_key,
            "kind": one.kind.value,
            "chain_id": one.chain_id,
            "part": KINDS[one.kind].in_part,
            "names": list(one.facts[KINDS[one.kind].in_part]),
        }
        for one in seen
    ]
    found: defaultdict[tuple[str, ...], list[Candidate]] = defaultdict(list)
    for row in await pool.fetch(sql.ASKING_FOR, asked):
        found[row["match_key"], row["kind"], row["chain_id"]].append(
            Candidate(
                intent_id=IntentId(row["intent_id"]),
                step=Step(row["step"]),
                status=IntentStatus(row["status"]),
                created_at=row["created_at"],
                tx_hash=row["tx_hash"],
                block_hash=row["block_hash"],
                orders=frozenset(row["names"]),
            )
        )
    return found


def _key(seen: Sighting) -> tuple[str, ...]:
    return seen.match_key, seen.kind.value, seen.chain_id


def _narrowed(seen: Sighting, part: str, orders: Orders) -> Sighting:
    facts = {**seen.facts, part: sorted(orders)}
    return replace(seen, facts=facts, effects=narrowed(seen.effects, orders))
