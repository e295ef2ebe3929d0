"""Allowlists: whoever is on a published one gets the proof, and whoever is not is told so."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from api.catalog.bodies.allowlists import AllowlistBody, EligibilityBody
from steadymint.domain.allowlists import AllowlistTree
from steadymint.domain.types import parse_address
from tests.support.catalog_rows import account, at, collection_row, insert
from tests.support.intents_api import Front, User
from tests.support.merkle import Merkle

PATH = "/v1/allowlists"
LISTED = [account(number) for number in range(1, 6)]
STRANGER = account(9)
LIMITED = collection_row(1)
OPEN = collection_row(2)


async def asked_of(user: User, collection: dict[str, Any], address: str) -> dict[str, Any]:
    place = f"{collection['chain_id']}/{collection['contract_address']}"
    answer = await user.http.get(f"/v1/collections/{place}/eligibility/{address}")
    assert answer.status_code == 200, answer.text
    TypeAdapter(EligibilityBody).validate_json(answer.content, strict=True)
    return answer.json()


async def test_a_published_list_gives_each_account_its_proof_or_says_that_it_is_not_on_it(api: Front) -> None:
    tree = AllowlistTree.of(map(parse_address, LISTED))
    rules = {
        "collection_id": LIMITED["id"], "allowlist_root": tree.root, "block_number": 1, "updated_at": at(1),
    }  # fmt: skip
    await insert(api.pool, "catalog_service.collections", [LIMITED, OPEN])
    await insert(api.pool, "catalog_service.collection_mint_config", [rules])
    async with api.user() as user:
        assert await asked_of(user, OPEN, STRANGER) == {"allowlist": "none", "proof": []}
        assert await asked_of(user, LIMITED, LISTED[0]) == {"allowlist": "unpublished", "proof": []}
        for _ in range(2):  # publishing it again changes nothing
            published = await user.http.post(PATH, json={"addresses": LISTED[::-1]})
            assert published.status_code == 201, published.text
            TypeAdapter(AllowlistBody).validate_json(published.content, strict=True)
            assert published.json() == {"root": tree.root, "addresses": 5}
        for one in LISTED:
            proof = ["0x" + node.hex() for node in Merkle(LISTED).proof(one)]
            assert await asked_of(user, LIMITED, one) == {"allowlist": "listed", "proof": proof}
        assert await asked_of(user, LIMITED, STRANGER) == {"allowlist": "not_listed", "proof": []}


async def test_a_list_that_is_no_list_is_refused_at_its_field(api: Front) -> None:
    async with api.user() as user:
        for addresses in ([], ["0x12"], [LISTED[0], LISTED[0].upper().replace("0X", "0x")]):
            answer = await user.http.post(PATH, json={"addresses": addresses})
            assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")
            assert answer.json()["fields"]
        anonymous = await user.http.post(PATH, json={"addresses": LISTED}, headers={"authorization": ""})
        assert anonymous.status_code == 401
