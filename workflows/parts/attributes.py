"""The search attributes that a flow changes while it runs."""

from __future__ import annotations

from temporalio import workflow
from temporalio.common import SearchAttributeKey


def show(*values: tuple[SearchAttributeKey[str], str | None]) -> None:
    """Sets these attributes in one upsert; None removes one.

    An upsert costs an event and a billed action. Values that are set already cost nothing.
    """
    shown = workflow.info().typed_search_attributes
    changes = [
        key.value_unset() if value is None else key.value_set(value) for key, value in values if shown.get(key) != value
    ]
    if changes:
        workflow.upsert_search_attributes(changes)
