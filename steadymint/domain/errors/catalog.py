"""Errors about chains, collections, tokens and imports."""

from __future__ import annotations

from steadymint.domain.errors.base import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
    RateLimitedError,
    SteadymintError,
)


class UnknownChainError(SteadymintError):
    code = "unknown_chain"
    status = 422
    title = "This chain is not registered or not enabled"


class UnknownCollectionError(SteadymintError):
    code = "unknown_collection"
    status = 422
    title = "This contract is not a collection of this marketplace, or is not indexed yet"


class UnknownCurrencyError(SteadymintError):
    code = "unknown_currency"
    status = 422
    title = "This contract is not a currency of this marketplace"


class MissingMetadataError(SteadymintError):
    """The mint would make a token without a document at its token URI."""

    code = "missing_metadata"
    status = 422
    title = "There is no metadata for these tokens"


class ContractNotFoundError(NotFoundError):
    code = "contract_not_found"
    title = "There is no contract at this address on this chain"


class NotACollectionError(InvalidInputError):
    code = "not_a_collection"
    title = "This contract does not declare ERC-721 or ERC-1155 (by ERC-165)"


class ChainNotIndexedError(InvalidInputError):
    code = "chain_not_indexed"
    title = "This chain is not indexed"


class AlreadyInCatalogError(ConflictError):
    code = "already_in_catalog"
    title = "This collection is in the catalog already"


class TooManyImportsError(RateLimitedError):
    """The imports of this chain that users asked for are at their limit. Operators may ask for more."""

    code = "too_many_imports"
    title = "Too many collections of this chain are being imported; try again later"
    retryable = False


class ImportAbandonedError(ConflictError):
    """The import's row is gone because an operator deleted the collection."""

    code = "import_abandoned"
    title = "The import was abandoned"
