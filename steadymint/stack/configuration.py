"""The configuration of a local stack's processes: settings, the same as environment variables, and `stack.json`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from eth_utils.address import to_checksum_address

from steadymint.settings import Settings, load_settings
from steadymint.stack.dev_accounts import DEV_ACCOUNTS

if TYPE_CHECKING:
    from steadymint.stack.embedded import EmbeddedStack

LOCAL_ORIGIN = "http://localhost:3000"
"""The origin that `stack.json` names, for tools that play a front end."""
DEVELOPMENT_PORTS = (3000, 5173, 4321, 8080)
"""Where development servers listen: Next.js, Create React App and Nuxt; Vite; Astro; Vue CLI and webpack."""


def values(stack: EmbeddedStack) -> dict[str, dict[str, Any]]:
    """The settings that a stack decides, by group; all others come from the environment or their defaults."""
    own = [stack.api_url, stack.api_url.replace("127.0.0.1", "localhost")]
    usual = [f"http://{host}:{port}" for host in ("localhost", "127.0.0.1") for port in DEVELOPMENT_PORTS]
    settings = load_settings()
    asked = [*settings.auth.allowed_origins, *settings.api.cors_origins]
    origins = list(dict.fromkeys([LOCAL_ORIGIN, *usual, *asked, *own]))
    return {
        "postgres": {"dsn": stack.postgres.url},
        "redis": {"url": stack.valkey.url},
        "mongo": {"url": stack.mongo.url},
        "temporal": {"address": stack.temporal.url, "ui_url": stack.temporal.ui_url},
        "auth": {"allowed_origins": origins, "signing_keys": {"local": stack.secrets.signing_key}},
        "codec": {"keys": {"local": stack.secrets.codec_key}, "server_port": stack.codec_port},
        "media": {
            "store": f"file:{stack.home / 'media'}",
            "spool": str(stack.home / "uploads"),
            "public_url": stack.api_url,
            "upload_rate": 1_000_000,
            "upload_daily_bytes": 1 << 44,
        },
        "webhooks": {"local_receivers": [stack.receiver_url]},
        # A local stack has no rate limits that get in the way of load tests.
        "api": {
            "port": stack.api_port,
            "public_url": stack.api_url,
            "cors_origins": origins,
            "development_nodes": {stack.anvil.caip2: stack.anvil.url},
            "flow_rate": 1_000_000,
            "order_rate": 1_000_000,
            "trait_offers_daily": 1_000_000,
            "read_rate": 100_000_000,
            "streams_per_user": 1_000_000,
            "streams_per_address": 1_000_000,
        },
    }


def settings_of(groups: dict[str, dict[str, Any]]) -> Settings:
    """Settings with these groups decided and everything else from the environment."""
    decided: dict[str, Any] = groups
    return Settings(**decided)


def environment_of(groups: dict[str, dict[str, Any]]) -> dict[str, str]:
    """Settings as `STEADYMINT_<GROUP>__<NAME>`; lists and maps as JSON."""
    return {
        f"STEADYMINT_{group}__{name}".upper(): value if isinstance(value, str) else json.dumps(value)
        for group, settings in groups.items()
        for name, value in settings.items()
    }


def description(stack: EmbeddedStack) -> dict[str, Any]:
    """The content of `stack.json`: where everything is. The accounts are those of the local chain only."""
    factory = to_checksum_address(stack.deployment.factory)
    return {
        "apiUrl": stack.api_url,
        "temporalAddress": stack.temporal.url,
        "temporalUiUrl": stack.temporal.ui_url,
        "postgresDsn": stack.postgres.url,
        "mongoUrl": stack.mongo.url,
        "redisUrl": stack.valkey.url,
        "chains": [{"chainId": stack.anvil.caip2, "rpcUrl": stack.anvil.url, "factory": factory}],
        "webhookReceiver": stack.receiver_url,
        "signInDomain": LOCAL_ORIGIN.removeprefix("http://"),
        "devAccounts": [{"address": one.address, "privateKey": one.private_key} for one in DEV_ACCOUNTS],
    }
