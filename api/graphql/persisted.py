"""Persisted documents, by Apollo's protocol: a client sends the hash of its document, and the text only if it is asked.

They are kept in the process. Another process asks the client once more, which is what the protocol is for, and nobody
can fill a store that lasts.
"""

from __future__ import annotations

import hashlib
import re
from collections import OrderedDict
from typing import Any, Final, cast

from graphql import GraphQLError

from api.graphql.refusals import refused
from api.graphql.shape import MAX_DOCUMENT
from steadymint.domain.errors import InvalidInputError

KEPT: Final = 1_000
"""Documents; at most 32 MB, and of our storefront some thirty of 1 KB."""
_HASH: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
NOT_FOUND: Final = GraphQLError("PersistedQueryNotFound", extensions={"code": "PERSISTED_QUERY_NOT_FOUND"})
"""In the protocol's words: its clients send the text when they read them."""


class PersistedDocuments:
    """The documents of this process, the least recently used first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, str] = OrderedDict()

    def text(self, query: str | None, extensions: dict[str, Any] | None) -> str | None:
        """The document that a request means. Raises GraphQLError for an unknown hash, or a wrong one."""
        said = (extensions or {}).get("persistedQuery")
        if not isinstance(said, dict):
            return query
        digest = cast(dict[str, Any], said).get("sha256Hash")
        if not isinstance(digest, str) or not _HASH.fullmatch(digest):
            raise refused(InvalidInputError("extensions.persistedQuery.sha256Hash: must be 64 lower-case hex digits"))
        if query is None:
            found = self._kept.get(digest)
            if found is None:
                raise NOT_FOUND
            self._kept.move_to_end(digest)
            return found
        if hashlib.sha256(query.encode("utf-8", "surrogatepass")).hexdigest() != digest:
            raise refused(InvalidInputError("extensions.persistedQuery.sha256Hash: is not the hash of the document"))
        if len(query) <= MAX_DOCUMENT:
            self._kept[digest] = query
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return query
