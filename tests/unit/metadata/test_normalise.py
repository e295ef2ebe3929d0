"""From any writer's document to one form."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steadymint.domain.metadata import ContractDocument, DocumentUnreadableError, NormalisedDocument, substitute_id
from steadymint.metadata.documents import parse_document
from steadymint.metadata.normalise import MAX_DESCRIPTION, MAX_NAME, media_uri, normalise, normalise_contract

CID = "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi"


def test_a_usual_document_is_read_whole() -> None:
    found = normalise(
        {
            "name": "Ape #1",
            "description": "First line.\nSecond line.",
            "image": f"ipfs://{CID}/1.png",
            "animation_url": f"ipfs://{CID}/1.mp4",
            "external_url": "https://apes.example/1",
            "background_color": "#FFaa00",
            "attributes": [{"trait_type": "Eyes", "value": "Blue"}],
        }
    )
    assert (found.name, found.description) == ("Ape #1", "First line.\nSecond line.")
    assert (found.image, found.animation_url) == (f"ipfs://{CID}/1.png", f"ipfs://{CID}/1.mp4")
    assert (found.external_url, found.background_color) == ("https://apes.example/1", "ffaa00")
    assert [attribute.value for attribute in found.attributes] == ["Blue"]


@pytest.mark.parametrize("document", [None, 1, "x", [], [{"name": "x"}], True], ids=range(6))
def test_what_is_no_object_is_no_document(document: object) -> None:
    for read in (normalise, normalise_contract):
        with pytest.raises(DocumentUnreadableError) as caught:
            read(document)
        assert caught.value.failure.code == "not_an_object"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (7, "7"),
        (1.5, "1.5"),
        (True, "true"),
        (["x"], None),
        ({"en": "x"}, None),
        ("", None),
        ("  \n ", None),
        ("\ufeff\u200b\0 Ape \u2060\0\u3164\x9f", "Ape"),
        ("\u200b\ufeff\0", None),
        ("\0" * 100_000 + "Ape", "Ape"),
        (
            "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
            "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        ),
        ("a\x00b\x1b[31m", "ab [31m"),
        ("a\nb\tc", "a b c"),
        ("e\u0301", "\u00e9"),
        ("safe\u202etxt.exe", "safetxt.exe"),
        ("\ud800", "\ufffd"),
        ("x" * 5000, "x" * MAX_NAME),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        (10**5000, None),
        (float("inf"), None),
    ],
    ids=range(20),
)
def test_a_name_is_one_clean_line_or_none(given: object, expected: str | None) -> None:
    assert normalise({"name": given}).name == expected


def test_a_description_keeps_its_lines_and_is_cut() -> None:
    assert normalise({"description": "a\r\nb\rc\u2028d\x00"}).description == "a\nb\nc\nd"
    assert len(normalise({"description": "é" * 5_000_000}).description or "") == MAX_DESCRIPTION


@pytest.mark.parametrize("mark", ["\u0301", "\u0f73"])
def test_a_run_of_marks_that_is_slow_to_compose_is_cut(mark: str) -> None:
    """Composed whole, it would take seconds in which nothing else runs."""
    assert normalise({"description": "x" + 20_000 * mark + "y"}) == normalise({"description": "x" + 30 * mark + "y"})


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"image": [f"ipfs://{CID}/1", "x"]}, f"ipfs://{CID}/1"),
        ({"image": {"url": f"ipfs://{CID}/1"}}, f"ipfs://{CID}/1"),
        ({"image": [{"uri": f"ipfs://{CID}/1"}]}, f"ipfs://{CID}/1"),
        ({"image_url": f"ipfs://{CID}/1"}, f"ipfs://{CID}/1"),
        ({"image": "", "image_url": f"ipfs://{CID}/1"}, f"ipfs://{CID}/1"),
        ({"image": "javascript:alert(1)", "image_url": f"ipfs://{CID}/1"}, f"ipfs://{CID}/1"),
        ({"image": CID}, f"ipfs://{CID}"),
        ({"image": f"http://ipfs.io/ipfs/{CID}/a b.png"}, f"ipfs://{CID}/a%20b.png"),
        ({"image": f"https://ipfs.io/ipfs/{CID}/1.png"}, f"https://ipfs.io/ipfs/{CID}/1.png"),
        ({"image": f"ar://{'A' * 43}"}, f"ar://{'A' * 43}"),
        ({"image": "https://a.example/1.png?x=1"}, "https://a.example/1.png?x=1"),
        ({"image": "data:image/png;base64,AAAA"}, "data:image/png;base64,AAAA"),
        (
            {"image": "data:image/svg+xml;utf8,<svg fill='#fff'>ü\n</svg>"},
            "data:image/svg+xml;utf8,%3Csvg%20fill='%23fff'%3E%C3%BC%0A%3C/svg%3E",
        ),
        (
            {"image_data": '<svg fill="#fff" width="100%"/>'},
            "data:image/svg+xml;utf8,%3Csvg%20fill=%22%23fff%22%20width=%22100%25%22/%3E",
        ),
        (
            {"image": "\ufeff data:image/svg+xml;utf8,<svg width='100%' fill='%23fff'/>\0"},
            "data:image/svg+xml;utf8,%3Csvg%20width='100%25'%20fill='%23fff'/%3E",
        ),
        ({"image": "data:image/png;BASE64;x=1,_-_-"}, "data:image/png;x=1;base64,/+/+"),
        ({"image": "data:image/png;base64,AAAA#x"}, None),
        ({"image": f"ipfs://{CID}/Ape #7.png"}, f"ipfs://{CID}/Ape #7.png"),
        ({"image": f"{CID}/Ape #7.png?v=2"}, f"ipfs://{CID}/Ape%20%237.png?v=2"),
        ({"image": "data:text/html,<script>alert(1)</script>"}, None),
        ({"image": "data:image/svg+xml," + "x" * 10_000_000}, None),
        ({"image": "javascript:alert(1)"}, None),
        ({"image": "file:///etc/passwd"}, None),
        ({"image": "vbscript:x"}, None),
        ({"image": "blob:https://a.example/1"}, None),
        ({"image": "http://a.example/1.png"}, None),
        ({"image": "https://user@a.example/1.png"}, None),
        ({"image": "https://a.example:8080/1.png"}, None),
        ({"image": "https://169.254.169.254/latest/meta-data"}, None),
        ({"image": "https://localhost/1.png"}, None),
        ({"image": "https://[::1]/1.png"}, None),
        ({"image": "//a.example/1.png"}, None),
        ({"image": "1.png"}, None),
        ({"image": "https://a.example/" + "x" * 5000}, None),
        ({"image": f"ipfs://{CID}/../../x"}, None),
        ({"image": 7}, None),
        ({"image": None}, None),
        ({"image": []}, None),
        ({"image": [[f"ipfs://{CID}/1"]]}, None),
    ],
    ids=range(39),
)
def test_a_picture_is_an_address_that_may_be_shown_and_fetched(document: dict[str, Any], expected: str | None) -> None:
    assert normalise(document).image == expected


@pytest.mark.parametrize(
    "given",
    ["data:text/html,x", "javascript:alert(1)", "data:image/png;base64,AAAA", "http://a.example", "mailto:a@b.c"],
)
def test_a_link_for_people_runs_nothing(given: str) -> None:
    assert normalise({"external_url": given}).external_url is None


@pytest.mark.parametrize(
    "given", ["ffaa0", "ffaa000", "red", "#ggaa00", 7, None, "ffaa00;background:url(x)"], ids=range(7)
)
def test_a_colour_is_six_hex_digits(given: object) -> None:
    assert normalise({"background_color": given}).background_color is None


@pytest.mark.parametrize("token_id", [0, 1, 255, 2**255, 2**256 - 1])
def test_the_id_is_put_in_as_erc_1155_has_it(token_id: int) -> None:
    found = normalise({"image": f"ipfs://{CID}/{{id}}.png"}, token_id=token_id)
    digits = (found.image or "").removeprefix(f"ipfs://{CID}/").removesuffix(".png")
    assert len(digits) == 64
    assert digits == digits.lower()
    assert int(digits, 16) == token_id


@pytest.mark.parametrize("token_id", [-1, 2**256])
def test_what_is_no_token_id_is_put_in_nowhere(token_id: int) -> None:
    with pytest.raises(ValueError, match="uint256"):
        substitute_id("ipfs://x/{id}", token_id)
    assert media_uri(f"ipfs://{CID}/{{id}}", token_id) is None


def test_a_collections_document_is_read_by_both_of_its_names() -> None:
    erc_7572 = {
        "name": "Apes",
        "description": "All.",
        "image": f"ipfs://{CID}/c",
        "banner_image": f"ipfs://{CID}/b",
        "external_link": "https://a.example",
    }
    opensea = {
        "name": "Apes",
        "description": "All.",
        "image_url": f"ipfs://{CID}/c",
        "banner_image_url": f"ipfs://{CID}/b",
        "external_url": "https://a.example",
    }
    expected = ContractDocument("Apes", "All.", f"ipfs://{CID}/c", f"ipfs://{CID}/b", "https://a.example")
    assert normalise_contract(erc_7572) == normalise_contract(opensea) == expected


def test_a_picture_within_the_document_stays_within_it() -> None:
    svg = base64.b64encode(b"<svg xmlns='http://www.w3.org/2000/svg'/>").decode()
    uri = f"data:image/svg+xml;base64,{svg}"
    assert normalise({"image": uri}).image == uri


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "name",
                    "image",
                    "attributes",
                    "value",
                    "trait_type",
                    "display_type",
                    "max_value",
                    "properties",
                    "url",
                    "x",
                ]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=30,
)


@settings(max_examples=150, deadline=None)
@given(_JSON)
def test_no_document_does_anything_but_be_read_or_refused(document: object) -> None:
    """And what comes out can be stored: UTF-8, no NUL."""
    try:
        found = normalise(document, token_id=1)
    except DocumentUnreadableError:
        assert not isinstance(document, dict)
        return
    assert isinstance(found, NormalisedDocument)
    assert "\x00" not in str(found)
    str(found).encode()
    assert parse_document(b"{}") == {}
