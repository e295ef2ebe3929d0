"""The wallets of the signed-in user: links, what was done with them, and how they were proven."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, Field, StrictBool
from typing_extensions import TypedDict

from api.accounts.bodies.me import WALLET_EXAMPLE, WalletBody
from api.accounts.bodies.sign_in import ProofBody
from api.http.fields import Body
from api.http.shown import EXACT, TIME_EXAMPLE, ChainIdText, NextCursor, Time
from steadymint.domain.texts import parse_text

MAX_LABEL: Final = 100


class LinkBody(ProofBody):
    """The proof of the wallet that is to be linked: a message as for a sign-in, with a nonce of
    `POST /v1/me/wallets/nonce`."""

    move: StrictBool = Field(
        False,
        description="Whether the wallet may be taken from another user. Nobody's primary wallet can be.",
    )


def _label(text: str) -> str:
    parsed = parse_text(text, max_length=MAX_LABEL)
    if not parsed:
        raise ValueError("must not be empty; null removes the label")
    return parsed


class WalletChange(Body):
    label: Annotated[str, AfterValidator(_label)] | None = Field(
        description=f"At most {MAX_LABEL} characters; null removes it. Only you see it.", examples=["Ledger"]
    )


class WalletPage(TypedDict):
    __pydantic_config__ = EXACT  # type: ignore[misc]

    items: list[WalletBody]
    nextCursor: NextCursor


class WalletActivityBody(TypedDict):
    """One deed."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    chainId: ChainIdText
    action: Literal["linked", "unlinked", "set_primary", "verified", "updated"]
    cause: Annotated[
        Literal["sign_in", "proof", "moved", "request", "other_unlinked", "wallet_reorged_away"] | None,
        Field(
            description="`sign_in`, `proof`: the wallet signed a message. `moved`: another user has proven that the "
            "wallet is theirs, or you have. `request`: you asked for it. `other_unlinked`: your primary wallet was "
            "unlinked. `wallet_reorged_away`: the contract is no longer on the chain."
        ),
    ]
    at: Time
    ipAddress: Annotated[str | None, Field(description="Of your own request; null for what others have done.")]
    userAgent: str | None


class WalletActivityPage(TypedDict):
    __pydantic_config__ = EXACT  # type: ignore[misc]

    items: list[WalletActivityBody]
    nextCursor: NextCursor


class WalletVerificationBody(TypedDict):
    """One proof that the wallet is yours."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    chainId: ChainIdText
    type: Annotated[str, Field(examples=["signature"])]
    status: Literal["pending", "verified", "failed", "expired"]
    standard: Annotated[str | None, Field(description="`eip191` for a key, `eip1271` for a contract.")]
    createdAt: Time
    verifiedAt: Time | None


class WalletVerificationPage(TypedDict):
    __pydantic_config__ = EXACT  # type: ignore[misc]

    items: list[WalletVerificationBody]
    nextCursor: NextCursor


WALLET_PAGE_EXAMPLE: Final[dict[str, Any]] = {"items": [WALLET_EXAMPLE], "nextCursor": None}
ACTIVITY_PAGE_EXAMPLE: Final[dict[str, Any]] = {
    "items": [
        {
            "chainId": "eip155:31337",
            "action": "linked",
            "cause": "proof",
            "at": TIME_EXAMPLE,
            "ipAddress": "203.0.113.7",
            "userAgent": "Mozilla/5.0",
        }
    ],
    "nextCursor": None,
}
VERIFICATION_PAGE_EXAMPLE: Final[dict[str, Any]] = {
    "items": [
        {
            "chainId": "eip155:31337",
            "type": "signature",
            "status": "verified",
            "standard": "eip191",
            "createdAt": TIME_EXAMPLE,
            "verifiedAt": TIME_EXAMPLE,
        }
    ],
    "nextCursor": None,
}
