"""`steadymint ops`: links to the saved views of the Temporal UI."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from steadymint.domain.indexing import INDEX_CHAIN
from steadymint.domain.intents.kinds import KINDS
from steadymint.settings import Settings

_INTENTS: Final = ", ".join(f'"{kind.workflow}"' for kind in KINDS.values())


@dataclass(frozen=True, slots=True)
class View:
    """A list of flows under a name. `query` is in Temporal's list filter language."""

    name: str
    shows: str
    query: str

    def link(self, settings: Settings) -> str:
        """Opens the view in the Temporal UI."""
        temporal = settings.temporal
        return f"{temporal.ui_url}/namespaces/{temporal.namespace}/workflows?query={quote(self.query, safe='')}"


VIEWS: Final = (
    View(
        "needs attention",
        "flows that have failed, and open ones that do not get on",
        'ExecutionStatus in ("Failed", "TimedOut", "Terminated") or '
        '(ExecutionStatus = "Running" and Problem is not null)',
    ),
    View(
        "waiting for wallet",
        "intents whose transaction was not reported; one that was reported within the last half minute may be among "
        "them",
        f'Flow in ({_INTENTS}) and ExecutionStatus = "Running" and Step = "prepared"',
    ),
    View(
        "behind",
        "indexes that do not follow their head, and intents that wait for one",
        f'ExecutionStatus = "Running" and (Problem in ("index_behind", "index_stuck", "index_halted") or '
        f'(Flow = "{INDEX_CHAIN}" and Step != "reading"))',
    ),
    View(
        "not granted",
        "intents that ended in another way than ready",
        f'Flow in ({_INTENTS}) and Outcome is not null and Outcome != "ready"',
    ),
)
