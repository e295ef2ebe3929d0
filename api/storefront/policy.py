"""What a browser may do on a page of the storefront."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

from steadymint.settings import Settings

PERMISSIONS: Final = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


def headers_of(settings: Settings) -> dict[str, str]:
    """The security headers of a page, beyond those of every answer."""
    return {
        "content-security-policy": content_policy(settings),
        "permissions-policy": PERMISSIONS,
        "cross-origin-resource-policy": "same-origin",
    }


def content_policy(settings: Settings) -> str:
    """The content security policy (CSP 3): our own scripts and styles and nobody else's, none of them inline.

    Pictures of tokens are anywhere on the web, so any `https` address is allowed, and the origin of our own media.
    Previews of uploads are `blob:`, icons of wallets `data:` (EIP-6963). Only a local chain's node is asked directly.
    """
    media = _origins([settings.media.public_url])
    nodes = _origins(settings.api.development_nodes.values())
    rules = {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "font-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:", "https:", *media],
        "media-src": ["'self'", "blob:", "https:", *media],
        "connect-src": ["'self'", *nodes],
        "manifest-src": ["'self'"],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
        "frame-ancestors": ["'none'"],
        "require-trusted-types-for": ["'script'"],
        "trusted-types": ["'none'"],
    }
    return "; ".join(f"{name} {' '.join(values)}" for name, values in rules.items())


def _origins(urls: Iterable[str]) -> list[str]:
    """The origins of absolute `http` URLs. Others are covered by `'self'` or `https:`, or are no URLs."""
    found = [urlsplit(url) for url in urls]
    return sorted({f"{one.scheme}://{one.netloc}" for one in found if one.scheme in ("http", "https") and one.netloc})
