"""The bodies of `/v1/auth`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field
from pydantic.alias_generators import to_camel

from api.http.bounded import Bounded
from api.http.shown import NextCursor
from steadymint.domain.types import AddressField, ChainIdField, HexField, ShownAddress

MAX_REFRESH_TOKEN = 128
"""Characters. Ours have 43."""


class _Body(Bounded):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True)


class NonceBody(_Body):
    account_id: AddressField | None = Field(None, description="If given, only this account can sign in.")
    chain_id: ChainIdField | None = Field(None, description="If given, only a sign-in on this chain is accepted.")
    domain: Annotated[
        str,
        Field(
            min_length=1,
            max_length=255,
            examples=["localhost:3000"],
            description="Host and port of the site that asks, exactly as its origin has them. Only sites that the "
            "operator has allowed get a nonce.",
        ),
    ]


class NonceAnswer(_Body):
    nonce: str = Field(
        pattern="^[0-9a-f]{32}$",
        examples=["5f2b9a1c0d3e4f60718293a4b5c6d7e8"],
        description="128 random bits in hex. One use.",
    )
    issued_at: datetime = Field(
        examples=["2026-01-31T12:00:00.123456Z"], description="Put it into `Issued At` of the message, unchanged."
    )
    expires_at: datetime = Field(examples=["2026-01-31T12:05:00.123456Z"])


class ProofBody(_Body):
    """A message that a wallet has signed."""

    account_id: AddressField
    message: str = Field(
        description="The EIP-4361 message, byte for byte as it was signed: at most 16,384 ASCII characters, lines "
        "ending in LF, the address in EIP-55 casing.",
        examples=[
            "localhost:3000 wants you to sign in with your Ethereum account:\n"
            "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266\n\nSign in to Steadymint.\n\nURI: http://localhost:3000\n"
            "Version: 1\nChain ID: 31337\nNonce: 5f2b9a1c0d3e4f60718293a4b5c6d7e8\nIssued At: 2026-01-31T12:00:00.000Z"
        ],
    )
    signature: HexField = Field(
        description="`0x` and hex digits: 65 bytes (EIP-191) or 64 (EIP-2098) of a key, or up to 8,192 bytes for a "
        "contract wallet (EIP-1271, EIP-6492).",
        examples=["0x" + "5a" * 65],
    )


class VerifyBody(ProofBody):
    take_back_deletion: bool = Field(
        default_factory=bool,
        description="Opens the account again if you have asked for its deletion. Without it such a sign-in is "
        "`account_deleting`, and the nonce stays valid.",
        examples=[True],
    )


class TokenAnswer(_Body):
    access_token: str = Field(
        examples=["eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIuLi4ifQ.c2ln"], description="A JWT for `Authorization: Bearer`."
    )
    refresh_token: str = Field(description="For one use at `POST /v1/auth/refresh`; a second use ends the session.")
    expires_at: datetime = Field(examples=["2026-01-31T12:15:00.123456Z"], description="Of the access token.")
    user_id: UUID = Field(examples=["0b7e4bd8-5d0e-4c3f-9a2e-1c1d6d1f2a3b"])
    address: ShownAddress
    chain_id: ChainIdField


class RefreshBody(_Body):
    refresh_token: str = Field(min_length=1, max_length=MAX_REFRESH_TOKEN)


class SessionView(_Body):
    session_id: UUID
    current: bool = Field(description="Whether this request uses it.")
    address: ShownAddress
    chain_id: ChainIdField
    created_at: datetime
    last_used_at: datetime | None = None
    expires_at: datetime
    ip_address: str | None = None
    user_agent: str | None = None


class SessionPage(_Body):
    items: list[SessionView]
    next_cursor: NextCursor
