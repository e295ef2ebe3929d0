"""The head of a request, written once for many."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import aiohttp

from steadymint.outbound.gate import CONTROL

_OF_A_BODY: Final = ("content-length", "transfer-encoding")


def request_head(request: aiohttp.ClientRequest, without: Collection[str] = ()) -> str:
    """The first line, and the headers that are the same for all bodies. `without`: names, in lower case, of others that
    come with a body. Raises ValueError for a header with control characters."""
    left_out = {*_OF_A_BODY, *without}
    lines = [f"{request.method} {request.url.raw_path_qs} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in request.headers.items() if name.lower() not in left_out]
    if any(map(CONTROL.search, lines)):
        raise ValueError("a header holds control characters")
    return "".join(f"{line}\r\n" for line in lines)
