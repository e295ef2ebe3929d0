"""How routes of the catalog answer: from the read cache, or from the database and into it, with an ETag."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request, Response

from api.http.etags import answer_bytes, to_json
from api.root import ServicesDep
from steadymint.catalog.cache import CatalogCache, Named
from steadymint.domain.errors import NotFoundError
from steadymint.domain.types import Address, ChainId

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Answers:
    """What a route of the catalog asks for: given a function that makes the body, the response."""

    request: Request
    cache: CatalogCache

    async def of_collection(self, chain_id: ChainId, contract: Address, make: Callable[[], Awaitable[Any]]) -> Response:
        """About one collection: forgotten when something in it has changed."""
        return await self._answer((chain_id, contract), make)

    async def of_everything(self, make: Callable[[], Awaitable[Any]]) -> Response:
        """About more than one: forgotten when something in any has changed."""
        return await self._answer(None, make)

    async def _answer(self, about: Named | None, make: Callable[[], Awaitable[Any]]) -> Response:
        """`make` makes the body; what it raises is not kept."""
        look = await self.cache.look(about, self._name())
        if look.page is not None:
            return answer_bytes(self.request, look.page)
        payload = to_json(await make())
        await self.cache.keep(look, payload)
        return answer_bytes(self.request, payload)

    def _name(self) -> str:
        """One name for each thing that can be asked: the order of parameters does not matter, casing of addresses in
        the path neither."""
        asked = repr((self.request.url.path.lower(), sorted(self.request.query_params.multi_items())))
        return hashlib.blake2b(asked.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


async def _answers(request: Request, services: ServicesDep) -> Answers:
    return Answers(request, services.catalog_cache)


AnswersDep = Annotated[Answers, Depends(_answers)]


def found(row: Row | None, what: str) -> Row:
    """The row. Raises `NotFoundError`, saying what is missing, if there is none."""
    if row is None:
        raise NotFoundError(f"The catalog has no such {what}")
    return row
