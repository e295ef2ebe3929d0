"""The pair of an issuance equals that of the official SDK, byte for byte, and what cannot be issued is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from steadymint.domain.errors import InvalidInputError
from steadymint.domain.rgbpp import bitcoin
from steadymint.domain.rgbpp.issuance import (
    DUST,
    IssuanceTerms,
    bound_to,
    build,
    check,
    commitment_of,
    virtual_transaction,
)

SDK: list[dict[str, Any]] = json.loads((Path(__file__).parent / "sdk.json").read_text())
by_network = pytest.mark.parametrize("case", SDK, ids=[case["asked"]["network"] for case in SDK])


def terms_of(case: dict[str, Any], **changes: Any) -> IssuanceTerms:
    asked = {name: value for name, value in case["asked"].items() if name not in {"script", "fee"}}
    return IssuanceTerms.model_validate(asked | {"feeRate": 3} | changes)


def without_witnesses(transaction: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in transaction.items() if name != "witnesses"}


@by_network
def test_the_ckb_half_and_its_commitment_are_those_of_the_official_sdk(case: dict[str, Any]) -> None:
    virtual = virtual_transaction(terms_of(case))
    assert virtual.to_json() == without_witnesses(case["virtual"])
    assert "0x" + virtual.hash().hex() == case["virtualHash"]
    assert commitment_of(virtual).hex() == case["commitment"]
    bound = bound_to(virtual, case["btcTxId"])
    assert bound.to_json() == without_witnesses(case["bound"])
    assert "0x" + bound.hash().hex() == case["boundHash"]
    assert commitment_of(virtual) != commitment_of(bound)


@by_network
def test_the_bitcoin_half_is_the_psbt_that_a_wallet_library_makes(case: dict[str, Any]) -> None:
    """With the fee of the sample, since the SDK leaves that to the caller."""
    source = case["asked"]["seal"]
    spent = bitcoin.Spent(source["txid"], source["vout"], source["value"], bytes.fromhex(source["script"]))
    change = source["value"] - DUST - case["asked"]["fee"]
    commitment = bytes.fromhex(case["commitment"])
    paid = (bitcoin.remark(commitment), bitcoin.Paid(DUST, spent.script), bitcoin.Paid(change, spent.script))
    assert bitcoin.psbt_of(spent, paid) == case["psbt"]
    assert bitcoin.txid_of(bitcoin.unsigned(spent, paid)) == case["btcTxId"]


@by_network
def test_the_two_halves_name_each_other_and_the_fee_is_what_was_asked(case: dict[str, Any]) -> None:
    terms = terms_of(case)
    pair = build(terms)
    assert pair.commitment.hex() == case["commitment"]
    assert pair.paid[0].script[2:] == pair.commitment
    supply, told = pair.ckb.outputs
    for output in (supply, told):
        assert output.lock.args[-32:] == bytes.fromhex(pair.btc_txid)[::-1]
    assert supply.lock.args[:4] == bytes([1, 0, 0, 0]), "the output that pays the seal"
    fee = terms.seal.value - sum(one.value for one in pair.paid)
    assert fee == 3 * bitcoin.vsize_of(pair.spent, pair.paid)
    assert build(terms) == pair


@pytest.mark.parametrize(
    ("changed", "promise"),
    [
        ({"commitment": bytes(32)}, "it carries the commitment"),
        ({"paid": lambda pair: (pair.paid[0], pair.paid[2], pair.paid[1])}, "it pays the seal"),
        ({"ckb": lambda pair: bound_to(pair.ckb, "00" * 32)}, "its id owns the supply"),
        ({"spent": lambda pair: replace(pair.spent, vout=7)}, "the transaction of Bitcoin spends the output"),
        ({"spent": lambda pair: replace(pair.spent, value=600)}, "it pays no more than it spends"),
    ],
    ids=["commitment", "seal", "binding", "source", "money"],
)
def test_a_pair_whose_halves_do_not_agree_is_not_handed_out(changed: dict[str, Any], promise: str) -> None:
    terms = terms_of(SDK[0])
    pair = build(terms)
    check(terms, pair)
    made = {name: value(pair) if callable(value) else value for name, value in changed.items()}
    with pytest.raises(AssertionError, match=promise):
        check(terms, replace(pair, **made))
    with pytest.raises(AssertionError, match="the supply is what was asked"):
        check(terms_of(SDK[0], supply="1"), pair)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"cells": [{"txHash": "0x" + "22" * 32, "index": 0, "capacity": "30000000000"}]}, "shannons"),
        ({"cells": [{"txHash": "0x" + "22" * 32, "index": 0, "capacity": "37400000000"}]}, "shannons"),
        ({"feeRate": 500}, "satoshis"),
    ],
    ids=["no room for the name", "no room for the supply", "no money for the fee"],
)
def test_what_has_no_room_or_no_money_is_refused(changed: dict[str, Any], why: str) -> None:
    with pytest.raises(InvalidInputError, match=why):
        build(terms_of(SDK[0], **changed))
