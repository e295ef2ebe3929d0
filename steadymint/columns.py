"""What the table modules share: the domains of the database as column types, and the base of every table."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import MetaData, Numeric, Text
from sqlalchemy.dialects.postgresql import DOMAIN
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel

# The names Postgres itself gives, so that models and migrations agree without spelling each out.
metadata: Final = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
        "ck": "%(table_name)s_%(constraint_name)s_check",
    }
)


class Table(SQLModel):
    """Base of all tables. A table class says what its migration says, and a test holds the two equal."""

    metadata = metadata


def _domain(name: str) -> DOMAIN[str]:
    return DOMAIN(name, Text(collation="C"), collation="C", create_type=False)


Caip2Chain: Final = _domain("caip2_chain")
"""CAIP-2 chain id."""

EvmAddress: Final = _domain("evm_address")
"""`0x` and 40 lower-case hex digits."""

EvmTxHash: Final = _domain("evm_tx_hash")
EvmBytes32: Final = _domain("evm_bytes32")

Sha256Hex: Final = _domain("sha256_hex")
"""64 lower-case hex digits without prefix."""

HotText: Final = Text(collation="C")
"""Hex in the hot tables, whose writer is trusted: no domain, compared bytewise."""


class Uint256(TypeDecorator[int]):
    """0 to 2^256-1, a Python int on both sides."""

    impl = DOMAIN("uint256", Numeric(78, 0), create_type=False)
    cache_ok = True

    def process_result_value(self, value: Any, dialect: Dialect) -> int | None:
        """The driver gives an integral Decimal."""
        return None if value is None else int(value)


class Tally(TypeDecorator[int]):
    """A sum of uint256 values: a Python int of at most 78 digits, not bounded by 2^256."""

    impl = Numeric(78, 0)
    cache_ok = True

    def process_result_value(self, value: Any, dialect: Dialect) -> int | None:
        """The driver gives an integral Decimal."""
        return None if value is None else int(value)
