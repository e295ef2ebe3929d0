"""`%`, `#` and `?` in the URIs of content mean the same to everybody who reads or shows one."""

from __future__ import annotations

from contextlib import suppress
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from api.catalog.views.browser_urls import BrowserUrls
from steadymint.domain.content_uris import ContentPath, parse_content_uri
from steadymint.domain.metadata import DocumentUnreadableError
from steadymint.metadata.fetching.locations import locate
from steadymint.metadata.normalise import media_uri
from steadymint.publishing.addresses import parse_ipfs

CID = "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi"
BROWSER = BrowserUrls("https://cdn.example", "https://arweave.example")

PATHS = {
    "Ape #7.png": "Ape #7.png",
    "#": "#",
    "a#b#c": "a#b#c",
    "100%.png": "100%.png",
    "100%25.png": "100%.png",
    "%2523": "%23",
    "%zz%2": "%zz%2",
    "%41pe": "Ape",
    "Ape%20%237.png": "Ape #7.png",
    "what%3F.png": "what?.png",
    "what?.png": "what",
    "1.png?v=#2&x=%41": "1.png",
    "1.png?": "1.png",
    "a+b&c=d;e.png": "a+b&c=d;e.png",
    "\u00fc/\u5c71.png": "\u00fc/\u5c71.png",
    "%C3%BC.png": "\u00fc.png",
    "a//b": "a/b",
    "{id}.json": "{id}.json",
}


@pytest.mark.parametrize(("written", "named"), PATHS.items(), ids=range(len(PATHS)))
def test_whoever_reads_or_shows_a_uri_means_the_same_file(written: str, named: str) -> None:
    uri = f"ipfs://{CID}/{written}"
    address = parse_ipfs(uri)
    assert address is not None
    assert address.path == named, "our own sets"
    found = locate(uri, ("https://gateway.example",), "https://arweave.example")
    assert found.content is not None
    assert found.content.path == named, "our own store"
    assert _file(str(found.candidates[0].url)) == named, "a gateway"
    assert _file(BROWSER.url_for(uri) or "") == named, "a browser"
    kept = media_uri(uri)
    assert kept is not None
    assert _file(BROWSER.url_for(kept) or "") == named, "a browser, from a row"
    bare = media_uri(f"{CID}/{written}")
    assert bare is not None
    assert _file(BROWSER.url_for(bare) or "") == named, "a browser, from a bare CID"
    arweave = locate(f"ar://{'A' * 43}/{written}", (), "https://arweave.example")
    assert _file("x/ipfs/" + str(arweave.candidates[0].url).removeprefix("https://arweave.example/")) == named


def _file(url: str) -> str:
    """What a browser or a gateway asks for: up to the fragment and the query, decoded once."""
    path = url.split("#")[0].split("?")[0].partition("/ipfs/")[2]
    return unquote(path.partition("/")[2])


@pytest.mark.parametrize("path", ["..", "a/../b", "%2e%2e/x", "a%2Fb", "a\\b", "a%00b", "%FF", "%ED%A0%80", "\ud800"])
def test_a_path_that_leads_elsewhere_or_is_no_text_is_refused_by_all(path: str) -> None:
    uri = f"ipfs://{CID}/{path}"
    with pytest.raises(ValueError, match=r"."):
        parse_content_uri(uri)
    with pytest.raises(DocumentUnreadableError):
        locate(uri, ("https://gateway.example",), "https://arweave.example")
    assert (parse_ipfs(uri), BROWSER.url_for(uri), media_uri(uri)) == (None, None, None)


def test_a_page_that_draws_itself_keeps_its_query_and_its_folder() -> None:
    assert BROWSER.url_for(f"ipfs://{CID}/?hash=0x1#2") == f"https://cdn.example/ipfs/{CID}/?hash=0x1%232"
    assert media_uri(f"{CID}/?hash=0x1") == f"ipfs://{CID}/?hash=0x1"


@given(st.lists(st.text(min_size=1, max_size=8).filter(lambda name: name.isprintable()), max_size=4))
def test_an_address_is_read_back_as_the_same_names(names: list[str]) -> None:
    try:
        path = ContentPath.parse("/".join((CID, *(name.replace("%", "%25").replace("?", "%3F") for name in names))))
    except ValueError:
        return
    assert ContentPath.parse(path.address) == ContentPath(path.root, path.names)
    assert ContentPath.parse(path.link) == path
    URL(f"https://gateway.example/ipfs/{path.address}", encoded=True)


@given(st.text(max_size=60))
@pytest.mark.parametrize(
    "before", ["", "ipfs://", f"ipfs://{CID}/", f"{CID}/", "ar://", "https://", "https://a.example/ipfs/"]
)
def test_no_text_does_anything_but_be_read_or_refused(before: str, text: str) -> None:
    with suppress(DocumentUnreadableError):
        locate(before + text, ("https://gateway.example",), "https://arweave.example")
    media_uri(before + text)
    parse_ipfs(before + text)
    BROWSER.url_for(before + text)
