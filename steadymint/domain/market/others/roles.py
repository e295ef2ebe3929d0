"""Which registered contract emits which fill. Any address can emit these topics: only the role of an address makes a
log a fill of a market."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from steadymint.domain.market.others import blur, looksrare, rarible, x2y2
from steadymint.domain.market.others.fill import Fill

Decoder = Callable[[Sequence[str], str], Fill | None]
"""Reads a log's topics and data. None if it is no sale, or too little is said about it. Raises EventError."""

FILLS: Final[Mapping[str, Mapping[str, Decoder]]] = {
    "blur_exchange": {blur.ORDERS_MATCHED: blur.orders_matched},
    "blur_exchange_v2": {
        blur.EXECUTION: blur.execution,
        blur.EXECUTION_PACKED: blur.execution_packed,
        blur.EXECUTION_MAKER_FEE_PACKED: blur.execution_maker_fee_packed,
        blur.EXECUTION_TAKER_FEE_PACKED: blur.execution_taker_fee_packed,
    },
    "looksrare_v2": {looksrare.TAKER_BID: looksrare.taker_bid, looksrare.TAKER_ASK: looksrare.taker_ask},
    "x2y2": {x2y2.EV_INVENTORY: x2y2.ev_inventory},
    "rarible_exchange_v2": {rarible.MATCH: rarible.matched},
}
"""Role of a registered contract -> topic 0 -> what reads the log. Seaport has its own reader, in `seaport`."""

MARKETPLACES: Final[Mapping[str, str]] = {
    "blur_exchange": "blur",
    "blur_exchange_v2": "blur",
    "looksrare_v2": "looksrare",
    "x2y2": "x2y2",
    "rarible_exchange_v2": "rarible",
}
"""Role -> the slug of the marketplace in the catalog."""

ONE_SIDED: Final = frozenset({"blur_exchange_v2", "rarible_exchange_v2"})
"""Roles whose logs leave out who sold, or who bought."""
