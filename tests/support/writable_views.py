"""The views of the hot tables, made writable: tests write rows by the specification's names and columns.

Installed in the databases of tests only. What the product writes goes to the tables, by numbers.
"""

from __future__ import annotations

from typing import Final

SQL: Final = """
create or replace function catalog_service.test_account(address text) returns integer language plpgsql as $$
begin
    if address is null then
        return null;
    end if;
    insert into catalog_service.accounts (address) values (decode(substr(address, 3), 'hex')) on conflict do nothing;
    return (select no from catalog_service.accounts a where a.address = decode(substr($1, 3), 'hex'));
end $$;

create or replace function catalog_service.test_chain(chain_id text) returns smallint language plpgsql as $$
declare
    chain smallint := catalog_service.number_chain(chain_id);
begin
    -- Each row that is written asks; making what is there already costs 0.2 ms and six notices to the client.
    if not exists (select from pg_inherits where inhrelid = to_regclass('catalog_service.holders_' || chain)) then
        perform catalog_service.make_chain_tables(chain);
        perform catalog_service.attach_chain_tables(chain);
    end if;
    return chain;
end $$;

create or replace function catalog_service.test_seconds(at timestamptz) returns integer language sql as $$
    select (extract(epoch from at) - 946684800)::integer
$$;

create or replace function catalog_service.test_write_token() returns trigger language plpgsql as $$
declare
    number integer;
    partition smallint;
begin
    select no into number from catalog_service.collections where id = coalesce(new.collection_id, old.collection_id);
    if tg_op = 'DELETE' then
        delete from catalog_service.items where collection = number and token_number = old.token_number;
        return old;
    end if;
    if tg_op = 'INSERT' then
        partition = catalog_service.test_chain(coalesce(new.chain_id, 'eip155:31337'));
        insert into catalog_service.items (chain, collection, owner, minted_at, updated_at, minted_place, last_place,
            token_number, supply, last_refresh_at, name, image_url, animation_url, metadata_url, metadata_doc,
            metadata_status, metadata_error)
        values (partition, number, catalog_service.test_account(new.owner_address),
            catalog_service.test_seconds(new.minted_at), catalog_service.test_seconds(new.updated_at),
            new.minted_block << 24, coalesce(new.last_transfer_block, new.minted_block, 0) << 24, new.token_number,
            case when new.token_standard = 'erc1155' then coalesce(new.supply, 1) end, new.last_refresh_at, new.name,
            new.image_url, new.animation_url, new.metadata_url, new.metadata_doc, new.metadata_status,
            new.metadata_error);
        if new.minted_tx_hash is not null then
            insert into catalog_service.movements
                (chain, kind, at, place, collection, sender, recipient, tx, token_number)
            values (partition, 0, catalog_service.test_seconds(new.minted_at), new.minted_block << 24, number, 0,
                catalog_service.test_account(new.owner_address), decode(substr(new.minted_tx_hash, 3), 'hex'),
                new.token_number);
        end if;
    else
        update catalog_service.items set
            owner = catalog_service.test_account(
                case when new.token_standard = 'erc1155' or new.burned then null
                    else coalesce(new.owner_address, '0x0000000000000000000000000000000000000002') end),
            minted_at = catalog_service.test_seconds(new.minted_at),
            updated_at = catalog_service.test_seconds(new.updated_at), last_refresh_at = new.last_refresh_at,
            supply = case when new.token_standard = 'erc1155' then new.supply end,
            name = new.name, image_url = new.image_url, animation_url = new.animation_url,
            metadata_url = new.metadata_url, metadata_doc = new.metadata_doc, metadata_status = new.metadata_status,
            metadata_error = new.metadata_error
        where collection = number and token_number = old.token_number;
    end if;
    return new;
end $$;
create or replace trigger test_tokens instead of insert or update or delete on catalog_service.tokens
    for each row execute function catalog_service.test_write_token();

create or replace function catalog_service.test_write_balance() returns trigger language plpgsql as $$
declare
    held record;
begin
    select c.no, c.standard into held from catalog_service.collections c
    where c.chain_id = new.chain_id and c.contract_address = new.contract;
    if not found then
        return new;
    end if;
    if held.standard = 'erc1155' then
        insert into catalog_service.unit_balances values (held.no, new.token_id, decode(substr(new.owner, 3), 'hex'),
            new.quantity, catalog_service.test_seconds(new.updated_at));
    else
        update catalog_service.items t set owner = catalog_service.test_account(new.owner)
        where t.collection = held.no and t.token_number = new.token_id;
    end if;
    insert into catalog_service.holders as h (chain, collection, owner, quantity, updated_at)
    values (catalog_service.test_chain(new.chain_id), held.no, catalog_service.test_account(new.owner), new.quantity,
        catalog_service.test_seconds(new.updated_at))
    on conflict (owner, chain, collection) do update set quantity = h.quantity + excluded.quantity;
    return new;
end $$;
create or replace trigger test_balances instead of insert on catalog_service.token_balances
    for each row execute function catalog_service.test_write_balance();

create or replace function catalog_service.test_write_owner() returns trigger language plpgsql as $$
begin
    insert into catalog_service.holders as h (chain, collection, owner, quantity, updated_at)
    select catalog_service.test_chain(c.chain_id), c.no, catalog_service.test_account(new.owner), new.quantity,
        catalog_service.test_seconds(new.updated_at)
    from catalog_service.collections c where c.id = new.collection_id
    on conflict (owner, chain, collection) do update set quantity = excluded.quantity;
    return new;
end $$;
create or replace trigger test_owners instead of insert or update on catalog_service.collection_owners
    for each row execute function catalog_service.test_write_owner();

create or replace function catalog_service.test_write_activity() returns trigger language plpgsql as $$
begin
    insert into catalog_service.movements
        (chain, kind, at, place, collection, sender, recipient, batch, tx, token_number, quantity, price)
    select catalog_service.test_chain(c.chain_id),
        case new.type when 'mint' then 1 when 'transfer' then 2 else 3 end,
        catalog_service.test_seconds(new.timestamp), coalesce(new.block_number, 0) << 24 | coalesce(new.log_index, 0),
        c.no, catalog_service.test_account(new.from_address), catalog_service.test_account(new.to_address),
        coalesce(new.batch_index, 0), decode(substr(new.tx_hash, 3), 'hex'), new.token_number,
        nullif(new.quantity, 1), new.price_native_text::numeric
    from catalog_service.collections c where c.id = new.collection_id;
    if new.currency_symbol is not null then
        update catalog_service.chain_numbers set symbol = new.currency_symbol where chain_id = new.chain_id;
    end if;
    return new;
end $$;
create or replace trigger test_activities instead of insert on catalog_service.activities
    for each row execute function catalog_service.test_write_activity();
"""
