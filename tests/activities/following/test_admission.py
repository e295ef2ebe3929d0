"""A transaction fulfils an intent if it makes the prepared call, or carries the reference in another."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from activities.following import admission
from activities.following.admission import can_fulfil, check_can_fulfil
from steadymint.domain.errors import NotOwnerError, TransactionMismatchError
from steadymint.domain.intents.kinds import KINDS, IntentKind
from steadymint.domain.intents.rows import IntentRow
from steadymint.domain.transactions import SeenTransaction
from steadymint.domain.types import Address, Wei
from tests.activities.following.scene import Scene
from tests.support.intents import BOB, tx_hash


async def prepared_with(scene: Scene, data: str) -> IntentRow:
    """The scene's intent, as if `data` had been prepared."""
    tx_request = scene.draft.tx_request.model_copy(update={"data": data})
    return replace(await scene.intents.get(scene.draft.intent_id), tx_request=tx_request)


def seen_of(intent: IntentRow, **changes: Any) -> SeenTransaction:
    """The prepared transaction of the intent, as a node shows it."""
    asked = intent.tx_request
    return replace(SeenTransaction(tx_hash(), asked.from_, asked.to, asked.data, asked.value, 1, None), **changes)


@pytest.mark.parametrize(
    "suffix",
    [
        pytest.param("", id="none"),
        pytest.param("00", id="a byte"),
        pytest.param("62617365617070" + "07" + "00" + "8021" * 8, id="ERC-8021"),
        pytest.param("ab" * 5000, id="long"),
    ],
)
async def test_bytes_behind_the_prepared_calldata_do_not_make_it_another_call(scene: Scene, suffix: str) -> None:
    """Builder codes (ERC-8021) and referral tags; the contract does not read them."""
    intent = await prepared_with(scene, "0xa9059cbb01")
    assert can_fulfil(intent, seen_of(intent, data="0xa9059cbb01" + suffix))
    for change in ({"data": "0xa9059cbb02" + suffix}, {"data": "0xa9059cbb"}, {"value": Wei(1)}, {"to": None}):
        with pytest.raises(TransactionMismatchError):
            check_can_fulfil(intent, seen_of(intent, **({"data": "0xa9059cbb01" + suffix} | change)))
    with pytest.raises(NotOwnerError):
        check_can_fulfil(intent, seen_of(intent, data="0xa9059cbb01" + suffix, sender=BOB))


async def test_calldata_that_calls_no_function_must_be_equal(scene: Scene) -> None:
    intent = await prepared_with(scene, "0x")
    assert can_fulfil(intent, seen_of(intent, data="0x"))
    assert not can_fulfil(intent, seen_of(intent, data="0xa9059cbb01"))


async def test_a_relayed_call_carries_the_reference_or_where_there_is_none_the_prepared_calldata(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    intent = await prepared_with(scene, "0xa9059cbb01")

    def relayed(data: str, to: str = "0x" + "66" * 20) -> SeenTransaction:
        return seen_of(intent, sender=BOB, to=Address(to), data=data)

    check_can_fulfil(intent, relayed("0x1234" + intent.match_key[2:] + "00"))
    with pytest.raises(NotOwnerError):
        check_can_fulfil(intent, relayed("0x1234a9059cbb0100"))
    natural = replace(KINDS[IntentKind.MINT], natural_key=("contract",))
    monkeypatch.setattr(admission, "KINDS", {IntentKind.MINT: natural})
    check_can_fulfil(intent, relayed("0x1234a9059cbb0100" + intent.account[2:]))
    check_can_fulfil(intent, relayed("0x1234a9059cbb0100", to=intent.account))
    for others in ("0x1234" + intent.match_key[2:] + "00", "0x1234a9059cbb0100", "0x1234a9059cbb0100" + BOB[2:]):
        with pytest.raises(NotOwnerError):
            check_can_fulfil(intent, relayed(others))
