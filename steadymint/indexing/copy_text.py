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
from steadymint.indexing.holdings import Holdings
from steadymint.indexing.mint_runs import mint_runs
from steadymint.indexing.rows import ERC721, Batch, Child, token_ids_of

TOKEN_COLUMNS: Final = (
    "id",
    "collection_id",
    "chain_id",
    "contract_address",
    "token_number",
    "token_standard",
    "supply",
    "burned",
    "owner_address",
    "minted_block",
    "minted_at",
    "minted_tx_hash",
    "last_transfer_block",
    "updated_at",
)
ENTRY_COLUMNS: Final = ("subject_id", "collection_id", "reason")
BALANCE_COLUMNS: Final = ("chain_id", "contract", "token_id", "owner", "quantity", "updated_at")

CHUNK: Final = 1 << 18
"""Bytes handed to the connection at once."""

_PLACE: Final = ("tx_hash", "block_number", "log_index", "batch_index")
"""Both tables end with where the movement is on chain, and when."""

TRANSFER_COLUMNS: Final = (
    "chain_id",
    "contract",
    "token_id",
    "from_addr",
    "to_addr",
    "operator",
    "quantity",
    "standard",
    *_PLACE,
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
    *_PLACE,
    "timestamp",
)


class CopyText:
    """The rows of one batch, by table. `children` must know every contract of the batch.

    `render` does the work ahead, so that it can be done while the database is busy with the batch before.
    """

    def __init__(self, batch: Batch, children: Mapping[str, Child], symbol: str, decimals: int) -> None:
        self._batch = batch
        self._children = children
        self._symbol = symbol
        self._decimals = decimals
        self._times: dict[int, str] = {}
        self._token_ids = dict(zip(batch.tokens, token_ids_of(batch.chain_id, batch.tokens), strict=True))
        self._collections = {contract: children[contract].collection_id.hex for contract, _ in batch.tokens}

    def render(self) -> CopyText:
        """Everything that will be needed as a rule."""
        self.transfers, self.activities = self._movements()
        self.holdings = Holdings(self._batch, self._children)
        self.holders = self.holders_of(self.holdings.changes)
        self.mint_runs = mint_runs(self._batch)
        self.fresh_tokens, self.fresh_balances, self.fresh_entries = self._fresh_tokens()
        return self

    def _movements(self) -> tuple[bytes, bytes]:
        """Rows of `ownership_transfers` and of `activities`."""
        chain = self._batch.chain_id
        scope = hashlib.md5(chain.encode(), usedforsecurity=False).hexdigest()[:10]
        transfers: list[str] = []
        activities: list[str] = []
        collections, token_ids = self._collections, self._token_ids
        standards = {contract: self._children[contract].standard for contract in collections}
        no_price = f"{NULL}\t{NULL}\t{NULL}"
        seconds, time, last_block, prefix = -1, "", -1, ""
        for (
            block,
            log_index,
            index,
            tx,
            contract,
            token,
            sender,
            recipient,
            operator,
            quantity,
            at,
            price,
        ) in self._batch.movements:
            if at != seconds:
                seconds, time = at, self._time(at)
            if block != last_block:
                last_block, prefix = block, f"{block:010x}"
            place = f"{tx}\t{block}\t{log_index}\t{index}\t{time}\n"
            whose = f"{sender}\t{recipient}"
            transfers.append(
                f"{chain}\t{contract}\t{token}\t{whose}\t{operator or NULL}\t{quantity}\t{standards[contract]}\t{place}"
            )
            kind = "mint" if sender == ZERO else "burn" if recipient == ZERO else "transfer"
            priced = no_price if price is None else self._price(price)
            # Ids grow with the chain, so that their index is written at one end.
            activities.append(
                f"{prefix}{log_index:06x}{index:06x}{scope}\t{collections[contract]}\t{token_ids[contract, token]}\t"
                f"{chain}\t{contract}\t{token}\t{kind}\t{whose}\t{quantity}\t{priced}\t{place}"
            )
        return "".join(transfers).encode(), "".join(activities).encode()

    def staged_tokens(self, *, fresh: bool) -> bytes:
        """Rows of the temporary table `s_tokens`; without the fresh ones where those are written directly."""
        lines: list[str] = []
        for key, change in self._batch.tokens.items():
            if change.fresh and not fresh:
                continue
            contract, token = key
            owner, supply, erc721 = NULL, change.supply_delta, "f"
            if self._children[contract].standard == ERC721:
                owner, supply = (NULL, 0) if change.owner == ZERO else (change.owner, 1)
                erc721 = "t"
            minted = f"{NULL}\t{NULL}\t{NULL}"
            if change.first_mint is not None:
                block, at, tx = change.first_mint
                minted = f"{block}\t{self._time(at)}\t{tx}"
            lines.append(
                f"{self._token_ids[key]}\t{self._collections[contract]}\t{contract}\t{token}\t{erc721}\t"
                f"{'t' if change.fresh else 'f'}\t{change.expected_owner}\t{owner}\t{supply}\t{minted}\t"
                f"{change.block}\t{self._time(change.at)}\n"
            )
        return "".join(lines).encode()

    def _fresh_tokens(self) -> tuple[bytes, bytes, bytes]:
        """Rows of `tokens`, `token_balances` and `metadata_queue`, of the ERC-721 tokens minted in this batch. Those of
        a run are queued as one span, not here."""
        chain, runs = self._batch.chain_id, self.mint_runs
        tokens: list[str] = []
        balances: list[str] = []
        entries: list[str] = []
        collections, ids = self._collections, self._token_ids
        for key, change in self._batch.tokens.items():
            if not change.fresh or change.first_mint is None:
                continue
            contract, token = key
            block, at, tx = change.first_mint
            minted = time = self._time(at)
            if change.at != at:
                time = self._time(change.at)
            if change.owner == ZERO:
                state = f"0\tt\t{NULL}"
            else:
                state = f"1\tf\t{change.owner}"
                balances.append(f"{chain}\t{contract}\t{token}\t{change.owner}\t1\t{time}\n")
            tokens.append(
                f"{ids[key]}\t{collections[contract]}\t{chain}\t{contract}\t{token}\terc721\t{state}\t"
                f"{block}\t{minted}\t{tx}\t{change.block}\t{time}\n"
            )
            if contract not in runs:
                entries.append(f"{ids[key]}\t{collections[contract]}\t{'burn' if change.owner == ZERO else 'mint'}\n")
        entries.sort()  # by id: the order in which everybody locks the queue, and a fifth less work for its indexes
        return "".join(tokens).encode(), "".join(balances).encode(), "".join(entries).encode()

    def balances(self) -> bytes:
        """Rows of the temporary table `s_balances`: ERC-1155 only, an ERC-721 balance follows from its token."""
        return "".join(
            [
                f"{contract}\t{token}\t{owner}\t{change.delta}\t{self._time(change.at)}\n"
                for (contract, token, owner), change in self._batch.balances.items()
            ]
        ).encode()

    def holders_of(self, changes: Mapping[tuple[str, str], int]) -> bytes:
        """Rows of the temporary table `s_holders`: by how much each (contract, holder) has more or less."""
        collections, times, last = self._collections, self.holdings.times, self._batch.movements[-1:]
        return "".join(
            [
                f"{collections[contract]}\t{holder}\t{delta}\t{self._time(times.get((contract, holder), last[0].at))}\n"
                for (contract, holder), delta in changes.items()
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
