"""The rows of one batch, as the database takes them: movements as binary COPY, new tokens too.

What needs no number of the database is done by `render`, ahead and in a thread, while the batch before is written. The
numbers of accounts and collections are put in at the end.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal, localcontext
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from steadymint.indexing import binary_rows as binary
from steadymint.indexing.accounts import ZERO
from steadymint.indexing.chain_tables import LOG_BITS, catalog_time, place_of
from steadymint.indexing.rows import ERC721, Batch, Child, Movement

FIRST_MINT, MINT, TRANSFER, BURN = 0, 1, 2, 3
"""`movements.kind`. The first is that of an ERC-721 token's first movement, if that is a mint."""

MOVEMENT_COLUMNS: Final = (
    "chain",
    "kind",
    "at",
    "place",
    "collection",
    "sender",
    "recipient",
    "batch",
    "operator",
    "tx",
    "token_number",
    "quantity",
    "price",
)
ITEM_COLUMNS: Final = (
    "chain",
    "collection",
    "owner",
    "minted_at",
    "updated_at",
    "minted_place",
    "last_place",
    "token_number",
)

Token = tuple[str, int]
"""Contract and token number."""
Integers = NDArray[np.int64]


class BatchRows:
    """Of one batch. `children` must know every contract of the batch."""

    def __init__(self, batch: Batch, children: Mapping[str, Child], decimals: int) -> None:
        self.batch = batch
        self.children = children
        self._decimals = decimals

    def render(self) -> BatchRows:
        """Everything that can be done ahead."""
        movements = self.batch.movements
        self.names: list[str] = []
        """Accounts that the batch names, in the order of their local numbers."""
        self.fresh: list[Token] = [key for key, change in self.batch.tokens.items() if change.fresh]
        """ERC-721 tokens whose first movement of the batch is a mint."""
        if movements:
            self._columns(movements)
        return self

    def _columns(self, movements: list[Movement]) -> None:
        local: dict[str, int] = {ZERO: 0}
        local_contracts: dict[str, int] = {}
        (
            blocks,
            indexes,
            batches,
            hashes,
            contracts,
            tokens,
            senders,
            recipients,
            operators,
            quantities,
            times,
            prices,
        ) = zip(*movements, strict=True)
        take, take_contract = _taker(local), _taker(local_contracts)
        self._senders, self._recipients = take(senders), take(recipients)
        self._contracts = take_contract(contracts)
        self.contracts = list(local_contracts)
        self._places: Integers = np.array(blocks, np.int64) << LOG_BITS | np.array(indexes, np.int64)
        self._times: Integers = np.array([catalog_time(at) for at in times], np.int64)
        self._hashes = np.frombuffer(bytes.fromhex("".join([tx[2:] for tx in hashes])), "V32")
        self._tokens = tokens
        self.kinds: Integers = np.where(self._senders == 0, MINT, np.where(self._recipients == 0, BURN, TRANSFER))
        odd = [
            number
            for number, (token, operator, quantity, price) in enumerate(
                zip(tokens, operators, quantities, prices, strict=True)
            )
            if token >= binary.NARROW or operator is not None or quantity != 1 or price is not None
        ]
        for number in odd:
            if (operator := operators[number]) is not None:
                local.setdefault(operator, len(local))
        self._odd, self._batches = odd, batches
        self._operators, self._quantities, self._prices = operators, quantities, prices
        self._local = local
        self.names = list(local)

    def mark_first_mints(self, tokens: Iterable[Token]) -> None:
        """These tokens did not stand before the batch: its first movement of each is the token's first."""
        self.kinds[[self.batch.tokens[token].first_row for token in tokens]] = FIRST_MINT

    def movements(self, chain: int, accounts: Mapping[str, int], collections: Mapping[str, int]) -> bytes:
        """Rows of `movements`, with the numbers that accounts and collections have in the database."""
        numbers = np.array([accounts[name] for name in self.names], np.int64)
        collection_numbers = np.array([collections[contract] for contract in self.contracts], np.int64)
        senders, recipients = numbers[self._senders], numbers[self._recipients]
        own = collection_numbers[self._contracts]
        plain = np.ones(len(own), bool)
        plain[self._odd] = False
        chosen: Any = slice(None) if not self._odd else np.flatnonzero(plain)
        tokens = np.array(self._tokens if not self._odd else [self._tokens[at] for at in chosen], np.int64)
        rows = [
            binary.HEADER,
            binary.packed(
                [
                    (">i2", chain),
                    (">i2", self.kinds[chosen]),
                    (">i4", self._times[chosen]),
                    (">i8", self._places[chosen]),
                    (">i4", own[chosen]),
                    (">i4", senders[chosen]),
                    (">i4", recipients[chosen]),
                    (">i4", 0),
                    (">i4", 0),
                    ("V32", self._hashes[chosen]),
                    (binary.NUMERIC, binary.narrow_numerics(tokens)),
                    (None, None),
                    (None, None),
                ],
                len(tokens),
            ),
        ]
        for at in self._odd:
            quantity, operator = self._quantities[at], self._operators[at]
            rows.append(
                binary.row(
                    binary.small(chain),
                    binary.small(int(self.kinds[at])),
                    binary.integer(int(self._times[at])),
                    binary.big(int(self._places[at])),
                    binary.integer(int(own[at])),
                    binary.integer(int(senders[at])),
                    binary.integer(int(recipients[at])),
                    binary.integer(self._batches[at]),
                    binary.integer(0 if operator is None else accounts[operator]),
                    binary.raw(self._hashes[at].tobytes()),
                    binary.numeric(self._tokens[at]),
                    binary.numeric(None if quantity == 1 else quantity),
                    binary.numeric(self._price(self._prices[at])),
                )
            )
        rows.append(binary.TRAILER)
        return b"".join(rows)

    def new_items(
        self, chain: int, accounts: Mapping[str, int], collections: Mapping[str, int], tokens: Collection[Token]
    ) -> bytes:
        """Rows of `items`, of ERC-721 tokens that are minted in the batch and do not stand yet."""
        tokens = sorted(tokens)  # neighbours in the index come one after the other
        rows = [binary.HEADER]
        narrow: list[tuple[int, ...]] = []
        for contract, token in tokens:
            change = self.batch.tokens[contract, token]
            assert change.first_mint is not None
            block, log_index, at = change.first_mint
            owner = accounts[change.owner]
            values = (collections[contract], owner, catalog_time(at), catalog_time(change.at))
            places = (place_of(block, log_index), change.place)
            if owner and token < binary.NARROW:
                narrow.append((*values, *places, token))
            else:
                rows.append(
                    binary.row(
                        binary.small(chain),
                        binary.integer(values[0]),
                        binary.integer(owner or None),
                        *map(binary.integer, values[2:]),
                        *map(binary.big, places),
                        binary.numeric(token),
                    )
                )
        if narrow:
            columns = np.array(narrow, np.int64)
            kinds = (">i4", ">i4", ">i4", ">i4", ">i8", ">i8")
            given: list[tuple[Any, Any]] = [(">i2", chain)]
            given += [(kind, columns[:, number]) for number, kind in enumerate(kinds)]
            given.append((binary.NUMERIC, binary.narrow_numerics(columns[:, 6])))
            rows.append(binary.packed(given, len(narrow)))
        rows.append(binary.TRAILER)
        return b"".join(rows)

    def is_single(self, contract: str) -> bool:
        """Whether each of the contract's tokens is one thing with one owner (ERC-721)."""
        return self.children[contract].standard == ERC721

    def _price(self, wei: int | None) -> Decimal | None:
        """In the chain's currency, exact."""
        if wei is None:
            return None
        with localcontext(prec=90):  # a uint256 has 78 digits
            return Decimal(wei).scaleb(-self._decimals)


def _taker(local: dict[str, int]) -> Any:
    """Turns names into local numbers, new ones in the order of their appearance."""

    def take(names: Iterable[str]) -> Integers:
        given = list(names)
        for name in given:
            if name not in local:
                local[name] = len(local)
        return np.array([local[name] for name in given], np.int64)

    return take
