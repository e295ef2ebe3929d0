"""From a picture to a token whose URI leads back to it: nothing that is minted points at nothing."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

from PIL import Image

from contracts import load_artifact
from steadymint_client import models
from tests.support.full_stack import FullStack
from tests.support.people import Person

ERC721, ERC1155 = "Collection721", "Collection1155"


def picture(colour: tuple[int, int, int]) -> bytes:
    """A small PNG."""
    file = BytesIO()
    Image.new("RGB", (48, 32), colour).save(file, "PNG")
    return file.getvalue()


async def uploaded(person: Person, colour: tuple[int, int, int]) -> models.MediaBody:
    return await person.client.upload(picture(colour), "light.png")


async def content(person: Person, uri: str) -> bytes:
    """What our own gateway has at an `ipfs://` URI."""
    return await person.client.download(f"/ipfs/{uri.removeprefix('ipfs://')}")


async def document(person: Person, uri: str) -> dict[str, Any]:
    return json.loads(await content(person, uri))


def contract_of(full_stack: FullStack, name: str, address: str) -> Any:
    return full_stack.web3.eth.contract(
        address=full_stack.web3.to_checksum_address(address), abi=list(load_artifact(name).abi)
    )


async def minted(full_stack: FullStack, person: Person, contract: str, **asked: Any) -> None:
    prepared = await person.prepare_mint(contract, **asked)
    await person.send_and_track(prepared)
    async with full_stack.blocks.ticking():
        last = await person.until_final(prepared["intentId"])
    assert last["step"] == "ready", last


async def test_every_token_uri_on_chain_leads_to_its_document_and_its_picture(full_stack: FullStack) -> None:
    async with full_stack.person() as alice:
        pictures = [await uploaded(alice, (60 * number, 90, 120)) for number in (1, 2, 3)]
        told = [
            models.TokenWordsBody(name=f"Light {number}", image_media_id=one.media_id)
            for number, one in enumerate(pictures, start=1)
        ]
        published = await alice.client.api.publish_metadata(models.PublishBody(standard="erc721", tokens=told))
        address = await full_stack.made(
            alice,
            description="Three lights",
            imageMediaId=pictures[0].media_id,
            metadataSetId=published.metadata_set_id,
        )
        await minted(full_stack, alice, address, quantity="3")

        functions = contract_of(full_stack, ERC721, address).functions
        about = await document(alice, await functions.contractURI().call())
        assert about["description"] == "Three lights"
        assert about["image"] == f"ipfs://{pictures[0].cid}"
        for number, one in enumerate(pictures, start=1):
            said = await document(alice, await functions.tokenURI(number).call())
            assert said == {"name": f"Light {number}", "image": f"ipfs://{one.cid}"}
            with Image.open(BytesIO(await content(alice, said["image"]))) as shown:
                assert shown.size == (48, 32)

        fourth = await alice.client.ask("POST", "/v1/mints/prepare", alice.mint_of(address, quantity="1"))
        assert (fourth.status, fourth.body["code"]) == (422, "missing_metadata")
        assert (fourth.body["left"], fourth.body["wanted"]) == ("0", "1")


async def test_an_erc1155_collection_points_at_its_documents_by_id(full_stack: FullStack) -> None:
    async with full_stack.person() as alice:
        told = [models.TokenWordsBody(token_id=str(token_id), name=f"Coin {token_id}") for token_id in (7, 255)]
        published = await alice.client.api.publish_metadata(models.PublishBody(standard="erc1155", tokens=told))
        address = await full_stack.made(alice, "erc1155", baseUri=published.base_uri)
        items = [{"tokenId": "7", "quantity": "2"}, {"tokenId": "255", "quantity": "1"}]
        await minted(full_stack, alice, address, standard="erc1155", items=items)

        functions = contract_of(full_stack, ERC1155, address).functions
        for token_id in (7, 255):
            uri = (await functions.uri(token_id).call()).replace("{id}", f"{token_id:064x}")
            assert await document(alice, uri) == {"name": f"Coin {token_id}"}

        more = alice.mint_of(address, standard="erc1155", items=[*items, {"tokenId": "8", "quantity": "1"}])
        refused = await alice.client.ask("POST", "/v1/mints/prepare", more)
        assert (refused.status, refused.body["code"]) == (422, "missing_metadata")
        assert refused.body["tokenIds"] == ["8"]
