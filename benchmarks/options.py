"""How much of everything."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked for on the command line."""

    quick: bool = False
    """A look in some minutes instead of figures to publish."""
    events: int | None = None
    """Events of the benchmark `webhooks`, in place of its own number."""

    def of(self, full: int, quick: int) -> int:
        """How many, or how often."""
        return quick if self.quick else full
