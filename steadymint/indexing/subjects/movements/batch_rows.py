"""The rows of one batch, as the database takes them: movements as binary COPY, new tokens too.

What needs no number of the database is done by `render`, ahead and in a thread, while the batch before is written. The
numbers of accounts and collections are put in at the end.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal, localcontext
from typing import Any, Final

import numpy as np

from steadymint.indexing.batch import ERC721, Batch, Child, Movement, PlainTransfers
from steadymint.indexing.reading.columns import Integers, Names
from steadymint.indexing.store import binary_rows as binary
from steadymint.indexing.store.accounts import ZERO
from steadymint.indexing.store.chain_tables import catalog_time, catalog_times, place_of

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


class BatchRows:
    """Of one batch. `children` must know every contract of the batch."""

    def __init__(self, batch: Batch, children: Mapping[str, Child], decimals: int) -> None:
        self.batch = batch
        self.children = children
        self._decimals = decimals

    def render(self) -> BatchRows:
        """Everything that can be done ahead."""
        self.fresh: list[Token] = [key for key, change in self.batch.tokens.items() if change.fresh]
        """ERC-721 tokens whose first movement of the batch is a mint."""
        self.names: list[str] = []
        """Accounts that the batch names, in the order of their local numbers."""
        self.contracts: list[str] = []
        if self.batch.movements or self.batch.plain:
            self._render()
        return self

    def _render(self) -> None:
        """Columns of all movements: those that were folded, then the plain ones."""
        movements, plain = self.batch.movements, self.batch.plain
        names, contracts = Numbering({ZERO: 0}), Numbering({})
        columns = list(zip(*movements, strict=True)) or [()] * 12
        blocks, indexes, _, hashes, of, tokens, senders, recipients, _, _, times, _ = columns
        own = [
            [*map(place_of, blocks, indexes)],
            times,
            contracts.take(of),
            names.take(senders),
            names.take(recipients),
            [token if token < binary.NARROW else 0 for token in tokens],
        ]
        more = [_numbered(one, names, contracts) for one in plain]
        whole = [np.concatenate([np.array(first, np.int64), *rest]) for first, *rest in zip(own, *more, strict=True)]
        self._places, seconds, self._contracts, self._senders, self._recipients, self._tokens = whole
        self._times: Integers = catalog_times(seconds)
        spent = np.frombuffer(bytes.fromhex("".join([tx[2:] for tx in hashes])), "V32")
        self._hashes = np.concatenate([spent, *(one.hashes for one in plain)])
        self.kinds: Integers = np.where(self._senders == 0, MINT, np.where(self._recipients == 0, BURN, TRANSFER))
        self._odd = [
            at
            for at, (movement, token) in enumerate(zip(movements, tokens, strict=True))
            if token >= binary.NARROW or _is_odd(movement)
        ]
        names.take([operator for at in self._odd if (operator := movements[at].operator) is not None])
        self._mark_plain_mints(len(movements))
        self.names, self.contracts = list(names.numbers), list(contracts.numbers)

    def _mark_plain_mints(self, start: int) -> None:
        """Of the plain movements, the first of each token; if it is a mint it is taken for the token's first."""
        keys = self._contracts[start:] * binary.NARROW + self._tokens[start:]
        _, firsts = np.unique(keys, return_index=True)
        firsts += start
        self.kinds[firsts[self._senders[firsts] == 0]] = FIRST_MINT

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
        tokens = self._tokens[chosen]
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
            movement = self.batch.movements[at]
            operator, quantity = movement.operator, movement.quantity
            rows.append(
                binary.row(
                    binary.small(chain),
                    binary.small(int(self.kinds[at])),
                    binary.integer(int(self._times[at])),
                    binary.big(int(self._places[at])),
                    binary.integer(int(own[at])),
                    binary.integer(int(senders[at])),
                    binary.integer(int(recipients[at])),
                    binary.integer(movement.batch_index),
                    binary.integer(0 if operator is None else accounts[operator]),
                    binary.raw(self._hashes[at].tobytes()),
                    binary.numeric(movement.token_id),
                    binary.numeric(None if quantity == 1 else quantity),
                    binary.numeric(self._price(movement.price)),
                )
            )
        rows.append(binary.TRAILER)
        return b"".join(rows)

    def values(self, accounts: Mapping[str, int], collections: Mapping[str, int]) -> list[list[Any]]:
        """The same as columns of values, but the chain: for a few of them. There are no plain ones."""
        movements = self.batch.movements
        return [
            self.kinds.tolist(),
            self._times.tolist(),
            self._places.tolist(),
            [collections[one.contract] for one in movements],
            [accounts[one.sender] for one in movements],
            [accounts[one.recipient] for one in movements],
            [one.batch_index for one in movements],
            [0 if one.operator is None else accounts[one.operator] for one in movements],
            [bytes.fromhex(one.tx_hash[2:]) for one in movements],
            [str(one.token_id) for one in movements],
            [None if one.quantity == 1 else str(one.quantity) for one in movements],
            [self._price(one.price) for one in movements],
        ]

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


def _is_odd(movement: Movement) -> bool:
    """Whether it has more to it than a plain one."""
    return (
        movement.operator is not None
        or movement.quantity != 1
        or movement.price is not None
        or movement.batch_index != 0
    )


class Numbering:
    """Local numbers of names, in the order of their appearance."""

    def __init__(self, numbers: dict[str, int]) -> None:
        self.numbers = numbers

    def take(self, names: Iterable[str]) -> list[int]:
        """The number of each name."""
        numbers = self.numbers
        return [numbers[name] if name in numbers else numbers.setdefault(name, len(numbers)) for name in names]

    def translate(self, names: Names) -> Integers:
        """The number of the name in each row."""
        return np.array(self.take(names.names), np.int64)[names.numbers]


def _numbered(plain: PlainTransfers, names: Numbering, contracts: Numbering) -> list[Integers]:
    """Places, times, contracts, senders, recipients and tokens."""
    senders, recipients = names.translate(plain.accounts).reshape(2, -1)
    return [plain.places, plain.times, contracts.translate(plain.contracts), senders, recipients, plain.tokens]
