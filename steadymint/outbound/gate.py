"""The gate decides to which addresses a stranger may have us connect. Every URL and every redirect passes through it.

The text of a URL is checked first. Then we resolve its host, once for each connection. One forbidden address among the
answers forbids the host. The connection is made to the checked addresses and to no others. No setting opens the gate:
what an operator configured, gateways and the receiver of a local stack, is asked by another client.
"""

from __future__ import annotations

import asyncio
import re
import socket
import time
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from ipaddress import ip_address
from typing import Final
from weakref import WeakValueDictionary

from publicsuffixlist import PublicSuffixList
from yarl import URL

from steadymint.outbound.addresses import IpAddress, is_public
from steadymint.outbound.errors import failed

MAX_URL: Final = 4096
"""Characters. Many servers refuse longer ones, too."""
CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
"""Characters that no URL holds. Parsers skip them, cut at them, or send them on (RFC 3986; WHATWG URL, 4.4)."""
_HTTPS: Final = 443
_HOST: Final = re.compile(r"(?=.{4,253}\.?$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]\.?")
"""At least two labels, the last not numeric: `2130706433`, `0x7f.1` and `localhost` are no hosts (WHATWG URL, 4.4)."""

Resolve = Callable[[str], Awaitable[Sequence[IpAddress]]]
"""The addresses of a host; raises OSError if it has none."""


class SystemResolver:
    """The machine's own resolver, in threads of its own.

    A look-up in a thread cannot be cancelled. So the names below one domain that somebody may register share
    `PER_DOMAIN` threads (`example.co.uk` is one, by the Public Suffix List): a name server that never answers keeps no
    more of them, however many names its owner invents.
    """

    THREADS: Final = 64
    PER_DOMAIN: Final = 8

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(self.THREADS, "resolve")
        self._domains: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    async def __call__(self, host: str) -> Sequence[IpAddress]:
        # The dot keeps the search list of resolv.conf out: `a.b` never becomes `a.b.our-network.example`.
        host = host.rstrip(".")
        name = host + "."
        domain = _suffixes().privatesuffix(host) or name
        places = self._domains.setdefault(domain, asyncio.Semaphore(self.PER_DOMAIN))
        await places.acquire()
        looking = asyncio.get_running_loop().run_in_executor(self._threads, _addresses_of, name)
        # The place is free when the thread is, not when the caller stops waiting.
        looking.add_done_callback(lambda _: places.release())
        return await asyncio.shield(looking)

    def close(self) -> None:
        """Stop the threads. Look-ups under way end by themselves."""
        self._threads.shutdown(wait=False, cancel_futures=True)


@lru_cache(1)
def _suffixes() -> PublicSuffixList:
    """Those of registries only: below the others, such as `github.io`, no stranger has a name server. Reading the list
    takes a tenth of a second."""
    return PublicSuffixList(only_icann=True)


def parse_url(text: str) -> URL:
    """A stranger's URL, if its text is allowed.

    That is `https` at port 443, without a user part, with a host of the DNS or a public address in its usual spelling.
    Raises `OutboundError`: `bad_uri`, `bad_scheme`, `bad_port` or `forbidden_host`.
    """
    if len(text) > MAX_URL:
        raise _too_long()
    if CONTROL.search(text):
        raise failed("bad_uri", "The address holds control characters")
    try:
        url = URL(text)
        host = url.raw_host
    except ValueError:  # UnicodeError is one
        raise failed("bad_uri", "The address cannot be read") from None
    if len(str(url)) > MAX_URL:  # percent-encoded, as it is stored and asked
        raise _too_long()
    return check_url(url, host)


def check_url(url: URL, host: str | None = None) -> URL:
    """`url` itself, if it passes the checks of `parse_url`."""
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
    """Seconds for which a checked answer is used, so that a refresh asks the name server once."""
    REMEMBERED: Final = 1024
    """Hosts kept. Strangers choose how many there are."""

    def __init__(self, resolve: Resolve, *, fresh: float = FRESH, clock: Callable[[], float] = time.monotonic) -> None:
        self._resolve = resolve
        self._fresh = fresh
        self._clock = clock
        self._known: dict[str, tuple[float, list[IpAddress]]] = {}

    async def addresses(self, host: str) -> list[IpAddress]:
        """The addresses of `host`, a name or a literal; at least one, and all of them public.

        Raises `OutboundError`: `unreachable` if it has none, `forbidden_host` if any of them is not public.
        A host with a public and an inner address is refused as a whole, because it is an attack.
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


@lru_cache(maxsize=1024)  # each request asks it of its host three times, and a name is told by an exception
def _literal(host: str) -> IpAddress | None:
    """The address that a host spells in the usual way. None for a name, and for other spellings of an address."""
    try:
        return ip_address(host)
    except ValueError:
        return None


def _addresses_of(name: str) -> list[IpAddress]:
    return [ip_address(entry[4][0]) for entry in socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)]


def _all_public(found: list[IpAddress]) -> list[IpAddress]:
    if not all(map(is_public, found)):
        raise _forbidden()
    return found


def _too_long() -> Exception:
    return failed("bad_uri", f"The address is longer than {MAX_URL} characters")


def _forbidden() -> Exception:
    return failed("forbidden_host", "The host is not on the public internet")
