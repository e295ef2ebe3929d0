"""The fixtures of intents."""

from tests.support.intents import intents, pool

__all__ = ["intents", "pool"]
