"""A collection as the fold of its events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steadymint.indexing.batch import CollectionEvent
from steadymint.indexing.subjects.collections import state
from steadymint.indexing.subjects.collections.state import CollectionState, Granted, fold, moment, native_text, slug_of
from tests.support.forged_logs import ALICE, BOB, CATS, FACTORY, ZERO

ROOT = "0x" + "07" * 32
RULES = {"price": "5", "startTime": "0", "endTime": "0", "limitPerWallet": "0", "allowlistRoot": "0x" + "0" * 64}
BIRTH: dict[str, Any] = {
    "standard": "erc721",
    "factory": FACTORY,
    "blockHash": "0x" + "1" * 64,
    "creator": ALICE,
    "salt": "0x" + "2" * 64,
    "implementation": BOB,
    "owner": ALICE,
    "name": "Cats",
    "symbol": "CAT",
    "baseUri": "ipfs://a/",
    "contractUri": "",
    "maxSupply": "0",
    "royaltyBps": "250",
    "royaltyReceiver": ALICE,
    "payout": ALICE,
    "mint": RULES,
}


def event(name: str, block: int = 2, /, **payload: Any) -> CollectionEvent:
    return CollectionEvent(block, 0, "0x" + "3" * 64, CATS, name, payload, 1000 + block)


def state_after(*events: CollectionEvent) -> CollectionState:
    state = fold(None, [event("CollectionCreated", 1, **BIRTH), *events])
    assert state is not None
    return state


CHANGES = [
    (event("MintConfigSet", **(RULES | {"price": "9", "allowlistRoot": ROOT})), "mint.allowlist_root", ROOT),
    (event("RoyaltySet", receiver=BOB, bps="10"), "royalty_bps", 10),
    (event("RoyaltySet", receiver=ZERO, bps="0"), "royalty_receiver", None),
    (event("RoyaltySet", receiver=BOB, bps=str(2**96 - 1)), "royalty_bps", 10_000),
    (event("PayoutSet", payout=BOB), "payout", BOB),
    (event("BaseURISet", baseUri="ipfs://b/"), "base_uri", "ipfs://b/"),
    (event("MetadataFrozen"), "frozen", True),
    (event("Paused", account=ALICE), "paused", True),
    (event("OwnershipTransferred", previousOwner=ALICE, newOwner=ZERO), "owner", None),
    (event("ContractURIUpdated"), "last_event_block", 2),
]


@pytest.mark.parametrize(("change", "path", "expected"), CHANGES, ids=lambda value: getattr(value, "name", None))
def test_each_event_changes_what_it_says(change: CollectionEvent, path: str, expected: Any) -> None:
    value: Any = state_after(change)
    for name in path.split("."):
        value = getattr(value, name)
    assert value == expected


def test_a_role_is_held_from_its_grant_to_its_revocation_and_known_ones_go_by_name() -> None:
    admin, other = "0x" + "0" * 64, "0x" + "5" * 64
    state = state_after(
        event("RoleGranted", role=admin, account=BOB, sender=ALICE),
        event("RoleGranted", role=other, account=BOB, sender=ALICE),
        event("RoleRevoked", 3, role=other, account=BOB, sender=ALICE),
    )

    assert state.roles == {("DEFAULT_ADMIN_ROLE", BOB): Granted(1002, ALICE), (other, BOB): None}


def test_however_many_roles_change_they_are_put_into_the_state_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy for each event took seconds for the tens of thousands that one transaction after another may grant."""
    copies: list[Mapping[Any, Any]] = []

    def replaced(state: CollectionState, **changes: Any) -> CollectionState:
        copies.extend(value for name, value in changes.items() if name == "roles")
        return replace(state, **changes)

    monkeypatch.setattr(state, "replace", replaced)
    granted = [event("RoleGranted", n, role=ROOT, account=f"0x{n:040x}", sender=ALICE) for n in range(2, 102)]

    found = state_after(*granted)

    assert copies == [found.roles]
    assert len(found.roles) == 100
    more = fold(found, [event("RoleRevoked", 200, role=ROOT, account=f"0x{2:040x}", sender=ALICE)])
    assert more is not None
    assert more.roles[ROOT, f"0x{2:040x}"] is None
    assert found.roles[ROOT, f"0x{2:040x}"] is not None  # the state before is left as it was


def test_nothing_is_known_of_a_collection_before_its_creation() -> None:
    assert fold(None, [event("Paused", account=ALICE)]) is None


@given(st.lists(st.sampled_from([change for change, _, _ in CHANGES]), max_size=12), st.integers(0, 12))
def test_going_on_from_a_stored_state_is_folding_from_the_beginning(changes: list[CollectionEvent], cut: int) -> None:
    whole = [event("CollectionCreated", 1, **BIRTH), *changes]

    assert fold(fold(None, whole[: cut + 1]), whole[cut + 1 :]) == fold(None, whole)


@pytest.mark.parametrize(
    ("wei", "text"),
    [(0, "0"), (1, "0.000000000000000001"), (10**18, "1"), (15 * 10**17, "1.5"), (10**20, "100"), (2**256 - 1, None)],
)
def test_prices_are_written_exactly(wei: int, text: str | None) -> None:
    shown = native_text(wei, 18)

    assert text is None or shown == text
    whole, _, part = shown.partition(".")
    assert int(whole) * 10**18 + int(part.ljust(18, "0") or 0) == wei


@given(st.text(max_size=300))
def test_any_name_makes_a_slug_that_the_catalog_takes(name: str) -> None:
    import re

    for slug in (slug_of(name, CATS), slug_of(name, CATS, 2**53 - 1)):
        assert re.fullmatch(r"[a-z0-9][a-z0-9-]{0,127}", slug)


def test_times_beyond_the_calendar_are_no_times() -> None:
    assert moment(0) == datetime(1970, 1, 1, tzinfo=UTC)
    assert moment(2**64 - 1) is None
