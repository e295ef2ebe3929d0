"""What the fills of other markets add to a batch: Blur, LooksRare, X2Y2, Rarible, and Seaport before 1.6. Pure.

Only their fills count. Who cancels an order of theirs has cancelled none of ours, and the counters of an earlier
Seaport are not those of 1.6.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeVar

from steadymint.chain.nodes.chain import SEAPORT
from steadymint.domain.market import events
from steadymint.domain.market.others.roles import FILLS, MARKETPLACES, Decoder
from steadymint.domain.market.others.seaport import EARLIER_ROLES, ROLE_1_1
from steadymint.indexing.reading.logs import Log
from steadymint.indexing.store.chain_tables import place_of
from steadymint.indexing.subjects.folding import Folding, RoleHandler
from steadymint.indexing.subjects.orders.gathered import Logged, OtherFill, OtherFills

Event = TypeVar("Event")


def _filled(marketplace: str, decode: Decoder) -> RoleHandler:
    def handler(folding: Folding, log: Log) -> None:
        fill = decode(log.topics, log.data)
        if fill is not None:
            folding.taken()
            place = place_of(folding.block, int(log.log_index, 16))
            folding.batch.of(OtherFills).fills.append(
                OtherFill(place, log.transaction_hash, marketplace, folding.at, fill)
            )

    return handler


def _fulfilled(folding: Folding, log: Log) -> None:
    said = events.fulfilled(log.topics, log.data)
    folding.taken()
    folding.batch.of(OtherFills).earlier.append(_logged(folding, log, said))


def _matched(folding: Folding, log: Log) -> None:
    said = events.matched(log.topics, log.data)
    folding.taken()
    folding.batch.of(OtherFills).earlier.append(_logged(folding, log, said))


def _fulfilled_1_1(folding: Folding, log: Log) -> None:
    said = events.fulfilled(log.topics, log.data)
    folding.taken()
    folding.batch.of(OtherFills).first.append(_logged(folding, log, said))


def _logged(folding: Folding, log: Log, event: Event) -> Logged[Event]:
    place = place_of(folding.block, int(log.log_index, 16))
    return Logged(place, log.transaction_hash, log.address, folding.at, event)


ROLES: Final[Mapping[str, Mapping[str, RoleHandler]]] = {
    **{
        role: {topic: _filled(MARKETPLACES[role], decode) for topic, decode in decoders.items()}
        for role, decoders in FILLS.items()
    },
    **{role: {events.ORDER_FULFILLED: _fulfilled, events.ORDERS_MATCHED: _matched} for role in EARLIER_ROLES},
    ROLE_1_1: {events.ORDER_FULFILLED: _fulfilled_1_1},
}
"""Role -> topic 0 -> the handler."""
MARKET_ROLES: Final = frozenset({SEAPORT, *ROLES})
"""The roles of all contracts that fill orders."""
FILL_TOPICS: Final = frozenset({events.ORDER_FULFILLED, *(topic for decoders in FILLS.values() for topic in decoders)})
"""Topic 0 of all that they say of fills."""
