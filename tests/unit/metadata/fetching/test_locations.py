"""From a URI to where its bytes may be had."""

from __future__ import annotations

import pytest

from steadymint.domain.metadata import DocumentUnreadableError
from steadymint.metadata.fetching.locations import Remote, locate

CID = "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi"
V0 = "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWKPcdG"
V0_AS_V1 = "bafybeie5nqv6kd3qnfjupgvz34woh3oksc3iau6abmyajn7qvtf47mv3km"
TRANSACTION = "Sgmyo7nUqPpVQWUfK72p5yIpd85QQbhGaWAF-I8L6yE"
GATEWAYS = ("https://one.example", "http://127.0.0.1:8080/")


def located(uri: str) -> Remote:
    return locate(uri, GATEWAYS, "https://arweave.example")


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        (f"ipfs://{CID}", CID),
        (f"ipfs://{CID}/", CID),
        (f"ipfs://{CID}/1.json", f"{CID}/1.json"),
        (f"IPFS://{CID}/1.json", f"{CID}/1.json"),
        (f"ipfs:{CID}/1.json", f"{CID}/1.json"),
        (f"ipfs://ipfs/{CID}/1.json", f"{CID}/1.json"),
        (f"ipfs:///ipfs/{CID}/1.json", f"{CID}/1.json"),
        (f"  ipfs://{CID}/1.json\n", f"{CID}/1.json"),
        (f"ipfs://{V0}/1.json", f"{V0_AS_V1}/1.json"),
        (f"ipfs://{CID}/a b/ü.json", f"{CID}/a%20b/%C3%BC.json"),
        (f"ipfs://{CID}/a%20b/%C3%BC.json", f"{CID}/a%20b/%C3%BC.json"),
        (f"ipfs://{CID}/100%25", f"{CID}/100%25"),
        (f"ipfs://{CID}/100%.json", f"{CID}/100%25.json"),
        (f"ipfs://{CID}/Ape #7.json", f"{CID}/Ape%20%237.json"),
        (f"ipfs://{CID}/Ape%20%237.json?v=2", f"{CID}/Ape%20%237.json"),
        (f"ipfs://{CID}#7", CID),
        (f"\ufeff\u200b ipfs://{CID}/1.json\0\0", f"{CID}/1.json"),
        (f"https://any.example/ipfs/{CID}/Ape%20%237.json#top", f"{CID}/Ape%20%237.json"),
        (f"ipfs://{CID}/%252e%252e/x", f"{CID}/%252e%252e/x"),
        (f"ipfs://{CID}//1.json", f"{CID}/1.json"),
        (f"ipfs://{CID}/1.json?a=1#b", f"{CID}/1.json"),
        (CID, CID),
        (f"{V0}/1.json", f"{V0_AS_V1}/1.json"),
        (f"/ipfs/{CID}/1.json", f"{CID}/1.json"),
        (f"https://any.example/ipfs/{CID}/1.json", f"{CID}/1.json"),
        (f"http://any.example/ipfs/{V0}/1.json?x", f"{V0_AS_V1}/1.json"),
        (f"https://{CID}.ipfs.any.example/1.json", f"{CID}/1.json"),
        (f"https://user@127.0.0.1:8080/ipfs/{CID}/1.json", f"{CID}/1.json"),
    ],
    ids=range(28),
)
def test_content_of_ipfs_is_asked_of_our_gateways_whoever_names_it(uri: str, path: str) -> None:
    found = located(uri)
    assert found.kind == "ipfs"
    ours = [str(candidate.url) for candidate in found.candidates if candidate.configured]
    assert ours == [f"https://one.example/ipfs/{path}", f"http://127.0.0.1:8080/ipfs/{path}"]


def test_somebodys_gateway_is_asked_last_and_only_where_the_gate_lets_us() -> None:
    allowed = located(f"https://any.example/ipfs/{CID}/1.json").candidates
    assert [(candidate.url.host, candidate.configured) for candidate in allowed][2:] == [("any.example", False)]
    for uri in (f"http://any.example/ipfs/{CID}", f"https://10.0.0.1/ipfs/{CID}", f"https://a.example:22/ipfs/{CID}"):
        assert all(candidate.configured for candidate in located(uri).candidates)


@pytest.mark.parametrize(
    "path",
    ["../1", "a/../../1", "%2e%2e/1", "%2E./1", "./1", "a%2f..%2f1", "a%2Fb", "a%5cb", "a\\b", "a%00b", "a%0d%0ab"],
)
def test_a_path_that_leads_out_of_the_content_is_refused(path: str) -> None:
    for uri in (f"ipfs://{CID}/{path}", f"https://any.example/ipfs/{CID}/{path}", f"ar://{TRANSACTION}/{path}"):
        with pytest.raises(DocumentUnreadableError) as caught:
            located(uri)
        assert caught.value.failure.code == "bad_uri"


@pytest.mark.parametrize(
    ("uri", "code"),
    [
        ("ipfs://", "bad_uri"),
        ("ipfs://nonsense/1.json", "bad_uri"),
        ("ipfs://../../etc/passwd", "bad_uri"),
        (f"ipfs://{CID[:-1]}/1.json", "bad_uri"),
        (f"ipfs://{CID}/{'a' * 5000}", "bad_uri"),
        ("ar://name/1.json", "bad_uri"),
        ("ar://", "bad_uri"),
        ("ipns://docs.ipfs.tech", "bad_scheme"),
        ("file:///etc/passwd", "bad_scheme"),
        ("javascript:alert(1)", "bad_scheme"),
        ("1.json", "bad_scheme"),
        ("", "bad_scheme"),
        ("http://a.example/1", "bad_scheme"),
        ("http://2130706433/", "bad_scheme"),
        ("https://[::1", "bad_uri"),
        (f"ipfs://{CID}/\x00x", "bad_uri"),
        (f"ipfs://{CID}/%FF.json", "bad_uri"),
        (f"ipfs://{CID}/\ud800.json", "bad_uri"),
    ],
    ids=range(18),
)
def test_what_names_nothing_that_we_read_is_refused(uri: str, code: str) -> None:
    with pytest.raises(DocumentUnreadableError) as caught:
        located(uri)
    assert caught.value.failure.code == code


@pytest.mark.parametrize(
    "uri", [f"ar://{TRANSACTION}/1.json", f"ar://{TRANSACTION}/1.json?x=1", f"https://arweave.net/{TRANSACTION}/1.json"]
)
def test_arweave_goes_through_the_configured_gateway(uri: str) -> None:
    found = located(uri)
    assert found.kind == "arweave"
    assert str(found.candidates[0].url) == f"https://arweave.example/{TRANSACTION}/1.json"


def test_any_other_address_is_read_where_it_is() -> None:
    found = located("https://a.example/ipfs/not-a-cid?id=1")
    assert found.kind == "web"
    assert [(str(candidate.url), candidate.configured) for candidate in found.candidates] == [
        ("https://a.example/ipfs/not-a-cid?id=1", False)
    ]


def test_a_gateway_of_ours_is_a_strangers_host_where_a_stranger_names_it() -> None:
    """The way past the gate belongs to content, not to a host: no other path of it can be asked for."""
    found = located("https://one.example/api/v0/shutdown")
    assert [candidate.configured for candidate in found.candidates] == [False]


def test_only_a_raw_block_says_what_its_bytes_are() -> None:
    raw = located("ipfs://bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e").content
    assert raw is not None
    assert raw.digest == "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9"  # "hello world"
    for uri in (f"ipfs://{CID}", "ipfs://bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e/1.json"):
        other = located(uri).content
        assert other is not None
        assert other.digest is None
