"""The subject `fungibles`: tokens that a registered token factory launched, what moves them, and who holds them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final

import asyncpg

from steadymint.chain.nodes.chain import TOKEN_FACTORY
from steadymint.domain.types import ChainId
from steadymint.events.event import TOKENS, DomainEvent
from steadymint.indexing.store.chain_tables import LOG_BITS, first_place
from steadymint.indexing.store.writer import Writer
from steadymint.indexing.subjects.folding import RoleHandler
from steadymint.indexing.subjects.fungibles import fold, topics
from steadymint.indexing.subjects.fungibles.fold import TokenLogs
from steadymint.indexing.subjects.fungibles.rows import FungibleRows
from steadymint.indexing.subjects.subject import (
    ChainTerms,
    Fault,
    RenderedBatch,
    Subject,
    Told,
    Undoing,
    dashed,
    event_key,
)

_LAUNCHED: Final = """
select t.place, t.tx_hash, t.contract_address, t.name, t.symbol, t.decimals, t.creator_address, t.created_at,
    x.amount::text as supply
from token_service.fungible_tokens t
join token_service.transactions x on x.network_id = t.network_id and x.place = t.place
where t.network_id = $1 and t.place >= $2 and t.place < $3 order by t.place"""


class Fungibles(Subject):
    """Writes launched tokens, their transactions and their holders."""

    roles: ClassVar[Mapping[str, Mapping[str, RoleHandler]]] = {TOKEN_FACTORY: {topics.LAUNCHED: fold.launched}}
    launched: ClassVar[Mapping[str, RoleHandler]] = {topics.TRANSFER: fold.moved, topics.APPROVAL: fold.approved}

    def __init__(self, writer: Writer, terms: ChainTerms, fault: Fault) -> None:
        super().__init__(writer, terms, fault)
        self._rows = FungibleRows(writer.connection, writer.chain_id)

    async def write(self, rendered: RenderedBatch) -> None:
        logs: TokenLogs | None = rendered.batch.parts.get(TokenLogs)
        if logs is None:
            return
        await self._rows.write_launches(logs.launches)
        await self._rows.write_transactions(logs.transactions)
        await self._rows.apply(logs.changes())
        rendered.shown.update(row.contract for row in logs.transactions)
        self._fault("fungibles")

    async def undo(self, undoing: Undoing) -> None:
        await self._rows.undo(undoing.place)

    @classmethod
    async def told(cls, pool: asyncpg.Pool, chain_id: ChainId, after: int, upto: int) -> list[Told]:
        rows = await pool.fetch(_LAUNCHED, chain_id, first_place(after + 1), first_place(upto + 1))
        return [_told(chain_id, row) for row in rows]


def _told(chain_id: ChainId, row: Mapping[str, Any]) -> Told:
    """The domain event of a launch."""
    block, log_index = row["place"] >> LOG_BITS, row["place"] & (1 << LOG_BITS) - 1
    chain = dashed(chain_id)
    payload = {
        "chainId": chain_id,
        "contract": row["contract_address"],
        "txHash": row["tx_hash"],
        "blockNumber": block,
        "name": row["name"],
        "symbol": row["symbol"],
        "decimals": row["decimals"],
        "supply": row["supply"],
        "creator": row["creator_address"],
    }
    key = event_key(row["tx_hash"], log_index, block)
    return Told(block, log_index, [DomainEvent(TOKENS, f"launched.{chain}", key, row["created_at"], payload)])
