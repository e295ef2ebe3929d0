"""The current details of a flow: the text at the top of its page in the Temporal UI."""

from __future__ import annotations

from datetime import datetime

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from steadymint.domain.intents.kinds import AnyOrder
    from steadymint.domain.intents.view import IntentView
    from steadymint.domain.texts import as_code
    from steadymint.domain.types import TxHash, show_address


class Details:
    """The current details. Writing them costs no history event."""

    def __init__(self, order: AnyOrder) -> None:
        self._order = order
        self._headline = ""

    def show(self, headline: str | None, tx_hash: TxHash | None, deadline: datetime, end: IntentView | None) -> None:
        """Writes the details. Without a headline the last one is kept."""
        self._headline = headline or self._headline
        lines = [self._headline, "", f"- intent `{self._order.intent_id}` on `{self._order.chain_id}`"]
        lines.append(f"- account `{show_address(self._order.caller.account)}`")
        if tx_hash is not None:
            lines.append(f"- transaction `{tx_hash}`")
        if end is None:
            lines.append(f"- deadline {deadline:%Y-%m-%d %H:%M:%S} UTC")
        elif end.error is not None:
            lines.append(f"- error `{end.error.code}`: {as_code(end.error.detail)}")
        workflow.set_current_details("\n".join(lines))
