"""The kind `cancel`: orders taken back by their maker, and the receipt says which."""

from __future__ import annotations

from hashlib import sha256
from typing import Any
from uuid import uuid4

import pytest
from eth_abi.abi import encode

from api.intents.cancel import PrepareCancelBody
from contracts import load_artifact
from steadymint.chain.calls.abi import EmittedLog, RegisteredContract, selector_of
from steadymint.chain.calls.abi import encode as encode_call
from steadymint.chain.calls.market import Cancel, IncrementCounter
from steadymint.chain.calls.table import BUILDERS, RECEIPT_PROOFS
from steadymint.domain.errors import InvalidInputError
from steadymint.domain.intents.cancel import MAX_ITEMS, MAX_ORDERS, CancelOrder, CancelTerms, facts_of_all
from steadymint.domain.intents.identity import reference_of
from steadymint.domain.intents.kinds import KINDS, IntentKind
from steadymint.domain.intents.order import Caller
from steadymint.domain.market import events
from steadymint.domain.market.build import Frame, Price, Token, listing
from steadymint.domain.market.components import OrderComponents
from steadymint.domain.market.fees import Fee
from steadymint.domain.market.hashing import order_hash
from steadymint.domain.types import Address, Bytes32, Standard
from tests.support.calls import decode
from tests.support.full_stack import FullStack
from tests.support.intents import ALICE, ALICES_ID, BOB, CHAIN, COLLECTION, SESSION_ID
from tests.support.people import Person
from tests.support.proofs import topic

SEAPORT = COLLECTION
"""Where the bench has every contract."""
FEES = (Fee(BOB, 250), Fee(COLLECTION, 500))
read = RECEIPT_PROOFS[IntentKind.CANCEL].read


def an_order(salt: int, maker: str = ALICE, contract: str = COLLECTION) -> OrderComponents:
    token = Token(Address(contract), Standard.ERC721, 1)
    return listing(Address(maker), token, Price.fixed(10**18), FEES, Frame(0, 2**40, salt, counter=0))


def sample_order(**terms: Any) -> CancelOrder:
    asked: dict[str, Any] = terms or {"orders": (an_order(1), an_order(2))}
    return CancelOrder(
        intent_id=uuid4(),
        chain_id=CHAIN,
        caller=Caller(user_id=ALICES_ID, session_id=SESSION_ID, account=ALICE),
        request_hash=sha256(b"cancel").hexdigest(),
        deadline_seconds=6 * 3600,
        task=CancelTerms(**asked),
    )


def proving_logs(order: CancelOrder) -> list[EmittedLog]:
    """What Seaport emits once the order is mined: an event for each order."""
    return [cancelled(one) for one in order.terms.orders]


def cancelled(order: OrderComponents) -> EmittedLog:
    topics = (events.ORDER_CANCELLED, topic(order.offerer), topic(order.zone))
    return EmittedLog(SEAPORT, topics, "0x" + order_hash(order).hex())


def raised(counter: int, maker: str = ALICE, contract: str = SEAPORT) -> EmittedLog:
    data = "0x" + encode(["uint256"], [counter]).hex()
    return EmittedLog(Address(contract), (events.COUNTER_INCREMENTED, topic(maker)), data)


def hash_of(order: OrderComponents) -> Bytes32:
    return Bytes32("0x" + order_hash(order).hex())


def test_the_calldata_holds_the_orders_as_they_were_signed() -> None:
    """Compared with eth_abi, by the types of the compiled Seaport."""
    order = sample_order()
    to, call = BUILDERS[IntentKind.CANCEL](order.terms, ALICE, reference_of(order.intent_id))
    assert to == RegisteredContract("seaport")
    calldata = encode_call(call)
    assert decode(calldata) == call
    (abi,) = (entry for entry in load_artifact("Seaport").abi if entry.get("name") == "cancel")
    values = [_tuple_of(one, abi["inputs"][0]["components"]) for one in order.terms.orders]
    assert calldata[10:] == encode([_type_of(abi["inputs"][0])], [values]).hex()
    assert calldata[:10] == "0x" + selector_of(Cancel).hex() == "0xfd9f1e10"


def _type_of(entry: dict[str, Any]) -> str:
    if not entry["type"].startswith("tuple"):
        return entry["type"]
    return f"({','.join(map(_type_of, entry['components']))}){entry['type'].removeprefix('tuple')}"


def _tuple_of(value: Any, members: list[dict[str, Any]]) -> tuple[Any, ...]:
    """The values of a struct, found by the names that the contract gives its members."""
    shown = value.model_dump(by_alias=True) if hasattr(value, "model_dump") else value
    found: list[Any] = []
    for member in members:
        one = shown[member["name"]]
        if member["type"] == "tuple[]":
            one = [_tuple_of(item, member["components"]) for item in one]
        found.append(bytes.fromhex(one[2:]) if member["type"] == "bytes32" else one)
    return tuple(found)


def test_all_orders_are_cancelled_by_the_counter() -> None:
    order = sample_order(all_orders=True)
    _, call = BUILDERS[IntentKind.CANCEL](order.terms, ALICE, reference_of(order.intent_id))
    assert encode_call(call) == "0x" + selector_of(IncrementCounter).hex() == "0x5b34b966"
    assert decode(encode_call(call)) == call


def test_the_receipt_says_which_orders_were_cancelled() -> None:
    one, two, other, bobs = an_order(1), an_order(2), an_order(3), an_order(1, BOB)
    facts = sample_order().terms.facts(SEAPORT, ALICE)
    assert read(facts, [cancelled(two), cancelled(other), cancelled(one)]) == {
        "orderHashes": sorted((hash_of(one), hash_of(two)))
    }
    assert read(facts, [cancelled(two)]) == {"orderHashes": [hash_of(two)]}, "what is missing was not done"
    assert read(facts, [cancelled(other), cancelled(bobs), raised(7)]) is None
    assert read(facts, [cancelled(one)._replace(contract=BOB)]) is None
    assert read(facts, [cancelled(one)._replace(data="0x")]) is None


def test_a_counter_counts_if_it_is_the_makers_own() -> None:
    facts = facts_of_all(SEAPORT, ALICE)
    assert read(facts, [raised(5), raised(2**200 + 7)]) == {"counter": str(2**200 + 7)}
    for other in (raised(5, maker=BOB), raised(5, contract=BOB), cancelled(an_order(1))):
        assert read(facts, [other]) is None


def test_the_match_key_holds_the_maker_and_no_order() -> None:
    """So the key is the same whatever part of the orders a transaction shows."""
    kind, intent_id = KINDS[IntentKind.CANCEL], sample_order().intent_id

    def key(terms: CancelTerms, maker: Address = ALICE) -> Bytes32:
        return kind.match_key(intent_id, CHAIN, terms.facts(SEAPORT, maker))  # type: ignore[arg-type]

    one, two = CancelTerms(orders=(an_order(1),)), CancelTerms(orders=(an_order(1), an_order(2)))
    assert key(one) == key(two) == key(CancelTerms(all_orders=True))
    assert key(one) != key(one, BOB)


def shown(order: OrderComponents) -> dict[str, Any]:
    """As seaport-js has it."""
    return order.model_dump(mode="json", by_alias=True)


def body(**asked: Any) -> dict[str, Any]:
    return {"chainId": CHAIN} | asked


def test_orders_come_as_clients_of_seaport_write_them() -> None:
    order = an_order(255)
    given = shown(order)
    in_hex = given | {"salt": "0x00ff", "totalOriginalConsiderationItems": len(order.consideration)}
    for one in (given, in_hex):
        terms = PrepareCancelBody.model_validate(body(orders=[one])).terms()
        assert (terms.orders, terms.hashes()) == ((order,), (hash_of(order),))


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (body(), "one of orders, orderHashes and allOrders"),
        (body(orderHashes=[]), "at least 1 item"),
        (body(orderHashes=["0x" + f"{number:064x}" for number in range(MAX_ORDERS + 1)]), "at most 50 items"),
        (body(orderHashes=["0x12"]), "32 bytes"),
        (body(orderHashes=["0x" + "ab" * 32], allOrders=True), "one of orders"),
        (body(orders=[]), "at least 1 item"),
        (body(allOrders=False), "one of orders"),
        (body(orders=[shown(an_order(1))], allOrders=True), "one of orders"),
        (body(orders=[shown(an_order(salt)) for salt in range(MAX_ORDERS + 1)]), "at most 50 items"),
        (body(orders=[shown(an_order(1)) | {"salt": "-1"}]), "decimal string"),
        (body(orders=[shown(an_order(1)) | {"salt": 2**60}]), "decimal string"),
        (body(orders=[shown(an_order(1)) | {"orderType": 9}]), "orderType"),
        (body(orders=[shown(an_order(1)) | {"kind": "x"}]), "not permitted"),
        (body(allOrders="true"), "valid boolean"),
    ],
)
def test_a_body_that_does_not_say_what_is_to_be_cancelled_is_refused(asked: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        PrepareCancelBody.model_validate(asked)


def of_items(items: int, salt: int) -> dict[str, Any]:
    """An order that asks for so many items less one."""
    order = shown(an_order(salt))
    return order | {"consideration": [order["consideration"][0]] * (items - 1)}


def test_the_most_that_may_be_cancelled_at_once_fits_into_a_payload_of_temporal() -> None:
    orders = [of_items(MAX_ITEMS // MAX_ORDERS, salt) for salt in range(MAX_ORDERS)]
    terms = PrepareCancelBody.model_validate(body(orders=orders)).terms()
    _, call = BUILDERS[IntentKind.CANCEL](terms, ALICE, Bytes32("0x" + "00" * 32))
    assert len(terms.model_dump_json()) < 256 * 1024
    assert len(encode_call(call)) < 256 * 1024
    with pytest.raises(ValueError, match="at most 300 items"):
        PrepareCancelBody.model_validate(body(orders=[*orders[1:], of_items(MAX_ITEMS // MAX_ORDERS + 1, 99)]))


@pytest.mark.parametrize("asked", [{"orders": [shown(an_order(1))] * 2}, {"orderHashes": ["0x" + "ab" * 32] * 2}])
def test_an_order_is_named_once(asked: dict[str, Any]) -> None:
    asked = PrepareCancelBody.model_validate(body(**asked))
    with pytest.raises(InvalidInputError, match="each order once"):
        asked.terms()


# -- on the full stack -------------------------------------------------------------------------------------------------


async def prepare(person: Person, **asked: Any) -> Any:
    return await person.client.patiently(
        "POST", "/v1/cancellations/prepare", body(**asked) | {"chainId": person.chain_id}
    )


async def test_orders_that_cannot_be_filled_are_cancelled_and_then_all_by_the_counter(full_stack: FullStack) -> None:
    """Seaport knows none of these orders, and nobody owns their tokens: a maker may take back what is inactive."""
    async with full_stack.person() as maker:
        orders = [an_order(salt, maker.wallet.address.lower()) for salt in range(3)]
        prepared = await prepare(maker, orders=[shown(one) for one in orders[:2]])
        assert prepared.status == 201, prepared.body
        await maker.send_and_track(prepared.body)
        async with full_stack.blocks.ticking():
            events = await maker.watch(prepared.body["intentId"])
        assert [event.step for event in events] == ["prepared", "tracked", "confirming", "ready"]
        assert events[-1].intent.order_hashes == sorted(map(hash_of, orders[:2]))

        again = await prepare(maker, orders=[shown(one) for one in orders[:2]])
        assert (again.status, again.body["satisfied"]) == (200, True)
        async with full_stack.person() as stranger:
            refused = await prepare(stranger, orders=[shown(orders[2])])
        assert (refused.status, refused.body["code"]) == (404, "not_found")

        everything = await prepare(maker, allOrders=True)
        await maker.send_and_track(everything.body)
        async with full_stack.blocks.ticking():
            assert (await maker.until_final(everything.body["intentId"]))["step"] == "ready"
        rest = await prepare(maker, orders=[shown(orders[2])])
        assert (rest.status, rest.body["satisfied"]) == (200, True), "cancelled by the counter"
