"""All families of contracts in one table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from steadymint.chain.calls import collections, factory
from steadymint.chain.calls.abi import Builder, Call, Proof
from steadymint.domain.intents.kinds import IntentKind

CALLS: Final[tuple[type[Call], ...]] = (*factory.CALLS, *collections.CALLS)
"""Every call that we prepare."""
BUILDERS: Final[Mapping[IntentKind, Builder]] = {**factory.BUILDERS, **collections.BUILDERS}
"""The function that makes the call, for each kind of intent."""
PROOFS: Final[tuple[Proof, ...]] = (*factory.PROOFS, *collections.PROOFS)
"""Every event that shows that an intent may be fulfilled."""
