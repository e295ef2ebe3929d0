"""The inputs and results of the flow that checks a chain's orders. All of them are in workflow history."""

from __future__ import annotations

from typing import Final

from steadymint.domain.record import Record
from steadymint.domain.types import ChainId

CHECK_ORDERS: Final = "CheckOrders"
CHECKING: Final = "checking"
"""The search attribute `Step`."""


class CheckingOrder(Record):
    """The order to keep one chain's market orders true, without end."""

    chain_id: ChainId


class StretchOrder(Record):
    """The order to do so for one stretch of time."""

    chain_id: ChainId
    seconds: float = 600.0
    """The length of the stretch. A stretch ends so that the flow's history stays short."""


class CheckingSummary(Record):
    """What was done in a stretch so far."""

    causes: int = 0
    """Changes on the chain that orders depended on."""
    checked: int = 0
    """Orders that were checked."""
    changed: int = 0
    """Orders whose standing is another than before."""


def workflow_id_of(chain_id: ChainId) -> str:
    return f"check-orders:{chain_id}"
