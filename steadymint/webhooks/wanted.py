"""What a subscription is to be told of, and how it is to be changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from steadymint.domain.webhooks import WebhookStatus


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a subscription is to be told of. Empty: all."""

    event_names: Sequence[str] = ()
    collections: Sequence[str] = ()
    """`{chain}/{contract}`, lower case."""
    accounts: Sequence[str] = ()
    """Lower case."""


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a subscription. None stays as it is, but for the description, which `description_given` is for."""

    url: str | None = None
    description: str | None = None
    description_given: bool = False
    event_names: Sequence[str] | None = None
    collections: Sequence[str] | None = None
    accounts: Sequence[str] | None = None
    status: WebhookStatus | None = None
