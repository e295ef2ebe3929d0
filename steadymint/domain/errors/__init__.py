"""The errors of the product. `api.http.problems` turns them into HTTP, `steadymint.durable.failures` into Temporal
failures.

An error says what happened and what to do next. It never holds a secret, a URL of a node, or a line of SQL.

The classes of this package are the problems that a client may get. They are imported from here. `PROBLEM_CODES` are
their codes, and OpenAPI lists exactly those. Clients never get the errors of other modules.
"""
# Imports are for others, who import from here.
# ruff: noqa: F401
# pyright: reportUnusedImport=false

from __future__ import annotations

from typing import Final

from steadymint.domain.errors.base import (
    ConflictError,
    IdempotencyMismatchError,
    InvalidCursorError,
    InvalidInputError,
    NotFoundError,
    RateLimitedError,
    SteadymintError,
    UnauthorizedError,
    UpstreamUnavailableError,
)
from steadymint.domain.errors.catalog import (
    AlreadyInCatalogError,
    ChainNotIndexedError,
    ContractNotFoundError,
    ImportAbandonedError,
    MissingMetadataError,
    NotACollectionError,
    TooManyImportsError,
    UnknownChainError,
    UnknownCollectionError,
    UnknownCurrencyError,
)
from steadymint.domain.errors.http import (
    BadRequestError,
    HeadersTooLargeError,
    MethodNotAllowedError,
    OriginNotAllowedError,
    QueryTooCostlyError,
    RangeNotSatisfiableError,
    RequestTimeoutError,
    TooLargeError,
    UnsupportedMediaTypeError,
)
from steadymint.domain.errors.intents import (
    CallRevertedError,
    HashAlreadyTrackedError,
    InsufficientFundsError,
    IntentErrorCode,
    IntentFinalError,
    NotEligibleError,
    NotOwnerError,
    OperatorUnknownError,
    SupersededError,
    TransactionMismatchError,
)
from steadymint.domain.errors.market import OrderRefusedError, OrdersUnavailableError, PriceMovedError
from steadymint.domain.errors.media import (
    MediaRefusedError,
    MediaTooLargeError,
    NotPinnedError,
    UnknownMediaError,
    UnreadableMediaError,
    UnsupportedMediaError,
    UploadInterruptedError,
)
from steadymint.domain.errors.sign_in import (
    AccountClosedError,
    AccountDeletingError,
    AttemptAbandonedError,
    DomainNotAllowedError,
    ExpiredNonceError,
    InvalidMessageError,
    InvalidNonceError,
    InvalidSignatureError,
    LastWalletError,
    MessageTooLargeError,
    RecentSignInNeededError,
    SignInError,
    UsernameChangedRecentlyError,
    UsernameNeededError,
    UsernameTakenError,
    WalletIsPrimaryError,
    WalletLinkedElsewhereError,
)

PROBLEM_CODES: Final = frozenset(
    found.code for found in list(vars().values()) if isinstance(found, type) and issubclass(found, SteadymintError)
)
"""The values of `code` in problem documents."""
