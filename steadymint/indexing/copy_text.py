"""A batch as COPY text. Hex goes from JSON to Postgres untouched; nothing here needs escaping.

Text beats the binary protocol here: the values are strings already, and Postgres parses faster than Python packs.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from typing import Final

from steadymint.indexing.collection_state import native_text
from steadymint.indexing.fold import ZERO
from steadymint.indexing.rows import ERC721, Batch, Child, token_id_of

CHUNK: Final = 1 << 18
"""Bytes handed to the connection at once."""

TRANSFER_COLUMNS: Final = (
    "chain_id",
    "block_number",
    "log_index",
    "batch_index",
    "contract",
    "token_id",
    "from_addr",
    "to_addr",
    "operator",
    "quantity",
    "standard",
    "tx_hash",
    "at",
)
ACTIVITY_COLUMNS: Final = (
    "id",
    "collection_id",
    "token_id",
    "chain_id",
    "contract",
    "token_number",
    "type",
    "from_address",
    "to_address",
    "quantity",
    "price_native",
    "price_native_text",
    "currency_symbol",
    "tx_hash",
    "block_number",
    "log_index",
    "batch_index",
    "timestamp",
)


class CopyText:
    """The rows of one batch, by table. `children` must know every contract of the batch."""

    def __init__(self, batch: Batch, children: Mapping[str, Child], symbol: str, decimals: int) -> None:
        self._batch = batch
        self._children = children
        self._symbol = symbol
        self._decimals = decimals
        self._times: dict[int, str] = {}
        self._token_ids = {key: token_id_of(batch.chain_id, *key) for key in batch.tokens}

    def movements(self) -> tuple[bytes, bytes]:
        """Rows of `ownership_transfers` and of `activities`."""
        chain = self._batch.chain_id
        scope = hashlib.md5(chain.encode(), usedforsecurity=False).hexdigest()[:10]
        transfers: list[str] = []
        activities: list[str] = []
        children, token_ids = self._children, self._token_ids
        for movement in self._batch.movements:
            block, log_index, index, tx, contract, token, sender, recipient, operator, quantity, at, price = movement
            time = self._time(at)
            child = children[contract]
            kind = "mint" if sender == ZERO else "burn" if recipient == ZERO else "transfer"
            transfers.append(
                f"{chain}\t{block}\t{log_index}\t{index}\t{contract}\t{token}\t{sender}\t{recipient}\t"
                f"{operator or NULL}\t{quantity}\t{child.standard}\t{tx}\t{time}\n"
            )
            # Ids grow with the chain, so that their index is written at one end.
            activities.append(
                f"{block:010x}{log_index:06x}{index:06x}{scope}\t{child.collection_id}\t{token_ids[contract, token]}\t"
                f"{chain}\t{contract}\t{token}\t{kind}\t{sender}\t{recipient}\t{quantity}\t{self._price(price)}\t"
                f"{tx}\t{block}\t{log_index}\t{index}\t{time}\n"
            )
        return "".join(transfers).encode(), "".join(activities).encode()

    def tokens(self) -> bytes:
        """Rows of the temporary table `s_tokens`."""
        lines: list[str] = []
        for (contract, token), change in self._batch.tokens.items():
            child = self._children[contract]
            owner, supply, erc721, fresh = NULL, change.supply_delta, "f", "f"
            if child.standard == ERC721:
                owner, supply = (NULL, 0) if change.owner == ZERO else (change.owner, 1)
                erc721, fresh = "t", "t" if change.fresh else "f"
            minted = f"{NULL}\t{NULL}\t{NULL}"
            if change.first_mint is not None:
                block, at, tx = change.first_mint
                minted = f"{block}\t{self._time(at)}\t{tx}"
            lines.append(
                f"{self._token_ids[contract, token]}\t{child.collection_id}\t{contract}\t{token}\t{erc721}\t{fresh}\t"
                f"{change.expected_owner}\t{owner}\t{supply}\t{minted}\t"
                f"{change.block}\t{self._time(change.at)}\n"
            )
        return "".join(lines).encode()

    def balances(self) -> bytes:
        """Rows of the temporary table `s_balances`: ERC-1155 only, an ERC-721 balance follows from its token."""
        return "".join(
            [
                f"{contract}\t{token}\t{owner}\t{change.delta}\t{self._time(change.at)}\n"
                for (contract, token, owner), change in self._batch.balances.items()
            ]
        ).encode()

    def holders(self) -> bytes:
        """Rows of the temporary table `s_holders`: everyone whose balances may have changed."""
        holders = {(movement.contract, movement.sender) for movement in self._batch.movements}
        holders.update((movement.contract, movement.recipient) for movement in self._batch.movements)
        return "".join(
            [
                f"{self._children[contract].collection_id}\t{contract}\t{holder}\n"
                for contract, holder in holders
                if holder != ZERO
            ]
        ).encode()

    def _price(self, wei: int | None) -> str:
        if wei is None:
            return f"{NULL}\t{NULL}\t{NULL}"
        text = native_text(wei, self._decimals)
        return f"{text}\t{text}\t{self._symbol}"

    def _time(self, seconds: int) -> str:
        text = self._times.get(seconds)
        if text is None:
            text = self._times[seconds] = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S+00")
        return text


NULL: Final = "\\N"


async def chunks(text: bytes) -> AsyncIterator[bytes]:
    """`text` in pieces that the connection can send without copying all of it."""
    for start in range(0, len(text), CHUNK):
        yield text[start : start + CHUNK]
