"""The writer of traits: it makes the rows of tokens equal to the attributes of their documents, in the transaction of
the caller, who has read the documents.

Triggers (`catalog_floors` in `migrations/versions`) count occurrences, keep the floors of values and note that ranks
are due. So a token that a reorg removes is counted too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from steadymint.catalog.trait_rows import TraitRows, rows_of
from steadymint.domain.metadata import Attribute

# Links are deleted with their token. The lock waits for a reorg that is removing a token, which is then not linked. It
# leaves tokens free to move and burn. The order prevents deadlocks.
_TOKENS: Final = """
select catalog_service.token_id(c.chain_id, c.contract_address, t.token_number) as id, t.token_number,
    case when t.supply is null then t.owner is null else t.supply <= 0 end as burned
from catalog_service.items t join catalog_service.collections c on c.id = $1
where t.chain = (select chain_no from catalog_service.collections where id = $1)
    and t.collection = (select no from catalog_service.collections where id = $1)
    and t.token_number = any($2::text[]::numeric[]) order by t.token_number for key share of t"""

# One writer of a collection's traits at a time. Two at once would each remove values that the other is about to link.
_LOCK: Final = "select catalog_service.lock_collections(array[$1::uuid])"

_TRAITS: Final = """
insert into catalog_service.traits (id, collection_id, name, normalized_name, value_type, display_type)
select t.id, $1, t.name, t.normalized_name, t.value_type, t.display_type
from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[])
    t (id, name, normalized_name, value_type, display_type)
on conflict (collection_id, normalized_name) do update set name = excluded.name, display_type = excluded.display_type
where (traits.name, traits.display_type) is distinct from (excluded.name, excluded.display_type)"""

_VALUES: Final = """
insert into catalog_service.trait_values
    (id, trait_id, value_type, normalized_value, value_string, value_number, value_epoch_seconds, max_value)
select v.id, v.trait_id, v.value_type, v.normalized_value, v.text,
    case v.value_type when 'number' then v.normalized_value::numeric end,
    case v.value_type when 'date' then v.normalized_value::bigint end, v.max_value
from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::numeric[])
    v (id, trait_id, value_type, normalized_value, text, max_value)
on conflict (trait_id, normalized_value) do update set
    value_string = case trait_values.value_type
        when 'string' then coalesce(excluded.value_string, trait_values.value_string) end,
    max_value = excluded.max_value
where trait_values.max_value is distinct from excluded.max_value
    or trait_values.value_type = 'string' and excluded.value_string <> trait_values.value_string"""

# New links are added before old ones are removed, so that a value that passes from token to token always has a token.
_ADD_LINKS: Final = """
insert into catalog_service.token_trait_links (token_id, trait_id, trait_value_id, value_type, token_number)
select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::numeric[])
on conflict (token_id, trait_id, trait_value_id) do update set value_type = excluded.value_type
where token_trait_links.value_type <> excluded.value_type
returning trait_id"""

_REMOVE_LINKS: Final = """
delete from catalog_service.token_trait_links l where l.token_id = any($1::uuid[]) and not exists (
    select from unnest($2::uuid[], $3::uuid[]) w (token_id, trait_value_id)
    where (w.token_id, w.trait_value_id) = (l.token_id, l.trait_value_id))
returning trait_id"""

# A trait is a number or a date while the documents of all tokens agree on that. Its values fill the column of that
# type, and the other columns follow from `normalized_value`. Values without a link are left as they are.
_SETTLE_TYPES: Final = """
with said as (
    select t.id, t.value_type as was, array (
        select kind from unnest(array['string', 'number', 'date']) kind where exists (
            select from catalog_service.token_trait_links l where l.trait_id = t.id and l.value_type = kind)
    ) as kinds
    from catalog_service.traits t where t.collection_id = $1 and ($2::uuid[] is null or t.id = any($2))
), settled as (
    select id, was, case cardinality(kinds) when 1 then kinds[1] else 'string' end as value_type from said
), changed as (
    update catalog_service.traits t set value_type = s.value_type
    from settled s where t.id = s.id and s.was <> s.value_type
)
update catalog_service.trait_values v set
    value_type = s.value_type,
    value_string = case s.value_type when 'string' then coalesce(v.value_string, v.normalized_value) end,
    value_number = case s.value_type when 'number' then v.normalized_value::numeric end,
    value_epoch_seconds = case s.value_type when 'date' then v.normalized_value::bigint end
from settled s where v.trait_id = s.id and v.value_type <> s.value_type and v.occurrences > 0"""

# Links alone do not say which tokens are ranked. A token is ranked although its document names no traits, until it is
# burned. So ranks are due if a token has scores and should not, or the other way round.
_COUNTED: Final = """
select catalog_service.rarity_due(array[$1::uuid])
from catalog_service.collections
where id = $1 and standard = 'erc721' and exists (
    select from unnest($2::uuid[], $3::text[]) w (id, number), lateral (
        select t.owner, t.metadata_status from catalog_service.items t
        where t.chain = (select chain_no from catalog_service.collections where id = $1)
            and t.collection = (select no from catalog_service.collections where id = $1)
            and t.token_number = w.number::numeric limit 1) t
    where exists (select from catalog_service.rarity_scores r where r.token_id = w.id) <> (
        t.owner is not null and (coalesce(t.metadata_status = 'ok', false) or exists (
            select from catalog_service.token_trait_links l where l.token_id = w.id))))"""


class TraitWriter:
    """The writer of traits. It has no state."""

    async def write(
        self, connection: Any, collection_id: UUID, documents: Sequence[tuple[int, Sequence[Attribute]]]
    ) -> bool:
        """Replace the traits of tokens, which are given by number. True if the collection has to be ranked again.

        Runs in the caller's transaction (READ COMMITTED), in eight statements for any number of tokens. It holds the
        lock of the collection until that transaction ends. Other writers of the collection wait meanwhile, and so do
        listings of its tokens, so the transaction should end soon. Unknown tokens are skipped, and burned ones lose
        their traits. The same documents again change no row. If a token is given twice, its last document counts.

        The caller sets `metadata_status` of the tokens first: a token whose document names no traits is ranked only
        because its document was read.

        Raises:
            asyncpg.DeadlockDetectedError: another transaction holds this lock and waits for rows of the caller. Repeat
                the transaction. To avoid it, lock tokens before the call and `collection_stats` after it.
        """
        wanted = dict(documents)
        found = await connection.fetch(_TOKENS, collection_id, list(map(str, wanted)))
        numbers = {row["id"]: row["token_number"] for row in found}
        if not numbers:
            return False
        await connection.execute(_LOCK, collection_id)
        rows = rows_of(collection_id, ((row["id"], wanted[row["token_number"]]) for row in found if not row["burned"]))
        changed = await self._replace(connection, collection_id, numbers, rows)
        counted = await connection.fetch(_COUNTED, collection_id, list(numbers), list(map(str, numbers.values())))
        return changed or bool(counted)

    async def _replace(
        self, connection: Any, collection_id: UUID, numbers: Mapping[UUID, int], rows: TraitRows
    ) -> bool:
        traits, values, links = rows.traits.values(), rows.values.values(), rows.links
        await connection.execute(
            _TRAITS,
            collection_id,
            [trait.id for trait in traits],
            [trait.name for trait in traits],
            [trait.normalized_name for trait in traits],
            [trait.type for trait in traits],
            [trait.display_type for trait in traits],
        )
        await connection.execute(
            _VALUES,
            [value.id for value in values],
            [value.trait_id for value in values],
            [value.type for value in values],
            [value.normalized_value for value in values],
            [value.text for value in values],
            [value.max_value for value in values],
        )
        token_ids = [token for token, _, _ in links]
        value_ids = [value for _, _, value in links]
        added = await connection.fetch(
            _ADD_LINKS,
            token_ids,
            [trait for _, trait, _ in links],
            value_ids,
            list(links.values()),
            [numbers[token] for token in token_ids],
        )
        removed = await connection.fetch(_REMOVE_LINKS, list(numbers), token_ids, value_ids)
        touched = {row["trait_id"] for row in (*added, *removed)}
        if not touched:
            return False
        await connection.execute(_SETTLE_TYPES, collection_id, list(touched))
        return True


async def settle_types(connection: Any, collection_id: UUID) -> None:
    """Set the type of every trait of a collection to the one that its documents agree on.

    `TraitWriter.write` does so for the traits that it changes. A reorg may end a disagreement too, by removing a token.
    Runs in the caller's transaction and holds the collection's lock until that ends.
    """
    await connection.execute(_LOCK, collection_id)
    await connection.execute(_SETTLE_TYPES, collection_id, None)
