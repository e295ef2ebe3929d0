"""The structure of a database as Postgres itself tells it: the same text if and only if it is the same structure."""

from __future__ import annotations

import asyncpg

_COLUMNS = """
select format('%I.%I.%I', n.nspname, c.relname, a.attname),
    concat_ws(' ', format_type(a.atttypid, a.atttypmod),
        case when a.attcollation <> t.typcollation then 'collate ' || a.attcollation::regcollation end,
        case when a.attnotnull then 'not null' end,
        case a.attgenerated when 's' then 'generated' when 'v' then 'virtual' else 'default' end
            || ' ' || pg_get_expr(d.adbin, d.adrelid),
        'column ' || row_number() over (partition by c.oid order by a.attnum))
from pg_attribute a
join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
join pg_type t on t.oid = a.atttypid left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
where c.relkind = 'r' and a.attnum > 0 and not a.attisdropped and n.nspname like '%\\_service'
"""

_CONSTRAINTS = """
select format('%s constraint %s', conrelid::regclass, conname), pg_get_constraintdef(k.oid)
from pg_constraint k join pg_namespace n on n.oid = k.connamespace
where n.nspname like '%\\_service' and k.contype <> 'n'
"""

_INDEXES = """
select format('%s index %s', i.indrelid::regclass, i.indexrelid::regclass), pg_get_indexdef(i.indexrelid)
from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
where n.nspname like '%\\_service'
"""

_TRIGGERS = """
select format('%s trigger %s', tgrelid::regclass, tgname), pg_get_triggerdef(oid) from pg_trigger where not tgisinternal
"""

_FUNCTIONS = """
select oid::regprocedure::text, pg_get_functiondef(oid) from pg_proc
where pronamespace::regnamespace::text like '%\\_service' or (pronamespace = 'public'::regnamespace)
"""

_DOMAINS = """
select format('domain %s', t.oid::regtype), concat_ws(' ', format_type(t.typbasetype, t.typtypmod),
    t.typcollation::regcollation, k.conname, pg_get_constraintdef(k.oid))
from pg_type t join pg_constraint k on k.contypid = t.oid
"""


async def tables_of(connection: asyncpg.Connection) -> dict[str, str]:
    """Columns, constraints and indexes: what a table module describes."""
    return await _read(connection, _COLUMNS, _CONSTRAINTS, _INDEXES)


async def everything_of(connection: asyncpg.Connection) -> dict[str, str]:
    """Also domains, functions and triggers."""
    return await _read(connection, _COLUMNS, _CONSTRAINTS, _INDEXES, _DOMAINS, _FUNCTIONS, _TRIGGERS)


async def _read(connection: asyncpg.Connection, *queries: str) -> dict[str, str]:
    return {row[0]: row[1] for query in queries for row in await connection.fetch(query)}
