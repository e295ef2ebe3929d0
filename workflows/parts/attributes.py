"""The search attributes that a flow changes while it runs."""

from __future__ import annotations

from temporalio import workflow
from temporalio.common import SearchAttributeKey


def show(*values: tuple[SearchAttributeKey[str], str | None]) -> None:
    """Shows these values, in one upsert; None takes an attribute away.

    An upsert costs an event and a billed action. What is shown already costs nothing.
    """
    shown = workflow.info().typed_search_attributes
    changes = [
        key.value_unset() if value is None else key.value_set(value) for key, value in values if shown.get(key) != value
    ]
    if changes:
        workflow.upsert_search_attributes(changes)
