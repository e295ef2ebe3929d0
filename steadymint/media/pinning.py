"""Pinning: other services keep our assets too, so that they are found on IPFS.

There are two kinds of service behind one Protocol. A Kubo node gets the bytes. An IPFS Pinning Service gets the CID and
fetches the bytes from the network, first from our Kubo node. Both are idempotent: a pin that a service has or is
working on is not requested again, even after a kill.
"""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Generator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any, Final, Protocol
from urllib.parse import quote

import aiohttp

from steadymint.domain.errors import SteadymintError, UpstreamUnavailableError
from steadymint.domain.media import Asset, Cid
from steadymint.domain.upstreams import Upstream
from steadymint.settings import MediaSettings

KUBO: Final = "kubo"
SERVICE: Final = "pinning-service"

CONNECT_TIMEOUT: Final = 10.0
SILENCE: Final = 120.0
"""Seconds without a byte of the answer. A node writes the bytes to its disk before it answers."""
MAX_ANSWER: Final = 1024 * 1024
"""Bytes of a pinning service's answer; one pin has less than 2 KiB."""
LOOK_AGAIN: Final = 60.0
"""Seconds between two checks of a pin that the service is working on."""
MAX_ORIGINS: Final = 20
"""Addresses that a pin may name according to the specification."""


class PinPendingError(SteadymintError):
    """The service has accepted the pin and is not done. The next attempt checks again."""

    code = "pin_pending"
    status = 503
    title = "The service is still looking for the bytes"
    retryable = True


class PinMismatchError(SteadymintError):
    """The node computes another CID than we do. Bytes must never be announced under a CID that is not theirs."""

    code = "pin_mismatch"
    status = 502
    title = "The node computes another CID for these bytes"


@dataclass(frozen=True, slots=True)
class Pinnable:
    """One asset to pin, with its bytes."""

    asset: Asset
    files: Mapping[str, Callable[[], AsyncIterator[bytes]]]
    """For a directory, its files by name. For anything else, the asset itself under the empty name."""


class Pinner(Protocol):
    """A service that keeps assets."""

    @property
    def name(self) -> str:
        """The service's name in the asset's record."""
        ...

    async def pin(self, pinnable: Pinnable) -> None:
        """Pin the asset. Returns once the service has it.

        Raises PinPendingError while the service is looking for the bytes, PinMismatchError, UpstreamUnavailableError.
        """
        ...


class KuboPinner:
    """Pins at a Kubo node by its RPC (`/api/v0`). The RPC has no authentication and must not be open to the
    internet."""

    name = KUBO

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        self._http = http
        self._url = url.rstrip("/")

    async def pin(self, pinnable: Pinnable) -> None:
        """Add and pin in one call. The node computes the CID itself, and it must equal ours."""
        options = {"cid-version": "1", "raw-leaves": "true", "chunker": "size-262144", "pin": "true"}
        with _unavailable_if_lost("the Kubo node"):
            async with self._http.post(
                f"{self._url}/api/v0/add", params=options, data=_form_of(pinnable), allow_redirects=False
            ) as answer:
                _check(answer, "The Kubo node")
                root = await _last_hash(answer)
        if root != pinnable.asset.cid:
            raise PinMismatchError(f"The node computes {root[:80]} for what we call {pinnable.asset.cid}")

    async def addresses(self) -> list[str]:
        """The multiaddresses at which others reach the node; empty if the node does not answer."""
        try:
            async with self._http.post(f"{self._url}/api/v0/id") as answer:
                found = json.loads(await answer.content.read(MAX_ANSWER)) if answer.status == 200 else {}
        except (aiohttp.ClientError, TimeoutError, ValueError, RecursionError):
            return []
        given = found.get("Addresses") if isinstance(found, dict) else None
        return [str(one) for one in given or [] if isinstance(one, str)][:MAX_ORIGINS]


class ServicePinner:
    """Pins at a service with the IPFS Pinning Service API 1.0 (https://ipfs.github.io/pinning-services-api-spec)."""

    name = SERVICE

    def __init__(
        self,
        http: aiohttp.ClientSession,
        url: str,
        token: str | None,
        kubo: KuboPinner | None = None,
        *,
        look_again: float = LOOK_AGAIN,
    ) -> None:
        self._http = http
        self._url = url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._kubo = kubo
        self._look_again = look_again

    async def pin(self, pinnable: Pinnable) -> None:
        """Check the pin once and request it if it is missing. Waiting for the service occupies no worker."""
        cid = pinnable.asset.cid
        found = await self._found(cid)
        status, request_id = found or ("", "")
        if status == "pinned":
            return
        if status in ("queued", "pinning"):
            raise PinPendingError(f"The pinning service says: {status}", retry_after=self._look_again)
        status = await self._ask(cid, replaces=request_id)
        if status != "pinned":
            raise PinPendingError(f"The pinning service says: {status}", retry_after=self._look_again)

    async def _found(self, cid: Cid) -> tuple[str, str] | None:
        """Status and id of the best request for this CID, because a service may hold several."""
        query = {"cid": cid, "status": "queued,pinning,pinned,failed"}
        answer = await self._call("GET", "/pins", params=query)
        results = answer.get("results")
        known = [one for one in results if isinstance(one, dict)] if isinstance(results, list) else []
        order = ("pinned", "pinning", "queued", "failed")
        for wanted in order:
            for one in known:
                if one.get("status") == wanted:
                    return wanted, str(one.get("requestid", ""))
        return None

    async def _ask(self, cid: Cid, *, replaces: str) -> str:
        order: dict[str, Any] = {"cid": cid, "name": cid}
        if self._kubo is not None:
            order["origins"] = await self._kubo.addresses()
        path = f"/pins/{quote(replaces, safe='')}" if replaces else "/pins"
        return str((await self._call("POST", path, json=order)).get("status", "unknown"))[:40]

    async def _call(self, method: str, path: str, **how: Any) -> dict[str, Any]:
        with _unavailable_if_lost("the pinning service"):
            async with self._http.request(
                method, self._url + path, headers=self._headers, allow_redirects=False, **how
            ) as answer:
                _check(answer, "The pinning service")
                body = json.loads(await answer.content.read(MAX_ANSWER))
        if not isinstance(body, dict):
            raise UpstreamUnavailableError(
                "The pinning service answers something else than the specification says", upstream=Upstream.PINNING
            )
        return body


@asynccontextmanager
async def open_pinners(settings: MediaSettings) -> AsyncGenerator[Sequence[Pinner]]:
    """The services that the settings name, in the order in which they are asked; usually none."""
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_TIMEOUT, sock_read=SILENCE)
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(aiohttp.ClientSession(timeout=timeout))
        kubo = KuboPinner(http, settings.kubo_url) if settings.kubo_url else None
        pinners: list[Pinner] = [kubo] if kubo else []
        if settings.pinning_url:
            token = settings.pinning_token.get_secret_value() if settings.pinning_token else None
            pinners.append(ServicePinner(http, settings.pinning_url, token, kubo))
        yield pinners


# -- one level down ----------------------------------------------------------------------------------------------------


def _form_of(pinnable: Pinnable) -> aiohttp.MultipartWriter:
    """The body of `add`. A directory is a part of its own type and comes before its files."""
    form = aiohttp.MultipartWriter("form-data")
    root = str(pinnable.asset.cid)
    if pinnable.asset.kind == "directory":
        _append(form, b"", root, "application/x-directory")
        for name, stream in pinnable.files.items():
            _append(form, stream(), f"{root}/{name}", "application/octet-stream")
    else:
        _append(form, pinnable.files[""](), root, "application/octet-stream")
    return form


def _append(form: aiohttp.MultipartWriter, body: Any, name: str, kind: str) -> None:
    part = form.append(body, {"Content-Type": kind})  # pyright: ignore[reportArgumentType]
    # Kubo unquotes the name itself; aiohttp would quote it by another rule.
    part.set_content_disposition("form-data", quote_fields=False, name="file", filename=quote(name, safe=""))


async def _last_hash(answer: aiohttp.ClientResponse) -> str:
    """The CID of the root, which is the last of the answer's lines of JSON."""
    root = ""
    async for line in answer.content:
        if line.strip():
            added = json.loads(line)
            if added.get("Type") == "error" or "Hash" not in added:
                raise UpstreamUnavailableError("The Kubo node could not add it", upstream=Upstream.PINNING)
            root = str(added["Hash"])
    return root


def _check(answer: aiohttp.ClientResponse, who: str) -> None:
    """Raise UpstreamUnavailableError for any failure. An operator can fix a full disk, an expired token or a service in
    trouble, and the flow waits for that. The error does not quote the answer, which may hold what we sent."""
    if answer.status // 100 != 2:
        raise UpstreamUnavailableError(f"{who} answers {answer.status}", upstream=Upstream.PINNING)


@contextmanager
def _unavailable_if_lost(who: str) -> Generator[None]:
    """Turn a lost connection into UpstreamUnavailableError, without the address, which may hold a key."""
    try:
        yield
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        raise UpstreamUnavailableError(
            f"{who[0].upper()}{who[1:]} does not answer: {type(error).__name__}", upstream=Upstream.PINNING
        ) from None
