"""The registry of the chains that we serve. It is read from Postgres and cached by version. A new chain is a new row.

A trigger on every table of `chain_registry_service` raises the version of the changed chain. A process asks for the
versions at most once a second (one small query for all chains). It keeps a chain in memory until the chain's version
changes. It reads a chain that it does not hold from Redis (`cache:chains:{chainId}:{version}`, 60 s), or else from
Postgres. Redis only saves work: it may be down or empty, or hold unreadable values.

Endpoints are never stored in Redis. Their addresses and headers hold API keys, and every process that shows intent
statuses can read Redis. The few processes that speak to a chain read its endpoints from Postgres.
"""

from __future__ import annotations

import asyncio
import base64
import os
import time
from collections.abc import Mapping
from typing import Any, Final, Protocol

import asyncpg
import msgspec
import structlog
from redis.exceptions import RedisError

from steadymint.chain.nodes.chain import Chain, ChainContract
from steadymint.chain.nodes.endpoint import EndpointConfig
from steadymint.domain.errors import NotFoundError, UnknownChainError, UpstreamUnavailableError
from steadymint.domain.types import Address, ChainId
from steadymint.domain.upstreams import Upstream

CACHE_TTL: Final = 60
"""Seconds in Redis, as the specification says."""
VERSION_AGE: Final = 1.0
"""Seconds for which a process trusts the versions that it read. After that time every process sees a change."""

_log = structlog.get_logger(__name__)


class Database(Protocol):
    """The part of `asyncpg.Pool` that is used."""

    async def fetch(self, query: str, *args: Any) -> list[Any]: ...
    async def fetchrow(self, query: str, *args: Any) -> Any: ...
    async def fetchval(self, query: str, *args: Any) -> Any: ...


class Cache(Protocol):
    """The part of `redis.asyncio.Redis` that is used."""

    def get(self, name: str) -> Any: ...
    def set(self, name: str, value: bytes, *, ex: int) -> Any: ...


_VERSIONS: Final = """
select c.caip2, v.version from chain_registry_service.chains c
join chain_registry_service.registry_version v using (caip2)
where c.enabled and c.caip2 like 'eip155:%'
order by c.chain_numeric
"""

# One statement reads the version and the rows, so they belong together in the cache.
_CHAIN: Final = """
select jsonb_build_object(
    'chain_id', c.caip2, 'number', c.chain_numeric, 'name', c.name, 'native_symbol', c.native_symbol,
    'decimals', c.decimals, 'version', v.version, 'explorer_url', c.explorer_url, 'genesis_hash', c.genesis_hash,
    'features', c.features_json,
    'contracts', coalesce((
        select jsonb_agg(jsonb_build_object(
            'name', k.name, 'address', k.address, 'start_block', k.start_block, 'standard', k.standard,
            'abi_sha256', k.abi_sha256) order by k.id)
        from chain_registry_service.chain_contracts k where k.chain_id = c.id), '[]'),
    'gas_policy', coalesce((
        select jsonb_build_object('max_fee_gwei', g.max_fee_gwei::text,
            'priority_fee_gwei', g.priority_fee_gwei::text, 'multiplier', g.multiplier::text)
        from chain_registry_service.chain_gas_policy g where g.chain_id = c.id), '{}')
)::text
from chain_registry_service.chains c join chain_registry_service.registry_version v using (caip2)
where c.caip2 = $1 and c.enabled
"""

_ENDPOINTS: Final = """
select e.id, e.url, e.ws_url, e.priority, e.weight, e.auth_type, e.secret_ref, e.rate_limit, e.local
from chain_registry_service.chain_endpoints e join chain_registry_service.chains c on c.id = e.chain_id
where c.caip2 = $1 and c.enabled and e.active
order by e.priority, e.id
"""

_ABI: Final = "select abi_json::text from chain_registry_service.abi_blobs where sha256 = $1"

_decode_chain = msgspec.json.Decoder(Chain).decode
_encode_chain = msgspec.json.Encoder().encode


class ChainRegistry:
    """The registry and its cache in one process. Share one per process."""

    def __init__(self, pool: Database, redis: Cache | None = None, environment: Mapping[str, str] = os.environ) -> None:
        self._pool = pool
        self._redis = redis
        self._environment = environment
        self._versions: dict[ChainId, int] = {}
        self._versions_at = float("-inf")
        self._refreshing = asyncio.Lock()
        self._chains: dict[ChainId, Chain] = {}
        self._endpoints: dict[ChainId, tuple[int, tuple[EndpointConfig, ...]]] = {}
        self._abis: dict[str, list[dict[str, Any]]] = {}

    async def get(self, chain_id: ChainId) -> Chain:
        """The chain as it is registered now. Raises UnknownChainError if it is not registered or not enabled."""
        version = (await self._current()).get(chain_id)
        if version is None:
            raise UnknownChainError(f"{chain_id} is not a chain of this site")
        known = self._chains.get(chain_id)
        if known is not None and known.version >= version:
            return known
        chain = await self._cached(chain_id, version) or await self._read(chain_id)
        self._chains[chain_id] = chain
        return chain

    async def enabled(self) -> tuple[Chain, ...]:
        """All enabled chains, by number."""
        return tuple([await self.get(chain_id) for chain_id in tuple(await self._current())])

    async def contract(self, chain_id: ChainId, address: Address) -> ChainContract | None:
        """The registered contract at `address`, or None. Raises UnknownChainError."""
        return (await self.get(chain_id)).contract_at(address)

    async def endpoints(self, chain_id: ChainId) -> tuple[EndpointConfig, ...]:
        """The chain's endpoints by priority, secrets included. Raises UnknownChainError."""
        version = (await self.get(chain_id)).version
        known = self._endpoints.get(chain_id)
        if known is not None and known[0] == version:
            return known[1]
        rows = await self._pool.fetch(_ENDPOINTS, chain_id)
        found = tuple(config for row in rows if (config := endpoint_config(row, self._environment)) is not None)
        self._endpoints[chain_id] = (version, found)
        return found

    async def abi(self, sha256: str) -> list[dict[str, Any]]:
        """The JSON ABI with that content hash. The list is shared, so do not change it. Raises NotFoundError."""
        if sha256 not in self._abis:
            text = await self._pool.fetchval(_ABI, sha256)
            if text is None:
                raise NotFoundError("There is no ABI of this hash")
            self._abis[sha256] = msgspec.json.decode(text, type=list[dict[str, Any]])
        return self._abis[sha256]

    async def _current(self) -> dict[ChainId, int]:
        """Enabled chains and their versions, at most `VERSION_AGE` old."""
        if time.monotonic() - self._versions_at < VERSION_AGE:
            return self._versions
        async with self._refreshing:
            if time.monotonic() - self._versions_at >= VERSION_AGE:
                await self._refresh()
        return self._versions

    async def _refresh(self) -> None:
        """Read the versions. While Postgres is down, the known versions stay in use: chains change rarely, and
        following transactions must go on while Postgres restarts."""
        try:
            rows = await self._pool.fetch(_VERSIONS)
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
            if not self._versions:
                raise UpstreamUnavailableError(
                    "The chain registry cannot be read", upstream=Upstream.POSTGRES
                ) from error
            _log.warning("registry_unreachable", error=type(error).__name__)
        else:
            self._versions = {ChainId(row["caip2"]): row["version"] for row in rows}
        self._versions_at = time.monotonic()

    async def _read(self, chain_id: ChainId) -> Chain:
        text = await self._pool.fetchval(_CHAIN, chain_id)
        if text is None:
            raise UnknownChainError(f"{chain_id} is not a chain of this site")
        chain = _decode_chain(text)
        if self._redis is not None:
            try:
                await self._redis.set(_key(chain_id, chain.version), _encode_chain(chain), ex=CACHE_TTL)
            except (RedisError, OSError):
                _log.warning("registry_cache_unreachable", chain=chain_id)
        return chain

    async def _cached(self, chain_id: ChainId, version: int) -> Chain | None:
        if self._redis is None:
            return None
        try:
            text = await self._redis.get(_key(chain_id, version))
            chain = _decode_chain(text) if text else None
        except (RedisError, OSError):
            _log.warning("registry_cache_unreachable", chain=chain_id)
            return None
        except msgspec.MsgspecError:  # another version of our code wrote it in another shape
            return None
        return chain if chain is not None and (chain.chain_id, chain.version) == (chain_id, version) else None


def endpoint_config(row: Mapping[str, Any], environment: Mapping[str, str]) -> EndpointConfig | None:
    """The endpoint of a row. None, and a warning, if the environment lacks the credential that the row names."""
    headers: dict[str, str] = {}
    if row["auth_type"] != "none":
        secret = environment.get(row["secret_ref"])
        if not secret:
            _log.warning("endpoint_without_credential", endpoint=row["id"], variable=row["secret_ref"])
            return None
        headers = _credential(row["auth_type"], secret)
    return EndpointConfig(
        id=row["id"],
        url=row["url"],
        ws_url=row["ws_url"],
        priority=row["priority"],
        weight=row["weight"],
        rate_limit=row["rate_limit"],
        headers=headers,
        public_only=not row["local"],
    )


def _credential(auth_type: str, secret: str) -> dict[str, str]:
    """The headers of a credential. `bearer` holds a token, `basic` holds `user:password`, `header` holds `Name:
    value`."""
    if auth_type == "bearer":
        return {"Authorization": f"Bearer {secret}"}
    if auth_type == "basic":
        return {"Authorization": "Basic " + base64.b64encode(secret.encode()).decode()}
    name, _, value = secret.partition(":")
    return {name.strip(): value.strip()}


def _key(chain_id: ChainId, version: int) -> str:
    return f"cache:chains:{chain_id}:{version}"
