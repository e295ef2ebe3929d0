"""Section G of the attack cases: the bytes of a signature."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from eth_account.messages import encode_defunct, encode_typed_data
from eth_keys.datatypes import PrivateKey
from eth_utils.crypto import keccak

from tests.support.sign_in import Desk, Wallet, nonce_for, verify

ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


def parts(signature: str) -> tuple[int, int, int]:
    raw = bytes.fromhex(signature[2:])
    return int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:64], "big"), raw[64]


def packed(r: int, s: int, v: int) -> str:
    return "0x" + (r.to_bytes(32, "big") + s.to_bytes(32, "big") + bytes([v])).hex()


def compact(signature: str) -> str:
    """EIP-2098."""
    r, s, v = parts(signature)
    return packed(r, s | (v - 27) << 255, 0)[:-2]


def with_v(change: Callable[[int], int]) -> Callable[[str], str]:
    def respelled(signature: str) -> str:
        r, s, v = parts(signature)
        return packed(r, s, change(v))

    return respelled


def high_s(signature: str) -> str:
    r, s, v = parts(signature)
    return packed(r, ORDER - s, 55 - v)


TAKEN = {
    "27 or 28": lambda signature: signature,
    "0 or 1": with_v(lambda v: v - 27),
    "upper-case digits": lambda signature: "0x" + signature[2:].upper(),
    "EIP-2098": compact,
}
REFUSED = {
    "high s": high_s,
    "high s with v = 0 or 1": lambda signature: with_v(lambda v: v - 27)(high_s(signature)),
    "EIP-155 v": with_v(lambda v: v + 10),
    "v = 29": with_v(lambda _: 29),
    "v = 255": with_v(lambda _: 255),
    "the other v": with_v(lambda v: 55 - v),
    "0X": lambda signature: "0X" + signature[2:],
    "no 0x": lambda signature: signature[2:],
    "odd digits": lambda signature: signature[:-1],
    "not hex": lambda signature: signature[:-2] + "zz",
    "empty": lambda _: "",
    "0x": lambda _: "0x",
    "zeros": lambda _: "0x" + "00" * 65,
    "r over the order": lambda _: "0x" + "ff" * 64 + "1b",
    "full-width digits": lambda signature: "0x" + "\uff11" * 130,
    "trailing line feed": lambda signature: signature + "\n",
    "a byte more": lambda signature: signature + "00",
    "a space before": lambda signature: " " + signature,
}


@pytest.mark.parametrize("spelling", TAKEN.values(), ids=TAKEN)
async def test_g02_g03_a_spelling_we_take_signs_in_once(
    desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet, spelling: Callable[[str], str]
) -> None:
    text = wallet.message(await nonce_for(visitor, wallet.address)).text()
    signature = wallet.sign(text)
    assert (await verify(visitor, wallet.address, text, spelling(signature))).status_code == 200
    for other in TAKEN.values():
        again = await verify(visitor, wallet.address, text, other(signature))
        assert (again.status_code, again.json()["code"]) == (401, "invalid_nonce")
    assert await desk.sessions(wallet.address) == 1


@pytest.mark.parametrize("spelling", REFUSED.values(), ids=REFUSED)
async def test_g02_a_spelling_we_do_not_take_costs_no_nonce(
    desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet, spelling: Callable[[str], str]
) -> None:
    text = wallet.message(await nonce_for(visitor, wallet.address)).text()
    signature = wallet.sign(text)
    answer = await verify(visitor, wallet.address, text, spelling(signature))
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_signature")
    assert await desk.sessions(wallet.address) == 0
    assert await desk.events(wallet.address) == ["invalid_signature"]
    assert (await verify(visitor, wallet.address, text, signature)).status_code == 200


def by_another_key(_: Wallet, text: str) -> str:
    return Wallet().sign(text)


def twice_prefixed(wallet: Wallet, text: str) -> str:
    return wallet.sign(f"\x19Ethereum Signed Message:\n{len(text)}{text}")


def typed(wallet: Wallet, text: str) -> str:
    data = encode_typed_data({"name": "market"}, {"Login": [{"name": "text", "type": "string"}]}, {"text": text})
    return "0x" + bytes(wallet.key.sign_message(data).signature).hex()


def raw_keccak(wallet: Wallet, text: str) -> str:
    signature = PrivateKey(bytes(wallet.key.key)).sign_msg_hash(keccak(text.encode()))
    return packed(signature.r, signature.s, signature.v + 27)


def of_the_hash(wallet: Wallet, text: str) -> str:
    """`eth_sign` of old clients, over the digest of the text."""
    signable = encode_defunct(primitive=keccak(text.encode()))
    return "0x" + bytes(wallet.key.sign_message(signable).signature).hex()


def of_another_text(wallet: Wallet, text: str) -> str:
    return wallet.sign(text + " ")


@pytest.mark.parametrize(
    "forged",
    [by_another_key, twice_prefixed, typed, raw_keccak, of_the_hash, of_another_text],
    ids=lambda f: f.__name__,
)
async def test_g06_only_the_accounts_own_eip_191_signature_signs_in(
    desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet, forged: Callable[[Wallet, str], str]
) -> None:
    text = wallet.message(await nonce_for(visitor, wallet.address)).text()
    answer = await verify(visitor, wallet.address, text, forged(wallet, text))
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_signature")
    assert await desk.sessions(wallet.address) == 0
    assert await desk.events(wallet.address) == ["invalid_signature"]


@pytest.mark.parametrize("size", [8_193, 60_000], ids=str)
async def test_g05_a_large_signature_is_refused_before_anybody_is_asked(
    desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet, size: int
) -> None:
    text = wallet.message(await nonce_for(visitor, wallet.address)).text()
    asked = len(desk.contracts.asked)
    answer = await verify(visitor, wallet.address, text, "0x" + "11" * size)
    assert answer.status_code == 413
    assert len(desk.contracts.asked) == asked
    assert await desk.events(wallet.address) == ["invalid_message"]


@pytest.mark.parametrize("size", [1_000_000, 10_000_000], ids=["1 MB", "10 MB"])
async def test_g05_a_huge_body_is_refused_unread(desk: Desk, visitor: httpx.AsyncClient, size: int) -> None:
    body = {"accountId": Wallet().address, "message": "a", "signature": "0x" + "1" * size}
    answer = await visitor.post("/v1/auth/verify", json=body)
    assert answer.status_code == 413
    ip = visitor._transport.client[0]  # type: ignore[attr-defined]
    filed = await desk.pool.fetch("SELECT result FROM auth_service.login_events WHERE ip = $1", ip)
    assert [row["result"] for row in filed] == ["invalid_message"]
