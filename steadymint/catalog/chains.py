"""The public facts of chains: what a front end needs to know. Endpoints are not among them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, NamedTuple

from steadymint.catalog.reads.query import Query
from steadymint.domain.types import ChainId


@dataclass(frozen=True, slots=True)
class PublicChain:
    """A chain. `contracts` has the name, address, standard and start_block of each contract. Fees are in gwei."""

    caip2: ChainId
    chain_numeric: int
    name: str
    native_symbol: str
    decimals: int
    explorer_url: str | None
    confirmations: int
    contracts: Sequence[Mapping[str, Any]]
    max_fee_gwei: Decimal | int | None
    priority_fee_gwei: Decimal | int | None


class AfterChain(NamedTuple):
    number: int


# No column of `chain_endpoints`: a URL may hold a key.
_CHAINS: Final = """
SELECT c.caip2, c.chain_numeric, c.name, c.native_symbol, c.decimals, c.explorer_url,
       coalesce((c.features_json ->> 'confirmations')::integer, 1) AS confirmations,
       coalesce((
           SELECT jsonb_agg(jsonb_build_object(
               'name', k.name, 'address', k.address, 'standard', k.standard, 'start_block', k.start_block
           ) ORDER BY k.name, k.address)
           FROM chain_registry_service.chain_contracts k WHERE k.chain_id = c.id
       ), '[]') AS contracts,
       g.max_fee_gwei, g.priority_fee_gwei
FROM chain_registry_service.chains c
LEFT JOIN chain_registry_service.chain_gas_policy g ON g.chain_id = c.id
WHERE c.enabled AND c.chain_numeric > coalesce($1::bigint, 0)
ORDER BY c.chain_numeric LIMIT $2
"""


def chains(*, after: AfterChain | None, limit: int) -> Query[PublicChain]:
    """The enabled EVM chains by number."""
    return Query(PublicChain, _CHAINS, (after.number if after else None, limit))
