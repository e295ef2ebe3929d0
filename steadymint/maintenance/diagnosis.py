"""The diagnosis of a slow or full Postgres, from its own statistics.

It changes nothing and waits for no lock, so it answers while everything else waits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import asyncpg

ROWS: Final = 15
"""Rows of each answer, the worst first."""


@dataclass(frozen=True, slots=True)
class DiagnosticQuery:
    """A query, and what its answer means."""

    title: str
    sql: str
    """The names of its columns are the headings. Its last parameter is the number of rows."""
    advice: str
    """What the answer means."""


_OURS: Final = "nspname like '%\\_service'"

# Sizes are those of the last vacuum or analyze, in pages of 8 kB. `pg_relation_size` is exact, but it waits for the
# lock that the operator is looking for.
_SIZED: Final = f"""
with sized as (
    select c.oid, nspname || '.' || relname as name,
        8192 * (relpages + coalesce((select t.relpages from pg_class t where t.oid = c.reltoastrelid), 0))::bigint
            as data,
        8192 * coalesce((select sum(x.relpages) from pg_index i join pg_class x on x.oid = i.indexrelid
            where i.indrelid = c.oid), 0)::bigint as indexes
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where relkind = 'r' and {_OURS}
)"""  # noqa: S608

QUERIES: Final = (
    DiagnosticQuery(
        "Long statements and transactions",
        """
select pid, state, (now() - coalesce(query_start, xact_start))::interval(0)::text as since,
    (now() - xact_start)::interval(0)::text as transaction, cardinality(pg_blocking_pids(pid)) as "waits for",
    left(regexp_replace(query, '\\s+', ' ', 'g'), 100) as query
from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'
  and (state = 'active' and now() - query_start > interval '1 minute'
    or state like 'idle in transaction%' and now() - xact_start > interval '1 minute'
    or cardinality(pg_blocking_pids(pid)) > 0)
order by xact_start limit $1""",
        "for more than a minute, or waiting for somebody's lock; `select pg_cancel_backend(pid)` ends a statement",
    ),
    DiagnosticQuery(
        "Largest tables",
        f"""{_SIZED}
select name as "table", n_live_tup as rows, pg_size_pretty(data) as data, pg_size_pretty(indexes) as indexes
from sized join pg_stat_user_tables on relid = oid order by data + indexes desc limit $1""",  # noqa: S608
        "as of the last vacuum or analyze",
    ),
    DiagnosticQuery(
        "Read in full",
        f"""{_SIZED}
select name as "table", seq_scan as scans, seq_tup_read as "rows read", coalesce(idx_scan, 0) as "by index",
    n_live_tup as rows
from sized join pg_stat_user_tables on relid = oid
where n_live_tup > 10000 and seq_tup_read > 10 * n_live_tup order by seq_tup_read desc limit $1""",  # noqa: S608
        "tables of more than 10,000 rows that were read in full more than ten times: is an index missing?",
    ),
    DiagnosticQuery(
        "Indexes that nobody uses",
        f"""{_SIZED}
select name as "table", indexrelname as index, pg_size_pretty(8192 * relpages::bigint) as size
from sized join pg_stat_user_indexes s on s.relid = sized.oid join pg_index i using (indexrelid)
join pg_class x on x.oid = indexrelid
where idx_scan = 0 and not indisunique and relpages > 128 order by relpages desc limit $1""",  # noqa: S608
        "larger than 1 MB, not unique, never read since the statistics began; every new row writes to them",
    ),
    DiagnosticQuery(
        "Indexes that are broken",
        """
select indrelid::regclass::text as "table", indexrelid::regclass::text as index
from pg_index where not indisvalid or not indisready order by 1, 2 limit $1""",
        "left by a `create index concurrently` that failed: drop them, or `reindex index concurrently`",
    ),
    DiagnosticQuery(
        "Waiting for vacuum",
        f"""{_SIZED}
select name as "table", n_dead_tup as dead, n_live_tup as rows,
    coalesce(greatest(last_vacuum, last_autovacuum)::timestamp(0)::text, 'never') as vacuumed,
    coalesce(greatest(last_analyze, last_autoanalyze)::timestamp(0)::text, 'never') as analyzed
from sized join pg_stat_user_tables on relid = oid
where n_dead_tup > 1000 + n_live_tup / 4 order by n_dead_tup desc limit $1""",  # noqa: S608
        "a quarter of the rows is dead: does autovacuum keep up? `steadymint maintenance vacuum`",
    ),
)


async def ask(pool: asyncpg.Pool, query: DiagnosticQuery) -> list[asyncpg.Record]:
    """The answer, at most `ROWS` rows; empty if there is no finding."""
    return await pool.fetch(query.sql, ROWS)
