"""The check before a mint: the tokens have documents, if their collection points at one of our metadata sets."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from typing import Final

from steadymint.domain.counting import counted
from steadymint.domain.errors import MissingMetadataError
from steadymint.domain.types import Standard, TokenId
from steadymint.media.assets import Assets
from steadymint.publishing.addresses import IpfsAddress, file_name, fits, parse_ipfs, token_id_of, token_uri
from steadymint.publishing.coverage import Coverage
from steadymint.publishing.held import ours

REMEMBERED: Final = 1_000
"""Directories whose ids are kept in memory. A directory never changes, and most are one run of ids."""
_NOTHING: Final = Coverage((), ())
_SHOWN: Final = 20


class MintedMetadata:
    """Checks mints against our metadata sets. Share one per process."""

    def __init__(self, assets: Assets) -> None:
        self._assets = assets
        self._known: OrderedDict[tuple[str, Standard], Coverage] = OrderedDict()

    async def check_next(self, base_uri: str, next_id: int, quantity: int) -> None:
        """Check that the next `quantity` ERC-721 tokens have documents.

        The catalog's `next_id` lags behind the chain while others mint. So a quantity is refused only if no run of
        documents from `next_id` on is long enough. Raises MissingMetadataError, UpstreamUnavailableError.
        """
        covered = await self._covered(Standard.ERC721, base_uri, next_id)
        if covered is not None:
            _check_run(covered, next_id, quantity)

    async def check_ids(self, base_uri: str, ids: tuple[TokenId, ...]) -> None:
        """Check that each of these ERC-1155 tokens has a document.

        Raises MissingMetadataError, UpstreamUnavailableError.
        """
        covered = await self._covered(Standard.ERC1155, base_uri, ids[0])
        if covered is not None:
            _check_ids(covered, ids)

    async def _covered(self, standard: Standard, base_uri: str, token_id: int) -> Coverage | None:
        """The ids that have a document. None if the base URI is not ours; such a URI is not checked."""
        address = parse_ipfs(token_uri(standard, base_uri, token_id))
        covered = await self._coverage(address, standard) if address else None
        if address is None or covered is None:
            return None
        return (
            covered if address.path == file_name(standard, token_id) else _NOTHING
        )  # else the base URI does not lead to the documents

    async def _coverage(self, address: IpfsAddress, standard: Standard) -> Coverage | None:
        """The ids in one of our directories; None for anything else. None is not remembered, because a CID may become
        one of our directories later."""
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
            f"The collection's metadata has documents for {counted(left, 'more token')}; you asked for {quantity}.",
            left=str(left),
            wanted=str(quantity),
        )


def _check_ids(covered: Coverage, ids: Iterable[int]) -> None:
    missing = [str(one) for one in ids if not covered.holds(one)]
    if missing:
        raise MissingMetadataError(
            f"The collection's metadata has no document for token {missing[0]}.", tokenIds=missing[:_SHOWN]
        )
