"""Catalog service, words: what names are found by, kept by whoever changes a name."""

from __future__ import annotations

from migrations.script import run_script

revision = "0017"
down_revision = "0016"

SQL = """
-- A name as it is compared: compatibility forms and accents taken off, lower case, words apart by one space. The
-- collation is the built-in one, so that letters are letters also in a database whose locale is C.
create or replace function catalog_service.folded(name text) returns text
    language sql immutable strict parallel safe as $$
    select trim(regexp_replace(
        regexp_replace(normalize(lower(normalize(name, NFKD) collate "pg_c_utf8"), NFKD), '[\\u0300-\\u036f]', '', 'g')
            collate "pg_c_utf8", '[^[:alnum:]]+', ' ', 'g'))
$$;

-- The words of a name, each once. The end of a very long word or name is not searched.
create or replace function catalog_service.words_of(name text) returns text[]
    language sql immutable strict parallel safe as $$
    select coalesce(array_agg(distinct left(word, 64) collate "C"), '{}')
    from unnest(string_to_array(catalog_service.folded(left(name, 512)), ' ')) word
$$;

-- Words to names. A GIN index over tsvectors reads every match before it gives the first, and "all tokens of a
-- collection have its name in theirs" is the usual case, not the worst; in a B-tree the first page costs a page.
create table if not exists catalog_service.token_words (
    collection_id uuid not null,
    word text collate "C" not null,
    token_number numeric(78, 0) not null,
    primary key (collection_id, word, token_number)
);
create index if not exists token_words_word_idx
    on catalog_service.token_words (word, collection_id, token_number);

create table if not exists catalog_service.collection_words (
    word text collate "C" not null,
    collection_id uuid not null references catalog_service.collections on delete cascade,
    primary key (word, collection_id)
);
create index if not exists collection_words_collection_id_idx on catalog_service.collection_words (collection_id);

-- Names of tokens come with their metadata, not with their mint: the projection, which names none, fires nothing.
create or replace function catalog_service.index_item_name() returns trigger language plpgsql as $$
declare
    of uuid;
begin
    if tg_op <> 'INSERT' and old.name is not null then
        select id into of from catalog_service.collections where no = old.collection;
        delete from catalog_service.token_words w
        where w.collection_id = of and w.token_number = old.token_number
          and w.word = any(catalog_service.words_of(old.name));
    end if;
    if tg_op <> 'DELETE' and new.name is not null then
        select id into of from catalog_service.collections where no = new.collection;
        insert into catalog_service.token_words (collection_id, word, token_number)
        select of, word, new.token_number from unnest(catalog_service.words_of(new.name)) word
        where of is not null on conflict do nothing;
    end if;
    return null;
end $$;
create or replace trigger items_named after insert on catalog_service.items
    for each row when (new.name is not null) execute function catalog_service.index_item_name();
create or replace trigger items_renamed after update of name on catalog_service.items
    for each row when (new.name is distinct from old.name) execute function catalog_service.index_item_name();
create or replace trigger items_gone after delete on catalog_service.items
    for each row when (old.name is not null) execute function catalog_service.index_item_name();

create or replace function catalog_service.index_collection_name() returns trigger language plpgsql as $$
begin
    delete from catalog_service.collection_words w where w.collection_id = new.id;
    insert into catalog_service.collection_words (word, collection_id)
    select word, new.id from unnest(catalog_service.words_of(concat_ws(' ', new.name, new.symbol))) word;
    return null;
end $$;
create or replace trigger collections_named after insert or update of name, symbol on catalog_service.collections
    for each row execute function catalog_service.index_collection_name();
"""


def upgrade() -> None:
    """Create the words of names, and the triggers that keep them."""
    run_script(SQL)
