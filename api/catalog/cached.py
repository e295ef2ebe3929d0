"""The answers of the catalog's routes. They come from the read cache, or are made and kept in it, and have an ETag."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request, Response

from api.http.etags import answer_bytes, to_json
from api.http.pagination import EDGES
from api.root import ServicesDep
from steadymint.catalog.cache import CatalogCache, Named
from steadymint.domain.errors import NotFoundError
from steadymint.domain.types import Address, ChainId

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class CachedAnswers:
    """Answers the routes of the catalog: from the cache, or by a function that makes the body."""

    request: Request
    cache: CatalogCache

    async def of_collection(self, chain_id: ChainId, contract: Address, make: Callable[[], Awaitable[Any]]) -> Response:
        """An answer about one collection. It is dropped from the cache when something in the collection changes."""
        return await self._answer((chain_id, contract), make)

    async def of_everything(self, make: Callable[[], Awaitable[Any]]) -> Response:
        """An answer about several collections. It is dropped from the cache when something in any collection
        changes."""
        return await self._answer(None, make)

    async def _answer(self, about: Named | None, make: Callable[[], Awaitable[Any]]) -> Response:
        """The kept answer, or the one that `make` makes. An error is not kept."""
        look = await self.cache.look(about, self._name())
        if look.answer is not None:
            return answer_bytes(self.request, look.answer)
        payload = to_json(await make())
        await self.cache.keep(look, payload)
        return answer_bytes(self.request, payload)

    def _name(self) -> str:
        """The name of the request in the cache. The order of parameters and the casing of the path do not matter."""
        edges = self.request.scope.get(EDGES, False)
        asked = repr((self.request.url.path.lower(), sorted(self.request.query_params.multi_items()), edges))
        return hashlib.blake2b(asked.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


async def _answers(request: Request, services: ServicesDep) -> CachedAnswers:
    return CachedAnswers(request, services.catalog_cache)


AnswersDep = Annotated[CachedAnswers, Depends(_answers)]


def found(row: Row | None, what: str) -> Row:
    """The row. Raises `NotFoundError` with the name of what is missing, if there is none."""
    if row is None:
        raise NotFoundError(f"The catalog has no such {what}")
    return row
