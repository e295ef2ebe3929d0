"""Who may move what is a user's: the approvals of all linked wallets, with who the operator is and what is at stake."""

from __future__ import annotations

from typing import Any

import httpx
from pydantic import TypeAdapter

from api.accounts.bodies.approvals import StandingApprovalPage
from tests.support.catalog_rows import collection_row, contract, insert
from tests.support.sign_in import CHAIN, OTHER_CHAIN, Desk, Wallet, bearer, sign_in
from tests.support.wallets import link

OPERATOR, SEAPORT, COIN = "0x" + "0b" * 20, "0x" + "05" * 20, "0x" + "0c" * 20


async def approve(
    desk: Desk, wallet: Wallet, of: str, operator: str, amount: int | None = None, **changes: Any
) -> None:
    given = {"chain": CHAIN, "approved": True} | changes
    await desk.pool.execute(
        "INSERT INTO wallet_service.approvals (owner, chain_id, contract, operator, standard, approved, amount,"
        " tx_hash, approved_at, revoked_at, updated_at) SELECT $1, $2, $3, $4, $5, $6, $7, '0x' || repeat('ab', 32),"
        " CASE WHEN $6 THEN now() END, CASE WHEN NOT $6 THEN now() END, now()",
        wallet.address.lower(),
        given["chain"],
        of,
        operator,
        "erc721" if amount is None else "erc20",
        given["approved"],
        amount,
    )


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
    found = {(one["wallet"], one["chainId"], one["operator"].lower()): one for one in await shown(visitor, tokens, 1)}
    assert {*found} == {
        (first.address, CHAIN, OPERATOR),
        (second.address, CHAIN, SEAPORT),
        (second.address, OTHER_CHAIN, OPERATOR),  # a key is the same on every chain
    }
    unknown, known = found[first.address, CHAIN, OPERATOR], found[second.address, CHAIN, SEAPORT]
    assert (unknown["operatorName"], unknown["amount"]) == (None, None)
    assert (unknown["standard"], unknown["atStake"]) == ("erc721", {"tokens": "0", "value": None})
    assert unknown["slug"] is not None
    assert (known["operatorName"], known["amount"]) == ("seaport", str(2**256 - 1))
    assert (known["collection"], known["atStake"]) == (None, None)
    assert len(await shown(visitor, tokens, 100)) == 3


async def test_a_contracts_approvals_are_those_of_its_own_chain(desk: Desk, visitor: httpx.AsyncClient) -> None:
    wallet = Wallet()
    tokens = await sign_in(visitor, wallet)
    await desk.pool.execute(
        "UPDATE wallet_service.wallet_links SET type = 'contract' WHERE address = $1", wallet.address.lower()
    )
    for chain in (CHAIN, OTHER_CHAIN):
        await approve(desk, wallet, COIN, OPERATOR, amount=1, chain=chain)
    assert [one["chainId"] for one in await shown(visitor, tokens, 100)] == [CHAIN]
