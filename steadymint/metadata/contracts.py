"""Contracts of the index, as a refresh of metadata reads them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Final

import asyncpg

from steadymint.chain.calls.multicall import Answer, Piece, Unanswered, call_in_pieces, text_of
from steadymint.chain.nodes.client import BlockRef, ChainClients
from steadymint.chain.nodes.errors import UnknownBlockError
from steadymint.domain.errors import UnknownChainError, UpstreamUnavailableError
from steadymint.domain.types import ChainId
from steadymint.domain.upstreams import Upstream
from steadymint.metadata.entries import RefreshTarget
from steadymint.metadata.texts import as_text
from steadymint.metadata.uris import ENDLESS_URI, NO_URI, SLOW_URI, ContractWords, Uri, cleaned

ENABLED_AGAIN: Final = 60.0
"""Seconds between two looks for a chain that is not enabled."""
MAX_NAME: Final = 256

# The first four bytes of keccak256 of each signature.
_TOKEN_URI: Final = {
    "erc721": bytes.fromhex("c87b56dd"),  # tokenURI(uint256), EIP-721
    "erc1155": bytes.fromhex("0e89341c"),  # uri(uint256), EIP-1155
}
_CONTRACT_URI: Final = bytes.fromhex("e8a3d485")  # contractURI(), ERC-7572
_NAME: Final = bytes.fromhex("06fdde03")  # name()

_CHECKPOINT: Final = (
    "select last_block from indexer_service.indexer_checkpoints where chain_id = $1 and last_block >= 0"
)


class IndexedContracts:
    """Reads contracts for `steadymint.metadata.refresh`.

    Reads the block that the catalog stands at, so that a token and its address belong together. A node that has not
    kept that block's state (an index far behind the head, without an archive) is asked for its latest.
    """

    def __init__(self, pool: asyncpg.Pool, clients: ChainClients) -> None:
        self._pool = pool
        self._clients = clients

    async def token_uris(self, target: RefreshTarget, numbers: Sequence[int]) -> AsyncIterator[list[tuple[int, Uri]]]:
        selector = _TOKEN_URI[target.standard]
        calls = [selector + number.to_bytes(32, "big") for number in numbers]
        async for piece in self._ask(target, calls):
            yield [(index, _uri(answer)) for index, answer in piece]

    async def words_of(self, target: RefreshTarget) -> ContractWords:
        found: dict[int, Answer] = {}
        async for piece in self._ask(target, [_CONTRACT_URI, _NAME]):
            found.update(piece)
        return ContractWords(uri=_uri(found[0]), name=as_text(text_of(found[1]), MAX_NAME))

    async def _ask(self, target: RefreshTarget, calls: Sequence[bytes]) -> AsyncIterator[Piece]:
        try:
            client = await self._clients.of(target.chain_id)
        except UnknownChainError as error:  # disabled for now: its queue waits
            raise UpstreamUnavailableError(error.detail, retry_after=ENABLED_AGAIN, upstream=Upstream.NODE) from error
        answered = False
        try:
            async for piece in call_in_pieces(client, target.contract, calls, block=await self._block(target.chain_id)):
                answered = answered or bool(piece)
                yield piece
        except UnknownBlockError:
            if answered:
                raise
            async for piece in call_in_pieces(client, target.contract, calls):
                yield piece

    async def _block(self, chain_id: ChainId) -> BlockRef:
        block: int | None = await self._pool.fetchval(_CHECKPOINT, chain_id)
        return "latest" if block is None else block


def _uri(answer: Answer) -> Uri:
    if answer is Unanswered.TOO_LARGE:
        return ENDLESS_URI
    if answer is Unanswered.TOO_LONG:
        return SLOW_URI
    text = text_of(answer)
    return NO_URI if text is None else cleaned(text)
