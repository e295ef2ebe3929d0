"""What chains say about approvals that events have told of: which stand now, and how much of a currency is left."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

from steadymint.chain.calls.holdings import (
    account_in,
    allowance_lookup,
    approval_lookup,
    holding_lookup,
    token_approval_lookup,
    words_in,
)
from steadymint.chain.calls.lookups import Lookup, look_up
from steadymint.chain.calls.multicall import Answer
from steadymint.chain.nodes.client import ChainClients
from steadymint.chain.patience import answering
from steadymint.domain.approvals import ERC20, AskedApproval, AskedApprovals, SeenApprovals
from steadymint.domain.errors import SteadymintError
from steadymint.domain.types import ChainId, Standard

PATIENCE: Final = 1.5
"""Seconds for the answers of a chain's nodes, while somebody waits for the list."""


class StandingApprovals:
    """Asks the nodes of chains about approvals. Share one per process."""

    def __init__(self, clients: ChainClients) -> None:
        self._clients = clients

    async def seen(self, asked: AskedApprovals) -> SeenApprovals:
        """What stands, as of each chain's newest block, by one batch of calls to each chain. A chain that does not
        answer, and a contract that answers nothing, leave None."""
        chains: dict[ChainId, list[AskedApproval]] = {}
        for one in asked.approvals:
            chains.setdefault(one.chain_id, []).append(one)
        answers = await asyncio.gather(*(self._on_chain(chain_id, of_it) for chain_id, of_it in chains.items()))
        found = {one: allowed for of_chain in answers for one, allowed in of_chain.items()}
        return SeenApprovals(allowed=tuple(found[one] for one in asked.approvals))

    async def _on_chain(self, chain_id: ChainId, asked: Sequence[AskedApproval]) -> dict[AskedApproval, int | None]:
        lookups = list(dict.fromkeys(lookup for one in asked for lookup in _lookups(one)))
        try:
            async with answering(chain_id, PATIENCE):
                answers = await look_up(await self._clients.of(chain_id), lookups)
        except SteadymintError:  # the nodes are away, or the chain is no longer enabled
            return dict.fromkeys(asked)
        return {one: _allowed(one, [answers[lookup] for lookup in _lookups(one)]) for one in asked}


def _lookups(one: AskedApproval) -> list[Lookup]:
    if one.standard == ERC20:
        return [allowance_lookup(one.contract, one.owner, one.operator)]
    if one.token_id is None:
        return [approval_lookup(one.contract, one.owner, one.operator)]
    held = holding_lookup(one.contract, Standard.ERC721, one.token_id, one.owner)
    return [token_approval_lookup(one.contract, one.token_id), held]


def _allowed(one: AskedApproval, answers: Sequence[Answer]) -> int | None:
    """None for a contract that reverts, answers nonsense or is gone: it must not hide an approval so."""
    first = words_in(answers[0], 1)
    if first is None:
        return None
    if one.standard == ERC20:
        return first[0]
    if one.token_id is None:
        return first[0] if first[0] in (0, 1) else None
    approved, owner = account_in(answers[0]), account_in(answers[1])
    return None if approved is None or owner is None else int(approved == one.operator and owner == one.owner)
