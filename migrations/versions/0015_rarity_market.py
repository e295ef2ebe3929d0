"""Catalog service: how often traits occur, what a collection costs and has traded, kept by whoever changes a row."""

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

# A listing counts while it is active, knows its token and asks for the chain's own currency: prices in others do not
# compare. Time alone changes nothing; whoever sees that a listing has expired makes it inactive.
FLOORS = """
-- The cheapest active listing of each token that has one.
create table if not exists catalog_service.token_floors (
    token_id uuid primary key references catalog_service.tokens on delete cascade,
    collection_id uuid not null references catalog_service.collections on delete cascade,
    price_native numeric(78, 18) not null,
    currency_symbol text not null,
    listing_id uuid not null, -- of equal prices the lowest id
    listed_at timestamptz not null,
    expires_at timestamptz,
    constraint token_floors_price_native_check check (price_native >= 0)
);
-- what is for sale in a collection, cheapest first
create index if not exists token_floors_price_idx
    on catalog_service.token_floors (collection_id, price_native, token_id);

create or replace function catalog_service.find_token_floors() returns trigger language plpgsql as $$
declare
    changed uuid[]; -- tokens
    touched uuid[]; -- collections
begin
    if tg_op = 'INSERT' then
        select array_agg(distinct token_id), array_agg(distinct collection_id) into changed, touched from added;
    elsif tg_op = 'DELETE' then
        select array_agg(distinct token_id), array_agg(distinct collection_id) into changed, touched from removed;
    else
        with moved as (
            select r.token_id, r.collection_id, a.token_id as to_token, a.collection_id as to_collection
            from removed r full join added a using (id)
            where (r.token_id, r.collection_id, r.price_native, r.currency_symbol, r.currency_address, r.is_active,
                    r.listed_at, r.expires_at)
                is distinct from (a.token_id, a.collection_id, a.price_native, a.currency_symbol, a.currency_address,
                    a.is_active, a.listed_at, a.expires_at)
        )
        select array_agg(distinct token_id), array_agg(distinct collection_id) into changed, touched
        from (
            select token_id, collection_id from moved union all select to_token, to_collection from moved
        ) either;
    end if;
    if changed is null then
        return null;
    end if;
    perform catalog_service.lock_collections(touched);
    delete from catalog_service.token_floors f where f.token_id = any(changed) and not exists (
        select from catalog_service.listings l
        where l.token_id = f.token_id and l.is_active and l.currency_address is null and l.collection_id is not null);
    insert into catalog_service.token_floors
        (token_id, collection_id, price_native, currency_symbol, listing_id, listed_at, expires_at)
    select t.id, lowest.* from unnest(changed) t (id), lateral (
        select l.collection_id, l.price_native, l.currency_symbol, l.id, l.listed_at, l.expires_at
        from catalog_service.listings l
        where l.token_id = t.id and l.is_active and l.currency_address is null and l.collection_id is not null
        order by l.price_native, l.id limit 1
    ) lowest
    on conflict (token_id) do update set
        collection_id = excluded.collection_id, price_native = excluded.price_native,
        currency_symbol = excluded.currency_symbol, listing_id = excluded.listing_id, listed_at = excluded.listed_at,
        expires_at = excluded.expires_at
    where token_floors is distinct from excluded;
    return null;
end $$;

create or replace trigger listings_added after insert on catalog_service.listings
    referencing new table as added for each statement execute function catalog_service.find_token_floors();
create or replace trigger listings_removed after delete on catalog_service.listings
    referencing old table as removed for each statement execute function catalog_service.find_token_floors();
create or replace trigger listings_changed after update on catalog_service.listings
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
-- What the token's own document said the value is. A trait is of another type than 'string' while all its links agree.
alter table catalog_service.token_trait_links add column if not exists value_type text not null default 'string';
do $$ begin
    if not exists (select from pg_constraint where conname = 'token_trait_links_value_type_check') then
        alter table catalog_service.token_trait_links add constraint token_trait_links_value_type_check
            check (value_type in ('string', 'number', 'date'));
    end if;
end $$;
drop index if exists catalog_service.token_trait_links_trait_id_idx;
create index if not exists token_trait_links_trait_type_idx
    on catalog_service.token_trait_links (trait_id, value_type);

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

    update catalog_service.trait_values v set occurrences = v.occurrences + d.number
    from (
        select c.trait_value_id, sum(c.number) as number from (
            select trait_value_id, 1 from unnest(gained) union all select trait_value_id, -1 from unnest(lost)
        ) c (trait_value_id, number) group by 1
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

# A sale's price is that of all its units together. Sales in another currency are counted, their price is not added.
# Additions need no lock of the collection, only an order in which rows are taken.
SALES = """
-- What a collection traded, by the hour: a day or a week is read as the sum of its hours, and moves on by itself.
create table if not exists catalog_service.collection_volume_hours (
    collection_id uuid not null references catalog_service.collections on delete cascade,
    hour timestamptz not null, -- its start
    volume_native numeric(78, 18) not null default 0,
    sales_count bigint not null default 0,
    primary key (collection_id, hour),
    constraint collection_volume_hours_hour_check check (extract(epoch from hour) % 3600 = 0),
    constraint collection_volume_hours_sums_check check (volume_native >= 0 and sales_count >= 0)
);

-- This hour and the 23, or 167, before it.
create or replace view catalog_service.collection_volumes as
select
    collection_id,
    coalesce(sum(volume_native) filter (where hour > date_trunc('hour', now(), 'UTC') - interval '1 day'), 0)
        as volume_day,
    coalesce(sum(sales_count) filter (where hour > date_trunc('hour', now(), 'UTC') - interval '1 day'), 0)::bigint
        as sales_day,
    sum(volume_native) as volume_week,
    sum(sales_count)::bigint as sales_week
from catalog_service.collection_volume_hours
where hour > date_trunc('hour', now(), 'UTC') - interval '7 days'
group by collection_id;

-- What an account does on the market of a chain. An account without a row has done nothing.
create table if not exists catalog_service.account_stats (
    account evm_address not null,
    chain_id caip2_chain not null,
    listings_count bigint not null default 0, -- active ones, in any currency
    sales_count bigint not null default 0,
    purchases_count bigint not null default 0,
    volume_sold numeric(78, 18) not null default 0,
    volume_purchased numeric(78, 18) not null default 0,
    updated_at timestamptz not null default now(),
    primary key (account, chain_id),
    constraint account_stats_counts_check check (listings_count >= 0 and sales_count >= 0 and purchases_count >= 0),
    constraint account_stats_volumes_check check (volume_sold >= 0 and volume_purchased >= 0)
);

create or replace function catalog_service.add_to_accounts(deltas catalog_service.account_stats[])
returns void language plpgsql as $$
begin
    if cardinality(deltas) = 0 then
        return;
    end if;
    insert into catalog_service.account_stats (account, chain_id)
    select account, chain_id from unnest(deltas) order by account, chain_id on conflict do nothing;
    perform from catalog_service.account_stats
    where (account, chain_id) in (select account, chain_id from unnest(deltas)) order by account, chain_id for update;
    update catalog_service.account_stats s set
        listings_count = s.listings_count + d.listings_count, sales_count = s.sales_count + d.sales_count,
        purchases_count = s.purchases_count + d.purchases_count, volume_sold = s.volume_sold + d.volume_sold,
        volume_purchased = s.volume_purchased + d.volume_purchased, updated_at = now()
    from unnest(deltas) d where (s.account, s.chain_id) = (d.account, d.chain_id);
    delete from catalog_service.account_stats
    where (account, chain_id) in (select account, chain_id from unnest(deltas))
        and listings_count + sales_count + purchases_count = 0;
end $$;

create or replace function catalog_service.count_account_listings() returns trigger language plpgsql as $$
declare
    gained catalog_service.listings[];
    lost catalog_service.listings[];
begin
    if tg_op <> 'DELETE' then
        select array_agg(a) into gained from added a where is_active;
    end if;
    if tg_op <> 'INSERT' then
        select array_agg(r) into lost from removed r where is_active;
    end if;
    perform catalog_service.add_to_accounts(array(
        select (seller_address, chain_id, sum(number), 0, 0, 0, 0, now())::catalog_service.account_stats from (
            select seller_address, chain_id, 1 from unnest(gained)
            union all select seller_address, chain_id, -1 from unnest(lost)
        ) c (seller_address, chain_id, number) group by seller_address, chain_id having sum(number) <> 0));
    return null;
end $$;

create or replace trigger listings_added_to_account after insert on catalog_service.listings
    referencing new table as added for each statement execute function catalog_service.count_account_listings();
create or replace trigger listings_removed_from_account after delete on catalog_service.listings
    referencing old table as removed for each statement execute function catalog_service.count_account_listings();
create or replace trigger listings_changed_of_account after update on catalog_service.listings
    referencing new table as added old table as removed
    for each statement execute function catalog_service.count_account_listings();

create or replace function catalog_service.count_sales() returns trigger language plpgsql as $$
declare
    gained catalog_service.sales[];
    lost catalog_service.sales[];
    hours catalog_service.collection_volume_hours[]; -- what to add
begin
    if tg_op <> 'DELETE' then
        select array_agg(a) into gained from added a;
    end if;
    if tg_op <> 'INSERT' then
        select array_agg(r) into lost from removed r;
    end if;
    hours := array(
        select (collection_id, hour, sum(volume), sum(number))::catalog_service.collection_volume_hours from (
            select collection_id, date_trunc('hour', occurred_at, 'UTC'), 1,
                case when currency_address is null then price_native else 0 end
            from unnest(gained)
            union all select collection_id, date_trunc('hour', occurred_at, 'UTC'), -1,
                case when currency_address is null then -price_native else 0 end
            from unnest(lost)
        ) s (collection_id, hour, number, volume)
        where collection_id in (select id from catalog_service.collections)
        group by collection_id, hour having sum(number) <> 0 or sum(volume) <> 0);
    if cardinality(hours) > 0 then
        insert into catalog_service.collection_stats (collection_id, last_updated_at)
        select distinct collection_id, now() from unnest(hours) order by 1 on conflict (collection_id) do nothing;
        perform from catalog_service.collection_stats
        where collection_id in (select collection_id from unnest(hours)) order by collection_id for no key update;
        update catalog_service.collection_stats s set
            sales_count = s.sales_count + d.number, volume_all = s.volume_all + d.volume,
            last_updated_at = greatest(s.last_updated_at, now())
        from (
            select collection_id, sum(sales_count), sum(volume_native) from unnest(hours) group by 1
        ) d (collection_id, number, volume)
        where s.collection_id = d.collection_id;

        insert into catalog_service.collection_volume_hours (collection_id, hour)
        select collection_id, hour from unnest(hours) order by 1, 2 on conflict do nothing;
        update catalog_service.collection_volume_hours h set
            volume_native = h.volume_native + d.volume_native, sales_count = h.sales_count + d.sales_count
        from unnest(hours) d where (h.collection_id, h.hour) = (d.collection_id, d.hour);
        delete from catalog_service.collection_volume_hours
        where (collection_id, hour) in (select collection_id, hour from unnest(hours)) and sales_count = 0;
    end if;
    perform catalog_service.add_to_accounts(array(
        select (account, chain_id, 0, sum(sold), sum(bought), sum(sold * price), sum(bought * price), now())
            ::catalog_service.account_stats
        from (
            select chain_id, seller_address, buyer_address, currency_address, price_native, 1 from unnest(gained)
            union all
            select chain_id, seller_address, buyer_address, currency_address, price_native, -1 from unnest(lost)
        ) s (chain_id, seller_address, buyer_address, currency_address, price_native, sign), lateral (
            values (seller_address, sign, 0), (buyer_address, 0, sign)
        ) side (account, sold, bought), lateral (
            select case when currency_address is null then price_native else 0 end
        ) paid (price)
        where account is not null
        group by account, chain_id
        having (sum(sold), sum(bought), sum(sold * price), sum(bought * price)) <> (0, 0, 0, 0)));
    return null;
end $$;

create or replace trigger sales_added after insert on catalog_service.sales
    referencing new table as added for each statement execute function catalog_service.count_sales();
create or replace trigger sales_removed after delete on catalog_service.sales
    referencing old table as removed for each statement execute function catalog_service.count_sales();
create or replace trigger sales_changed after update on catalog_service.sales
    referencing new table as added old table as removed
    for each statement execute function catalog_service.count_sales();
"""

SQL = LOCK + FLOORS + TRAITS + SALES


def upgrade() -> None:
    """Create the triggers of traits and market, and the tables they keep."""
    run_script(SQL)
