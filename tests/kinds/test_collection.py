"""The kind `collection`: what the factory says is what `prepare` expects."""

from __future__ import annotations

from hashlib import sha256
from uuid import uuid4

from steadymint.chain.calls.table import PROOFS
from steadymint.domain.intents.collection import CollectionOrder, CollectionTerms
from steadymint.domain.intents.identity import reference_of
from steadymint.domain.intents.order import Caller
from steadymint.domain.types import Standard
from tests.support.intents import ALICE, ALICES_ID, BOB, CHAIN, COLLECTION, SESSION_ID
from tests.support.proofs import Event, topic

(CREATED,) = (proof for proof in PROOFS if proof.kind == "collection")


def sample_order() -> CollectionOrder:
    terms = CollectionTerms(
        standard=Standard.ERC721, name="Harbour Lights", symbol="HARB", royalty_receiver=ALICE, payout_address=ALICE
    )
    return CollectionOrder(
        intent_id=uuid4(),
        chain_id=CHAIN,
        caller=Caller(user_id=ALICES_ID, session_id=SESSION_ID, account=ALICE),
        request_hash=sha256(b"collection").hexdigest(),
        deadline_seconds=6 * 3600,
        task=terms,
    )


def proving_event(order: CollectionOrder) -> Event:
    """What the factory emits once the order is mined. Its data is of no interest to the intent."""
    topics = [topic(COLLECTION), topic(order.caller.account), reference_of(order.intent_id)]
    return Event(CREATED, BOB, topics, b"")


def test_a_name_that_holds_markup_is_one_line_in_the_summary() -> None:
    terms = sample_order().terms.model_copy(update={"name": "a`b\n" * 40})
    assert "\n" not in terms.summary()
    assert len(terms.summary()) < 100
