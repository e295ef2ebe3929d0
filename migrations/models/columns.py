"""What the table modules share: column types, three ways to declare a column, and the base of every table.

A table class is made of `key`, `required` and `optional` columns:

    class Chain(Table, table=True):
        __tablename__ = "chains"
        __table_args__ = (check("decimals", "decimals >= 0"), {"schema": "chain_registry_service"})

        id: int = key(Integer)
        name: str = required(Text)
        explorer_url: str | None = optional(Text)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from sqlalchemy import (
    CheckConstraint,
    Column,
    Computed,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    MetaData,
    Numeric,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import DOMAIN
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

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

    if TYPE_CHECKING:
        __tablename__: ClassVar[Any]  # pyright: ignore[reportIncompatibleVariableOverride]


def key(
    kind: Any,
    *,
    default: str | None = None,
    references: str | None = None,
    on_delete: str | None = None,
    plain: bool = False,
) -> Any:
    """A column of the primary key. `default` is an SQL expression, `references` is `schema.table.column`. An integer
    that comes first in the key is drawn from a sequence, unless it is `plain`."""
    arguments = [ForeignKey(references, ondelete=on_delete)] if references else []
    return Field(
        default=None,
        sa_column=Column(
            kind,
            *arguments,
            primary_key=True,
            server_default=text(default) if default else None,
            autoincrement=False if plain else "auto",
        ),
    )


def numbered(kind: Any, *, unique: bool = False) -> Any:
    """A number that the database gives each row: the primary key, or beside it, `unique`."""
    column: Column[Any] = Column(
        kind, Identity(), primary_key=not unique, nullable=False, unique=unique, autoincrement=True
    )
    return Field(default=None, sa_column=column)


def required(
    kind: Any,
    *,
    default: str | None = None,
    generated: str | None = None,
    references: str | None = None,
    on_delete: str | None = None,
    name: str | None = None,
) -> Any:
    """A column that is never null.

    `generated` is the SQL expression of a stored generated column. `name` is for a column called `metadata`, a name
    that SQLAlchemy keeps to itself.
    """
    return _column(kind, False, default, generated, references, on_delete, name)


def optional(
    kind: Any,
    *,
    default: str | None = None,
    generated: str | None = None,
    references: str | None = None,
    on_delete: str | None = None,
) -> Any:
    """A column that may be null. `generated` is the SQL expression of a stored generated column."""
    return _column(kind, True, default, generated, references, on_delete)


def _column(
    kind: Any,
    nullable: bool,
    default: str | None,
    generated: str | None,
    references: str | None,
    on_delete: str | None,
    name: str | None = None,
) -> Any:
    arguments: list[Any] = [name, kind] if name else [kind]
    if references:
        arguments.append(ForeignKey(references, ondelete=on_delete))
    if generated:
        arguments.append(Computed(generated, persisted=True))
    server_default = text(default) if default else None
    return Field(default=None, sa_column=Column(*arguments, nullable=nullable, server_default=server_default))


def check(name: str, condition: str) -> CheckConstraint:
    """The constraint `<table>_<name>_check`."""
    return CheckConstraint(condition, name=name)


def index(name: str, *parts: str, where: str | None = None, unique: bool = False) -> Index:
    """An index over columns, each with its direction, or over expressions; `where` makes it a partial one."""
    terms = [part if part.isidentifier() else text(part) for part in parts]
    return Index(name, *terms, unique=unique, postgresql_where=text(where) if where else None)


Time: Final = DateTime(timezone=True)
UuidColumn: Final = Uuid()


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
    """A whole number of at most 78 digits, as a uint256 has, whose writer is trusted: a Python int."""

    impl = Numeric(78, 0)
    cache_ok = True

    def process_result_value(self, value: Any, dialect: Dialect) -> int | None:
        """The driver gives an integral Decimal."""
        return None if value is None else int(value)


class Total(Tally):
    """A sum of uint256 values: a Python int of any length."""

    impl = Numeric()
    cache_ok = True
