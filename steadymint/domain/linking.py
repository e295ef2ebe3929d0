"""The input and the results of the flow that links a wallet to a user who has signed in. They hold no secret, as those
of a sign-in."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from steadymint.domain.outcome import Refusal
from steadymint.domain.record import Record
from steadymint.domain.sign_in import ProvenMessage
from steadymint.domain.types import Address, ChainId

LINK_WALLET: Final = "LinkWallet"


class LinkOrder(ProvenMessage):
    """A wallet's signed message, handed in by a user who has signed in with another wallet."""

    user_id: UUID
    """The user of the request's session. The nonce was issued to the same user."""
    move: bool = False
    """Whether the wallet may be taken from another user, if it is linked there."""


class FormerLink(Record):
    """A link that another user had until the wallet moved."""

    user_id: UUID
    account: Address
    chain_id: ChainId


class LinkedWallet(Record):
    """The link that was made, or that was there."""

    wallet_id: UUID
    user_id: UUID
    account: Address
    chain_id: ChainId
    made: bool
    """Whether it is new."""
    proven_at: datetime


class LinkResult(Record):
    """What a finished flow shows in the Temporal UI: the link, or why there is none."""

    wallet: LinkedWallet | None = None
    refusal: Refusal | None = None
    wallet_gone: bool = False
    """Whether the link was taken back, because the wallet's block had left the chain."""


def workflow_id_of_link(user_id: UUID, nonce_hash: str) -> str:
    """The id of the nonce's flow. Two requests with one nonce, which is the user's, reach the same flow."""
    return f"{workflow_ids_of_links(user_id)}{nonce_hash[:32]}"


def workflow_ids_of_links(user_id: UUID) -> str:
    """How the ids of all of the user's flows begin. Their histories are found by it when the account is erased."""
    return f"link-wallet:{user_id}:"
