"""What a chain says about approvals: whom the market lets move tokens, and how much somebody lets them move now."""

from __future__ import annotations

from typing import Final

from steadymint.chain.calls.abi import selector
from steadymint.chain.calls.holdings import (
    account_in,
    allowance_lookup,
    approval_lookup,
    is_yes,
    number_in,
    token_approval_lookup,
)
from steadymint.chain.calls.lookups import Lookup, look_up
from steadymint.chain.calls.multicall import Answer
from steadymint.chain.currencies import tokens_of
from steadymint.chain.nodes.chain import CONDUIT, SEAPORT
from steadymint.chain.nodes.client import ChainClients
from steadymint.chain.patience import answering
from steadymint.domain.errors import ContractNotFoundError, NotACollectionError
from steadymint.domain.intents.approve import ApproveTerms
from steadymint.domain.market.approvals import ApprovalContracts
from steadymint.domain.market.facts import ALL
from steadymint.domain.market.findings import ApprovalKind
from steadymint.domain.types import Address, ChainId

PATIENCE: Final = 3.0
"""Seconds for the answers of the nodes, while a user waits: they leave time for the simulation in the same attempt."""

_SUPPORTS: Final = selector("supportsInterface", ("bytes4",))
_INTERFACES: Final = (bytes.fromhex("80ac58cd"), bytes.fromhex("d9b67a26"))
"""The interface ids of ERC-721 and ERC-1155, in the answers of ERC-165."""


class ApprovalInspector:
    """Asks the registry and the nodes of a chain about approvals. Share one per process."""

    def __init__(self, clients: ChainClients) -> None:
        self._clients = clients

    async def contracts(self, chain_id: ChainId) -> ApprovalContracts:
        """Who may be approved, and for which currencies. Raises UnknownChainError."""
        chain = await self._clients.registry.get(chain_id)
        return ApprovalContracts(
            spenders=tuple(contract.address for name in (CONDUIT, SEAPORT) for contract in chain.named(name)),
            currencies=frozenset(tokens_of(chain)),
        )

    async def allowed(self, chain_id: ChainId, owner: Address, terms: ApproveTerms) -> int:
        """How much the spender of the terms may move now: an amount of a currency, `ALL` or 0 of tokens or of one.

        Raises UnknownChainError, ContractNotFoundError, NotACollectionError (neither ERC-721 nor ERC-1155 by ERC-165;
        for one token, no ERC-721), UpstreamUnavailableError.
        """
        questions = _Questions(owner, terms)
        client = await self._clients.of(chain_id)
        async with answering(chain_id, PATIENCE):
            answers = await look_up(client, questions.lookups)
        return questions.read(answers)


class _Questions:
    """All that is asked about one approval, in one round trip."""

    def __init__(self, owner: Address, terms: ApproveTerms) -> None:
        if terms.spender is None:
            raise ValueError("an approval needs a spender")
        self._is_currency = terms.approval is ApprovalKind.ERC20_APPROVE
        self._operator = terms.spender if terms.approval is ApprovalKind.ERC721_APPROVE else None
        self._code = Lookup(terms.contract, b"")
        if self._operator is not None:
            self._allowed = token_approval_lookup(terms.contract, terms.one_token)
        elif self._is_currency:
            self._allowed = allowance_lookup(terms.contract, owner, terms.spender)
        else:
            self._allowed = approval_lookup(terms.contract, owner, terms.spender)
        interfaces = _INTERFACES[:1] if self._operator is not None else () if self._is_currency else _INTERFACES
        self._interfaces = [Lookup(terms.contract, _SUPPORTS + interface.ljust(32, b"\0")) for interface in interfaces]

    @property
    def lookups(self) -> list[Lookup]:
        return [self._code, self._allowed, *self._interfaces]

    def read(self, answers: dict[Lookup, Answer]) -> int:
        if not number_in(answers[self._code]):
            raise ContractNotFoundError
        if self._is_currency:
            return number_in(answers[self._allowed])
        if not any(is_yes(answers[interface]) for interface in self._interfaces):
            raise NotACollectionError
        if self._operator is not None:
            return ALL if account_in(answers[self._allowed]) == self._operator else 0
        return ALL if is_yes(answers[self._allowed]) else 0
