from __future__ import annotations

from typing import Any

import pytest
from eth_utils.abi import function_abi_to_4byte_selector
from hypothesis import given
from hypothesis import strategies as st
from web3 import AsyncHTTPProvider, AsyncWeb3

from contracts import load_artifact
from steadymint.chain.calls.abi import Call, encode, selector_of
from steadymint.chain.calls.collections import Mint721, Mint1155, MintBatch
from steadymint.chain.calls.factory import (
    CollectionInit,
    CollectionKind,
    CreateCollection,
    MintConfig,
    predict_collection,
)
from steadymint.domain.errors import InvalidInputError
from steadymint.domain.types import Address, Bytes32
from steadymint.stack.anvil import DEV_ACCOUNTS
from tests.support.calls import decode
from tests.support.local_chain import LocalChain

ALICE = Address(DEV_ACCOUNTS[0].address.lower())

addresses = st.binary(min_size=20, max_size=20).map(lambda raw: Address("0x" + raw.hex()))
words = st.binary(min_size=32, max_size=32).map(lambda raw: Bytes32("0x" + raw.hex()))
proofs = st.lists(words, max_size=5).map(tuple)
texts = st.text(st.characters(codec="utf-8"), max_size=100)


def uint(bits: int) -> st.SearchStrategy[int]:
    return st.integers(0, 2**bits - 1)


configs = st.builds(MintConfig, uint(128), uint(64), uint(64), uint(32), words)
inits = st.builds(
    CollectionInit,
    owner=addresses,
    name=texts,
    symbol=texts,
    base_uri=texts,
    contract_uri=texts,
    max_supply=uint(256),
    royalty_bps=uint(96),
    royalty_receiver=addresses,
    payout=addresses,
    mint=configs,
)
numbers = st.lists(uint(256), max_size=5).map(tuple)
calls: st.SearchStrategy[Call] = st.one_of(
    st.builds(CreateCollection, st.sampled_from(CollectionKind), words, inits),
    st.builds(Mint721, addresses, uint(256), proofs, words),
    st.builds(Mint1155, addresses, uint(256), uint(256), proofs, words),
    st.builds(MintBatch, addresses, numbers, numbers, proofs, words),
)

ODD_TEXTS = [
    "",
    "\0",
    "a\0b",
    "\0" * 33,
    "x" * 31,
    "x" * 32,
    "x" * 33,
    "x" * 10_000,
    "🙂" * 8,
    "é",
    "\u202eabc",
    "\u200b",
    '"',
]


@given(calls)
def test_decode_gives_back_what_was_encoded(call: Call) -> None:
    assert decode(encode(call)) == call


@pytest.mark.parametrize("text", ODD_TEXTS)
def test_odd_texts_arrive_byte_for_byte(text: str) -> None:
    init = CollectionInit(owner=ALICE, name=text, symbol=text, base_uri=text, contract_uri=text)
    call = CreateCollection(CollectionKind.ERC721, Bytes32("0x" + "ab" * 32), init)
    assert decode(encode(call)) == call


@pytest.mark.parametrize(
    "init",
    [
        CollectionInit(owner=ALICE, name="\ud800", symbol=""),
        CollectionInit(owner=ALICE, name="", symbol="", max_supply=2**256),
        CollectionInit(owner=ALICE, name="", symbol="", max_supply=-1),
        CollectionInit(owner=ALICE, name="", symbol="", mint=MintConfig(price=2**128)),
        CollectionInit(owner=ALICE, name="", symbol="", mint=MintConfig(limit_per_wallet=2**32)),
        CollectionInit(owner=ALICE, name="", symbol="", mint=MintConfig(allowlist_root=Bytes32("0xabc"))),
        CollectionInit(owner=Address("0x12"), name="", symbol=""),
    ],
)
def test_what_the_contract_cannot_hold_is_invalid_input(init: CollectionInit) -> None:
    with pytest.raises(InvalidInputError):
        encode(CreateCollection(CollectionKind.ERC721, Bytes32("0x" + "00" * 32), init))


GOOD = encode(Mint721(ALICE, 1, (), Bytes32("0x" + "00" * 32)))


@pytest.mark.parametrize(
    "calldata",
    ["0x", "0x1234", "0xdeadbeef", GOOD[:10], GOOD[:-2], GOOD[:138] + "ff" * 32 + GOOD[202:], "0xzz"],
)
def test_calldata_that_is_not_ours_is_refused(calldata: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        decode(calldata)


def test_the_calls_are_those_of_the_compiled_contracts() -> None:
    def functions(contract: str) -> set[bytes]:
        abi: list[Any] = load_artifact(contract).abi
        return {function_abi_to_4byte_selector(entry) for entry in abi if entry["type"] == "function"}

    assert selector_of(CreateCollection) in functions("CollectionFactory")
    assert selector_of(Mint721) in functions("Collection721")
    assert {selector_of(Mint1155), selector_of(MintBatch)} <= functions("Collection1155")


@pytest.mark.parametrize("kind", CollectionKind)
@pytest.mark.parametrize("salt", ["0x" + "00" * 32, "0x" + "5a" * 32])
async def test_the_predicted_address_is_the_contracts_own(chain: LocalChain, kind: CollectionKind, salt: str) -> None:
    w3 = AsyncWeb3(AsyncHTTPProvider(chain.anvil.url))
    factory = w3.eth.contract(
        address=w3.to_checksum_address(chain.contracts.factory), abi=load_artifact("CollectionFactory").abi
    )
    expected = await factory.functions.predict(w3.to_checksum_address(ALICE), int(kind), bytes.fromhex(salt[2:])).call()
    implementation = await factory.functions.implementationOf(int(kind)).call()
    await w3.provider.disconnect()
    assert expected.lower() == predict_collection(
        factory=Address(chain.contracts.factory.lower()),
        implementation=Address(implementation.lower()),
        chain_number=31337,
        creator=ALICE,
        kind=kind,
        salt=Bytes32(salt),
    )
