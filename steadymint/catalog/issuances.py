"""Issuances by RGB++: pairs of transactions that are prepared and kept, and that a wallet of Bitcoin signs.

We ask no node of Bitcoin or CKB. So a pair is `prepared` and stays so: nothing is `confirmed` that no chain has shown.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol
from uuid import NAMESPACE_URL, UUID, uuid5

import asyncpg

from steadymint.domain.errors import NotFoundError
from steadymint.domain.media import MediaId
from steadymint.domain.rgbpp.issuance import IssuancePair, IssuanceTerms, build, check
from steadymint.domain.types import Address, UserId

_IDS: Final = uuid5(NAMESPACE_URL, "urn:steadymint:rgbpp-issuance")

_PREPARED: Final = """
insert into token_service.fungible_tokens (id, network_id, name, symbol, decimals, supply, contract_uri, creator_id,
    creator_address, description, icon_media_id, status)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'prepared')
on conflict (id) do nothing returning id"""

_PAIR: Final = """
insert into token_service.issuance_pairs (token_id, commitment, btc_txid, psbt, ckb_tx_hash, ckb_transaction)
values ($1, $2, $3, $4, $5, $6)"""

_FOUND: Final = """
select t.id, t.network_id, t.name, t.symbol, t.decimals, t.supply, t.description, t.icon_media_id, t.contract_uri,
    t.status, t.created_at, p.commitment, p.btc_txid, p.psbt, p.ckb_tx_hash, p.ckb_transaction
from token_service.issuance_pairs p join token_service.fungible_tokens t on t.id = p.token_id
where t.id = $1 and t.creator_id = $2"""


class Broadcaster(Protocol):
    """Gives pairs to the networks, once a wallet has signed. None is configured: there is no node to ask."""

    async def offer(self, network: str, pair: IssuancePair) -> None:
        """Take the pair, to send it when its transaction of Bitcoin is signed. The same pair may come again."""
        ...


@dataclass(frozen=True, slots=True)
class IssuanceWords:
    """What is said of the token beside its terms."""

    description: str | None = None
    icon: MediaId | None = None
    contract_uri: str = ""


@dataclass(frozen=True, slots=True)
class Issuance:
    """A pair that is kept, with its token."""

    id: UUID
    network_id: str
    name: str
    symbol: str
    decimals: int
    supply: int
    description: str | None
    icon_media_id: MediaId | None
    contract_uri: str
    status: str
    created_at: datetime
    commitment: str
    btc_txid: str
    psbt: str
    ckb_tx_hash: str
    ckb_transaction: Mapping[str, Any]


class Issuances:
    """Prepares and finds issuances. Share one per process."""

    def __init__(self, pool: asyncpg.Pool, broadcaster: Broadcaster | None = None) -> None:
        self._pool = pool
        self._broadcaster = broadcaster

    async def prepare(
        self, user_id: UserId, account: Address, terms: IssuanceTerms, words: IssuanceWords
    ) -> tuple[Issuance, bool]:
        """The issuance, and whether this call has made it. The same terms give a user the same one.

        Raises:
            InvalidInputError: see `build`.
        """
        pair = build(terms)
        check(terms, pair)
        issuance_id = _id_of(user_id, terms, words)
        async with self._pool.acquire() as leased, leased.transaction():
            connection: Any = leased
            made = await connection.fetchval(
                _PREPARED,
                issuance_id,
                terms.network.value,
                terms.name,
                terms.symbol,
                terms.decimals,
                terms.supply,
                words.contract_uri,
                user_id,
                account,
                words.description,
                words.icon,
            )
            if made is not None:
                kept = pair.to_json()
                await connection.execute(
                    _PAIR,
                    issuance_id,
                    kept["commitment"],
                    kept["btcTxid"],
                    kept["psbt"],
                    kept["ckbTxHash"],
                    kept["ckbTransaction"],
                )
        if self._broadcaster is not None:
            await self._broadcaster.offer(terms.network.value, pair)
        return await self.find(user_id, issuance_id), made is not None

    async def find(self, user_id: UserId, issuance_id: UUID) -> Issuance:
        """The user's issuance. Raises NotFoundError, also for somebody else's."""
        row = await self._pool.fetchrow(_FOUND, issuance_id, user_id)
        if row is None:
            raise NotFoundError("You have no such issuance")
        return Issuance(**dict(row))


def _id_of(user_id: UserId, terms: IssuanceTerms, words: IssuanceWords) -> UUID:
    said = repr((terms.model_dump_json(), words.description, words.icon))
    return uuid5(_IDS, f"{user_id}\n{hashlib.sha256(said.encode()).hexdigest()}")
