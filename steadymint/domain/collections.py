"""Collections as flows see them."""

from __future__ import annotations

from steadymint.domain.record import Record
from steadymint.domain.types import Standard


class Mintable(Record):
    """What the catalog knows of a collection of our factory that matters to whoever mints there."""

    standard: Standard
    price: int
    """Wei for one token, as last indexed."""
    base_uri: str = ""
    """Where its tokens' metadata is, as last indexed."""
    next_id: int = 1
    """ERC-721: the id after the last one that is indexed."""
