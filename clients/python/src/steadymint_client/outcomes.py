"""What the flows of both clients tell."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from steadymint_client.models import FillAnswer, IntentView, OneOfMany, PreparedAnswer
from steadymint_client.problems import SteadymintError


class NotReadyError(SteadymintError):
    """A flow has had another end than an intent that is ready."""

    def __init__(self, outcome: Outcome) -> None:
        error = outcome.intent.error if outcome.intent else None
        detail = error.detail if error else outcome.detail
        super().__init__(f"{outcome.status}: {detail}" if detail else outcome.status)
        self.outcome = outcome


@dataclass(frozen=True, slots=True)
class Prepared:
    """The API has prepared the transactions. The wallet is not asked before the next event is asked for."""

    data: dict[str, Any]
    """The JSON of the `prepare` route."""
    key: str
    """The same call with the same key goes on where this one was."""

    @property
    def answer(self) -> PreparedAnswer | FillAnswer:
        """The answer as a model. A purchase or a sale has its steps, its total and what is missing."""
        return (FillAnswer if "steps" in self.data else PreparedAnswer).model_validate(self.data)


@dataclass(frozen=True, slots=True)
class Asking:
    """The wallet is about to be asked for a transaction, or (`kind` is `order`) to sign orders."""

    kind: str
    intent_id: str | None = None
    position: int = 1
    of: int = 1


@dataclass(frozen=True, slots=True)
class Sent:
    """The wallet has sent a transaction."""

    kind: str
    intent_id: str
    tx_hash: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a flow has ended."""

    status: Literal["ready", "failed", "expired", "satisfied", "refused", "placed"]
    """`satisfied`: what was asked for was so already. `refused`: by the wallet's user. `placed`: orders are
    handed in."""
    intent: IntentView | None = None
    detail: str | None = None
    orders: list[OneOfMany] = field(default_factory=list[OneOfMany])

    def ready(self) -> IntentView:
        """The intent that has become ready. Raises NotReadyError where the flow has another end."""
        if self.intent is None or self.status != "ready":
            raise NotReadyError(self)
        return self.intent

    @property
    def done(self) -> bool:
        """Whether what was asked for is so now."""
        return self.status in {"ready", "satisfied", "placed"}
