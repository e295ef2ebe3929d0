"""The tokens that trait offers take. An order holds only the root of their tree, so the tokens are kept by the root."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

import asyncpg

from steadymint.catalog.trait_rows import key_of
from steadymint.database import in_batches
from steadymint.domain.errors import InvalidInputError
from steadymint.domain.market.criteria import CriteriaTree
from steadymint.domain.metadata import normalised_name
from steadymint.domain.types import Address, Bytes32, ChainId, TokenId

MAX_TOKENS: Final = 10_000
"""Tokens of a set. A proof for the tree has 14 hashes, and to make the tree takes 30 ms."""
MAX_LINKS: Final = 100_000
"""Tokens that have one of the wanted values of the rarest trait. They are looked at one by one."""
KEPT: Final = timedelta(days=1)
"""For so long a set without an order is kept. A wallet signs within minutes of the building; anybody may have orders
built that nobody signs, so what they leave goes soon."""
SWEPT_AT_ONCE: Final = 20
"""Sets of one batch, each with `MAX_TOKENS` rows at most."""

_FIND: Final = "select no from catalog_service.token_sets where chain_id = $1 and contract = $2 and root = $3"

_MEMBERS: Final = """
select m.token_number from catalog_service.token_sets s join catalog_service.token_set_members m on m.set_no = s.no
where s.chain_id = $1 and s.contract = $2 and s.root = $3 order by m.token_number"""

# A set is never changed, so whoever finds it there needs none of its rows.
_KEEP: Final = """
with made as (
    insert into catalog_service.token_sets (chain_id, contract, root, traits, tokens_count)
    values ($1, $2, $3, $4, cardinality($5::numeric[]))
    on conflict (chain_id, contract, root) do nothing returning no
), members as (
    insert into catalog_service.token_set_members (set_no, token_number)
    select made.no, token from made, unnest($5::numeric[]) token
)
select no from made"""

_AGAIN: Final = """
update catalog_service.token_sets set wanted_at = now() where chain_id = $1 and contract = $2 and root = $3
returning no"""

# An order that names the set locks it. One that comes while the set is deleted is refused by its foreign key, and its
# taker looks again for what is there.
_DELETE: Final = """
delete from catalog_service.token_sets where no = any (array (
    select s.no from catalog_service.token_sets s where s.wanted_at < now() - $1::interval
        and not exists (select from catalog_service.orders o where o.token_set = s.no)
    order by s.no limit $2 for update skip locked))"""

_WANTED: Final = """
select w.n as name, v.id, v.occurrences
from unnest($2::text[], $3::text[]) as w (n, x)
join catalog_service.traits t on t.collection_id = $1 and t.normalized_name = w.n
join catalog_service.trait_values v on v.trait_id = t.id and v.normalized_value = w.x"""

_TOKENS: Final = """
select l.token_number from catalog_service.token_trait_links l
where l.trait_value_id = any($1) and not exists (
    select from unnest($2::text[]) as w (ids) where not exists (
        select from catalog_service.token_trait_links other
        where other.token_id = l.token_id and other.trait_value_id = any(w.ids::uuid[])))
group by l.token_number order by l.token_number limit $3"""

Traits = Mapping[str, Sequence[str]]
"""By the name of a trait, the values of which a token needs one. All of the traits have to fit."""


class TokenSets:
    """The sets of all chains."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def find(self, chain_id: ChainId, contract: Address, root: int) -> int | None:
        """The number of the set with the root."""
        return await self._pool.fetchval(_FIND, chain_id, contract, root_text(root))

    async def tokens(self, chain_id: ChainId, contract: Address, root: int) -> list[TokenId]:
        """The tokens of the set with the root, in order. None of them if there is no such set."""
        rows = await self._pool.fetch(_MEMBERS, chain_id, contract, root_text(root))
        return [TokenId(int(row["token_number"])) for row in rows]

    async def keep(
        self, chain_id: ChainId, contract: Address, root: int, tokens: Sequence[TokenId], traits: Traits | None = None
    ) -> int:
        """The number of the set with the root, which is made if it is not there. `root` must be that of the tokens.
        Without an order it is kept for `KEPT` from now."""
        text = root_text(root)
        unique = sorted(set(tokens))
        number: int | None = None
        while number is None:  # the sweep may delete it between the two statements
            made = await self._pool.fetchval(_KEEP, chain_id, contract, text, traits, unique)
            number = made if made is not None else await self._pool.fetchval(_AGAIN, chain_id, contract, text)
        return number

    async def with_traits(self, collection_id: UUID, traits: Traits) -> list[TokenId]:
        """The tokens that have, of each trait, one of the values.

        Raises:
            InvalidInputError: no token has them, or more than `MAX_TOKENS`.
        """
        pairs = {(_key(name), _key(value)) for name, values in traits.items() for value in values}
        names, values = [name for name, _ in pairs], [value for _, value in pairs]
        by_trait: dict[str, list[tuple[UUID, int]]] = {name: [] for name in names}
        for row in await self._pool.fetch(_WANTED, collection_id, names, values):
            by_trait[row["name"]].append((row["id"], row["occurrences"]))
        rarest, *others = sorted(by_trait.values(), key=lambda found: sum(tokens for _, tokens in found))
        if sum(tokens for _, tokens in rarest) > (MAX_LINKS if others else MAX_TOKENS):
            raise _too_many()
        rest = ["{" + ",".join(str(one) for one, _ in found) + "}" for found in others]
        rows = await self._pool.fetch(_TOKENS, [one for one, _ in rarest], rest, MAX_TOKENS + 1)
        if len(rows) > MAX_TOKENS:
            raise _too_many()
        if not rows:
            raise InvalidInputError("No token of the collection has these traits")
        return [TokenId(int(row["token_number"])) for row in rows]


class TokenSetSweep:
    """Deletes sets that no order has named within `KEPT`. Several processes may sweep at once."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def run(self) -> int:
        """Delete all such sets and return their number. Each batch is a transaction of its own."""
        return await in_batches(self._pool, _DELETE, KEPT, SWEPT_AT_ONCE)


async def root_of(tokens: Sequence[TokenId]) -> int:
    """The root of the tree over the tokens. A thread makes it, since a large one takes longer than a request."""
    return (await asyncio.to_thread(CriteriaTree, tokens)).root


def root_text(root: int) -> Bytes32:
    return Bytes32(f"0x{root:064x}")


def _key(text: str) -> str:
    return key_of(normalised_name(text))


def _too_many() -> InvalidInputError:
    return InvalidInputError(f"More than {MAX_TOKENS} tokens have these traits; name more of them")
