"""What others are told of movements: mints, and transfers that are no sale."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import asyncpg

from steadymint.domain.types import ZERO_ADDRESS, ChainId
from steadymint.events.event import MINTS, MINTS_DOMAIN, TRANSFERS, DomainEvent
from steadymint.indexing.subjects.subject import Told, dashed, event_key

TOKENS_AT_ONCE: Final = 100
"""Tokens of one event, which then has at most 17 kB. One cheap log names up to 10,000 tokens, with numbers of 78
digits. Consumers bound how many events they read, keep or send at once, but not how large an event is."""

# $2 and $3 are places. The first is included, the second is not.
_MINTS: Final = """
select m.block_number, m.log_index, catalog_service.hex(m.tx) as tx_hash, c.contract_address as contract,
    catalog_service.hex(a.address) as to_addr, catalog_service.time_of(m.at) as at, m.token_ids, m.quantities,
    c.standard
from (
    select place >> 24 as block_number, (min(place) & 16777215)::integer as log_index, tx, collection, recipient, at,
        array_agg(token_number::text order by place, batch) as token_ids,
        array_agg(coalesce(quantity, 1)::text order by place, batch) as quantities
    from catalog_service.movements
    where chain = (select no from catalog_service.chain_numbers where chain_id = $1) and place >= $2 and place < $3
      and kind <= 1
    group by 1, tx, collection, recipient, at
) m
join catalog_service.collections c on c.no = m.collection
join catalog_service.accounts a on a.no = m.recipient
order by 1, 2"""

# A movement that a sale tells of, from its seller to its buyer, is left out. What goes on from a buyer in the same
# transaction is told: whoever gets it then is named by no sale.
_TRANSFERS: Final = """
with sold as materialized (
    select tx_hash::text, contract::text, token_number, seller_address::text as seller, buyer_address::text as buyer
    from catalog_service.sales where chain_id = $1 and place >= $2 and place < $3
), moved as (
    select m.place, m.batch, catalog_service.hex(m.tx) as tx_hash, c.contract_address::text as contract, c.standard,
        catalog_service.hex(s.address) as from_addr, catalog_service.hex(r.address) as to_addr, m.at,
        m.token_number, coalesce(m.quantity, 1) as quantity
    from catalog_service.movements m
    join catalog_service.collections c on c.no = m.collection
    join catalog_service.accounts s on s.no = m.sender
    join catalog_service.accounts r on r.no = m.recipient
    where m.chain = (select no from catalog_service.chain_numbers where chain_id = $1)
      and m.place >= $2 and m.place < $3 and m.kind >= 2
)
select place >> 24 as block_number, (min(place) & 16777215)::integer as log_index, tx_hash, contract, standard,
    from_addr, to_addr, catalog_service.time_of(at) as at,
    array_agg(token_number::text order by place, batch) as token_ids,
    array_agg(quantity::text order by place, batch) as quantities
from moved m
where not exists (
    select from sold s where s.tx_hash = m.tx_hash and s.contract = m.contract and s.token_number = m.token_number
      and s.seller = m.from_addr and s.buyer = m.to_addr
)
group by 1, tx_hash, contract, standard, from_addr, to_addr, at
order by 1, 2"""


async def movements_told(pool: asyncpg.Pool, chain_id: ChainId, first: int, end: int) -> list[Told]:
    """The domain events of the movements from the place `first` on, before `end`."""
    minted = await pool.fetch(_MINTS, chain_id, first, end)
    moved = await pool.fetch(_TRANSFERS, chain_id, first, end)
    return [
        *(Told(row["block_number"], row["log_index"], list(_minted(chain_id, row))) for row in minted),
        *(Told(row["block_number"], row["log_index"], list(_transferred(chain_id, row))) for row in moved),
    ]


def _minted(chain_id: ChainId, row: Mapping[str, Any]) -> Iterator[DomainEvent]:
    """The domain events `minted` and `upserted`, one each for `TOKENS_AT_ONCE` tokens that a transaction minted to an
    account."""
    key, chain = event_key(row["tx_hash"], row["log_index"], row["block_number"]), dashed(chain_id)
    moved = _where(chain_id, row) | {"to": row["to_addr"]}
    for part, tokens in _parts(row):
        payload = moved | tokens
        upserted = f"upserted.{chain}.{row['contract']}.{tokens['tokenIds'][0]}"
        yield DomainEvent(MINTS, f"minted.{chain}", key + part, row["at"], payload)
        yield DomainEvent(MINTS_DOMAIN, upserted, key + part, row["at"], payload)


def _transferred(chain_id: ChainId, row: Mapping[str, Any]) -> Iterator[DomainEvent]:
    """The domain events of the tokens of a collection that a transaction has moved from one account to another, one for
    `TOKENS_AT_ONCE`. `to` is null for tokens that were burned."""
    accounts = f"{row['contract']}:{row['from_addr']}:{row['to_addr']}"
    key = f"{event_key(row['tx_hash'], row['log_index'], row['block_number'])}:{accounts}"
    to = None if row["to_addr"] == ZERO_ADDRESS else row["to_addr"]
    moved = _where(chain_id, row) | {"from": row["from_addr"], "to": to}
    for part, tokens in _parts(row):
        yield DomainEvent(TRANSFERS, f"transferred.{dashed(chain_id)}", key + part, row["at"], moved | tokens)


def _where(chain_id: ChainId, row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "chainId": chain_id,
        "contract": row["contract"],
        "txHash": row["tx_hash"],
        "blockNumber": row["block_number"],
    }


def _parts(row: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The tokens of a row, in parts of one event each, with the ends of their keys. The first has none."""
    for first in range(0, len(row["token_ids"]), TOKENS_AT_ONCE):
        part = slice(first, first + TOKENS_AT_ONCE)
        tokens = {"tokenIds": row["token_ids"][part], "quantities": row["quantities"][part]}
        yield f":{first}" if first else "", {"standard": row["standard"]} | tokens
