"""From an export to the body that its user sees."""

from __future__ import annotations

from api.accounts.bodies.leaving import DOWNLOAD, ExportBody
from steadymint.account_data.exports import Export


def export_body(export: Export) -> ExportBody:
    shown: ExportBody = {"exportId": export.export_id, "status": export.status, "askedAt": export.asked_at}
    if export.ready_at is not None and export.expires_at is not None and export.bytes is not None:
        shown["readyAt"], shown["expiresAt"], shown["bytes"] = export.ready_at, export.expires_at, export.bytes
    if export.status == "ready":
        shown["downloadUrl"] = DOWNLOAD
    return shown
