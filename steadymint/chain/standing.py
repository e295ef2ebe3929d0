"""What chains say about approvals that events have told of: which stand now, and how much of a currency is left."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Final

from steadymint.chain.calls.holdings import (
    account_in,
    allowance_lookup,
    approval_lookup,
    holding_lookup,
    token_approval_lookup,
    words_in,
)
from steadymint.chain.calls.lookups import Lookup, look_up, look_up_now
from steadymint.chain.calls.multicall import Answer
from steadymint.chain.nodes.client import BlockRef, ChainClients, EvmClient
from steadymint.chain.patience import answering
from steadymint.domain.approvals import ERC20, SILENT, AskedApproval, AskedApprovals, Said, SeenApprovals
from steadymint.domain.errors import SteadymintError
from steadymint.domain.types import ChainId, Standard

PATIENCE: Final = 1.5
"""Seconds for the answers of a chain's nodes, while somebody waits for the list."""
GAS_EACH: Final = 150_000
"""Gas of a question, several times what honest contracts take, proxies included. Whoever uses it up has said nothing. A
page asks at most two questions for each of its hundred approvals: 30 million."""


class StandingApprovals:
    """Asks the nodes of chains about approvals. Share one per process."""

    def __init__(self, clients: ChainClients) -> None:
        self._clients = clients

    async def seen(self, asked: AskedApprovals) -> SeenApprovals:
        """What stands, as of each chain's newest block, by one batch of calls to each chain, and one more if something
        does not stand."""
        chains: dict[ChainId, list[AskedApproval]] = {}
        for one in asked.approvals:
            chains.setdefault(one.chain_id, []).append(one)
        answers = await asyncio.gather(*(self._on_chain(chain_id, of_it) for chain_id, of_it in chains.items()))
        found: dict[AskedApproval, Said] = {one: allowed for of_chain in answers for one, allowed in of_chain.items()}
        return SeenApprovals(allowed=tuple(found[one] for one in asked.approvals))

    async def _on_chain(self, chain_id: ChainId, asked: Sequence[AskedApproval]) -> dict[AskedApproval, Said]:
        """A "no" may be that of a node that lags behind the approval, and many nodes may stand behind one endpoint. So
        it is asked again at a block that has the approval: by its hash, which no other node answers."""
        found: dict[AskedApproval, Said] = dict.fromkeys(asked)
        with suppress(SteadymintError):  # the nodes are away or behind, or the chain is no longer enabled
            async with answering(chain_id, PATIENCE):
                client = await self._clients.of(chain_id)
                answers, head = await look_up_now(client, _questions(asked), gas_each=GAS_EACH)
                said = _read(asked, answers)
                found.update({one: allowed for one, allowed in said.items() if allowed != 0})
                denied = [one for one, allowed in said.items() if allowed == 0 and one.block <= head.number]
                if denied:
                    found.update(await _at(client, denied, head.hash))
        return found


async def _at(client: EvmClient, asked: Sequence[AskedApproval], block: BlockRef) -> dict[AskedApproval, Said]:
    """As of one block. Raises UnknownBlockError when no node has it."""
    answers = await look_up(client, _questions(asked), block=block, gas_each=GAS_EACH)
    return _read(asked, answers)


def _read(asked: Sequence[AskedApproval], answers: Mapping[Lookup, Answer]) -> dict[AskedApproval, Said]:
    return {one: _allowed(one, [answers[lookup] for lookup in _lookups(one)]) for one in asked}


def _questions(asked: Sequence[AskedApproval]) -> list[Lookup]:
    return list(dict.fromkeys(lookup for one in asked for lookup in _lookups(one)))


def _lookups(one: AskedApproval) -> list[Lookup]:
    if one.standard == ERC20:
        return [allowance_lookup(one.contract, one.owner, one.operator)]
    if one.token_id is None:
        return [approval_lookup(one.contract, one.owner, one.operator)]
    held = holding_lookup(one.contract, Standard.ERC721, one.token_id, one.owner)
    return [token_approval_lookup(one.contract, one.token_id), held]


def _allowed(one: AskedApproval, answers: Sequence[Answer]) -> Said:
    """`SILENT` for a contract that reverts, answers nonsense or is gone: it must not hide an approval so."""
    first = words_in(answers[0], 1)
    if first is None:
        return SILENT
    if one.standard == ERC20:
        return first[0]
    if one.token_id is None:
        return first[0] if first[0] in (0, 1) else SILENT
    approved, owner = account_in(answers[0]), account_in(answers[1])
    return SILENT if approved is None or owner is None else int(approved == one.operator and owner == one.owner)
