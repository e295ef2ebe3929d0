"""The recipes that need no stack: their code does what the page says."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_utils.crypto import keccak
from standardwebhooks import Webhook

from steadymint.stack import node
from tests.support import command_line
from tests.support.recipes import blocks, python_of

SECRET = "whsec_" + base64.b64encode(b"a secret of thirty-two bytes !!!").decode()
ID = "msg_1"
BODY = json.dumps({"type": "webhook.test", "data": {}})


def headers(body: str = BODY, age: timedelta = timedelta()) -> dict[str, str]:
    at = datetime.now(UTC) - age
    signature = Webhook(SECRET).sign(ID, at, body)
    return {"webhook-id": ID, "webhook-timestamp": str(int(at.timestamp())), "webhook-signature": signature}


def rotated() -> dict[str, str]:
    """With a signature by another secret before ours."""
    given = headers()
    return given | {"webhook-signature": f"v1,AAAA {given['webhook-signature']}"}


# Signed when they are used: what was signed when the tests were collected is too old by now.
CASES: dict[str, tuple[str, Callable[[], dict[str, str]], bool]] = {
    "ours": (BODY, headers, True),
    "rotated": (BODY, rotated, True),
    "forged": (BODY.replace("test", "paid"), headers, False),
    "old": (BODY, lambda: headers(age=timedelta(minutes=6)), False),
    "unsigned": (BODY, dict, False),
}


@pytest.mark.parametrize("case", CASES)
async def test_a_webhook_is_verified_in_python_and_in_javascript(case: str, tmp_path: Path) -> None:
    body, signed, ours = CASES[case]
    given = signed()
    found = python_of("verify-a-webhook")["received"](SECRET, body.encode(), given)
    assert found == (json.loads(body) if ours else None)
    (code,) = blocks("verify-a-webhook", "js")
    program = tmp_path / "verify.mjs"
    asked = f"received({json.dumps(SECRET)}, Buffer.from({json.dumps(body)}), {json.dumps(given)})"
    program.write_text(f"{code}\nconsole.log(JSON.stringify({asked}));\n")
    process = await asyncio.create_subprocess_exec(node.program(), str(program), stdout=asyncio.subprocess.PIPE)
    printed, _ = await process.communicate()
    assert json.loads(printed) == found


def test_owners_sign_what_a_safe_asks_for_in_the_order_of_their_addresses() -> None:
    """By the constants of Safe's own contracts (GnosisSafe.sol, CompatibilityFallbackHandler.sol)."""
    recipe = python_of("list-from-a-safe")
    owners = [Account.create() for _ in range(3)]
    safe = "0x" + "5a" * 20
    typed = {
        "types": {"EIP712Domain": [{"name": "chainId", "type": "uint256"}], "T": [{"name": "a", "type": "uint256"}]},
        "primaryType": "T",
        "domain": {"chainId": 31337},
        "message": {"a": 7},
    }
    message = encode_typed_data(full_message=typed)
    digest = keccak(b"\x19" + message.version + message.header + message.body)
    assert recipe["digest_of"](typed) == digest
    domain_type = bytes.fromhex("47e79534a245952e8b16893a336b85a3d9ea9fa8c573f3d803afb92a79469218")
    message_type = bytes.fromhex("60b3cbf8b4a223d68d641b3b6ddf9a298e7f33710cf3d3a9d1146b5a6150fbca")
    domain = keccak(domain_type + (31337).to_bytes(32) + bytes.fromhex(safe[2:]).rjust(32, b"\0"))
    asked = keccak(b"\x19\x01" + domain + keccak(message_type + keccak(digest)))
    signature = bytes.fromhex(recipe["safe_signature"]("eip155:31337", safe, typed, owners)[2:])
    signers = [Account._recover_hash(asked, signature=signature[at : at + 65]) for at in range(0, 195, 65)]
    assert signers == sorted((owner.address for owner in owners), key=lambda address: int(address, 16))


async def test_the_file_of_a_chain_of_ones_own_is_taken(database: str, tmp_path: Path) -> None:
    (text,) = blocks("index-a-chain-of-your-own", "json")
    file = tmp_path / "harbour.json"
    file.write_text(text)
    code, told = await command_line.steadymint(
        command_line.at_database(database), "chain", "add", str(file), "--no-ask"
    )
    assert (code, told.startswith("eip155:4242 is registered")) == (0, True), told


async def test_the_hook_for_react_compiles_strictly(tmp_path: Path) -> None:
    (code,) = blocks("follow-a-mint-in-react", "tsx")
    (tmp_path / "mint.tsx").write_text(code)
    root = Path(__file__).parents[2]
    types = root / "docs_site" / "node_modules"
    (tmp_path / "node_modules").symlink_to(types)
    compiler = root / "clients" / "typescript" / "node_modules" / "typescript" / "bin" / "tsc"
    words = (
        "--strict --noEmit --jsx react-jsx --target es2022 --module esnext --moduleResolution bundler --skipLibCheck"
    )
    process = await asyncio.create_subprocess_exec(
        *(node.program(), str(compiler), *words.split(), "mint.tsx"), cwd=tmp_path, stdout=asyncio.subprocess.PIPE
    )
    printed, _ = await process.communicate()
    assert process.returncode == 0, printed.decode()
