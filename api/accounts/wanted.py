"""What bodies of webhooks say, as the services take it."""

from __future__ import annotations

from collections.abc import Sequence

from api.accounts.bodies.webhooks import CollectionFilter
from api.root import Services
from steadymint.catalog.contracts import named_contract
from steadymint.domain.errors import InvalidInputError
from steadymint.outbound.errors import OutboundError
from steadymint.webhooks.told import collection_key


def url_of(services: Services, text: str) -> str:
    """Raises InvalidInputError for an address that we do not send to."""
    try:
        return str(services.webhook_targets.read(text).url)
    except OutboundError as error:
        reason = f"is not an address that we send to: {error.failure.detail}"
        raise InvalidInputError(f"url: {reason}", fields=[{"field": "url", "reason": reason}]) from None


async def keys_of(services: Services, collections: Sequence[CollectionFilter]) -> list[str]:
    """Raises UnknownCollectionError for a slug that nothing has."""
    named = [(one.chain_id, await named_contract(services.pool, one.chain_id, one.contract)) for one in collections]
    return sorted({collection_key(*one) for one in named})
