"""Before a mint: whether the tokens have documents, where their collection points at a metadata set of ours."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from typing import Final

from steadymint.domain.errors import MissingMetadataError
from steadymint.domain.types import Standard, TokenId
from steadymint.media.assets import Assets
from steadymint.publishing.addresses import IpfsAddress, file_name, fits, parse_ipfs, token_id_of, token_uri
from steadymint.publishing.coverage import Coverage
from steadymint.publishing.held import ours

REMEMBERED: Final = 1_000
"""Directories whose ids are kept in memory. They never change, and most are one run of ids."""
_NOTHING: Final = Coverage((), ())
_SHOWN: Final = 20


class MintedMetadata:
    """Knows which ids the directories of ours cover. Share one per process."""

    def __init__(self, assets: Assets) -> None:
        self._assets = assets
        self._known: OrderedDict[tuple[str, Standard], Coverage] = OrderedDict()

    async def check_next(self, base_uri: str, next_id: int, quantity: int) -> None:
        """Whether so many further ERC-721 tokens have documents.

        While others mint, the catalog's `next_id` lags behind the chain: what is refused is a quantity for which no run
        of documents is left from there on. Raises MissingMetadataError, UpstreamUnavailableError.
        """
        covered = await self._covered(Standard.ERC721, base_uri, next_id)
        if covered is not None:
            _check_run(covered, next_id, quantity)

    async def check_ids(self, base_uri: str, ids: tuple[TokenId, ...]) -> None:
        """Whether each of these ERC-1155 tokens has a document.

        Raises MissingMetadataError, UpstreamUnavailableError.
        """
        covered = await self._covered(Standard.ERC1155, base_uri, ids[0])
        if covered is not None:
            _check_ids(covered, ids)

    async def _covered(self, standard: Standard, base_uri: str, token_id: int) -> Coverage | None:
        """None where the base URI leads elsewhere: we do not judge what is not ours."""
        address = parse_ipfs(token_uri(standard, base_uri, token_id))
        covered = await self._coverage(address, standard) if address else None
        if address is None or covered is None:
            return None
        return covered if address.path == file_name(standard, token_id) else _NOTHING  # it leads past the documents

    async def _coverage(self, address: IpfsAddress, standard: Standard) -> Coverage | None:
        """None for what is no directory of ours. That is asked again each time: it may become one."""
        key = (address.cid, standard)
        if key not in self._known:
            found = await ours(self._assets, address)
            if found is None or found.kind != "directory":
                return None
            names = await self._assets.entries_of(found.id)
            self._known[key] = Coverage.of(token_id_of(standard, name) for name in names if fits(standard, name))
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return self._known[key]


def _check_run(covered: Coverage, next_id: int, quantity: int) -> None:
    left = covered.longest_run(next_id)
    if left < quantity:
        raise MissingMetadataError(
            f"The collection's metadata has documents for {left} more tokens; you asked for {quantity}.",
            left=str(left),
            wanted=str(quantity),
        )


def _check_ids(covered: Coverage, ids: Iterable[int]) -> None:
    missing = [str(one) for one in ids if not covered.holds(one)]
    if missing:
        raise MissingMetadataError(
            f"The collection's metadata has no document for token {missing[0]}.", tokenIds=missing[:_SHOWN]
        )
