"""Turns the progress of a refresh into the body that HTTP shows."""

from __future__ import annotations

from api.catalog.bodies.refreshes import ProgressBody
from steadymint.metadata.requests import RefreshProgress


def refresh_body(progress: RefreshProgress) -> ProgressBody:
    body: ProgressBody = {
        "status": progress.status,
        "total": progress.total,
        "done": progress.done,
        "failed": progress.failed,
        "waiting": progress.waiting,
        "startedAt": progress.started_at,
        "updatedAt": progress.last_run_at,
    }
    if progress.next_try_at is not None:
        body["nextTryAt"] = progress.next_try_at
    if progress.error is not None:
        body["error"] = progress.error
    return body
