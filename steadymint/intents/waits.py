"""The text that says what an intent waits for, and what an operator can do. Flows, heartbeats and `intent show` use
it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol

from steadymint.domain.errors import SteadymintError
from steadymint.domain.index_standing import IndexStanding, Pace
from steadymint.domain.intents.kinds import KINDS, SettledBy
from steadymint.domain.intents.machine import Step
from steadymint.domain.intents.rows import IntentRow
from steadymint.domain.transactions import SeenTransaction
from steadymint.domain.types import ChainId, TxHash
from steadymint.domain.waiting import Problem, Waiting


class Nodes(Protocol):
    """The nodes of the chains. Each method raises UnknownChainError or UpstreamUnavailableError."""

    async def head(self, chain_id: ChainId) -> int: ...

    async def inspect(self, chain_id: ChainId, tx_hash: TxHash) -> SeenTransaction | None: ...

    async def pace(self, chain_id: ChainId) -> Pace: ...

    async def nodes(self, chain_id: ChainId) -> str:
        """The endpoints with their addresses, without keys."""
        ...


class Index(Protocol):
    async def standing(self, chain_id: ChainId) -> IndexStanding: ...


class Waits:
    """Finds out what an intent waits for, from its row, its chain and the index. It changes nothing."""

    def __init__(self, nodes: Nodes, index: Index) -> None:
        self._nodes = nodes
        self._index = index

    async def of(self, row: IntentRow, tx_hash: TxHash | None, failure: SteadymintError | None = None) -> Waiting:
        """What the intent waits for now, while `tx_hash` is followed. `failure` is the latest failure of a node; then
        nodes are not asked again."""
        try:
            if failure is not None:
                raise failure
            problem, text = await self._found(row, tx_hash)
        except SteadymintError as error:
            problem, text = Problem.NODE_UNAVAILABLE, await self._no_node(row, error)
        return Waiting(step=row.step.value, text=f"{text}.", problem=problem, tx_hash=tx_hash)

    async def _found(self, row: IntentRow, tx_hash: TxHash | None) -> tuple[Problem | None, str]:
        if tx_hash is None:
            return None, (
                "Waits for the wallet: no transaction was reported, and none was seen. If the user has sent one, "
                f"`steadymint intent rebind {row.intent_id} 0x...` follows it"
            )
        if row.step is Step.CONFIRMING and row.block_number is not None:
            return await self._in_a_block(row, row.block_number)
        seen = await self._nodes.inspect(row.chain_id, tx_hash)
        if seen is None:
            return Problem.HASH_UNKNOWN, (
                f"No node of {row.chain_id} knows the transaction `{tx_hash}` "
                f"({await self._nodes.nodes(row.chain_id)}). It was dropped, was sent elsewhere, or the hash is wrong. "
                f"The {row.kind.value} expires at its deadline unless it is mined. Ask the user for the hash that the "
                f"wallet shows; `steadymint intent rebind {row.intent_id} 0x...` follows that one"
            )
        return None, (
            f"The transaction is known to the node and waits for a block; its nonce is {seen.nonce}. The user may "
            f"speed it up in the wallet; `steadymint intent extend {row.intent_id} -h 12` waits longer"
        )

    async def _in_a_block(self, row: IntentRow, block: int) -> tuple[Problem | None, str]:
        head = await self._nodes.head(row.chain_id)
        depth = max(1, head - block + 1)
        here = f"In block {block:,} with {depth:,} of {row.required_confirmations:,} confirmations"
        if depth < row.required_confirmations or KINDS[row.kind].settled_by is SettledBy.RECEIPT:
            return None, f"{here}: waits for further blocks of {row.chain_id}, whose head is {head:,}"
        standing = await self._index.standing(row.chain_id)
        pace = await self._nodes.pace(row.chain_id)
        verdict = standing.judged(head=head, pace=pace, now=datetime.now(UTC))
        of_index = f"{here}: waits for the index of {row.chain_id} (`index-chain:{row.chain_id}`), which"
        if verdict.problem is None:
            return None, f"{of_index} is {verdict.text}"
        return verdict.problem, f"{of_index} {verdict.text}. {verdict.advice}"

    async def _no_node(self, row: IntentRow, error: SteadymintError) -> str:
        try:
            where = await self._nodes.nodes(row.chain_id)
        except SteadymintError:
            where = "the chain is not registered or not enabled"
        return (
            f"No node of {row.chain_id} answers ({where}): {error.detail}. No intent of this chain gets on meanwhile, "
            f"and none is lost. `steadymint doctor` asks each endpoint; `steadymint chain add FILE` names others"
        )
