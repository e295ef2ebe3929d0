"""Records the sign-ins and links that `test_histories.py` replays: `pytest tests/replay/record_sign_in.py`.

Not collected by itself. Run it when the flow gets a new version, add what it writes, and keep the old files for as long
as flows of the old version may be open (`policies.SIGN_IN_LIFE`).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from temporalio.client import WorkflowHandle

from steadymint.domain.linking import workflow_id_of_link
from steadymint.domain.sign_in import workflow_id_of_nonce
from steadymint.identity.messages.verification import hash_of_nonce
from tests.replay.stage import scrubbed
from tests.support.sign_in import CHAIN, Desk, Wallet, nonce_for, sign_in, verify
from tests.support.wallets import hand_in, link_nonce

HISTORIES = Path(__file__).parent / "histories"
WORD = b"\x01" * 97


async def record(desk: Desk, visitor: httpx.AsyncClient, name: str, signature: str | None, status: int) -> None:
    wallet = Wallet()
    if name.startswith("contract"):
        desk.contracts.valid.add((CHAIN, wallet.address.lower(), WORD))
    desk.contracts.settles = 0.01 if name == "contract-looked-at-again" else None
    nonce = await nonce_for(visitor, wallet.address)
    text = wallet.message(nonce).text()
    answer = await verify(visitor, wallet.address, text, signature or wallet.sign(text))
    assert answer.status_code == status
    handle = desk.temporal.get_workflow_handle(workflow_id_of_nonce(hash_of_nonce(nonce)))
    assert ((await handle.result())["grant"] is None) == (status != 200)
    await write("SignIn", name, handle)


async def record_link(desk: Desk, visitor: httpx.AsyncClient, name: str, signature: str | None, status: int) -> None:
    tokens, wallet = await sign_in(visitor, Wallet()), Wallet()
    if name.startswith("contract"):
        desk.contracts.valid.add((CHAIN, wallet.address.lower(), WORD))
        desk.contracts.gone.add(wallet.address.lower())
    desk.contracts.settles = 0.01
    nonce = await link_nonce(visitor, tokens, wallet)
    text = wallet.message(nonce).text()
    answer = await hand_in(visitor, tokens, wallet, text, signature or wallet.sign(text))
    assert answer.status_code == status
    workflow_id = workflow_id_of_link(UUID(tokens["userId"]), hash_of_nonce(nonce))
    handle = desk.temporal.get_workflow_handle(workflow_id)
    assert ((await handle.result())["wallet"] is None) == (status != 201)
    await write("LinkWallet", name, handle)


async def write(workflow: str, name: str, handle: WorkflowHandle[Any, Any]) -> None:
    history = scrubbed((await handle.fetch_history()).to_json_dict())
    (HISTORIES / workflow).mkdir(exist_ok=True)
    (HISTORIES / workflow / f"{name}.json").write_text(json.dumps(history, indent=1) + "\n")


async def test_record(desk: Desk, visitor: httpx.AsyncClient) -> None:
    await record(desk, visitor, "key", None, 200)
    await record(desk, visitor, "contract", "0x" + WORD.hex(), 200)
    await record(desk, visitor, "contract-looked-at-again", "0x" + WORD.hex(), 200)
    await record(desk, visitor, "refused", "0x" + WORD.hex(), 401)
    await record_link(desk, visitor, "key", None, 201)
    await record_link(desk, visitor, "contract-that-is-gone", "0x" + WORD.hex(), 201)
    await record_link(desk, visitor, "refused", "0x" + WORD.hex(), 422)
