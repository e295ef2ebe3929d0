"""The state of a collection, as a fold of its contract's events. Pure.

A new batch is folded into the stored row. After a rollback all events that are left are folded from nothing. Both must
end in the same state, or a catalog that saw a reorg would differ from one that did not.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal, localcontext
from typing import Any, Final

from eth_utils.crypto import keccak

from steadymint.domain.types import ZERO_ADDRESS
from steadymint.indexing.batch import CollectionEvent

ROLE_NAMES: Final = {
    "0x" + "0" * 64: "DEFAULT_ADMIN_ROLE",
    "0x" + keccak(text="MINTER_ROLE").hex(): "MINTER_ROLE",
}
_ZERO_ROOT: Final = "0x" + "0" * 64
_BIGINT_MAX: Final = 2**63 - 1
_LAST_SECOND: Final = 253_402_300_799  # 9999-12-31T23:59:59Z, the end of Python's calendar and of RFC 3339
_SLUG_NAME: Final = 64


@dataclass(frozen=True, slots=True)
class MintRules:
    """The public mint, as set by the contract's last `MintConfigSet`."""

    price: int
    limit_per_wallet: int | None
    start_seconds: int | None
    end_seconds: int | None
    allowlist_root: str | None
    block: int
    at: int

    @property
    def start(self) -> datetime | None:
        return moment(self.start_seconds)

    @property
    def end(self) -> datetime | None:
        return moment(self.end_seconds)


@dataclass(frozen=True, slots=True)
class Granted:
    """A role that an account holds."""

    at: int
    by: str


@dataclass(frozen=True, slots=True)
class CollectionState:
    """The facts of a collection that its contract's events determine."""

    name: str
    symbol: str
    standard: str
    factory: str
    implementation: str
    creator: str
    reference: str
    owner: str | None
    max_supply: int | None
    base_uri: str
    contract_uri: str
    royalty_bps: int
    royalty_receiver: str | None
    payout: str | None
    paused: bool
    frozen: bool
    mint: MintRules
    deployed_block: int
    deployed_block_hash: str
    deployed_tx_hash: str
    created_at: int
    last_event_block: int
    updated_at: int
    roles: Mapping[tuple[str, str], Granted | None] = field(default_factory=dict[tuple[str, str], Granted | None])
    """(role, account) -> the grant; None if it was revoked. Only roles that the folded events change."""


def fold(state: CollectionState | None, events: Iterable[CollectionEvent]) -> CollectionState | None:
    """`state` after `events`, which must be in chain order. None before the collection is created."""
    # One dict for all events: whoever administers a collection may change the roles of tens of thousands of accounts.
    roles = dict[tuple[str, str], Granted | None]() if state is None else {**state.roles}
    for event in events:
        if event.name == "CollectionCreated":
            state = state or _created(event)
        elif state is not None:
            if event.name in ("RoleGranted", "RoleRevoked"):
                _change_role(roles, event)
            state = replace(state, **_change(event), last_event_block=event.block, updated_at=event.at)
    return state and replace(state, roles=roles)


def _created(event: CollectionEvent) -> CollectionState:
    args = event.payload
    return CollectionState(
        name=args["name"],
        symbol=args["symbol"],
        standard=args["standard"],
        factory=args["factory"],
        implementation=args["implementation"],
        creator=args["creator"],
        reference=args["salt"],
        owner=_account(args["owner"]),
        max_supply=int(args["maxSupply"]) or None,
        base_uri=args["baseUri"],
        contract_uri=args["contractUri"],
        royalty_bps=_bps(args["royaltyBps"]),
        royalty_receiver=_account(args["royaltyReceiver"]),
        payout=_account(args["payout"]),
        paused=False,
        frozen=False,
        mint=_rules(args["mint"], event),
        deployed_block=event.block,
        deployed_block_hash=args["blockHash"],
        deployed_tx_hash=event.tx_hash,
        created_at=event.at,
        last_event_block=event.block,
        updated_at=event.at,
    )


def _change(event: CollectionEvent) -> dict[str, Any]:
    args = event.payload
    match event.name:
        case "MintConfigSet":
            return {"mint": _rules(args, event)}
        case "RoyaltySet":
            return {"royalty_bps": _bps(args["bps"]), "royalty_receiver": _account(args["receiver"])}
        case "PayoutSet":
            return {"payout": _account(args["payout"])}
        case "BaseURISet":
            return {"base_uri": args["baseUri"]}
        case "MetadataFrozen":
            return {"frozen": True}
        case "Paused" | "Unpaused":
            return {"paused": event.name == "Paused"}
        case "OwnershipTransferred":
            return {"owner": _account(args["newOwner"])}
        case _:
            # Roles are gathered beside the state. ContractURIUpdated says that the URI changed, not to what: the
            # metadata refresh reads it.
            return {}


def _change_role(roles: dict[tuple[str, str], Granted | None], event: CollectionEvent) -> None:
    args = event.payload
    role: str = args["role"]
    roles[ROLE_NAMES.get(role, role), args["account"]] = (
        Granted(event.at, args["sender"]) if event.name == "RoleGranted" else None
    )


def _rules(args: Mapping[str, Any], event: CollectionEvent) -> MintRules:
    limit, root = int(args["limitPerWallet"]), args["allowlistRoot"]
    return MintRules(
        price=int(args["price"]),
        limit_per_wallet=min(limit, _BIGINT_MAX) or None,
        start_seconds=int(args["startTime"]) or None,
        end_seconds=int(args["endTime"]) or None,
        allowlist_root=None if root == _ZERO_ROOT else root,
        block=event.block,
        at=event.at,
    )


def _account(address: str) -> str | None:
    """The account; None for the zero address."""
    return None if address == ZERO_ADDRESS else address


def _bps(text: str) -> int:
    """Basis points of an EIP-2981 royalty. A uint96 above 10,000 counts as 10,000."""
    return min(int(text), 10_000)


def moment(seconds: int | None) -> datetime | None:
    """Unix seconds as a time; None beyond the calendar. The exact seconds are stored, too."""
    return None if seconds is None or seconds > _LAST_SECOND else datetime.fromtimestamp(seconds, UTC)


def native_text(wei: int, decimals: int) -> str:
    """`wei` in the native currency, exact and without trailing zeros."""
    with localcontext(prec=90):  # a uint256 has 78 digits
        return f"{Decimal(wei).scaleb(-decimals).normalize():f}" if wei else "0"


def slug_of(name: str, contract: str, chain_number: int | None = None) -> str:
    """The slug, such as `cool-cats-1a2b3c4d`: the name and eight digits of the address.

    With `chain_number` it is the long form, with the whole address. Only the long form is unique: it is for a second
    collection with the same name and digits.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_SLUG_NAME].strip("-") or "collection"
    return f"{words}-{contract[2:10]}" if chain_number is None else f"{words}-{contract[2:]}-{chain_number}"
