"""Access tokens (JWTs) and refresh tokens (random bytes). They exist in the memory of one request and are not
stored."""

from __future__ import annotations

import hashlib
import re
import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID, uuid4

import jwt

from steadymint.domain.errors import UnauthorizedError
from steadymint.domain.types import Address, ChainId, SessionId, UserId, parse_address, parse_chain_id
from steadymint.settings import AuthSettings

ALGORITHM: Final = "HS256"
"""The only algorithm. The algorithm in a token's header is compared with it and never used."""
TYPE: Final = "JWT"
"""The only type. A token of another type was signed for another purpose and is no access token (RFC 8725, 3.11)."""
ISSUER: Final = "steadymint"
AUDIENCE: Final = "steadymint-api"
MAX_TOKEN: Final = 2048
"""Characters; ours have about 500. Longer ones are not parsed."""
LEEWAY: Final = 5
"""Seconds by which servers' clocks may differ."""

_SPELLING: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]")
"""RFC 7515, 2: base64url without padding. 32 bytes end in a character whose last two bits are zero; decoders ignore
these bits, so a token would have four spellings, and a list of refused tokens would know one of them."""

_REFRESH_BYTES: Final = 32  # 256 bits
_HEADER: Final = frozenset({"alg", "kid", "typ"})


@dataclass(frozen=True, slots=True)
class Claims:
    """The claims of a valid access token."""

    user_id: UserId
    session_id: SessionId
    address: Address
    chain_id: ChainId
    ends: datetime | None = None
    """When the token expires; set only on claims that were read from a token."""


class AccessTokens:
    """JWTs signed with the first configured key and accepted under any of them (RFC 7519, RFC 8725)."""

    def __init__(self, settings: AuthSettings) -> None:
        """Raises ValueError when no signing key is configured."""
        if not settings.signing_keys:
            raise ValueError("auth.signing_keys is empty: nobody could sign in")
        self._keys = {key_id: key.get_secret_value() for key_id, key in settings.signing_keys.items()}
        self._active = next(iter(self._keys))
        self._ttl = settings.access_ttl

    def issue(self, claims: Claims, not_after: datetime) -> tuple[str, datetime]:
        """A token and its expiry: `access_ttl` from now, but not after the end of the session (`not_after`)."""
        now = int(time.time())
        ends = min(now + self._ttl, int(not_after.timestamp()))
        payload = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": str(claims.user_id),
            "sid": str(claims.session_id),
            "address": claims.address,
            "chainId": claims.chain_id,
            "iat": now,
            "exp": ends,
            "jti": uuid4().hex,
        }
        token = jwt.encode(payload, self._keys[self._active], ALGORITHM, headers={"kid": self._active})
        return token, datetime.fromtimestamp(ends, not_after.tzinfo)

    def read(self, token: str) -> Claims:
        """The claims of one of our tokens. Raises UnauthorizedError, which does not say what is wrong with the
        token."""
        if len(token) > MAX_TOKEN or not _SPELLING.fullmatch(token):
            raise UnauthorizedError
        try:
            payload = jwt.decode(
                token,
                self._key_of(jwt.get_unverified_header(token)),
                algorithms=[ALGORITHM],
                issuer=ISSUER,
                audience=AUDIENCE,
                leeway=LEEWAY,
                options={"require": ["exp", "iat", "iss", "aud", "sub", "sid"]},
            )
            return self._claims(payload)
        except (jwt.PyJWTError, ValueError, TypeError, KeyError, OverflowError):
            raise UnauthorizedError from None

    def _key_of(self, header: dict[str, Any]) -> str:
        """The signing key that the header names. Only our own key names are known; no path, address or key in the
        header is used."""
        if header.keys() - _HEADER or header.get("alg") != ALGORITHM or header.get("typ") != TYPE:
            raise ValueError("foreign header")
        return self._keys[header["kid"]]

    def _claims(self, payload: dict[str, Any]) -> Claims:
        issued, ends = payload["iat"], payload["exp"]
        # bool is an int in Python. A token that lives longer than our limit was not issued with this configuration.
        if type(issued) is not int or type(ends) is not int or ends > time.time() + self._ttl + LEEWAY:
            raise ValueError("exp and iat must be integers within the life of a token")
        return Claims(
            UserId(UUID(payload["sub"])),
            SessionId(UUID(payload["sid"])),
            parse_address(payload["address"]),
            parse_chain_id(payload["chainId"]),
            datetime.fromtimestamp(ends, UTC),
        )


def new_refresh_token() -> str:
    """256 random bits, URL-safe."""
    return secrets.token_urlsafe(_REFRESH_BYTES)


def hash_of_refresh_token(token: str) -> str:
    """SHA-256 in hex. That is enough for 256 random bits, which no dictionary attack finds."""
    return hashlib.sha256(token.encode()).hexdigest()
