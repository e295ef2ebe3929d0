"""Who may move what is a user's, as the chain confirms it: the approvals of all linked wallets, with who the operator
is, what is at stake, and how each is taken back; and their history."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any

import httpx
import pytest
from pydantic import TypeAdapter

from api.accounts.bodies.approvals import ApprovalHistoryPage, StandingApprovalPage
from api.intents.approve import PrepareApproveBody
from api.root import Services
from steadymint.domain.approvals import AskedApprovals, SeenApprovals
from steadymint.live import approval_checks, short_way
from tests.support.catalog_rows import collection_row, contract, insert
from tests.support.sign_in import CHAIN, OTHER_CHAIN, Desk, Wallet, bearer, sign_in
from tests.support.wallets import link

OPERATOR, SEAPORT, COIN = "0x" + "0b" * 20, "0x" + "05" * 20, "0x" + "0c" * 20


async def approve(
    desk: Desk, wallet: Wallet, of: str, operator: str, amount: int | None = None, **changes: Any
) -> None:
    given = {"chain": CHAIN, "approved": True, "token": ""} | changes
    await desk.pool.execute(
        "INSERT INTO wallet_service.approvals (owner, chain_id, contract, operator, standard, approved, amount,"
        " tx_hash, place, approved_at, revoked_at, updated_at, token)"
        " SELECT $1, $2, $3, $4, $5, $6, $7, '0x' || repeat('ab', 32), 9 << 24,"
        " CASE WHEN $6 THEN now() END, CASE WHEN NOT $6 THEN now() END, now(), $8",
        wallet.address.lower(),
        given["chain"],
        of,
        operator,
        "erc721" if amount is None else "erc20",
        given["approved"],
        amount,
        given["token"],
    )


def chains_say(desk: Desk, allowed: Mapping[str, int | None]) -> AbstractAsyncContextManager[None]:
    """A worker that says how much each operator may move, for as long as the block runs."""

    async def seen(asked: AskedApprovals) -> SeenApprovals:
        return SeenApprovals(allowed=tuple(allowed[one.operator] for one in asked.approvals))

    return short_way.answering(desk.redis, approval_checks.LINE, seen)


@pytest.fixture(autouse=True)
def impatient(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no worker is there, nobody waits for it."""
    services: Services = desk.app.state.services
    monkeypatch.setattr(services.approval_checks._asking, "_answer_within", 0.3)


async def shown(visitor: httpx.AsyncClient, tokens: dict[str, Any], limit: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    params: dict[str, Any] = {"limit": limit}
    while True:
        answer = await visitor.get("/v1/me/approvals", headers=bearer(tokens), params=params)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "private, no-store"), answer.text
        TypeAdapter(StandingApprovalPage).validate_json(answer.content, strict=True)
        page = answer.json()
        found += page["items"]
        if page["nextCursor"] is None:
            return found
        params["cursor"] = page["nextCursor"]


async def test_the_approvals_of_all_linked_wallets_are_shown(desk: Desk, visitor: httpx.AsyncClient) -> None:
    first, second, stranger = Wallet(), Wallet(), Wallet()
    tokens = await sign_in(visitor, first)
    await link(visitor, tokens, second)
    cats = contract(771)
    await insert(desk.pool, "catalog_service.collections", [collection_row(771)])
    await desk.pool.execute(
        "INSERT INTO chain_registry_service.chain_contracts (chain_id, name, address)"
        " SELECT id, 'seaport', $2 FROM chain_registry_service.chains WHERE caip2 = $1 ON CONFLICT DO NOTHING",
        CHAIN,
        SEAPORT,
    )
    await approve(desk, first, cats, OPERATOR)
    await approve(desk, first, cats, "0x" + "dd" * 20, approved=False)
    await approve(desk, second, COIN, SEAPORT, amount=2**256 - 1)
    await approve(desk, second, COIN, OPERATOR, amount=1, chain=OTHER_CHAIN)
    await approve(desk, stranger, cats, OPERATOR)
    async with chains_say(desk, {OPERATOR: 1, SEAPORT: 2**255}):
        pages = await shown(visitor, tokens, 1)
    found = {(one["wallet"], one["chainId"], one["operator"].lower()): one for one in pages}
    assert {*found} == {
        (first.address, CHAIN, OPERATOR),
        (second.address, CHAIN, SEAPORT),
        (second.address, OTHER_CHAIN, OPERATOR),  # a key is the same on every chain
    }
    unknown, known = found[first.address, CHAIN, OPERATOR], found[second.address, CHAIN, SEAPORT]
    assert (unknown["operatorName"], unknown["amount"]) == (None, None)
    assert (unknown["standard"], unknown["atStake"]) == ("erc721", {"tokens": "0", "value": None})
    assert unknown["slug"] is not None
    assert (known["operatorName"], known["amount"]) == ("seaport", str(2**255)), "what is left of it"
    assert (known["collection"], known["atStake"]) == (None, None)
    assert all(one["confirmed"] for one in pages)
    assert await shown(visitor, tokens, 100) == pages, "as the chain has said a moment ago: no worker is there now"


async def test_what_does_not_stand_on_the_chain_is_left_out_and_the_list_goes_on(
    desk: Desk, visitor: httpx.AsyncClient
) -> None:
    wallet = Wallet()
    tokens = await sign_in(visitor, wallet)
    for number in range(4):
        await approve(desk, wallet, COIN, f"0x{number + 1:040x}", amount=7)
    said = {f"0x{number + 1:040x}": (0, 5, 0, None)[number] for number in range(4)}
    async with chains_say(desk, said):
        found = await shown(visitor, tokens, 1)
    assert [(int(one["operator"], 16), one["amount"], one["confirmed"]) for one in found] == [
        (2, "5", True),
        (4, "7", False),
    ]


async def test_without_a_chain_the_list_is_as_events_have_told_it_and_says_so(
    desk: Desk, visitor: httpx.AsyncClient
) -> None:
    wallet = Wallet()
    tokens = await sign_in(visitor, wallet)
    await approve(desk, wallet, COIN, OPERATOR, amount=7)
    (found,) = await shown(visitor, tokens, 20)
    assert (found["amount"], found["confirmed"]) == ("7", False)


async def test_each_approval_comes_with_the_body_that_takes_it_back(desk: Desk, visitor: httpx.AsyncClient) -> None:
    wallet, cats = Wallet(), contract(772)
    tokens = await sign_in(visitor, wallet)
    await insert(desk.pool, "catalog_service.collections", [collection_row(772)])
    await approve(desk, wallet, cats, OPERATOR)
    await approve(desk, wallet, cats, OPERATOR, token="8")
    await approve(desk, wallet, COIN, OPERATOR, amount=7)
    async with chains_say(desk, {OPERATOR: 1}):
        found = {one["revoke"]["kind"]: one for one in await shown(visitor, tokens, 20)}
    assert {*found} == {"set_approval_for_all", "erc721_approve", "erc20_approve"}
    for one in found.values():
        terms = PrepareApproveBody.model_validate(one["revoke"]).terms(one["contract"].lower())
        assert (terms.grants, terms.spender) == (False, OPERATOR)
    one_token = found["erc721_approve"]
    assert (one_token["tokenId"], one_token["revoke"]["tokenId"], one_token["atStake"]["tokens"]) == ("8", "8", "1")


async def line(desk: Desk, wallet: Wallet, place: int, operator: str, **changes: Any) -> None:
    given = {
        "chain": CHAIN,
        "contract": COIN,
        "token": "",
        "approved": True,
        "cause": "event",
        "amount": None,
    } | changes
    await desk.pool.execute(
        "INSERT INTO wallet_service.approvals_history (owner, chain_id, place, operator, contract, token, approved,"
        " cause, amount, standard, tx_hash, at) SELECT $1, $2, $3::bigint, $4, $5, $6, $7, $8, $9::numeric,"
        " CASE WHEN $9::numeric IS NULL THEN 'erc721' ELSE 'erc20' END, '0x' || repeat('ab', 32),"
        " timestamptz '2026-01-01Z' + ($3::bigint / 2) * interval '1 second'",
        wallet.address.lower(),
        given["chain"],
        place,
        operator,
        *(given[name] for name in ("contract", "token", "approved", "cause", "amount")),
    )


async def past(visitor: httpx.AsyncClient, tokens: dict[str, Any], **query: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    params: dict[str, Any] = {"limit": 2} | query
    while True:
        answer = await visitor.get("/v1/me/approvals/history", headers=bearer(tokens), params=params)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "private, no-store"), answer.text
        TypeAdapter(ApprovalHistoryPage).validate_json(answer.content, strict=True)
        found += answer.json()["items"]
        if (cursor := answer.json()["nextCursor"]) is None:
            return found
        params["cursor"] = cursor


async def test_the_history_is_newest_first_over_all_wallets_and_can_be_narrowed(
    desk: Desk, visitor: httpx.AsyncClient
) -> None:
    first, second, stranger = Wallet(), Wallet(), Wallet()
    tokens = await sign_in(visitor, first)
    await link(visitor, tokens, second)
    await line(desk, first, 1, OPERATOR, amount=7)
    await line(desk, first, 1, SEAPORT, chain=OTHER_CHAIN, amount=7)  # at the same time
    await line(desk, second, 2, OPERATOR, token="8")
    await line(desk, second, 4, OPERATOR, token="8", approved=False, cause="replaced")
    await line(desk, second, 4, OPERATOR, token="8", approved=False, cause="replaced", contract=OPERATOR)
    await line(desk, second, 4, SEAPORT, token="8", contract=COIN)
    await line(desk, second, 6, SEAPORT, token="8", approved=False, cause="transfer", contract=SEAPORT)
    await line(desk, stranger, 5, OPERATOR)
    every = await past(visitor, tokens)
    assert [(one["at"][17:19], one["approved"], one["cause"], one["tokenId"]) for one in every] == [
        ("03", False, "transfer", "8"),
        ("02", False, "replaced", "8"),
        ("02", False, "replaced", "8"),
        ("02", True, "event", "8"),
        ("01", True, "event", "8"),
        ("00", True, "event", None),
        ("00", True, "event", None),
    ]

    async def count(**query: Any) -> int:
        return len(await past(visitor, tokens, **query))

    assert await count(wallet=first.address) == 2
    assert await count(wallet=stranger.address) == 0
    assert await count(chainId=OTHER_CHAIN) == 1
    assert await count(contract=SEAPORT) == 1
    await insert(desk.pool, "catalog_service.collections", [collection_row(977) | {"contract_address": SEAPORT}])
    slug = collection_row(977)["slug"]
    assert await count(contract=slug, chainId=CHAIN) == 1
    for query, status in (({"contract": slug}, 422), ({"contract": slug, "chainId": OTHER_CHAIN}, 404)):
        answer = await visitor.get("/v1/me/approvals/history", headers=bearer(tokens), params=query)
        assert answer.status_code == status, answer.text
    assert await count(operator=OPERATOR) == 4
    assert await count(operator=OPERATOR, wallet=second.address, contract=COIN, chainId=CHAIN) == 2


async def test_a_contracts_approvals_are_those_of_its_own_chain(desk: Desk, visitor: httpx.AsyncClient) -> None:
    wallet = Wallet()
    tokens = await sign_in(visitor, wallet)
    await desk.pool.execute(
        "UPDATE wallet_service.wallet_links SET type = 'contract' WHERE address = $1", wallet.address.lower()
    )
    for chain in (CHAIN, OTHER_CHAIN):
        await approve(desk, wallet, COIN, OPERATOR, amount=1, chain=chain)
    assert [one["chainId"] for one in await shown(visitor, tokens, 100)] == [CHAIN]
