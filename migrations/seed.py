"""Registers a chain: adding one is data, not code. Used by the local stack and by `steadymint chain add`."""

from __future__ import annotations

import hashlib
import re
from decimal import Decimal
from typing import Annotated, Any, Final, Literal

import asyncpg
import orjson
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from steadymint.domain.market.rules import MarketRules
from steadymint.domain.service_urls import HTTP, WEBSOCKET, parse_service_url
from steadymint.domain.texts import parse_text
from steadymint.domain.types import chain_number, parse_address, parse_bytes32, parse_chain_id

NUMBERS: Final = ("confirmations", "block_time_seconds", "wallet_confirmations", "reorg_window")
"""Features that are read as numbers."""
SHARE: Final = "history_check"
"""The feature that is a share."""
LARGEST_NUMBER: Final = 999_999
"""As the table's own constraint has it for confirmations."""


_VARIABLE: Final = re.compile(r"RPC_[A-Z0-9_]{1,60}", re.ASCII)


class GenesisMismatchError(ValueError):
    """The registry pins another genesis block for this chain id: what is indexed belongs to another chain."""


class Seed(BaseModel):
    """Base: camelCase in JSON, unknown members refused, so that a typo is not silently ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True)


def _url_of(*schemes: str) -> AfterValidator:
    return AfterValidator(lambda text: parse_service_url(text, schemes))


def _shown(longest: int) -> AfterValidator:
    """A text that others see. Raises ValueError for an empty one too."""

    def parse(text: str) -> str:
        parsed = parse_text(text, max_length=longest)
        if not parsed:
            raise ValueError("must not be empty")
        return parsed

    return AfterValidator(parse)


def _features(given: dict[str, Any]) -> dict[str, Any]:
    for name in NUMBERS:
        value = given.get(name, 1)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= LARGEST_NUMBER:
            raise ValueError(f"{name} must be a number above 0 and at most {LARGEST_NUMBER}")
    share = given.get(SHARE, 1)
    if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 1:
        raise ValueError(f"{SHARE} must be a number from 0 to 1")
    if "market" in given:
        return given | {"market": _market(given["market"])}
    return given


def _market(given: Any) -> dict[str, Any]:
    """The rules of the market as they are stored. Raises ValueError, which names the wrong members and no value."""
    try:
        rules = MarketRules.model_validate(given)
    except ValidationError as error:
        wrong = [
            f"market{''.join(f'.{part}' for part in one['loc'])}: {one['msg']}"
            for one in error.errors(include_input=False, include_url=False)
        ]
        raise ValueError("; ".join(wrong)) from None
    return rules.model_dump(mode="json", by_alias=True, exclude_none=True)


def _variable(name: str) -> str:
    """The endpoint is sent what the variable holds, so it must be one that is meant for that."""
    if not _VARIABLE.fullmatch(name):
        raise ValueError("must begin with RPC_ and go on in capital letters, digits and underscores")
    return name


class EndpointSeed(Seed):
    url: Annotated[str, _url_of(*HTTP)]
    ws_url: Annotated[str, _url_of(*WEBSOCKET)] | None = None
    priority: int = 100
    """The lowest is tried first."""
    weight: int = 1
    """Share among those of equal priority."""
    auth_type: Literal["none", "bearer", "basic", "header"] = "none"
    secret_ref: Annotated[str, AfterValidator(_variable)] | None = None
    """Name of the environment variable that holds the credential."""
    rate_limit: int | None = None
    """Requests per second."""


class ContractSeed(Seed):
    name: Annotated[str, _shown(64)]
    """`factory` is the one whose collections are indexed."""
    address: str
    start_block: int = 0
    standard: Literal["erc20", "erc721", "erc1155", "custom", "proxy"] = "custom"
    abi: list[dict[str, Any]] | None = None


class GasPolicySeed(Seed):
    """Fees in gwei; None leaves the choice to the wallet."""

    max_fee_gwei: Decimal | None = None
    priority_fee_gwei: Decimal | None = None
    multiplier: Decimal = Decimal(1)


class ChainSeed(Seed):
    chain_id: str
    """CAIP-2."""
    name: Annotated[str, _shown(64)]
    native_symbol: Annotated[str, _shown(16)] = "ETH"
    decimals: int = 18
    explorer_url: Annotated[str, _url_of(*HTTP)] | None = None
    enabled: bool = True
    genesis_hash: str | None = None
    features: Annotated[dict[str, Any], AfterValidator(_features)] = Field(default_factory=dict)
    """`confirmations`, `block_time_seconds`, `gas_cap`, and `market`: see `steadymint.domain.market.rules`."""
    endpoints: tuple[EndpointSeed, ...] = ()
    contracts: tuple[ContractSeed, ...] = ()
    gas_policy: GasPolicySeed = GasPolicySeed()


# Each statement writes only what differs: a registration that changes nothing leaves the registry's version alone.
_CHAIN: Final = """
insert into chain_registry_service.chains as known
    (caip2, chain_numeric, name, native_symbol, decimals, explorer_url, enabled, genesis_hash, features_json)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict (caip2) do update set
    name = excluded.name, native_symbol = excluded.native_symbol, decimals = excluded.decimals,
    explorer_url = excluded.explorer_url, enabled = excluded.enabled,
    genesis_hash = coalesce(known.genesis_hash, excluded.genesis_hash), features_json = excluded.features_json
where (known.name, known.native_symbol, known.decimals, known.explorer_url, known.enabled, known.features_json)
    is distinct from (excluded.name, excluded.native_symbol, excluded.decimals, excluded.explorer_url,
        excluded.enabled, excluded.features_json)
    or (known.genesis_hash is null and excluded.genesis_hash is not null)
"""

_FIND: Final = "select id, genesis_hash from chain_registry_service.chains where caip2 = $1 for update"

_ENDPOINT: Final = """
insert into chain_registry_service.chain_endpoints as known
    (chain_id, url, ws_url, priority, weight, auth_type, secret_ref, rate_limit, local)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict (chain_id, url) do update set
    ws_url = excluded.ws_url, priority = excluded.priority, weight = excluded.weight,
    auth_type = excluded.auth_type, secret_ref = excluded.secret_ref, rate_limit = excluded.rate_limit, active = true,
    local = excluded.local
where (known.ws_url, known.priority, known.weight, known.auth_type, known.secret_ref, known.rate_limit, known.active,
        known.local)
    is distinct from (excluded.ws_url, excluded.priority, excluded.weight, excluded.auth_type, excluded.secret_ref,
        excluded.rate_limit, true, excluded.local)
"""

_FORGET_ENDPOINTS: Final = """
delete from chain_registry_service.chain_endpoints where chain_id = $1 and url <> all ($2::text[])
"""

_ABI: Final = """
insert into chain_registry_service.abi_blobs (sha256, standard, abi_json) values ($1, $2, $3)
on conflict (sha256) do nothing
"""

_CONTRACT: Final = """
insert into chain_registry_service.chain_contracts as known
    (chain_id, name, address, start_block, abi_sha256, standard)
values ($1, $2, $3, $4, $5, $6)
on conflict (chain_id, address) do update set
    name = excluded.name, start_block = excluded.start_block, standard = excluded.standard,
    abi_sha256 = coalesce(excluded.abi_sha256, known.abi_sha256)
where (known.name, known.start_block, known.standard, known.abi_sha256)
    is distinct from (excluded.name, excluded.start_block, excluded.standard,
        coalesce(excluded.abi_sha256, known.abi_sha256))
"""

_GAS_POLICY: Final = """
insert into chain_registry_service.chain_gas_policy as known
    (chain_id, max_fee_gwei, priority_fee_gwei, multiplier)
values ($1, $2, $3, $4)
on conflict (chain_id) do update set
    max_fee_gwei = excluded.max_fee_gwei, priority_fee_gwei = excluded.priority_fee_gwei,
    multiplier = excluded.multiplier
where (known.max_fee_gwei, known.priority_fee_gwei, known.multiplier)
    is distinct from (excluded.max_fee_gwei, excluded.priority_fee_gwei, excluded.multiplier)
"""

_VERSION: Final = "select version from chain_registry_service.registry_version where caip2 = $1"


def abi_hash(abi: list[dict[str, Any]]) -> str:
    """SHA-256 of the ABI's canonical JSON: sorted keys, no white space."""
    return hashlib.sha256(orjson.dumps(abi, option=orjson.OPT_SORT_KEYS)).hexdigest()


async def register_chain(pool: asyncpg.Pool, seed: ChainSeed, *, local: bool = False) -> int:
    """Write a chain into the registry, in one transaction; repeating it changes nothing.

    The seed's endpoints replace those that are registered. Contracts are only added or corrected: what a factory has
    made stays known when a newer one takes over. `pool` is one of `steadymint.database.create_pool`. `local` endpoints
    may be on our own network; connections to others are made to public addresses only.

    Returns the version of the chain's registry entry.

    Raises:
        GenesisMismatchError: the chain is registered with another genesis block.
        ValueError: an id, address or hash is malformed.
        asyncpg.CheckViolationError: a value is out of its bounds.
    """
    chain_id = parse_chain_id(seed.chain_id)
    genesis = parse_bytes32(seed.genesis_hash) if seed.genesis_hash else None
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute(
            _CHAIN,
            chain_id,
            chain_number(chain_id),
            seed.name,
            seed.native_symbol,
            seed.decimals,
            seed.explorer_url,
            seed.enabled,
            genesis,
            seed.features,
        )
        row = await connection.fetchrow(_FIND, chain_id)
        assert row is not None, "just written"
        if genesis is not None and row["genesis_hash"] != genesis:
            raise GenesisMismatchError(f"{chain_id} is registered with genesis {row['genesis_hash']}, not {genesis}")
        await _register_parts(connection, row["id"], seed, local)
        return await connection.fetchval(_VERSION, chain_id)


async def _register_parts(connection: Any, chain: int, seed: ChainSeed, local: bool) -> None:
    await connection.execute(_FORGET_ENDPOINTS, chain, [endpoint.url for endpoint in seed.endpoints])
    for endpoint in seed.endpoints:
        await connection.execute(
            _ENDPOINT,
            chain,
            endpoint.url,
            endpoint.ws_url,
            endpoint.priority,
            endpoint.weight,
            endpoint.auth_type,
            endpoint.secret_ref,
            endpoint.rate_limit,
            local,
        )
    for contract in seed.contracts:
        sha256 = abi_hash(contract.abi) if contract.abi is not None else None
        if sha256 is not None:
            await connection.execute(_ABI, sha256, contract.standard, contract.abi)
        address = parse_address(contract.address)
        await connection.execute(
            _CONTRACT, chain, contract.name, address, contract.start_block, sha256, contract.standard
        )
    policy = seed.gas_policy
    await connection.execute(_GAS_POLICY, chain, policy.max_fee_gwei, policy.priority_fee_gwei, policy.multiplier)
