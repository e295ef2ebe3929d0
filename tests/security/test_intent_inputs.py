"""Bad input to `prepare` and `track`, over HTTP: section I of the attack cases, as far as values decide.

What only a chain can decide (foreign, reverted, relayed and squatted transactions) is in `test_intent_tracking.py`.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from steadymint.domain.errors import TransactionMismatchError
from steadymint.domain.intents.collection import CollectionOrder
from steadymint.domain.intents.machine import Step
from steadymint.domain.intents.mint import MintOrder
from steadymint.domain.types import TxHash
from steadymint.durable.client import connect
from steadymint.durable.intents import IntentFlows
from steadymint.durable.queues import Queues
from tests.support.intents import CHAIN, COLLECTION, tx_hash
from tests.support.intents_api import Front, User

PREPARE_COLLECTION = "/v1/collections/prepare"
PREPARE_MINT = "/v1/mints/prepare"
A_COLLECTION: dict[str, Any] = {"chainId": CHAIN, "standard": "erc721", "name": "Harbour Lights", "symbol": "HARB"}
A_MINT: dict[str, Any] = {"chainId": CHAIN, "contract": COLLECTION, "standard": "erc721"}
A_BATCH: dict[str, Any] = {"chainId": CHAIN, "contract": COLLECTION, "standard": "erc1155"}

Body = tuple[str, dict[str, Any]]


async def post(user: User, path: str, body: Any) -> httpx.Response:
    """The body as JSON with everything in it that Python's own encoder lets through: NaN, lone surrogates."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return await user.http.post(path, content=content, headers={"content-type": "application/json"})


def is_refused(answer: httpx.Response, status: int = 422, code: str = "invalid_input") -> None:
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text
    assert answer.json()["code"] == code
    assert len(answer.content) < 8192  # what was sent is not sent back


async def is_taken(api: Front, user: User, path: str, body: dict[str, Any]) -> Any:
    """It gets as far as the flow, which these tests do without."""
    before = len(api.flows.prepared)
    answer = await post(user, path, body)
    assert (answer.status_code, answer.json()["code"]) == (503, "upstream_unavailable"), answer.text
    assert len(api.flows.prepared) == before + 1
    return api.flows.prepared[-1]


# -- I14: amounts ----------------------------------------------------------------------------------------------------


def _max_supply(value: Any) -> Body:
    return PREPARE_COLLECTION, A_COLLECTION | {"maxSupply": value}


def _price(value: Any) -> Body:
    return PREPARE_COLLECTION, A_COLLECTION | {"mint": {"price": value}}


def _quantity(value: Any) -> Body:
    return PREPARE_MINT, A_MINT | {"quantity": value}


def _token_id(value: Any) -> Body:
    return PREPARE_MINT, A_BATCH | {"items": [{"tokenId": value, "quantity": "1"}]}


def _item_quantity(value: Any) -> Body:
    return PREPARE_MINT, A_BATCH | {"items": [{"tokenId": "1", "quantity": value}]}


AMOUNTS: list[Callable[[Any], Body]] = [_max_supply, _price, _quantity, _token_id, _item_quantity]
NO_AMOUNTS = [
    "-1", "1e18", "0x10", "0.1", " 12 ", "1_000", True, False, str(2**256), "1" + "0" * 5000,
    "", "+1", "01", "1.", "1,000", "١٢", "１２", "NaN", "Infinity", "1\0", "1\n", "null",
    -1, 1e18, 0.1, 1.0, float("nan"), float("inf"), 2**53, 2**256, [], ["1"], {}, {"value": "1"},
]  # fmt: skip


@pytest.mark.parametrize("place", AMOUNTS)
async def test_i14_an_amount_is_a_decimal_string_and_nothing_else(
    api: Front, alice: User, place: Callable[[Any], Body]
) -> None:
    for amount in NO_AMOUNTS:
        is_refused(await post(alice, *place(amount)))
    path, body = place("AMOUNT")
    for digits in (b"1" + b"0" * 5000, b"-" + b"9" * 5000, b"1e999", b"1E5000"):
        is_refused(await post(alice, path, json.dumps(body).encode().replace(b'"AMOUNT"', digits)))
    assert api.flows.prepared == []
    await is_taken(api, alice, *place("1"))


async def test_i14_the_largest_amounts_arrive_to_the_last_digit(api: Front, alice: User) -> None:
    largest = 2**256 - 1
    order = await is_taken(api, alice, *_max_supply(str(largest)))
    assert isinstance(order, CollectionOrder)
    assert order.terms is not None
    assert order.terms.max_supply == largest
    batch = A_BATCH | {"items": [{"tokenId": str(largest), "quantity": str(largest)}]}
    order = await is_taken(api, alice, PREPARE_MINT, batch)
    assert isinstance(order, MintOrder)
    assert order.terms is not None
    assert [(item.token_id, item.quantity) for item in order.terms.items] == [(largest, largest)]
    is_refused(await post(alice, *_price(str(2**128))))  # the contract keeps a price in 128 bits
    await is_taken(api, alice, *_price(str(2**128 - 1)))


async def test_i14_no_more_is_asked_for_than_one_transaction_holds(api: Front, alice: User) -> None:
    def batch(*ids: str, quantity: str = "1") -> dict[str, Any]:
        return A_BATCH | {"items": [{"tokenId": token_id, "quantity": quantity} for token_id in ids]}

    for body in (
        A_MINT | {"quantity": "0"},
        A_MINT | {"quantity": "501"},
        A_MINT | {"items": [{"tokenId": "1", "quantity": "1"}]},
        A_MINT | {"proof": ["0x" + "00" * 32] * 65},
        A_MINT | {"proof": ["0x" + "00" * 31]},
        A_BATCH,
        A_BATCH | {"quantity": "1"},
        batch(),
        batch("1", quantity="0"),
        batch("1", "1"),
        batch(*(str(number) for number in range(201))),
    ):
        is_refused(await post(alice, PREPARE_MINT, body))
    assert api.flows.prepared == []
    await is_taken(api, alice, PREPARE_MINT, A_MINT | {"quantity": "500", "proof": ["0x" + "00" * 32] * 64})
    await is_taken(api, alice, PREPARE_MINT, batch(*(str(number) for number in range(200))))


# -- I16: royalty, supply, names -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"royaltyBps": 10_001},
        {"royaltyBps": -1},
        {"royaltyBps": 1.5},
        {"royaltyBps": "500"},
        {"royaltyBps": True},
        {"royaltyBps": float("nan")},
        {"royaltyBps": 2**96},
        {"royaltyReceiver": "0x" + "0" * 40},
        {"royaltyReceiver": "0x5FbDB2315678afecb367f032d93F642f64180aA3"},  # one letter of the checksum
        {"payoutAddress": "0x" + "0" * 40},
        {"payoutAddress": "0x" + "1" * 39},
        {"maxSupply": "0"},
        {"mint": {"limitPerWallet": 0}},
        {"mint": {"limitPerWallet": 2**32}},
        {"mint": {"limitPerWallet": True}},
        {"mint": {"limitPerWallet": str(2**32)}},
        {"mint": {"allowlistRoot": "0x" + "A" * 64}},
        {"mint": {"unknown": 1}},
        {"standard": "erc20"},
        {"standard": "ERC721"},
        {"chainId": "eip155:031337"},
        {"chainId": "solana:1"},
        {"chainId": 31337},
        {"baseUri": "javascript:alert(1)"},
        {"baseUri": "http://market.example/"},
        {"baseUri": "https://market.example/\n"},
        {"contractUri": "ipfs://" + "a" * 2048},
        {"contractUri": "file:///etc/passwd"},
        {"imageMediaId": "../../etc/passwd"},
        {"owner": COLLECTION},
        {"txRequest": {"to": COLLECTION}},
        {"intentId": "033f2b2a-9eb7-4c35-87ce-3c172797c000"},
        {"royalty_bps_": 1},
    ],
    ids=lambda change: str(change)[:48],
)
async def test_i16_a_collection_that_cannot_be_is_refused(api: Front, alice: User, change: dict[str, Any]) -> None:
    is_refused(await post(alice, PREPARE_COLLECTION, A_COLLECTION | change))
    assert api.flows.prepared == []


NO_NAMES = [
    "", "   ", "\0", "Harbour\0Lights", "\u202eshtgiL", "Harbour\u200bLights", "\u200b", "\u200d", "\u200c\u200d",
    "Har\u200dbour", "Har\u200cbour", "\ufe0f", "Harbour\ufe0fLights", "\ufeffHarbour", "\u2066x\u2069", "\u00ad",
    "\u3164", "\u2800", "a\nb", "a\tb", "\x1b[31mred", "\ud800", "\ue000", "\U000e0041", "x" * 101, "x" * 200_000,
    None, 1, ["x"],
]  # fmt: skip
NAMES = [
    "Harbour Lights",
    "山田",
    "سلام\u200cها",
    "مرحبا",
    "👩\u200d🚀",
    "❤️",
    "'; drop table x; --",
    "<b>&amp;",
    "x" * 100,
]


async def test_i16_a_name_hides_nothing_and_breaks_nothing(api: Front, alice: User) -> None:
    for field in ("name", "symbol"):
        for name in NO_NAMES:
            is_refused(await post(alice, PREPARE_COLLECTION, A_COLLECTION | {field: name}))
    for text in ("\0", "\u202e", "x" * 2001):
        is_refused(await post(alice, PREPARE_COLLECTION, A_COLLECTION | {"description": text}))
    answer = await post(alice, PREPARE_COLLECTION, A_COLLECTION | {"name": "x" * 2**20})
    is_refused(answer, 413, "too_large")
    assert api.flows.prepared == []
    for name in NAMES:
        order = await is_taken(api, alice, PREPARE_COLLECTION, A_COLLECTION | {"name": name})
        assert isinstance(order, CollectionOrder)
        assert order.terms is not None
        assert order.terms.name == name


# -- I13: times ------------------------------------------------------------------------------------------------------

NO_TIMES = [
    1_900_000_000, 1_900_000_000_000, 1.9e9, -1, 2**256 - 1, float("nan"), float("inf"), True,
    "1900000000", "1900000000000", "1.9e9", "-1", str(2**256 - 1), "NaN", "now", "tomorrow", "",
    "2030-01-01", "2030-01-01T00:00:00", "2030-01-01T00:00Z", "2030-02-30T00:00:00Z", "2030-01-01T24:00:00Z",
    "2030-01-01T00:00:60Z", "2030-01-01T00:00:00+99:99", "0000-01-01T00:00:00Z", "1969-12-31T23:59:59Z",
    "10000-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2030-01-01T00:00:00." + "0" * 5000 + "Z", "٢٠٣٠-01-01T00:00:00Z",
    " 2030-01-01T00:00:00Z ", "2030-01-01T00:00:00Z\0", "20300101T000000Z", "2030-W01-1T00:00:00Z", [], {},
]  # fmt: skip


@pytest.mark.parametrize("field", ["startAt", "endAt"])
async def test_i13_a_time_is_rfc_3339_and_nothing_else(api: Front, alice: User, field: str) -> None:
    for moment in NO_TIMES:
        is_refused(await post(alice, PREPARE_COLLECTION, A_COLLECTION | {"mint": {field: moment}}))
    is_refused(
        await post(
            alice,
            PREPARE_COLLECTION,
            A_COLLECTION | {"mint": {"startAt": "2030-01-01T00:00:00Z", "endAt": "2030-01-01T00:00:00Z"}},
        )
    )
    assert api.flows.prepared == []
    for moment in ("2030-01-01T00:00:00Z", "2030-01-01T00:00:00.5Z", "2030-01-01t01:00:00+01:00"):
        order = await is_taken(api, alice, PREPARE_COLLECTION, A_COLLECTION | {"mint": {field: moment}})
        assert isinstance(order, CollectionOrder)
        assert order.terms is not None
        kept = order.terms.mint.start_at if field == "startAt" else order.terms.mint.end_at
        assert kept is not None
        assert kept - datetime(2030, 1, 1, tzinfo=UTC) < timedelta(seconds=1)


@pytest.mark.parametrize("name", ["deadline", "deadlineAt", "deadlineSeconds", "expiresAt"])
async def test_i13_nobody_sets_the_deadline_of_an_intent(api: Front, alice: User, name: str) -> None:
    """It is the settings' own; a body that names one, sane or not, is refused."""
    for value in (1, -1, 2**256 - 1, float("nan"), "2030-01-01T00:00:00Z"):
        for path, body in ((PREPARE_COLLECTION, A_COLLECTION), (PREPARE_MINT, A_MINT)):
            is_refused(await post(alice, path, body | {name: value}))
    assert api.flows.prepared == []
    order = await is_taken(api, alice, PREPARE_MINT, A_MINT)
    assert order.deadline_seconds == api.settings.intents.deadline


# -- bodies and headers ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [PREPARE_COLLECTION, PREPARE_MINT])
async def test_a_body_that_is_none_is_invalid_input(api: Front, alice: User, path: str) -> None:
    whole = json.dumps(A_COLLECTION if path == PREPARE_COLLECTION else A_MINT).encode()
    for body in (
        b"", b"{", b"null", b"[]", b'"text"', b"7", whole[:-1], whole + b"}", b"[" * 100_000,
        whole.replace(b"{", b'{"x":' + b"[" * 50_000 + b"]" * 50_000 + b",", 1),
    ):  # fmt: skip
        is_refused(await post(alice, path, body))
    not_text = await post(alice, path, b"\xff\xfe")
    assert (not_text.status_code, not_text.json()["code"]) == (400, "bad_request")
    assert api.flows.prepared == []


@pytest.mark.parametrize("key", ["", "x" * 256, "tab\there", "caf\xe9"])
async def test_an_idempotency_key_is_printable_and_short(api: Front, alice: User, key: str) -> None:
    headers = [(b"idempotency-key", key.encode("latin-1"))]
    is_refused(await alice.http.post(PREPARE_MINT, json=A_MINT, headers=httpx.Headers(headers)))
    assert api.flows.prepared == []


async def test_a_key_belongs_to_its_user_and_kind(api: Front, alice: User) -> None:
    """The same key of another user, or for another kind, is another intent: nobody can occupy anybody's."""
    same = {"Idempotency-Key": "one"}
    async with api.user() as bob:
        for user in (alice, bob):
            await user.http.post(PREPARE_MINT, json=A_MINT, headers=same)
            await user.http.post(PREPARE_COLLECTION, json=A_COLLECTION, headers=same)
        await alice.http.post(PREPARE_MINT, json=A_MINT, headers=same)
    ids = [order.intent_id for order in api.flows.prepared]
    assert len(ids) == 5
    assert ids[4] == ids[0]
    assert len(set(ids)) == 4


async def test_random_bodies_are_never_our_fault(api: Front, alice: User) -> None:
    seeded = random.Random(20_260_801)
    values: list[Any] = [
        None, True, 0, -1, 2**64, 2**256, 0.5, float("nan"), "", "0", "\0", "\ud800", "x" * 5000, "\u202e", [], {},
        [[]], {"a": {}}, "0x" + "00" * 32, CHAIN, COLLECTION, "erc721", "erc1155", "2030-01-01T00:00:00Z",
        [{"tokenId": "1"}],
    ]  # fmt: skip
    names = [
        "chainId", "standard", "name", "symbol", "contractUri", "baseUri", "imageMediaId", "metadataSetId", "maxSupply",
        "royaltyBps", "royaltyReceiver", "payoutAddress", "mint", "contract", "to", "quantity", "items", "proof", "x",
    ]  # fmt: skip
    for _ in range(100):
        path, good = seeded.choice(
            [(PREPARE_COLLECTION, A_COLLECTION), (PREPARE_MINT, A_MINT), (PREPARE_MINT, A_BATCH)]
        )
        body = good | {seeded.choice(names): seeded.choice(values) for _ in range(seeded.randrange(1, 4))}
        taken = len(api.flows.prepared)
        answer = await post(alice, path, body)
        reached_the_flow = len(api.flows.prepared) > taken
        assert answer.status_code == (503 if reached_the_flow else 422), (body, answer.text)


async def test_nobody_prepares_without_a_session(api: Front, alice: User) -> None:
    async with httpx.AsyncClient(base_url=api.url) as nobody:
        for path, body in ((PREPARE_COLLECTION, A_COLLECTION), (PREPARE_MINT, A_MINT)):
            answer = await nobody.post(path, json=body)
            assert (answer.status_code, answer.json()["code"]) == (401, "unauthorized")
    assert api.flows.prepared == []


# -- floods ----------------------------------------------------------------------------------------------------------


async def _until_stopped(user: User, path: str, body: Callable[[], Any]) -> int:
    """How many requests were let through before one was stopped."""
    for through in range(5000):
        answer = await post(user, path, body())
        if answer.status_code == 429:
            is_refused(answer, 429, "rate_limited")
            assert int(answer.headers["retry-after"]) >= 1
            return through
    raise AssertionError("nothing stops them")


async def test_a_flood_of_one_user_is_stopped_before_it_costs_a_flow_and_stops_nobody_else(
    api: Front, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api.settings.api, "flow_rate", rate := 20)
    through = await _until_stopped(alice, PREPARE_MINT, lambda: A_MINT)
    assert len(api.flows.prepared) == through >= rate
    is_refused(await post(alice, PREPARE_COLLECTION, A_COLLECTION), 429, "rate_limited")

    draft = alice.draft()
    await api.recorder.create(draft)

    async def refuse(*_: object) -> None:
        raise TransactionMismatchError

    api.flows.on_track = refuse
    path = f"/v1/intents/{draft.intent_id}/track"
    through = await _until_stopped(alice, path, lambda: {"txHash": tx_hash()})
    assert len(api.flows.tracked) == through >= rate
    assert (await alice.http.get(f"/v1/intents/{draft.intent_id}")).status_code == 200  # reading costs little

    async with api.user() as bob:
        await is_taken(api, bob, PREPARE_MINT, A_MINT)


async def test_t11_without_temporal_a_prepare_is_a_503_and_reads_go_on(
    api: Front, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = alice.draft()
    await api.recorder.create(draft)
    flows = IntentFlows(await connect(api.settings, lazy=True), Queues())  # these settings name a port without a server
    monkeypatch.setattr(api.flows, "prepare", flows.prepare)
    monkeypatch.setattr(api.flows, "begin_tracking", flows.begin_tracking)
    for path, body in (
        (PREPARE_MINT, A_MINT),
        (PREPARE_COLLECTION, A_COLLECTION),
        (f"/v1/intents/{draft.intent_id}/track", {"txHash": tx_hash()}),
    ):
        answer = await post(alice, path, body)
        is_refused(answer, 503, "upstream_unavailable")
        assert int(answer.headers["retry-after"]) >= 1
    for path in (f"/v1/intents/{draft.intent_id}", f"/v1/intents/{draft.intent_id}/events", "/v1/intents"):
        async with alice.http.stream("GET", path) as read:
            assert read.status_code == 200


# -- I11: hashes -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "given",
    [
        "0x" + "a" * 63,
        "0x" + "a" * 65,
        "0x" + "A" * 64,
        "0x" + "aB" * 32,
        "0X" + "a" * 64,
        "a" * 64,
        "0x" + "a" * 63 + "\0",
        "\0" + "0x" + "a" * 63,
        "0x" + "a" * 64 + "\n",
        "0x" + "g" * 64,
        "0x" + "１" * 64,
        "0x",
        "",
        1,
        True,
        None,
        ["0x" + "a" * 64],
    ],
    ids=lambda given: repr(given)[:24],
)
async def test_i11_a_hash_has_one_form(api: Front, alice: User, given: Any) -> None:
    draft = alice.draft()
    await api.recorder.create(draft)
    is_refused(await post(alice, f"/v1/intents/{draft.intent_id}/track", {"txHash": given}))
    assert api.flows.tracked == []
    assert (await api.intents.get(draft.intent_id)).seq == 1


async def test_i11_a_megabyte_of_hash_is_refused_unread(api: Front, alice: User) -> None:
    draft = alice.draft()
    await api.recorder.create(draft)
    for size, status, code in ((200_000, 422, "invalid_input"), (2**20, 413, "too_large")):
        answer = await post(alice, f"/v1/intents/{draft.intent_id}/track", {"txHash": "0x" + "a" * size})
        is_refused(answer, status, code)
    assert api.flows.tracked == []


# -- I07: one hash, two intents --------------------------------------------------------------------------------------


async def test_i07_a_hash_that_belongs_to_one_intent_is_refused_to_another(api: Front, alice: User) -> None:
    """The store's own unique index decides, here through the very step that a flow takes."""
    hash_ = tx_hash()

    async def take(intent_id: Any, tracked: TxHash) -> None:
        await api.recorder.step(intent_id, Step.TRACKED, f"tracked:{tracked}", tx_hash=tracked)

    api.flows.on_track = take
    async with api.user() as bob:
        first, second, foreign = alice.draft(), alice.draft(), bob.draft()
        for draft in (first, second, foreign):
            await api.recorder.create(draft)
        answer = await post(alice, f"/v1/intents/{first.intent_id}/track", {"txHash": hash_})
        assert answer.status_code == 202
        for user, draft in ((alice, second), (bob, foreign)):
            answer = await post(user, f"/v1/intents/{draft.intent_id}/track", {"txHash": hash_})
            is_refused(answer, 409, "hash_already_tracked")
            row = await api.intents.get(draft.intent_id)
            assert (row.seq, row.tx_hash) == (1, None)


# -- I19: what is not yours is not there -----------------------------------------------------------------------------

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


@pytest.mark.parametrize("route", ["", "/track", "/events", "/ws", "/cancel", "/"])
async def test_i19_another_users_intent_looks_like_none_by_every_method(api: Front, alice: User, route: str) -> None:
    draft = alice.draft()
    await api.recorder.create(draft)
    body = {"txHash": tx_hash()}
    async with api.user() as mallory:
        for method in METHODS:
            foreign, unknown = [
                await mallory.http.request(method, f"/v1/intents/{intent_id}{route}", json=body)
                for intent_id in (draft.intent_id, uuid4())
            ]
            assert foreign.status_code in (404, 405), (method, foreign.text)
            assert (foreign.status_code, foreign.content) == (unknown.status_code, unknown.content)
    assert api.flows.tracked == []
    assert (await api.intents.get(draft.intent_id)).seq == 1


async def test_i19_no_header_or_parameter_makes_somebody_else_of_the_caller(api: Front, alice: User) -> None:
    """One source only says who is asking: the bearer token."""
    draft = alice.draft()
    await api.recorder.create(draft)
    claims = {"X-User-Id": str(alice.id), "X-Forwarded-User": str(alice.id), "Cookie": f"userId={alice.id}"}
    async with api.user() as mallory:
        path = f"/v1/intents/{draft.intent_id}"
        assert (await mallory.http.get(path, headers=claims, params={"userId": str(alice.id)})).status_code == 404
        listed = await mallory.http.get("/v1/intents", headers=claims)
        assert listed.json()["items"] == []
        is_refused(await mallory.http.get("/v1/intents", params={"userId": str(alice.id)}))
        is_refused(await post(mallory, PREPARE_MINT, A_MINT | {"userId": str(alice.id)}))
