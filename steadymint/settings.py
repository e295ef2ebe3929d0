"""All settings, in small typed groups, all from the environment (`STEADYMINT_<GROUP>__<NAME>`, see `.env.example`)."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Self

from pydantic import BaseModel, Field, PositiveFloat, PositiveInt, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class PostgresSettings(BaseModel):
    dsn: SecretStr = SecretStr("postgresql://postgres@127.0.0.1:5432/steadymint")
    pool_min: int = 2
    pool_max: int = 16
    command_timeout: float = 30.0
    """Seconds for one statement."""


class RedisSettings(BaseModel):
    url: SecretStr = SecretStr("redis://127.0.0.1:6379/0")
    timeout: float = 2.0
    """Seconds for one command; Redis is a fast path, never worth a long wait."""


class MongoSettings(BaseModel):
    url: SecretStr = SecretStr("mongodb://127.0.0.1:27017")
    timeout: float = 10.0
    """Seconds to find a server."""


class TemporalSettings(BaseModel):
    address: str = "127.0.0.1:7233"
    namespace: str = "default"
    ui_url: str = "http://127.0.0.1:8233"
    api_key: SecretStr | None = None
    tls: bool = False
    task_queue_prefix: str = ""
    """Put before every queue name: lets several deployments (or tests) share one namespace."""


class CodecSettings(BaseModel):
    """Payload encryption. Keys are 32 bytes in base64, newest first; old ones stay to read old histories."""

    keys: dict[str, SecretStr] = Field(default_factory=dict)
    """Key id -> key. Empty means payloads are readable by whoever reads the Temporal database."""
    active_key: str | None = None
    """Id of the key that encrypts; the first one if unset."""
    server_token: SecretStr | None = None
    """Bearer token that the codec server asks for. Unset only on a local stack."""
    server_port: int = 8081


class AuthSettings(BaseModel):
    allowed_origins: tuple[str, ...] = ("http://localhost:3000",)
    """Origins that may ask for sign-ins. The EIP-4361 domain is the origin's host and port, compared exactly."""
    signing_keys: dict[str, SecretStr] = Field(default_factory=dict)
    """Key id -> secret of at least 32 bytes, HS256. The first signs, all verify. To rotate, add a new one at the end
    in every process, then put it first, and remove the old one after a day and an hour."""
    nonce_ttl: int = 300
    """Seconds; the database refuses more than 600."""
    message_max_age: int = 600
    """Seconds after `Issued At` that a message without `Expiration Time` is taken."""
    access_ttl: int = 900
    """Seconds an access token lives."""
    refresh_ttl: int = 14 * 86_400
    """Seconds a refresh token lives; sliding."""
    session_max_age: int = 90 * 86_400
    """Seconds after which a session ends whatever it did; refreshing never extends it."""
    recent_sign_in: Annotated[int, Field(ge=0)] = 900
    """Seconds after a sign-in in which its session may link a wallet: a session that is stolen later makes no way in
    that stays. 0: for as long as the session lives."""
    contract_session_max_age: Annotated[int, Field(ge=900, le=86_400)] = 86_400
    """Seconds after which a session ends that a contract wallet has signed in to. Its owners may change at any block,
    and only a new signature can be asked about: so long may one who was removed stay signed in."""
    contract_budget: Annotated[float, Field(ge=3, le=60)] = 9.0
    """Seconds for a contract wallet's word, in two tries of half each: a node that takes 2 s for a call fits."""
    nonce_rate: int = 120
    """Nonces per minute for one peer (an IPv6 /64 counts as one); an office behind one address is one peer, too."""
    verify_rate: int = 120
    """Failed verifications, and failed refreshes, a minute for one peer. For the load: nobody guesses a nonce."""

    @field_validator("signing_keys")
    @classmethod
    def _long_enough(cls, keys: dict[str, SecretStr]) -> dict[str, SecretStr]:
        for key_id, key in keys.items():
            if len(key.get_secret_value()) < 32:
                raise ValueError(f"signing key {key_id!r} is shorter than 32 bytes")
        return keys


class IntentSettings(BaseModel):
    deadline: int = 6 * 3600
    """Seconds a wallet has to answer and the transaction to be mined; the same as the life of the Redis status."""
    status_ttl: int = 21_600
    """Seconds; `intent:status:*` in Redis (specification: EX 21600)."""


class ApiSettings(BaseModel):
    host: str = "127.0.0.1"
    port: int = 8080
    public_url: str = ""
    """Where clients reach the API, without a slash at the end. Empty: the path that the document is served below."""
    trusted_proxies: tuple[str, ...] = ()
    """Networks whose X-Forwarded-For is believed. Empty: the peer is the client."""
    cors_origins: tuple[str, ...] = ()
    max_body: int = 256 * 1024
    """Bytes of a JSON body."""
    flow_rate: int = 120
    """Transactions that one user may have prepared per minute, and as many hashes to report. Each costs a node up to
    three calls, and Temporal a workflow or an update."""
    order_rate: PositiveInt = 300
    """Orders that one address may hand in or have built a minute; a tenth as many requests with several of them."""
    trait_offers_daily: PositiveInt = 300
    """Offers with tokens or traits that one address may bring a day, in one process. Each may leave 10,000 rows."""
    stream_max_age: int = 3600
    """Seconds after which a stream is closed and the client resumes with Last-Event-ID."""
    streams_per_user: PositiveInt = 128
    """Streams, events and WebSockets together, that one user may have open in one process."""
    streams_per_address: PositiveInt = 1024
    """The same for one address (an IPv6 /64 counts as one); an office behind one address is one, too."""
    read_rate: PositiveInt = 6_000
    """Reads a minute of one address, in one process: a page has a hundred pictures. Each route of GraphQL is one."""
    development_nodes: dict[str, str] = Field(default_factory=dict)
    """CAIP-2 -> a node that signs for everybody, as `/v1/chains` shows it. Of local chains only."""
    graphql_introspection: bool = True
    """Whether GraphQL tells its schema to whoever asks. It is no secret: `docs/schema.graphql` is the same."""


Width = Annotated[int, Field(gt=0, le=16_383)]
"""Pixels, as many as a WebP may have."""


class MediaSettings(BaseModel):
    """Uploads, what is made of them, and where the bytes are."""

    store: str = "file:.steadymint/media"
    """`file:<directory>` or `s3://<bucket>/<prefix>`."""
    s3_endpoint: str | None = None
    """Of an S3-compatible service; AWS itself if unset."""
    s3_region: str = "us-east-1"
    s3_access_key: SecretStr | None = None
    s3_secret_key: SecretStr | None = None
    public_url: str = ""
    """Put before `/media/...` and `/ipfs/...` in answers: a CDN, or another origin that shares no cookies with ours."""
    max_bytes: PositiveInt = 50 * 1024 * 1024
    """Bytes of one upload."""
    max_pixels: PositiveInt = 50_000_000
    """Width times height of one frame: some 200 MB when decoded."""
    max_animation_pixels: PositiveInt = 200_000_000
    """Width times height times frames. A decoder takes some 12 million of them in a second."""
    max_animation_frames: PositiveInt = 1_000
    """More than half a minute at 30 frames per second."""
    decode_seconds: PositiveFloat = 20.0
    """Processor time for one file; its decoder is killed after that."""
    decode_memory: PositiveInt = 1024 * 1024 * 1024
    """Bytes of address space that a decoder may take beyond what it starts with."""
    decoders: PositiveInt = 2
    """Decoder processes of one process of ours."""
    upload_rate: PositiveInt = 240
    """Uploads per minute and user."""
    upload_daily_bytes: PositiveInt = 10 * 1024 * 1024 * 1024
    """Bytes that one user may send to one process per day, to upload or publish; refused ones count, too."""
    concurrent_uploads: PositiveInt = 8
    """Uploads that one user may have under way in one process."""
    publish_rate: PositiveInt = 30
    """Metadata sets that one user may publish per minute; each may be five thousand documents."""
    allowlists_per_day: PositiveInt = 20
    """New allowlists that one user may publish within a day; each may be three megabytes."""
    max_uploads: PositiveInt = 64
    """Uploads that one process takes at once, of all users."""
    upload_seconds: PositiveFloat = 300.0
    """From the first to the last byte of an upload."""
    spool: str = ""
    """Directory where uploads wait until they are complete; below the system's own for temporary files if empty."""
    variant_widths: Annotated[tuple[Width, ...], Field(min_length=1)] = (64, 256, 512, 1024)
    """Pixels. None is made that is wider than the original."""
    kubo_url: str | None = None
    """RPC of a Kubo node to pin to, e.g. `http://kubo:5001`."""
    pinning_url: str | None = None
    """An IPFS Pinning Service API to pin by, with its token."""
    pinning_token: SecretStr | None = None


GatewayUrl = Annotated[str, Field(pattern=r"^https?://[^/?#@\s]+(/[^?#\s]*)?$")]
"""Before `/ipfs/CID/path` or `/TRANSACTION/path`."""


class MetadataSettings(BaseModel):
    """Reading what token URIs point at: untrusted addresses with untrusted answers."""

    ipfs_gateways: tuple[GatewayUrl, ...] = ("https://ipfs.io", "https://dweb.link", "https://w3s.link")
    """Tried in this order, after our own store. An operator's choice, so these may be on the inner network."""
    arweave_gateway: GatewayUrl = "https://arweave.net"
    timeout: PositiveFloat = 10.0
    """Seconds for one document, redirects and all."""
    max_document: PositiveInt = 1024 * 1024
    """Bytes of a metadata document."""
    max_media: PositiveInt = 25 * 1024 * 1024
    """Bytes of a picture or an animation that a document names."""
    max_redirects: Annotated[int, Field(ge=0)] = 3
    concurrency: PositiveInt = 32
    """Documents fetched at once by one refresh."""
    per_host: PositiveInt = 8
    """Requests under way to one host from one process."""
    host_rate: PositiveFloat = 50.0
    """Requests per second to one host from one process; we are not a tool to take others down with."""
    batch: PositiveInt = 500
    """Tokens of one activity of a refresh."""
    max_attempts: PositiveInt = 8
    """Tries of one document before it is marked failed."""
    retry_first: PositiveFloat = 30.0
    """Seconds before its second try; the wait doubles with each, up to a day."""
    refresh_rate: PositiveInt = 30
    """Refreshes that one peer may ask for per minute."""


LocalOrigin = Annotated[str, Field(pattern=r"^http://127\.0\.0\.1:[1-9][0-9]{3,4}$")]


class WebhookSettings(BaseModel):
    """Events on their way to other people's servers."""

    timeout: PositiveFloat = 15.0
    """Seconds for one request, as Standard Webhooks says at least."""
    at_once: PositiveInt = 8
    """Requests under way to one webhook."""
    per_host: PositiveInt = 64
    """Requests under way to one host, from one process. Many webhooks may lead to one host."""
    host_rate: PositiveFloat = 500.0
    """Requests per second to one host, from one process."""
    connections: PositiveInt = 2_000
    """Of one process, to all hosts. A webhook that hangs holds one of them for `timeout`, or `at_once` of them if it
    has taken an event before."""
    activities: PositiveInt = 1_000
    """Webhooks to which one process delivers at a time."""
    kept_days: PositiveInt = 30
    """Days for which an event can be asked for, and sent again."""
    local_receivers: tuple[LocalOrigin, ...] = ()
    """Origins of this machine that webhooks may lead to past the gate. A local stack names one; not in production."""


class WorkerSettings(BaseModel):
    queues: tuple[str, ...] = ("flows", "chain", "chain-wait", "index", "market", "media", "metadata", "webhooks")
    """Which queues this process serves; `index` stands for one queue per enabled chain."""
    max_cached_workflows: int = 1000
    max_waiters: int = 5000
    """Intents followed at once by one process (async waiters, a few KiB each)."""
    metrics_port: int | None = None
    """Where `GET /metrics` has this process's counters for Prometheus, and `GET /healthz` says that it turns."""
    metrics_host: str = "127.0.0.1"
    sdk_metrics_port: int | None = None
    """Where the Temporal SDK's own metrics are (slots, latencies, sticky cache), on the same host."""


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix="STEADYMINT_",
        env_nested_delimiter="__",
        env_file=".env",
        extra="ignore",
        hide_input_in_errors=True,  # a key that is refused would stand in the log of every start
    )

    environment: Annotated[str, Field(pattern="^(local|test|production)$")] = "local"
    log_level: str = "INFO"
    log_json: bool = True
    postgres: PostgresSettings = PostgresSettings()
    redis: RedisSettings = RedisSettings()
    mongo: MongoSettings = MongoSettings()
    temporal: TemporalSettings = TemporalSettings()
    codec: CodecSettings = CodecSettings()
    auth: AuthSettings = AuthSettings()
    intents: IntentSettings = IntentSettings()
    media: MediaSettings = MediaSettings()
    metadata: MetadataSettings = MetadataSettings()
    webhooks: WebhookSettings = WebhookSettings()
    api: ApiSettings = ApiSettings()
    worker: WorkerSettings = WorkerSettings()

    @model_validator(mode="after")
    def _no_published_key(self) -> Self:
        """The key that stands in `.env.example` is known to everybody."""
        for key_id, key in self.auth.signing_keys.items():
            if self.environment == "production" and key.get_secret_value().startswith("replace-me"):
                raise ValueError(f"signing key {key_id!r} is the example's")
        return self

    @model_validator(mode="after")
    def _no_local_receiver(self) -> Self:
        """Whoever may make webhooks could have us send to a service of our own."""
        if self.environment == "production" and self.webhooks.local_receivers:
            raise ValueError("webhooks.local_receivers is for local stacks")
        return self


@cache
def load_settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()
