"""The head of each page: of collections and tokens by what the catalog says of them."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Final
from urllib.parse import quote

import structlog

from api.catalog.views.browser_urls import BrowserUrls
from api.http.outages import OUTAGES
from api.root import Services
from api.storefront.addresses import Place
from api.storefront.head import Head
from steadymint.catalog.contracts import contract_of
from steadymint.catalog.reads.collections import Collection, collection
from steadymint.catalog.reads.tokens import token
from steadymint.domain.slugs import parse_contract
from steadymint.domain.types import TokenId, parse_chain_id, parse_uint256, show_address

WAIT: Final = 2.0
"""Seconds for the catalog's word. A page that waits longer is shown with the plain head: it asks the API itself."""
_PRIVATE: Final = frozenset({"/account", "/settings", "/search"})

_log = structlog.get_logger(__name__)


async def head_of(services: Services, place: Place) -> Head | None:
    """The head of the page; None if what it names does not exist."""
    plain = Head(place.title, url=_absolute(services, _plain_path(place)), listed=place.address not in _PRIVATE)
    if "contract" not in place.names:
        return plain
    try:
        async with asyncio.timeout(WAIT):
            return await _of_collection(services, place, plain)
    except (*OUTAGES, TimeoutError) as error:
        _log.warning("head_unavailable", error=type(error).__name__)
        return plain


async def _of_collection(services: Services, place: Place, plain: Head) -> Head | None:
    try:
        chain_id = parse_chain_id(place.names["chainId"])
        name = parse_contract(place.names["contract"])
        number = TokenId(parse_uint256(place.names["tokenId"])) if "tokenId" in place.names else None
    except ValueError:
        return None
    contract = await contract_of(services.pool, chain_id, name)
    found = None if contract is None else await collection(chain_id, contract).first(services.pool)
    if contract is None or found is None:
        return None
    urls = BrowserUrls.of(services.settings)
    head = replace(
        plain, title=found.name, description=_words(found), image=_absolute(services, urls.url_for(found.image_url))
    )
    if number is None:
        path = f"/collections/{chain_id}/{found.slug}" if place.address.startswith("/coll") else _plain_path(place)
        return replace(head, url=_absolute(services, path))
    row = await token(chain_id, contract, number).first(services.pool)
    if row is None:
        return None
    return replace(
        head,
        title=row.name or f"{found.name} #{number}",
        description=f"{row.name or f'#{number}'} of {found.name}. {_words(found)}",
        url=_absolute(services, f"/collections/{chain_id}/{show_address(contract)}/{number}"),
        image=_absolute(services, urls.url_for(row.image_url)) or head.image,
    )


def _words(found: Collection) -> str:
    return found.description or f"{found.name}, a collection of {found.items_count or 0} on Steadymint."


def _plain_path(place: Place) -> str:
    parts = [
        quote(place.names[part[1:]], safe=":") if part.startswith("$") else part for part in place.address.split("/")
    ]
    return "/".join(parts)


def _absolute(services: Services, path: str | None) -> str | None:
    """The absolute URL; None where the settings do not say where we are."""
    if path is None or not path.startswith("/"):
        return path
    public = services.settings.api.public_url.rstrip("/")
    return f"{public}{path}" if public else None
