"""The names behind the addresses of a page: who sees which, and that one statement finds them all."""

from __future__ import annotations

from typing import Any, Final

import httpx
from pydantic import TypeAdapter

from api.accounts.bodies.names import MOST, NamesBody
from steadymint.domain.types import Address, ChainId
from steadymint.identity.users.naming import names_of
from tests.support.graphql import counted_statements
from tests.support.profiles import Member, member
from tests.support.sign_in import Desk

HERE: Final = ChainId("eip155:31337")


async def names(client: httpx.AsyncClient, *whose: Member, viewer: Member | None = None, chain: str = HERE) -> Any:
    params = {"chainId": chain, "address": [one.tokens["address"] for one in whose]}
    headers = {"authorization": f"Bearer {viewer.tokens['accessToken']}"} if viewer else {}
    answer = await client.get("/v1/usernames", params=params, headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == ("private, no-store" if viewer else "public, no-cache")
    TypeAdapter(NamesBody).validate_json(answer.content, strict=True)
    return [(one["address"], one["username"]) for one in answer.json()["items"]]


def shown(*whose: Member) -> list[tuple[str, str]]:
    return [(one.tokens["address"], one.name) for one in whose]


async def test_a_name_is_told_to_those_who_may_see_whose_address_it_is(visitor: httpx.AsyncClient) -> None:
    public = await member(visitor)
    private = await member(visitor, preferences={"privacyLevel": "private"})
    friend = await member(visitor, preferences={"privacyLevel": "friends"})
    everyone = (private, friend, public)
    assert await names(visitor, *everyone) == shown(public)
    assert await names(visitor, *everyone, viewer=private) == shown(private, public)
    for one, other in ((friend, public), (public, friend)):
        assert await one.status("PUT", other, "/follow") == 204
    assert await names(visitor, *everyone, viewer=public) == shown(friend, public)
    assert await public.status("PUT", private, "/block") == 204
    assert await names(visitor, *everyone, viewer=private) == shown(private)


async def test_one_statement_finds_all_names_of_a_page(desk: Desk, visitor: httpx.AsyncClient) -> None:
    people = [await member(visitor) for _ in range(3)]
    addresses = [Address(one.tokens["address"].lower()) for one in people]
    await names_of(desk.pool, HERE, addresses, None)  # connections learn types by statements
    with counted_statements(desk.pool) as seen:
        found = await names_of(desk.pool, HERE, addresses, None)
    assert [one.username for one in found] == [one.name for one in people]
    assert len(seen) == 1
    too_many = {"chainId": HERE, "address": [f"0x{number:040x}" for number in range(MOST + 1)]}
    assert (await visitor.get("/v1/usernames", params=too_many)).status_code == 422


async def test_a_contract_wallet_has_its_name_on_its_own_chain_only(desk: Desk, visitor: httpx.AsyncClient) -> None:
    one = await member(visitor)
    assert await names(visitor, one, chain="eip155:1") == shown(one)
    await desk.pool.execute(
        "update wallet_service.wallet_links set type = 'contract' where address = $1", one.tokens["address"].lower()
    )
    assert await names(visitor, one, chain="eip155:1") == []
    assert await names(visitor, one) == shown(one)


async def test_a_name_that_is_taken_back_is_not_told_from_a_cache(visitor: httpx.AsyncClient) -> None:
    one = await member(visitor)
    params = {"chainId": HERE, "address": one.tokens["address"]}
    before = await visitor.get("/v1/usernames", params=params)
    again = await visitor.get("/v1/usernames", params=params, headers={"if-none-match": before.headers["etag"]})
    assert again.status_code == 304
    headers = {"authorization": f"Bearer {one.tokens['accessToken']}"}
    await visitor.patch("/v1/me", json={"preferences": {"privacyLevel": "private"}}, headers=headers)
    after = await visitor.get("/v1/usernames", params=params, headers={"if-none-match": before.headers["etag"]})
    assert (after.status_code, after.json()) == (200, {"items": []})
