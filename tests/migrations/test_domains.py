"""The words the tables are written in: chain ids, addresses, hashes, 256-bit numbers."""

from __future__ import annotations

from decimal import Decimal

import asyncpg
import pytest

MAX = 2**256 - 1
GOOD = {
    "caip2_chain": ("eip155:1", "eip155:31337", "bip122:000000000019d6689c085ae165831e93", "solana:5eykt4UsFv8P8NJd"),
    "evm_address": ("0x" + "0" * 40, "0x" + "0123456789abcdef" * 2 + "01234567"),
    "evm_tx_hash": ("0x" + "f" * 64,),
    "evm_bytes32": ("0x" + "0" * 64,),
    "sha256_hex": ("0123456789abcdef" * 4,),
}
HEX_40, HEX_64 = "a" * 40, "a" * 64
BAD = {
    "caip2_chain": (
        "", "1", "eip155", "eip155:", "eip155:0", "eip155:01", "eip155:0x1", "eip155:1 ", " eip155:1", "EIP155:1",
        "eip155:1\n", "eip155:1:2", "eip155:-1", "eip155:1e3", "ab:1", "eip155:" + "1" * 33,
    ),
    "evm_address": (
        "", "0x", HEX_40, "0x" + "a" * 39, "0x" + "a" * 41, "0X" + HEX_40, "0x" + "A" * 40, "0x" + "g" * 40,
        "0x" + "a" * 39 + "\n", " 0x" + "a" * 39, "0x" + "a" * 38 + "0x", "0x" + "а" * 20, "0x" + "a" * 39 + " ",
    ),
    "evm_tx_hash": ("0x" + "a" * 63, "0x" + "a" * 65, "0x" + "A" * 64, "00" + HEX_64, HEX_64, "0x" + "a" * 63 + "\n"),
    "evm_bytes32": ("0x" + "a" * 63, "0x" + "a" * 65, "0x" + "A" * 64, HEX_64),
    "sha256_hex": ("a" * 63, "a" * 65, "A" * 64, "0x" + "a" * 62, "g" * 64),
}  # fmt: skip


async def test_a_domain_takes_the_canonical_form(connection: asyncpg.Connection) -> None:
    for domain, values in GOOD.items():
        for value in values:
            assert await connection.fetchval(f"select $1::text::{domain}", value) == value


async def test_a_domain_refuses_every_other_form(connection: asyncpg.Connection) -> None:
    taken: list[tuple[str, str]] = []
    for domain, values in BAD.items():
        for value in values:
            for sql in (f"select $1::text::{domain}", f"select $1::{domain}"):
                try:
                    await connection.fetchval(sql, value)
                except asyncpg.CheckViolationError:
                    continue
                taken.append((domain, value))
    assert taken == []


async def test_a_uint256_is_kept_to_the_last_digit(connection: asyncpg.Connection) -> None:
    for value in (0, 1, 2**63, 2**64, 2**128 + 1, 10**77, MAX - 1, MAX):
        assert await connection.fetchval("select $1::uint256", value) == value
        assert await connection.fetchval("select ($1::uint256)::text", value) == str(value)
        assert await connection.fetchval("select $1::text::uint256", str(value)) == value


async def test_a_number_that_is_no_uint256_is_refused(connection: asyncpg.Connection) -> None:
    for value in (-1, MAX + 1, 10**78 - 1, Decimal("NaN")):
        with pytest.raises(asyncpg.CheckViolationError, match="uint256"):
            await connection.fetchval("select $1::uint256", value)
    for value in (10**78, Decimal("Infinity")):  # more digits than the column has
        with pytest.raises(asyncpg.NumericValueOutOfRangeError):
            await connection.fetchval("select $1::uint256", value)


async def test_balances_beyond_uint256_are_stored_exactly(connection: asyncpg.Connection) -> None:
    # Two transfers of the largest amount: a lying contract must not stop the indexer.
    await connection.execute(
        """insert into catalog_service.unit_balances (collection, token_number, owner, quantity, updated_at)
        values (1, $1, $2, $3, 0)""",
        MAX,
        bytes(20),
        2 * MAX,
    )
    row = await connection.fetchrow("select token_number, quantity from catalog_service.unit_balances")
    assert tuple(row or ()) == (MAX, 2 * MAX)
