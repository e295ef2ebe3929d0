"""The typed client of Steadymint's HTTP API, async and sync."""

from steadymint_client import codes, models
from steadymint_client._async.client import AsyncSteadymint
from steadymint_client._async.flows import AsyncFlow
from steadymint_client._sync.client import Steadymint
from steadymint_client._sync.flows import Flow
from steadymint_client.codes import IntentErrorCode, IntentKind, ProblemCode, Step
from steadymint_client.events import ServerEvent, StatusEvent
from steadymint_client.outcomes import Asking, NotReadyError, Outcome, Prepared, Sent
from steadymint_client.problems import (
    ProblemError,
    SessionChangedError,
    SteadymintError,
    UnexpectedAnswerError,
    UnreachableError,
)
from steadymint_client.sessions import MemorySession, SessionStore
from steadymint_client.wallets import AsyncWallet, Signer, Wallet, WalletRefusedError, sign_in_message

__all__ = [
    "Asking",
    "AsyncFlow",
    "AsyncSteadymint",
    "AsyncWallet",
    "Flow",
    "IntentErrorCode",
    "IntentKind",
    "MemorySession",
    "NotReadyError",
    "Outcome",
    "Prepared",
    "ProblemCode",
    "ProblemError",
    "Sent",
    "ServerEvent",
    "SessionChangedError",
    "SessionStore",
    "Signer",
    "StatusEvent",
    "Steadymint",
    "SteadymintError",
    "Step",
    "UnexpectedAnswerError",
    "UnreachableError",
    "Wallet",
    "WalletRefusedError",
    "codes",
    "models",
    "sign_in_message",
]
