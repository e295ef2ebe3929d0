"""A transaction's hash has one form and belongs to one intent: attack cases I07 and I11."""

from __future__ import annotations

from typing import Any

import pytest

from steadymint.domain.intents.machine import Step
from steadymint.domain.types import TxHash
from tests.support.intents import tx_hash
from tests.support.intents_api import Front, User
from tests.support.preparing import post
from tests.support.problems import is_refused

# -- I11: hashes -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "given",
    [
        "0x" + "a" * 63,
        "0x" + "a" * 65,
        "0x" + "A" * 64,
        "0x" + "aB" * 32,
        "0X" + "a" * 64,
        "a" * 64,
        "0x" + "a" * 63 + "\0",
        "\0" + "0x" + "a" * 63,
        "0x" + "a" * 64 + "\n",
        "0x" + "g" * 64,
        "0x" + "１" * 64,
        "0x",
        "",
        1,
        True,
        None,
        ["0x" + "a" * 64],
    ],
    ids=lambda given: repr(given)[:24],
)
async def test_i11_a_hash_has_one_form(api: Front, alice: User, given: Any) -> None:
    draft = alice.draft()
    await api.recorder.create(draft)
    is_refused(await post(alice, f"/v1/intents/{draft.intent_id}/track", {"txHash": given}))
    assert api.flows.tracked == []
    assert (await api.intents.get(draft.intent_id)).seq == 1


async def test_i11_a_megabyte_of_hash_is_refused_unread(api: Front, alice: User) -> None:
    draft = alice.draft()
    await api.recorder.create(draft)
    for size, status, code in ((200_000, 422, "invalid_input"), (2**20, 413, "too_large")):
        answer = await post(alice, f"/v1/intents/{draft.intent_id}/track", {"txHash": "0x" + "a" * size})
        is_refused(answer, status, code)
    assert api.flows.tracked == []


# -- I07: one hash, two intents --------------------------------------------------------------------------------------


async def test_i07_a_hash_that_belongs_to_one_intent_is_refused_to_another(api: Front, alice: User) -> None:
    """The store's own unique index decides, here through the very step that a flow takes."""
    hash_ = tx_hash()

    async def take(intent_id: Any, tracked: TxHash) -> None:
        await api.recorder.step(intent_id, Step.TRACKED, f"tracked:{tracked}", tx_hash=tracked)

    api.flows.on_track = take
    async with api.user() as bob:
        first, second, foreign = alice.draft(), alice.draft(), bob.draft()
        for draft in (first, second, foreign):
            await api.recorder.create(draft)
        answer = await post(alice, f"/v1/intents/{first.intent_id}/track", {"txHash": hash_})
        assert answer.status_code == 202
        for user, draft in ((alice, second), (bob, foreign)):
            answer = await post(user, f"/v1/intents/{draft.intent_id}/track", {"txHash": hash_})
            is_refused(answer, 409, "hash_already_tracked")
            row = await api.intents.get(draft.intent_id)
            assert (row.seq, row.tx_hash) == (1, None)
