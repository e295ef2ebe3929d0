"""Before a mint: whether the tokens have documents, where their collection points at a metadata set of ours."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from typing import Final

from steadymint.domain.errors import MissingMetadataError
from steadymint.domain.flows import MintTerms, Standard
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

    async def check_mint(self, base_uri: str, next_id: int, terms: MintTerms) -> None:
        """Nothing where the base URI leads elsewhere: what is not ours is not ours to judge.

        An ERC-1155 mint names its ids, and each must have a document. An ERC-721 mint gets the next ids, and while
        others mint the catalog's `next_id` lags behind the chain: what is refused is a quantity for which no run of
        documents is left from there on.

        Raises MissingMetadataError, UpstreamUnavailableError.
        """
        address = parse_ipfs(token_uri(terms.standard, base_uri, next_id))
        covered = await self._coverage(address, terms.standard) if address else None
        if address is None or covered is None:
            return
        if address.path != file_name(terms.standard, next_id):  # leads past the documents
            covered = _NOTHING
        if terms.standard is Standard.ERC721:
            _check_run(covered, next_id, terms.quantity or 1)
        else:
            _check_ids(covered, [item.token_id for item in terms.items])

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
