"""Catalog service, volumes: what collections and accounts have traded, kept by whoever changes a sale or a listing."""

from __future__ import annotations

from migrations.script import run_script

revision = "0016"
down_revision = "0015"

# Sales in a currency that does not compare, and those with an `exclusion`, are counted, and their price is not added.
# Additions need no lock of the collection, only an order in which rows are taken.
SQL = """
-- What a collection traded, by the hour: a day or a week is read as the sum of its hours, and moves on by itself.
create table if not exists catalog_service.collection_volume_hours (
    collection_id uuid not null references catalog_service.collections on delete cascade,
    hour timestamptz not null, -- its start
    volume_native numeric not null default 0,
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
    volume_sold numeric not null default 0,
    volume_purchased numeric not null default 0,
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
    gained catalog_service.orders[];
    lost catalog_service.orders[];
begin
    if tg_op <> 'DELETE' then
        select array_agg(a) into gained from added a where side = 'listing' and status = 'active';
    end if;
    if tg_op <> 'INSERT' then
        select array_agg(r) into lost from removed r where side = 'listing' and status = 'active';
    end if;
    if gained is null and lost is null then
        return null;
    end if;
    perform catalog_service.add_to_accounts(array(
        select (maker, chain_id, sum(number), 0, 0, 0, 0, now())::catalog_service.account_stats from (
            select maker, chain_id, 1 from unnest(gained) union all select maker, chain_id, -1 from unnest(lost)
        ) c (maker, chain_id, number) group by maker, chain_id having sum(number) <> 0));
    return null;
end $$;

create or replace trigger orders_added_to_account after insert on catalog_service.orders
    referencing new table as added for each statement execute function catalog_service.count_account_listings();
create or replace trigger orders_removed_from_account after delete on catalog_service.orders
    referencing old table as removed for each statement execute function catalog_service.count_account_listings();
create or replace trigger orders_changed_of_account after update on catalog_service.orders
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
                case when is_native and exclusion is null then price_native else 0 end
            from unnest(gained)
            union all select collection_id, date_trunc('hour', occurred_at, 'UTC'), -1,
                case when is_native and exclusion is null then -price_native else 0 end
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
            select chain_id, seller_address, buyer_address, is_native and exclusion is null, price_native, 1
            from unnest(gained)
            union all
            select chain_id, seller_address, buyer_address, is_native and exclusion is null, price_native, -1
            from unnest(lost)
        ) s (chain_id, seller_address, buyer_address, counts, price_native, sign), lateral (
            values (seller_address, sign, 0), (buyer_address, 0, sign)
        ) side (account, sold, bought), lateral (
            select case when counts then price_native else 0 end
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


def upgrade() -> None:
    """Create the volumes, and the triggers of sales and listings that keep them."""
    run_script(SQL)
