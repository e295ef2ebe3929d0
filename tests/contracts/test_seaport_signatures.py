"""Signatures of the market's orders: we accept those that the real Seaport accepts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from coincurve import PrivateKey

from steadymint.domain.keccak import keccak256
from steadymint.domain.market.build import Price, Token, listing
from steadymint.domain.market.bulk import bulk_hash, root_of
from steadymint.domain.market.components import OrderComponents
from steadymint.domain.market.hashing import order_hash
from steadymint.domain.market.signatures import signer_of
from steadymint.domain.types import Address, Standard
from tests.contracts.harness import Chain
from tests.contracts.seaport import ETHER, FEES, KEYS, Seaport, account


def _compact(signature: bytes) -> bytes:
    """The same by EIP-2098."""
    return signature[:32] + bytes([signature[32] | (signature[64] - 27) << 7]) + signature[33:64]


def _high(signature: bytes) -> bytes:
    """The same with the other s."""
    order = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
    s = order - int.from_bytes(signature[32:64])
    return signature[:32] + s.to_bytes(32) + bytes([55 - signature[64]])


def _listing(seaport: Seaport, maker: str) -> OrderComponents:
    """One whose signature is looked at only; its token is nowhere."""
    token = Token(Address("0x" + "ca" * 20), Standard.ERC721, 1)
    return listing(account(maker), token, Price.fixed(ETHER), FEES, seaport.frame())


FORMS: dict[str, Callable[[bytes], bytes]] = {
    "r, s, v": lambda signature: signature,
    "EIP-2098": _compact,
    "high s": _high,
    "v of 0 or 1": lambda signature: signature[:64] + bytes([signature[64] - 27]),
    "v of EIP-155": lambda signature: signature[:64] + bytes([signature[64] + 10]),
    "a byte too many": lambda signature: signature + b"\0",
    "a byte too few": lambda signature: signature[:63],
    "nothing": lambda signature: b"",
    "s of zero": lambda signature: signature[:32] + bytes(32) + signature[64:],
    "r too large": lambda signature: b"\xff" * 32 + signature[32:],
    "another's": lambda signature: signature[:31] + bytes([signature[31] ^ 1]) + signature[32:],
}


@pytest.mark.parametrize("form", FORMS)
def test_we_accept_the_forms_of_a_signature_that_seaport_accepts(seaport: Seaport, alice: str, form: str) -> None:
    order = _listing(seaport, alice)
    signature = FORMS[form](seaport.sign(order))
    ours = signer_of(order_hash(order), signature, seaport.domain) == order.offerer
    assert ours == seaport.accepts(order, signature)
    assert ours == (form in ("r, s, v", "EIP-2098", "high s"))


@pytest.mark.parametrize("height", [1, 2, 7, 24, 25])
@pytest.mark.parametrize("length", [64, 65])
def test_a_bulk_tree_of_any_height_is_read_as_seaport_reads_it(
    seaport: Seaport, alice: str, height: int, length: int
) -> None:
    order = _listing(seaport, alice)
    proof = [keccak256(bytes([level])) for level in range(height)]
    index = 0xABCDEF & (2**height - 1)
    digest = seaport.domain.digest(bulk_hash(height, root_of(order_hash(order), index, proof)))
    made = PrivateKey.from_hex(KEYS[alice][2:]).sign_recoverable(digest, hasher=None)
    signed = made[:64] + bytes([made[64] + 27])
    signature = (signed if length == 65 else _compact(signed)) + index.to_bytes(3) + b"".join(proof)
    ours = signer_of(order_hash(order), signature, seaport.domain) == order.offerer
    assert ours == seaport.accepts(order, signature) == (height <= 24)


def test_a_contract_wallet_is_asked_for_the_digest_of_the_order_itself(
    seaport: Seaport, evm: Chain, alice: str
) -> None:
    wallet = evm.deploy("TestWallet1271", alice)
    order = _listing(seaport, wallet.address)
    digest = seaport.domain.digest(order_hash(order))
    made = PrivateKey.from_hex(KEYS[alice][2:]).sign_recoverable(digest, hasher=None)
    signature = made[:64] + bytes([made[64] + 27])
    assert signer_of(order_hash(order), signature, seaport.domain) == account(alice)
    assert seaport.accepts(order, signature)
