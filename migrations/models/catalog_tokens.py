"""Tables of the catalog service: accounts, movements, tokens, balances, holders, activity."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    Boolean,
    Index,
    Integer,
    LargeBinary,
    Numeric,
    SmallInteger,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from migrations.models.columns import (
    Caip2Chain,
    EvmAddress,
    Table,
    Tally,
    Time,
    Total,
    Uint256,
    check,
    index,
    key,
    numbered,
    optional,
    required,
)


class Account(Table, table=True):
    """Every account that ever sent or received. Rows name it by its number, which is never given away again."""

    __tablename__ = "accounts"
    __table_args__ = (
        UniqueConstraint("address"),
        check("address", "length(address) = 20"),
        {"schema": "catalog_service"},
    )

    no: int = numbered(Integer)
    """0 is the zero address."""
    address: bytes = required(LargeBinary)


class Movement(Table, table=True):
    """Every movement of every token, as the chain ordered them; a partition for each chain."""

    __tablename__ = "movements"
    __table_args__ = (
        index("movements_mints_idx", "collection", "at", "place", where="kind <= 1"),
        index("movements_transfers_idx", "collection", "at", "place", where="kind = 2"),
        index("movements_burns_idx", "collection", "at", "place", where="kind = 3"),
        index("movements_token_idx", "collection", "token_number", "at", "place", where="kind > 0"),
        index("movements_recipient_idx", "recipient", "at", "place"),
        index("movements_sender_idx", "sender", "at", "place", where="sender <> 0"),
        Index(
            "movements_place_idx",
            "place",
            postgresql_using="brin",
            postgresql_with={"pages_per_range": 16, "autosummarize": "on"},
        ),
        {"schema": "catalog_service", "postgresql_partition_by": "LIST (chain)"},
    )

    chain: int = required(SmallInteger)
    kind: int = required(SmallInteger)
    """0 the first movement of an ERC-721 token, a mint; 1 any other mint; 2 transfer; 3 burn."""
    at: int = required(Integer)
    """Time of the block, in seconds since 2000."""
    place: int = required(BigInteger)
    """block << 24 | log index."""
    collection: int = required(Integer)
    sender: int = required(Integer)
    recipient: int = required(Integer)
    batch: int = required(Integer, default="0")
    """Counts within one event that moves several tokens."""
    operator: int = required(Integer, default="0")
    """Who moved it; ERC-1155 only, ERC-721 does not say."""
    tx: bytes = required(LargeBinary)
    token_number: int = required(Tally)
    quantity: int | None = optional(Tally)
    """Null for one."""
    price: Decimal | None = optional(Numeric)
    """Paid for one, in the chain's currency; null where the contract does not say."""

    __mapper_args__: ClassVar[Any] = {"primary_key": ["chain", "place", "batch"]}


class Suspicion(Table, table=True):
    """A movement that does not fit what was so before it, or of which it was asked who sent it, and who did."""

    __tablename__ = "suspicions"
    __table_args__ = (
        check("reason", "reason in (1, 2, 3, 4)"),
        check("actor", "(reason is null) = (actor is not null)"),
        check("tx_sender", "length(tx_sender) = 20"),
        index("suspicions_place_idx", "chain", "place"),
        index("suspicions_unsent_idx", "chain", "place", where="tx_sender is null"),
        index("suspicions_actor_idx", "collection", "actor", where="actor is not null"),
        {"schema": "catalog_service"},
    )

    chain: int = required(SmallInteger)
    collection: int = key(Integer)
    place: int = key(BigInteger)
    batch: int = key(Integer)
    reason: int | None = optional(SmallInteger)
    """1 never minted, 2 not the owner, 3 contradiction, 4 not approved."""
    actor: int | None = optional(Integer)
    """Without a reason: the account that it leaves, which acts in this contract."""
    tx: bytes = required(LargeBinary)
    tx_sender: bytes | None = optional(LargeBinary)
    """Null until a node was asked."""


class Item(Table, table=True):
    """One token: an ERC-721, or an id of an ERC-1155; a partition for each chain. All of its state follows from its
    movements."""

    __tablename__ = "items"
    __table_args__ = (
        index("items_number_key", "collection", "token_number", "chain", unique=True),
        index("items_owner_idx", "owner", "collection", "token_number", "chain", where="owner is not null"),
        index("items_minted_idx", "collection", "coalesce(minted_at, '-2147483648'::integer)", "token_number"),
        check("metadata_status", "metadata_status in ('ok', 'failed')"),
        {"schema": "catalog_service", "postgresql_partition_by": "LIST (chain)"},
    )

    chain: int = required(SmallInteger)
    collection: int = required(Integer)
    owner: int | None = optional(Integer)
    """ERC-721 only; null once burned."""
    minted_at: int | None = optional(Integer)
    """Of the first mint, in seconds since 2000; null where none was seen."""
    updated_at: int = required(Integer)
    """Time of the block that moved it last."""
    minted_place: int | None = optional(BigInteger)
    last_place: int = required(BigInteger)
    token_number: int = required(Tally)
    supply: int | None = optional(Numeric)
    """Null for ERC-721. The plain sum, which may be negative if the contract lies."""
    last_refresh_at: datetime | None = optional(Time)
    name: str | None = optional(Text)
    image_url: str | None = optional(Text)
    animation_url: str | None = optional(Text)
    metadata_url: str | None = optional(Text)
    metadata_doc: str | None = optional(Text)
    """_id of its document in metadata.docs."""
    metadata_status: str | None = optional(Text)
    """Null until the document was read once."""
    metadata_error: str | None = optional(Text)

    __mapper_args__: ClassVar[Any] = {"primary_key": ["collection", "token_number", "chain"]}


class UnitBalance(Table, table=True):
    """Who holds how many of an ERC-1155 token. The plain sum of what came and went, which may be negative if the
    contract lies; a balance of zero has no row."""

    __tablename__ = "unit_balances"
    __table_args__ = (
        check("quantity", "quantity <> 0"),
        Index(
            "unit_balances_owner_idx",
            "owner",
            "collection",
            "token_number",
            postgresql_include=["quantity"],
            postgresql_where=text("quantity > 0"),
        ),
        {"schema": "catalog_service"},
    )

    collection: int = key(Integer, plain=True)
    token_number: int = key(Tally)
    owner: bytes = key(LargeBinary)
    quantity: int = required(Numeric)
    updated_at: int = required(Integer)
    """Time of the block that changed it last, in seconds since 2000."""


class Holder(Table, table=True):
    """Who holds how many of a collection, all its tokens together; a partition for each chain. A holder of nothing has
    no row."""

    __tablename__ = "holders"
    __table_args__ = (
        check("quantity", "quantity > 0"),
        index("holders_owner_key", "owner", "chain", "collection", unique=True),
        index("holders_quantity_idx", "collection", "quantity desc", "owner"),
        index("holders_portfolio_idx", "owner", "quantity desc", "collection"),
        {"schema": "catalog_service", "postgresql_partition_by": "LIST (chain)"},
    )

    chain: int = required(SmallInteger)
    collection: int = required(Integer)
    owner: int = required(Integer)
    updated_at: int = required(Integer)
    """Time of the block that moved one of its tokens last, in seconds since 2000."""
    quantity: int = required(Total)

    __mapper_args__: ClassVar[Any] = {"primary_key": ["owner", "chain", "collection"]}


class NftFlags(Table, table=True):
    """What an operator or a detector says of a token."""

    __tablename__ = "nft_flags"
    __table_args__ = ({"schema": "catalog_service"},)

    chain_id: str = key(Caip2Chain)
    contract: str = key(EvmAddress)
    token_id: int = key(Uint256)
    is_flagged: bool = required(Boolean, default="false")
    is_spam: bool = required(Boolean, default="false")
    is_frozen: bool = required(Boolean, default="false")
    is_nsfw: bool = required(Boolean, default="false")
    refreshable: bool = required(Boolean, default="true")
    reason_json: Any = required(JSONB, default="'{}'")
    updated_at: datetime = required(Time, default="now()")
