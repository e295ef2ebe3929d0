"""The API's services without those that a test has no part for."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, cast

from redis.asyncio import Redis

from api.http.cursors import CursorCodec
from api.http.rate_limits import RateLimiter
from api.root import Services, trait_offers_of
from steadymint.catalog.cache import CatalogCache
from steadymint.settings import Settings


def some_services(settings: Settings, *, redis: Redis | None = None, **given: Any) -> Services:
    """The given services, and those that are made of settings and Redis alone. A route that asks for another fails."""
    absent: dict[str, Any] = dict.fromkeys(field.name for field in fields(Services))
    made = {
        "settings": settings,
        "redis": redis,
        "trait_offers": trait_offers_of(settings),
        "cursors": CursorCodec(settings.auth.signing_keys),
        "catalog_cache": CatalogCache(cast(Any, redis)),
        "limiter": None if redis is None else RateLimiter(redis),
    }
    return Services(**absent | made | given)
