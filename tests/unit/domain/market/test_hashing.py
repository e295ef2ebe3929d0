"""Order hashes, signatures and criteria are those of `@opensea/seaport-js`, and of `eth_account`.

`seaport_js.json.gz` holds 1,000 random orders and 120 trees of seaport-js 4.3.0. `contracts/seaport/vectors.mjs`
makes it.
"""

from __future__ import annotations

import gzip
import json
import random
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from eth_account.messages import _hash_eip191_message, encode_typed_data

from steadymint.domain.market.bulk import BulkTree
from steadymint.domain.market.components import EMPTY_ORDER, OrderComponents
from steadymint.domain.market.criteria import ANY_TOKEN, CriteriaTree, admits
from steadymint.domain.market.hashing import SigningDomain, order_hash
from steadymint.domain.market.signatures import read_signature, signer_of
from steadymint.domain.market.typed_data import bulk_typed_data, order_typed_data
from steadymint.domain.types import Address, TokenId

VECTORS = Path(__file__).parent / "seaport_js.json.gz"
ITEM = ("itemType", "token", "identifierOrCriteria", "startAmount", "endAmount", "recipient")
ORDER = (
    *("offerer", "zone", "offer", "consideration", "orderType", "startTime", "endTime"),
    *("zoneHash", "salt", "conduitKey", "counter"),
)


@cache
def vectors() -> dict[str, Any]:
    return json.loads(gzip.decompress(VECTORS.read_bytes()))


@cache
def orders() -> list[OrderComponents]:
    return [OrderComponents.model_validate_json(json.dumps(_named(row))) for row, *_ in vectors()["orders"]]


def _named(row: list[Any]) -> dict[str, Any]:
    """An order as seaport-js shows it in JSON."""
    named = dict(zip(ORDER, row, strict=True))
    items = {side: [dict(zip(ITEM, item, strict=False)) for item in named[side]] for side in ("offer", "consideration")}
    return named | items


def domain() -> SigningDomain:
    return SigningDomain(vectors()["chain"], Address(vectors()["seaport"].lower()))


def digest_of(typed_data: dict[str, Any]) -> bytes:
    """By eth_account, of what a wallet is sent."""
    return bytes(_hash_eip191_message(encode_typed_data(full_message=json.loads(json.dumps(typed_data)))))


def test_a_thousand_orders_have_the_hash_and_the_signer_of_seaport_js() -> None:
    forms: Counter[int] = Counter()
    for order, (_, expected, text) in zip(orders(), vectors()["orders"], strict=True):
        signature, hashed = bytes.fromhex(text[2:]), order_hash(order)
        assert hashed.hex() == expected[2:]
        assert signer_of(hashed, signature, domain()) == order.offerer
        place = read_signature(signature).place
        forms[len(signature) if place is None else -len(place.proof)] += 1
    assert len(orders()) == 1000
    assert forms.keys() >= {64, 65, -1, -2, -3, -4, -6}


def test_a_bulk_tree_gives_the_signatures_of_seaport_js() -> None:
    """Orders of one tree stand in a row; the one that stands first names the height."""
    at = 0
    rows = vectors()["orders"]
    trees = 0
    while at < len(rows):
        signed, place = read_signature(bytes.fromhex(rows[at][2][2:]))
        if place is None:
            at += 1
            continue
        count = 1
        while at + count < len(rows):
            after = read_signature(bytes.fromhex(rows[at + count][2][2:]))
            if after.place is None or after.signed != signed:
                break
            count += 1
        tree = BulkTree([order_hash(order) for order in orders()[at : at + count]])
        made = ["0x" + tree.signature(index, signed).hex() for index in range(count)]
        assert made == [row[2] for row in rows[at : at + count]]
        at += count
        trees += 1
    assert trees > 50


def test_criteria_have_the_roots_and_the_proofs_of_seaport_js() -> None:
    for ids, root, chosen, proof in vectors()["criteria"]:
        tree = CriteriaTree(TokenId(int(one)) for one in ids)
        assert tree.root == int(root, 16)
        assert ["0x" + one.hex() for one in tree.proof(TokenId(int(chosen)))] == proof
        assert admits(tree.root, TokenId(int(chosen)), tree.proof(TokenId(int(chosen))))
        assert not admits(tree.root, TokenId(int(chosen) ^ 1 << 200), tree.proof(TokenId(int(chosen))))


def test_typed_data_has_the_digest_that_we_compute() -> None:
    for order in random.Random(7).sample(orders(), 25):
        assert digest_of(order_typed_data(order, domain())) == domain().digest(order_hash(order))


@pytest.mark.parametrize("count", [1, 2, 3, 8, 9])
def test_typed_data_of_many_orders_has_the_digest_of_their_tree(count: int) -> None:
    chosen = orders()[:count]
    tree = BulkTree([order_hash(order) for order in chosen])
    assert digest_of(bulk_typed_data(chosen, domain())) == domain().digest(tree.struct_hash)


def test_the_digest_is_of_one_chain_and_one_contract() -> None:
    hashed = order_hash(EMPTY_ORDER)
    other = SigningDomain(domain().chain + 1, domain().seaport)
    copy = SigningDomain(domain().chain, Address("0x" + "11" * 20))
    assert len({one.digest(hashed) for one in (domain(), other, copy)}) == 3


def test_a_token_that_carries_no_trait_has_no_proof_and_no_tokens_have_no_tree() -> None:
    tree = CriteriaTree([TokenId(1), TokenId(2), TokenId(2)])
    with pytest.raises(KeyError):
        tree.proof(TokenId(3))
    with pytest.raises(ValueError, match="without a token"):
        CriteriaTree([])  # root 0 would take any token


def test_a_collection_offer_takes_any_token_and_no_proof() -> None:
    assert admits(ANY_TOKEN, TokenId(9), ())
    assert not admits(ANY_TOKEN, TokenId(9), (b"\1" * 32,))
    assert not admits(CriteriaTree([TokenId(1)]).root, TokenId(9), ())


@pytest.mark.parametrize("count", [0, 2**24 + 1])
def test_a_bulk_tree_holds_what_seaport_can_read(count: int) -> None:
    class Many(list[bytes]):
        def __len__(self) -> int:
            return count

    with pytest.raises(ValueError, match="1 to 16777216"):
        BulkTree(Many())
