"""Empties a test's database for the next test: making a database anew copies 700 files, which costs a second of a busy
machine.

The template keeps what an empty one looks like, in a schema of its own: its rows, its sequences, and a fingerprint of
its schema. What cannot be brought back to that is not used again.
"""

from __future__ import annotations

from typing import Any, Final

import asyncpg

LARGEST: Final = 64 << 20
"""Bytes. A database that a test has filled is dropped faster than emptied."""

SQL: Final = """
create schema test_template;

-- Tables and partitioned tables of ours; a partition goes with its table.
create view test_template.tables as
    select c.oid, c.oid::regclass::text as name
    from pg_class c
    where c.relkind in ('r', 'p') and not c.relispartition
        and c.relnamespace::regnamespace::text !~ '^(pg_|information_schema$|test_template$)';

create table test_template.kept_tables as select oid, name from test_template.tables;
create table test_template.kept_partitions as select oid from pg_class where relispartition;
create table test_template.kept_sequences as
    select format('%I.%I', schemaname, sequencename) as name, start_value, last_value from pg_sequences;

-- Everything that a statement of DDL changes. Databases that are copies of one template have the same oids.
create function test_template.fingerprint() returns text language sql set search_path = pg_catalog as $$
    select md5(concat(
        (select string_agg(concat(oid, relname, relkind, relnatts, relrowsecurity, reloptions, relacl), ','
                           order by oid)
            from pg_class where oid >= 16384),
        (select string_agg(concat(attrelid, attname, atttypid, attnotnull, atthasdef, attisdropped), ','
                           order by attrelid, attnum)
            from pg_attribute where attrelid >= 16384 and attnum > 0),
        (select string_agg(concat(adrelid, adnum, md5(adbin::text)), ',' order by oid) from pg_attrdef),
        (select string_agg(concat(oid, proname, md5(prosrc)), ',' order by oid) from pg_proc where oid >= 16384),
        (select string_agg(concat(oid, tgenabled), ',' order by oid) from pg_trigger where not tgisinternal),
        (select string_agg(concat(oid, conname, convalidated), ',' order by oid) from pg_constraint where oid >= 16384),
        (select string_agg(concat(indexrelid, indisvalid), ',' order by indexrelid)
            from pg_index where indexrelid >= 16384),
        (select string_agg(concat(oid, md5(ev_action::text)), ',' order by oid) from pg_rewrite where oid >= 16384),
        (select string_agg(concat(oid, nspname, nspacl), ',' order by oid) from pg_namespace where nspname !~ '^pg_'),
        (select string_agg(concat(oid, extversion), ',' order by oid) from pg_extension),
        (select count(*) from pg_db_role_setting
            where setdatabase = (select oid from pg_database where datname = current_database()))
    ))
$$;

-- The rows that the migrations have written, under the number of their table.
do $$
declare
    one record;
    filled boolean;
begin
    create table test_template.kept_rows (oid oid, copy text, columns text);
    for one in select * from test_template.kept_tables loop
        execute format('select exists (select from %s)', one.name) into filled;
        if filled then
            execute format('create table test_template.rows_%s as select * from %s', one.oid, one.name);
            insert into test_template.kept_rows
            select one.oid, format('test_template.rows_%s', one.oid),
                string_agg(quote_ident(attname), ', ' order by attnum)
            from pg_attribute where attrelid = one.oid and attnum > 0 and not attisdropped and attgenerated = '';
        end if;
    end loop;
end $$;

-- Of kept tables: those whose files are not empty, their own or those of their partitions. One look at sizes instead of
-- a statement for each table, which would plan it with all its indexes in a new connection.
create view test_template.touched as
    select k.oid, k.name, r.copy, r.columns
    from test_template.kept_tables k left join test_template.kept_rows r using (oid)
    where pg_relation_size(k.oid) > 0
        or k.oid in (select i.inhparent from pg_inherits i where pg_relation_size(i.inhrelid) > 0);

-- Whether a table has just the rows that the migrations have written.
create function test_template.as_written(table_name text, copy text, columns text) returns boolean
language plpgsql as $$
declare
    written boolean;
begin
    if pg_relation_size(table_name) <> pg_relation_size(copy) then
        return false;
    end if;
    execute format('select not exists ((select %1$s from %2$s except all select %1$s from %3$s)'
                   ' union all (select %1$s from %3$s except all select %1$s from %2$s))', columns, table_name, copy)
        into written;
    return written;
end $$;

-- The tables that had to be emptied; null if the database cannot be brought back to what it was.
create function test_template.empty() returns text[] language plpgsql as $$
declare
    one record;
    emptied text[] := '{}';
    large text;
    large_size constant integer := 400000; -- bytes; a table with eight indexes and a few rows has a third of it
begin
    set local client_min_messages = warning;
    for one in select p.oid::regclass::text as name from pg_class p
        where relispartition and relkind in ('r', 'p') and p.oid not in (select oid from test_template.kept_partitions)
    loop
        execute format('drop table if exists %s', one.name);
    end loop;
    for one in select t.name from test_template.tables t
        where t.oid not in (select oid from test_template.kept_tables)
    loop
        execute format('drop table %s', one.name);
    end loop;
    if test_template.fingerprint() <> (select kept.fingerprint from test_template.kept) then
        return null;
    end if;
    set local session_replication_role = replica; -- no triggers, and rows in any order
    -- A vacuum leaves an index as large as it was, and plans go by that. A partitioned table is empty by now.
    select string_agg(name, ', ') into large
    from test_template.touched where pg_total_relation_size(oid) > large_size;
    if large is not null then
        execute format('truncate %s cascade', large);
    end if;
    for one in select * from test_template.touched loop
        if one.copy is null then
            execute format('delete from %s', one.name);
            emptied := emptied || one.name;
        end if;
    end loop;
    for one in select t.name, k.* from test_template.kept_rows k join test_template.kept_tables t using (oid) loop
        if not test_template.as_written(one.name, one.copy, one.columns) then
            execute format('delete from %s', one.name);
            execute format('insert into %s (%s) overriding system value select %s from %s',
                           one.name, one.columns, one.columns, one.copy);
            emptied := emptied || one.name;
        end if;
    end loop;
    perform setval(name, coalesce(last_value, start_value), last_value is not null) from test_template.kept_sequences;
    return emptied;
end $$;

create table test_template.kept as select test_template.fingerprint() as fingerprint;
"""


async def empty(connection: asyncpg.Connection[Any]) -> bool:
    """Bring the database back to what its template is, without its other connections. False if that cannot be done."""
    try:
        await connection.execute(
            "select pg_terminate_backend(pid, 5000) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )
        if await connection.fetchval("select pg_database_size(current_database())") > LARGEST:
            return False
        emptied: list[str] | None = await connection.fetchval("select test_template.empty()")
        if emptied:
            await connection.execute(f"vacuum {', '.join(emptied)}")
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
        return False
    return emptied is not None
