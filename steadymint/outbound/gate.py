"""The gate: which addresses a stranger may have us connect to. Every URL and every redirect passes through it.

A URL is checked as text; its host is resolved by us, once for each connection, and one forbidden address among the
answers forbids the host; the connection is made to the checked addresses and to no others. There is no switch that
opens the gate: gateways that an operator configured go past it by another client.
"""

from __future__ import annotations

import asyncio
import re
import socket
import time
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address
from typing import Final
from weakref import WeakValueDictionary

from yarl import URL

from steadymint.outbound.addresses import Address, is_public
from steadymint.outbound.errors import failed

MAX_URL: Final = 4096
"""Characters. Longer ones are refused by many servers, too."""
CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
"""What a URL never holds: parsers skip it, cut at it, or send it on (RFC 3986; WHATWG URL, 4.4)."""
_HTTPS: Final = 443
_HOST: Final = re.compile(r"(?=.{4,253}\.?$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]\.?")
"""At least two labels, the last not numeric: `2130706433`, `0x7f.1` and `localhost` are no hosts (WHATWG URL, 4.4)."""

Resolve = Callable[[str], Awaitable[Sequence[Address]]]
"""The addresses of a host; raises OSError if it has none."""


class SystemResolver:
    """The machine's own resolver, in threads of its own.

    A look-up in a thread cannot be given up, only left alone. So a name server that never answers may keep no more
    than `PER_DOMAIN` of the threads, whatever number of names its owner invents below one domain.
    """

    THREADS: Final = 64
    PER_DOMAIN: Final = 8

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(self.THREADS, "resolve")
        self._domains: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    async def __call__(self, host: str) -> Sequence[Address]:
        # The dot keeps the search list of resolv.conf out: `a.b` never becomes `a.b.our-network.example`.
        name = host.rstrip(".") + "."
        domain = ".".join(name.split(".")[-3:])
        places = self._domains.setdefault(domain, asyncio.Semaphore(self.PER_DOMAIN))
        await places.acquire()
        looking = asyncio.get_running_loop().run_in_executor(self._threads, _addresses_of, name)
        looking.add_done_callback(
            lambda _: places.release()
        )  # when the thread is free again, not when we lose patience
        return await asyncio.shield(looking)

    def close(self) -> None:
        """Give up the threads; look-ups under way end by themselves."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def parse_url(text: str) -> URL:
    """A stranger's URL, if its text alone does not forbid it.

    `https` at port 443, without a user part, with a host of the DNS or a public address in its usual spelling. Raises
    `OutboundError`: `bad_uri`, `bad_scheme`, `bad_port` or `forbidden_host`.
    """
    if len(text) > MAX_URL:
        raise failed("bad_uri", f"The address is longer than {MAX_URL} characters")
    if CONTROL.search(text):
        raise failed("bad_uri", "The address holds control characters")
    try:
        url = URL(text)
        host = url.raw_host
    except ValueError:  # UnicodeError is one
        raise failed("bad_uri", "The address cannot be read") from None
    return check_url(url, host)


def check_url(url: URL, host: str | None = None) -> URL:
    """`url` itself, if it passes as `parse_url` says."""
    host = host or url.raw_host
    if url.scheme != "https":
        raise failed("bad_scheme", "Only https addresses are asked")
    if not host:
        raise failed("bad_uri", "The address names no host")
    if url.raw_user is not None or url.raw_password is not None:
        raise failed("bad_uri", "The address has a user part")
    if url.port != _HTTPS:
        raise failed("bad_port", "Only port 443 is asked")
    if (literal := _literal(host)) is not None:
        if not is_public(literal):
            raise _forbidden()
    elif not _HOST.fullmatch(host):
        raise failed("forbidden_host", "The host is not a name of the public DNS")
    return url


class Gate:
    """Resolves hosts to addresses that are all public."""

    FRESH: Final = 30.0
    """Seconds that a checked answer is used for: the requests of one refresh ask the name server once."""
    REMEMBERED: Final = 1024
    """Hosts; strangers choose them."""

    def __init__(self, resolve: Resolve, *, fresh: float = FRESH, clock: Callable[[], float] = time.monotonic) -> None:
        self._resolve = resolve
        self._fresh = fresh
        self._clock = clock
        self._known: dict[str, tuple[float, list[Address]]] = {}

    async def addresses(self, host: str) -> list[Address]:
        """The addresses of `host`, a name or a literal; at least one, and all of them public.

        Raises `OutboundError`: `unreachable` if it has none, `forbidden_host` if any of them is not public.
        A host with a public and an inner address is not a host with one usable address: it is an attack.
        """
        literal = _literal(host)
        if literal is not None:
            return _all_public([literal])
        until, known = self._known.get(host, (0.0, []))
        if self._clock() < until:
            return known
        try:
            found = list(dict.fromkeys(await self._resolve(host)))
        except (OSError, ValueError):  # ValueError: the name does not encode
            found = []
        if not found:
            raise failed("unreachable", "The host has no address", permanent=False)
        self._known.pop(host, None)
        if len(self._known) >= self.REMEMBERED:
            del self._known[next(iter(self._known))]
        self._known[host] = (self._clock() + self._fresh, _all_public(found))
        return found


def _literal(host: str) -> Address | None:
    """The address that a host spells in the usual way; anything else that a resolver might take for one is a name."""
    try:
        return ip_address(host)
    except ValueError:
        return None


def _addresses_of(name: str) -> list[Address]:
    return [ip_address(entry[4][0]) for entry in socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)]


def _all_public(found: list[Address]) -> list[Address]:
    if not all(map(is_public, found)):
        raise _forbidden()
    return found


def _forbidden() -> Exception:
    return failed("forbidden_host", "The host is not on the public internet")
