"""The certificates that servers are held to."""

import ssl
from functools import cache

import httpx


@cache
def certificates() -> ssl.SSLContext:
    """Those of httpx. All clients of a process share them: reading them takes 60 ms."""
    return httpx.create_ssl_context()
