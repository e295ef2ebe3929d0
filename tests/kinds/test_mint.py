"""The kind `mint`: what its own contract says is what `prepare` expects."""

from __future__ import annotations

import pytest
from eth_abi.abi import encode

from steadymint.chain.calls.table import PROOFS
from steadymint.domain.intents.identity import reference_of
from steadymint.domain.intents.mint import MintItem, MintOrder, MintTerms
from steadymint.domain.types import Quantity, Standard, TokenId
from tests.support.intents import ALICE, BOB, COLLECTION
from tests.support.proofs import Event, topic
from tests.workflows.flow_bench import mint_order

(MINTED, MINTED_BATCH) = (proof for proof in PROOFS if proof.kind == "mint")


def sample_order() -> MintOrder:
    return mint_order(quantity=3)


def proving_event(order: MintOrder) -> Event:
    """What our ERC-721 emits once the order is mined."""
    data = encode(["uint256", "uint256", "uint256"], [4, order.terms.quantity, 15])
    topics = [reference_of(order.intent_id), topic(order.caller.account), topic(order.terms.to)]
    return Event(MINTED, COLLECTION, topics, data)


def test_an_edition_is_compared_by_id_and_by_units_summed() -> None:
    items = tuple(MintItem(token_id=TokenId(id_), quantity=Quantity(units)) for id_, units in ((7, 4), (8, 2)))
    terms = MintTerms(contract=COLLECTION, standard=Standard.ERC1155, to=BOB, items=items)
    data = encode(["uint256[]", "uint256[]", "uint256"], [[7, 8, 7], [1, 2, 3], 60])
    event = Event(MINTED_BATCH, COLLECTION, ["0x" + "00" * 32, topic(ALICE), topic(BOB)], data)
    assert event.read() == (terms.facts(ALICE), {"tokenIds": ["7", "8"]})


@pytest.mark.parametrize("quantity", [0, 2**20 + 1, 2**255])
def test_a_number_of_ids_that_no_block_can_hold_is_refused_before_any_is_written_down(quantity: int) -> None:
    data = encode(["uint256", "uint256", "uint256"], [1, quantity, 0])
    with pytest.raises(ValueError, match="no block holds"):
        Event(MINTED, COLLECTION, ["0x" + "00" * 32, topic(ALICE), topic(BOB)], data).read()
