"""Tables of the catalog service: the words that names are found by. Kept by triggers of the tables that hold names."""

from __future__ import annotations

from uuid import UUID

from migrations.models.columns import HotText, Table, Tally, UuidColumn, index, key


class TokenWord(Table, table=True):
    """A word in the name of a token."""

    __tablename__ = "token_words"
    __table_args__ = (
        index("token_words_word_idx", "word", "collection_id", "token_number"),
        {"schema": "catalog_service"},
    )

    collection_id: UUID = key(UuidColumn)
    word: str = key(HotText)
    """Lower case, without accents, at most 64 characters."""
    token_number: int = key(Tally)


class CollectionWord(Table, table=True):
    """A word in the name or the symbol of a collection."""

    __tablename__ = "collection_words"
    __table_args__ = (
        index("collection_words_collection_id_idx", "collection_id"),
        {"schema": "catalog_service"},
    )

    word: str = key(HotText)
    collection_id: UUID = key(UuidColumn, references="catalog_service.collections.id", on_delete="CASCADE")
