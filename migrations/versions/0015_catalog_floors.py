"""Catalog service, floors: how often traits occur and what things cost at least, kept by whoever changes a row."""

from __future__ import annotations

from migrations.script import run_script

revision = "0015"
down_revision = "0014"

# Triggers of whole statements over transition tables: they cost by statement and by thing counted, not by row. What the
# cascades of one statement take comes to them together, when all of it is gone: none may count on the rows of another
# table that went with the same token.
#
# Whatever is more than an addition first takes its collection's lock, then looks: two transactions that do not see each
# other's rows would else agree on a floor that neither has. The order of locks is tokens, this lock,
# `collection_stats`; whoever changes all three in one transaction keeps to it.
LOCK = """
create or replace function catalog_service.lock_collections(collections uuid[]) returns void language plpgsql as $$
declare
    one uuid;
begin
    for one in select distinct c from unnest(collections) c where c is not null order by 1 loop
        perform pg_advisory_xact_lock(hashtextextended('catalog_service.collections/' || one, 0));
    end loop;
end $$;
"""

# A listing counts while it is active and asks for the chain's own currency or its wrapped form: prices in others do not
# compare. Time alone changes nothing; whoever sees that an order has expired says so in its row.
FLOORS = """
-- The cheapest active listing of each token that has one.
create table if not exists catalog_service.token_floors (
    token_id uuid primary key,
    collection_id uuid not null references catalog_service.collections on delete cascade,
    price_native numeric not null,
    currency_symbol text not null,
    listing_id uuid not null, -- of equal prices the lowest id
    listed_at timestamptz not null,
    expires_at timestamptz,
    token_number numeric(78, 0) not null,
    constraint token_floors_price_native_check check (price_native >= 0)
);
-- what is for sale in a collection, cheapest first
create index if not exists token_floors_price_idx
    on catalog_service.token_floors (collection_id, price_native, token_id);
create index if not exists token_floors_number_idx
    on catalog_service.token_floors (collection_id, token_number, token_id);
create or replace function catalog_service.find_token_floors() returns trigger language plpgsql as $$
declare
    changed uuid[]; -- tokens
    touched uuid[]; -- collections
begin
    if tg_op = 'INSERT' then
        select array_agg(distinct token_id), array_agg(distinct collection_id) into changed, touched
        from added where side = 'listing' and status = 'active';
    elsif tg_op = 'DELETE' then
        select array_agg(distinct token_id), array_agg(distinct collection_id) into changed, touched
        from removed where side = 'listing' and status = 'active';
    else
        with moved as (
            select r.token_id, r.collection_id, a.collection_id as to_collection
            from removed r join added a using (id)
            where r.side = 'listing' and (r.collection_id, r.price_native, r.is_native, r.status = 'active', r.end_at)
                is distinct from (a.collection_id, a.price_native, a.is_native, a.status = 'active', a.end_at)
        )
        select array_agg(distinct token_id), array_agg(distinct collection_id) into changed, touched
        from (
            select token_id, collection_id from moved union all select token_id, to_collection from moved
        ) either;
    end if;
    if changed is null then
        return null;
    end if;
    perform catalog_service.lock_collections(touched);
    delete from catalog_service.token_floors f where f.token_id = any(changed) and not exists (
        select from catalog_service.orders l where l.token_id = f.token_id and l.side = 'listing'
            and l.status = 'active' and l.is_native and l.collection_id is not null);
    insert into catalog_service.token_floors
        (token_id, collection_id, price_native, currency_symbol, listing_id, listed_at, expires_at, token_number)
    select t.id, lowest.* from unnest(changed) t (id), lateral (
        select l.collection_id, l.price_native, l.currency_symbol, l.id, l.start_at, l.end_at, l.token_number
        from catalog_service.orders l
        where l.token_id = t.id and l.side = 'listing' and l.status = 'active' and l.is_native
            and l.collection_id is not null
        order by l.price_native, l.id limit 1
    ) lowest
    on conflict (token_id) do update set
        collection_id = excluded.collection_id, price_native = excluded.price_native,
        currency_symbol = excluded.currency_symbol, listing_id = excluded.listing_id, listed_at = excluded.listed_at,
        expires_at = excluded.expires_at
    where token_floors is distinct from excluded;
    return null;
end $$;

create or replace trigger orders_added after insert on catalog_service.orders
    referencing new table as added for each statement execute function catalog_service.find_token_floors();
create or replace trigger orders_removed after delete on catalog_service.orders
    referencing old table as removed for each statement execute function catalog_service.find_token_floors();
create or replace trigger orders_changed after update on catalog_service.orders
    referencing new table as added old table as removed
    for each statement execute function catalog_service.find_token_floors();

-- The floors of values that may have risen. Of a rare value all tokens are looked at, of a common one the listings,
-- cheapest first, until one has it. `offset 0` here and below: by index and row by row, whatever the planner expects of
-- tables that have just been filled.
create or replace function catalog_service.find_value_floors(trait_value_ids uuid[]) returns void language plpgsql as $$
begin
    if trait_value_ids is null then
        return;
    end if;
    with found as (
        select v.id, case when v.occurrences <= 200 then (
            select min(f.price_native) from catalog_service.token_trait_links l, lateral (
                select price_native from catalog_service.token_floors where token_id = l.token_id offset 0) f
            where l.trait_value_id = v.id
        ) else (
            select f.price_native from (
                select token_id, price_native from catalog_service.token_floors
                where collection_id = t.collection_id order by price_native, token_id offset 0
            ) f where exists (
                select from catalog_service.token_trait_links l
                where l.token_id = f.token_id and l.trait_id = t.id and l.trait_value_id = v.id offset 0)
            order by f.price_native limit 1
        ) end as price_native
        from catalog_service.trait_values v join catalog_service.traits t on t.id = v.trait_id
        where v.id = any(trait_value_ids)
    ), gone as (
        delete from catalog_service.trait_value_floor using found
        where trait_value_id = found.id and found.price_native is null
    )
    update catalog_service.trait_value_floor set floor_price_native = found.price_native, last_updated_at = now()
    from found where trait_value_id = found.id and floor_price_native is distinct from found.price_native
        and found.price_native is not null;
end $$;

create or replace function catalog_service.count_token_floors() returns trigger language plpgsql as $$
declare
    gained catalog_service.token_floors[];
    lost catalog_service.token_floors[];
    touched uuid[]; -- collections
begin
    if tg_op <> 'DELETE' then
        select array_agg(a) into gained from added a;
    end if;
    if tg_op <> 'INSERT' then
        select array_agg(r) into lost from removed r;
    end if;
    select array_agg(distinct f.collection_id) into touched from unnest(gained || lost) f;
    if touched is null then
        return null;
    end if;
    perform catalog_service.lock_collections(touched);

    -- A lower price is a floor at once; only where the floor itself went is there something to look for.
    insert into catalog_service.trait_value_floor (trait_value_id, floor_price_native)
    select l.trait_value_id, min(f.price_native) from unnest(gained) f, lateral (
        select trait_value_id from catalog_service.token_trait_links where token_id = f.token_id offset 0) l
    group by 1
    on conflict (trait_value_id) do update
    set floor_price_native = excluded.floor_price_native, last_updated_at = excluded.last_updated_at
    where excluded.floor_price_native < trait_value_floor.floor_price_native;
    perform catalog_service.find_value_floors((
        select array_agg(distinct l.trait_value_id) from unnest(lost) f, lateral (
            select trait_value_id from catalog_service.token_trait_links where token_id = f.token_id offset 0
        ) l, lateral (
            select floor_price_native from catalog_service.trait_value_floor
            where trait_value_id = l.trait_value_id offset 0
        ) v where f.price_native <= v.floor_price_native));

    insert into catalog_service.collection_stats (collection_id, last_updated_at)
    select distinct f.collection_id, now() from unnest(gained) f order by 1
    on conflict (collection_id) do nothing;
    update catalog_service.collection_stats s set
        listed_count = s.listed_count + d.number,
        floor_price_native = lowest.price_native, floor_currency_symbol = lowest.currency_symbol,
        last_updated_at = greatest(s.last_updated_at, now())
    from (
        select c.collection_id, sum(c.number) as number from (
            select collection_id, 1 from unnest(gained) union all select collection_id, -1 from unnest(lost)
        ) c (collection_id, number) group by 1
    ) d left join lateral (
        select f.price_native, f.currency_symbol from catalog_service.token_floors f
        where f.collection_id = d.collection_id order by f.price_native, f.token_id limit 1
    ) lowest on true
    where s.collection_id = d.collection_id;
    return null;
end $$;

create or replace trigger token_floors_added after insert on catalog_service.token_floors
    referencing new table as added for each statement execute function catalog_service.count_token_floors();
create or replace trigger token_floors_removed after delete on catalog_service.token_floors
    referencing old table as removed for each statement execute function catalog_service.count_token_floors();
create or replace trigger token_floors_changed after update on catalog_service.token_floors
    referencing new table as added old table as removed
    for each statement execute function catalog_service.count_token_floors();
"""

TRAITS = """
-- The ranks of these collections are to be made again. The cursor names the transaction that said so: whoever ranks
-- compares it with the one seen at the start.
create or replace function catalog_service.rarity_due(collections uuid[]) returns void language sql as $$
    insert into catalog_service.sync_state (collection_id, source, status, cursor)
    select distinct c, 'rarity', 'due', pg_current_xact_id()::text from unnest(collections) c
    on conflict (collection_id, source) do update set status = 'due', cursor = excluded.cursor
    where sync_state.status <> 'due' or sync_state.cursor is distinct from excluded.cursor
$$;

create or replace function catalog_service.count_trait_links() returns trigger language plpgsql as $$
declare
    gained catalog_service.token_trait_links[];
    lost catalog_service.token_trait_links[];
    touched uuid[]; -- collections; one that is being deleted has no traits any more
begin
    if tg_op <> 'DELETE' then
        select array_agg(a) into gained from added a;
    end if;
    if tg_op <> 'INSERT' then
        select array_agg(r) into lost from removed r;
    end if;
    select array_agg(distinct collection_id) into touched
    from catalog_service.traits where id in (select trait_id from unnest(gained || lost));
    if touched is null then
        return null;
    end if;
    perform catalog_service.lock_collections(touched);

    -- The share is that of now; it is made again with the ranks, since it also moves with the number of items.
    update catalog_service.trait_values v set
        occurrences = v.occurrences + d.number,
        frequency = coalesce(least((v.occurrences + d.number)::float8 / nullif(d.items_count, 0), 1), v.frequency)
    from (
        select c.trait_value_id, sum(c.number)::bigint as number, s.items_count from (
            select trait_id, trait_value_id, 1 from unnest(gained)
            union all select trait_id, trait_value_id, -1 from unnest(lost)
        ) c (trait_id, trait_value_id, number)
        join catalog_service.traits t on t.id = c.trait_id
        left join catalog_service.collection_stats s on s.collection_id = t.collection_id
        group by 1, 3
    ) d where v.id = d.trait_value_id and d.number <> 0;
    -- A value that nobody has is gone, and with its last value the trait.
    if lost is not null then
        delete from catalog_service.trait_values
        where id in (select trait_value_id from unnest(lost)) and occurrences = 0;
        delete from catalog_service.traits t where t.id in (select trait_id from unnest(lost))
            and not exists (select from catalog_service.trait_values v where v.trait_id = t.id);
    end if;

    insert into catalog_service.trait_value_floor (trait_value_id, floor_price_native)
    select l.trait_value_id, min(f.price_native) from unnest(gained) l, lateral (
        select price_native from catalog_service.token_floors where token_id = l.token_id offset 0) f
    group by 1
    on conflict (trait_value_id) do update
    set floor_price_native = excluded.floor_price_native, last_updated_at = excluded.last_updated_at
    where excluded.floor_price_native < trait_value_floor.floor_price_native;
    -- Whatever the token cost: its floor may have gone before its links.
    perform catalog_service.find_value_floors((
        select array_agg(distinct trait_value_id)
        from unnest(lost) join catalog_service.trait_value_floor using (trait_value_id)));
    perform catalog_service.rarity_due(touched);
    return null;
end $$;

create or replace trigger token_trait_links_added after insert on catalog_service.token_trait_links
    referencing new table as added for each statement execute function catalog_service.count_trait_links();
create or replace trigger token_trait_links_removed after delete on catalog_service.token_trait_links
    referencing old table as removed for each statement execute function catalog_service.count_trait_links();
create or replace trigger token_trait_links_changed after update on catalog_service.token_trait_links
    referencing new table as added old table as removed
    for each statement execute function catalog_service.count_trait_links();
"""

SQL = LOCK + FLOORS + TRAITS


def upgrade() -> None:
    """Create the floors, and the triggers of traits and listings that keep them."""
    run_script(SQL)
