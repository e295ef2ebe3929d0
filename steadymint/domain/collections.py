"""A collection in which a flow prepares a mint."""

from __future__ import annotations

from steadymint.domain.record import Record
from steadymint.domain.types import Standard


class Mintable(Record):
    """The catalog's facts of a collection of our factory that a mint needs."""

    standard: Standard
    price: int
    """Wei for one token, as last indexed."""
    base_uri: str = ""
    """The base URI of its tokens' metadata, as last indexed."""
    next_id: int = 1
    """ERC-721: the id after the last one that is indexed."""
