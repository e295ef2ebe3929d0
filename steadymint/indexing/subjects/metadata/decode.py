"""Decodes the events that announce changed metadata. It is strict, and keeps only the token ids."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from steadymint.indexing.batch import Child
from steadymint.indexing.reading.logs import Log
from steadymint.indexing.reading.words import UndecodableError, expect, word, words_of
from steadymint.indexing.subjects.collections.topics import CONTRACT_URI_UPDATED
from steadymint.indexing.subjects.folding import Folding
from steadymint.indexing.subjects.metadata import topics
from steadymint.indexing.subjects.metadata.announcements import Announcements

_WORD: Final = 32
"""Bytes of a word."""


def announced(folding: Folding, log: Log, child: Child) -> None:
    """Add the log to the announcements of the batch. Raises UndecodableError for a log without the shape of its
    event."""
    _READERS[log.topics[0]](log, folding.block, folding.batch.announcements)
    folding.taken()


def _metadata_update(log: Log, block: int, announcements: Announcements) -> None:
    """ERC-4906: `MetadataUpdate(uint256 _tokenId)`, not indexed."""
    expect(log, 1, 1)
    token_id = word(log.data, 0)
    announcements.of_tokens(block, log.address, token_id, token_id)


def _batch_metadata_update(log: Log, block: int, announcements: Announcements) -> None:
    """ERC-4906. Both ends are included; 2^256-1 means all tokens that follow."""
    expect(log, 1, 2)
    first, last = word(log.data, 0), word(log.data, 1)
    if first > last:
        raise UndecodableError("a range that ends before it begins")
    announcements.of_tokens(block, log.address, first, last)


def _uri(log: Log, block: int, announcements: Announcements) -> None:
    """EIP-1155: `URI(string _value, uint256 indexed _id)`. The value is not read here: the refresh asks the
    contract."""
    expect(log, 2)
    _texts(log, 1)
    token_id = int(log.topics[1], 16)
    announcements.of_tokens(block, log.address, token_id, token_id)


def _contract_uri(texts: int) -> Callable[[Log, int, Announcements], None]:
    """ERC-7572, or an earlier form of it with one or two strings."""

    def read(log: Log, block: int, announcements: Announcements) -> None:
        expect(log, 1)
        _texts(log, texts)
        announcements.of_contract(block, log.address)

    return read


def _texts(log: Log, count: int) -> None:
    """Raise UndecodableError unless the data can be `count` strings, with offsets and lengths inside it."""
    total = words_of(log.data)
    for head in range(count):
        offset = word(log.data, head) if head < total else -1
        if offset % _WORD or not count <= (start := offset // _WORD) < total:
            raise UndecodableError("text offset lies outside the data")
        if word(log.data, start) > (total - start - 1) * _WORD:
            raise UndecodableError("text is longer than the data")
    if not count and total:
        raise UndecodableError("data where none belongs")


_READERS: Final[dict[str, Callable[[Log, int, Announcements], None]]] = {
    topics.METADATA_UPDATE: _metadata_update,
    topics.BATCH_METADATA_UPDATE: _batch_metadata_update,
    topics.URI: _uri,
    CONTRACT_URI_UPDATED: _contract_uri(0),
    topics.CONTRACT_URI_UPDATED_TO: _contract_uri(1),
    topics.CONTRACT_URI_UPDATED_FROM: _contract_uri(2),
}
