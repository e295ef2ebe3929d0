"""What Postgres does for a statement: which rows it touches, and whether it reads a table from end to end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import asyncpg

from steadymint.catalog.reads.query import Query
from steadymint.database import FOR_PAGES


@dataclass(frozen=True, slots=True)
class Plan:
    """`touched` counts every row that a scan returned or filtered out; `scanned` names tables read sequentially that
    have rows for it and more than one page (less is read so at no cost). `pages` counts those that scans read, also
    of indexes: a condition that an index tries on each of its entries filters out no row."""

    touched: int
    scanned: tuple[str, ...]
    pages: int


async def plan_of(pool: asyncpg.Pool, query: Query[Any]) -> Plan:
    """By running it: the plan that is made for these arguments."""
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("SET LOCAL plan_cache_mode = force_custom_plan")
        statement = "EXPLAIN (ANALYZE, TIMING OFF, BUFFERS, FORMAT JSON) " + query.sql
        return _plan(await connection.fetchval(statement, *query.args))


async def kept_plan_of(pool: asyncpg.Pool, query: Query[Any]) -> Plan:
    """By running it: the plan that is kept for all arguments, in a pool with `generic_plans`. Only a statement that is
    prepared by name has it."""
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("; ".join(f"SET LOCAL {name} = {value}" for name, value in FOR_PAGES.items()))
        types = [one.name for one in (await connection.prepare(query.sql)).get_parameters()]
        texts = ", ".join(f"quote_nullable(${number}::{name}::text)" for number, name in enumerate(types, 1))
        given = await connection.fetchrow(f"SELECT {texts}", *query.args)
        values = ", ".join(f"{value}::{name}" for value, name in zip(given, types, strict=True))
        await connection.execute(f"PREPARE asked AS {query.sql}")
        asked = f"asked({values})" if values else "asked"
        statement = f"EXPLAIN (ANALYZE, TIMING OFF, BUFFERS, FORMAT JSON) EXECUTE {asked}"
        found = await connection.fetchval(statement)
        await connection.execute("DEALLOCATE asked")
    return _plan(found)


def _plan(found: Any) -> Plan:
    nodes = list(_nodes((json.loads(found) if isinstance(found, str) else found)[0]["Plan"]))
    scans = [node for node in nodes if node["Node Type"].endswith("Scan") and node.get("Relation Name")]
    touched = sum(
        (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"] for node in scans
    )
    scanned = (
        node["Relation Name"]
        for node in scans
        if node["Node Type"] == "Seq Scan" and node["Actual Rows"] and pages(node) > 1
    )
    read = sum(pages(node) * node["Actual Loops"] for node in scans)
    return Plan(round(touched), tuple(scanned), round(read))


def pages(node: dict[str, Any]) -> float:
    """Read each time that the node ran."""
    return (node["Shared Hit Blocks"] + node["Shared Read Blocks"]) / max(node["Actual Loops"], 1)


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", []):
        yield from _nodes(child)
