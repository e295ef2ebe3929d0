"""What our documents say, to the byte: their CIDs are on chain."""

from __future__ import annotations

import json

import jsonschema

from steadymint.domain.media import Cid, MediaId
from steadymint.media.cid import file_cid
from steadymint.publishing.documents import (
    CollectionWords,
    TokenWords,
    Trait,
    collection_document,
    token_document,
)

PICTURE, FILM = MediaId("a" * 64), MediaId("b" * 64)
CIDS = {PICTURE: Cid("bafkpicture"), FILM: Cid("bafkfilm")}

# ERC-721 and ERC-1155, "Metadata JSON Schema", as far as both name a member.
STANDARD_SCHEMA = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "description": {"type": "string"},
        "image": {"type": "string"},
    },
}
# ERC-7572, "Schema for contractURI".
CONTRACT_SCHEMA = {
    "type": "object",
    "properties": {
        name: {"type": "string"}
        for name in (
            "name", "symbol", "description", "image", "banner_image", "featured_image", "external_link",
        )
    },
    "required": ["name"],
    "additionalProperties": False,
}  # fmt: skip


def test_a_token_says_what_it_was_told_in_the_words_that_readers_know() -> None:
    words = TokenWords(
        name="Lamp “7”",
        description="Two\nlines",
        image=PICTURE,
        animation=FILM,
        external_url="https://market.example/7",
        background_color="0d1b2a",
        traits=(Trait("Colour", "Grün"), Trait("Range", 12.5, "boost_number", 30), Trait("Built", 0, "date")),
    )
    written = token_document(words, CIDS)
    assert written.decode() == (
        '{"animation_url":"ipfs://bafkfilm","attributes":[{"trait_type":"Colour","value":"Grün"},'
        '{"display_type":"boost_number","max_value":30,"trait_type":"Range","value":12.5},'
        '{"display_type":"date","trait_type":"Built","value":0}],"background_color":"0d1b2a",'
        '"description":"Two\\nlines","external_url":"https://market.example/7","image":"ipfs://bafkpicture",'
        '"name":"Lamp “7”"}'
    )
    jsonschema.validate(json.loads(written), STANDARD_SCHEMA)


def test_what_is_not_said_is_left_out() -> None:
    assert token_document(TokenWords("Lamp", description=""), {}) == b'{"name":"Lamp"}'
    assert collection_document(CollectionWords("Lights", "LIT"), {}) == b'{"name":"Lights","symbol":"LIT"}'


def test_a_collection_says_what_erc_7572_names() -> None:
    words = CollectionWords("Lights", "LIT", "All of them", PICTURE, FILM, PICTURE, "https://market.example")
    written = json.loads(collection_document(words, CIDS))
    assert written == {
        "name": "Lights",
        "symbol": "LIT",
        "description": "All of them",
        "image": "ipfs://bafkpicture",
        "banner_image": "ipfs://bafkfilm",
        "featured_image": "ipfs://bafkpicture",
        "external_link": "https://market.example",
    }
    jsonschema.validate(written, CONTRACT_SCHEMA)


def test_a_collection_without_words_of_its_own_says_nothing() -> None:
    assert not CollectionWords("Lights", "LIT", description="").says_something()
    assert CollectionWords("Lights", "LIT", banner=FILM).says_something()


def test_the_same_words_have_the_same_cid() -> None:
    """One chunk is a raw leaf: version 1, codec 0x55, SHA-256 of the bytes."""
    cid, _ = file_cid(token_document(TokenWords("Lamp"), {}))
    assert cid == "bafkreidz36h6gwklhfgy3exo65akpqgmjmp2bdynxgzmhdzqctrhvpwauu"


def test_the_number_is_filled_in_wherever_a_template_names_it() -> None:
    template = TokenWords(
        name="Punk #{number}",
        description="{number} of {count}",
        image=PICTURE,
        external_url="https://market.example/{number}/{number}",
        traits=(Trait("{number}", "no {number}"), Trait("Power", 5)),
    )
    assert template.numbered(2**256 - 1).name == f"Punk #{2**256 - 1}"
    assert template.numbered(7) == TokenWords(
        name="Punk #7",
        description="7 of {count}",
        image=PICTURE,
        external_url="https://market.example/7/7",
        traits=(Trait("{number}", "no 7"), Trait("Power", 5)),
    )
