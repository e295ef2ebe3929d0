from __future__ import annotations

from typing import Any

import pytest
from eth_abi.abi import encode
from hypothesis import given
from hypothesis import strategies as st

from contracts import load_artifact
from steadymint.chain.calls.abi import selector
from steadymint.chain.calls.reverts import OURS, Currency, explain


def data(name: str, types: tuple[str, ...] = (), *values: Any) -> bytes:
    return selector(name, types) + encode(types, values)


PAIR = ("uint256", "uint256")

SAID = [
    (data("WalletLimitExceeded", PAIR, 3, 2), "You can mint 2 more; you asked for 3."),
    (data("WalletLimitExceeded", PAIR, 3, 0), "You have minted as many as one wallet may."),
    (data("MaxSupplyExceeded", PAIR, 10, 4), "Only 4 are left; you asked for 10."),
    (data("MaxSupplyExceeded", PAIR, 2, 1), "Only 1 is left; you asked for 2."),
    (data("MaxSupplyExceeded", PAIR, 1, 0), "It is sold out."),
    (data("WrongPayment", PAIR, 0, 5 * 10**16), "It costs 0.05 ETH; 0 ETH would be sent."),
    (data("MintNotStarted", ("uint64",), 1_767_225_600), "The mint opens on 2026-01-01 00:00:00 UTC."),
    (data("MintEnded", ("uint64",), 2**64 - 1), f"The mint ended on Unix time {2**64 - 1}."),
    (data("NotAllowlisted"), "This wallet is not on the allowlist, or the proof is not for it."),
    (data("EnforcedPause"), "The owner has paused this collection."),
    (data("FailedDeployment"), "A contract of yours already exists at this address."),
    (data("Error", ("string",), "sold out"), "The contract refused: sold out"),
    (data("Error", ("string",), ""), "The contract refused without a reason."),
    (data("Panic", ("uint256",), 0x11), "The contract failed: a number became too large or too small."),
    (data("Panic", ("uint256",), 0xFF), "The contract failed: an unknown fault."),
    (data("InvalidTime", PAIR, 0, 60), "It can be filled from 1970-01-01 00:00:00 UTC until 1970-01-01 00:01:00 UTC."),
    (
        data("NativeTokenTransferGenericFailure", ("address", "uint256"), "0x" + "11" * 20, 1),
        f"0x{'11' * 20} does not accept the payment.",
    ),
    (
        data(
            "TokenTransferGenericFailure",
            ("address", "address", "address", "uint256", "uint256"),
            *("0x" + digits * 20 for digits in ("11", "22", "33")),
            1,
            1,
        ),
        f"0x{'11' * 20} refuses to move what 0x{'22' * 20} would give to 0x{'33' * 20}.",
    ),
    (b"", "The contract refused without a reason."),
    (b"\x01\x02", "The contract refused without a reason."),
    (bytes.fromhex("deadbeef"), "The contract refused with the unknown error 0xdeadbeef."),
]


@pytest.mark.parametrize(("revert", "sentence"), SAID)
def test_a_refusal_is_a_sentence_that_a_buyer_understands(revert: bytes, sentence: str) -> None:
    assert explain(revert).sentence == sentence


def test_name_and_arguments_are_kept_as_text() -> None:
    refusal = explain(data("WrongPayment", PAIR, 1, 2**256 - 1))
    assert refusal.name == "WrongPayment"
    assert refusal.arguments == {"sent": "1", "due": str(2**256 - 1)}
    assert refusal.is_rule


def test_prices_are_in_the_currency_of_the_chain() -> None:
    assert "1.5 POL" in explain(data("WrongPayment", PAIR, 0, 15 * 10**17), Currency("POL")).sentence


def test_every_error_of_our_contracts_has_a_name_and_a_sentence() -> None:
    sample = {"uint": 1, "addr": "0x" + "11" * 20, "byte": bytes(32)}
    for contract in OURS:
        for entry in load_artifact(contract).abi:
            if entry["type"] == "error":
                types = tuple(i["type"] for i in entry["inputs"])
                refusal = explain(data(entry["name"], types, *(sample[t[:4]] for t in types)))
                assert refusal.name == entry["name"]
                assert refusal.sentence.endswith(".")
                assert set(refusal.arguments) == {i["name"] for i in entry["inputs"]}


def test_a_long_reason_is_cut_and_control_characters_are_taken_out() -> None:
    refusal = explain(data("Error", ("string",), "\x1b[31mred\r\n" + "a" * 20_000))
    assert len(refusal.sentence) < 300
    assert refusal.sentence.isprintable()


@pytest.mark.parametrize(
    "tail",
    [
        b"",
        b"\xff" * 32,
        (32).to_bytes(32, "big") + (2**255).to_bytes(32, "big"),
        (2**255).to_bytes(32, "big") * 2,
        (0).to_bytes(32, "big"),
        (32).to_bytes(32, "big") + (4).to_bytes(32, "big") + b"\xff\xfe\xfd\xfc".ljust(32, b"\0"),
    ],
)
def test_malformed_revert_data_is_refused_without_a_reason(tail: bytes) -> None:
    assert explain(selector("Error", ("string",)) + tail).sentence == "The contract refused without a reason."


@given(st.binary(max_size=300), st.sampled_from([b"", *(revert[:4] for revert, _ in SAID)]))
def test_no_revert_data_breaks_the_decoder(tail: bytes, head: bytes) -> None:
    assert explain(head + tail).sentence
