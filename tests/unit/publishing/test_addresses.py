"""Where readers look for a token's document, by the rules of both standards."""

from __future__ import annotations

import pytest

from steadymint.domain.media import Cid
from steadymint.domain.types import Standard
from steadymint.publishing.addresses import IpfsAddress, base_uri, file_name, fits, parse_ipfs, token_uri

CID = Cid("bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi")
LARGEST = 2**256 - 1


@pytest.mark.parametrize("token_id", [0, 1, 10, 314592, LARGEST])
@pytest.mark.parametrize("standard", list(Standard))
def test_a_token_uri_leads_to_the_file_of_that_token(standard: Standard, token_id: int) -> None:
    address = parse_ipfs(token_uri(standard, base_uri(standard, CID), token_id))
    assert address == IpfsAddress(CID, file_name(standard, token_id))
    assert fits(standard, file_name(standard, token_id))


def test_an_erc1155_id_is_64_lower_case_hex_digits() -> None:
    """The example of ERC-1155, "Metadata": 314592."""
    assert file_name(Standard.ERC1155, 314592) == "000000000000000000000000000000000000000000000000000000000004cce0"
    assert token_uri(Standard.ERC1155, "https://x.example/{id}/{id}.json", 255) == (
        f"https://x.example/{255:064x}/{255:064x}.json"
    )


def test_an_erc721_contract_answers_base_and_decimal_id() -> None:
    assert token_uri(Standard.ERC721, "ipfs://cid/{id}/", 12) == "ipfs://cid/{id}/12"
    assert token_uri(Standard.ERC721, "", 12) == ""  # as OpenZeppelin and ERC721A have it


def test_files_of_one_standard_are_none_of_the_other() -> None:
    for token_id in (0, 1, 255, 10**18):
        assert not fits(Standard.ERC1155, file_name(Standard.ERC721, token_id))
        assert not fits(Standard.ERC721, file_name(Standard.ERC1155, token_id))
    for name in ("01", "1.json", "", "-1", "0x1", "A" * 64, "1" * 79):
        assert not any(fits(standard, name) for standard in Standard), name


@pytest.mark.parametrize(
    ("uri", "address"),
    [
        (f"ipfs://{CID}", IpfsAddress(CID, "")),
        (f"ipfs://{CID}/", IpfsAddress(CID, "")),
        (f"ipfs://ipfs/{CID}/a/b", IpfsAddress(CID, "a/b")),
        (f"ipfs://{CID}/{{id}}.json", IpfsAddress(CID, "{id}.json")),
        (f"https://gateway.example/ipfs/{CID}/", None),
        ("ipfs://short/", None),
        (f"ipfs://{CID}?x=1", IpfsAddress(CID, "")),
        (f"ipfs://{CID}/Ape%20%237.json?x=1", IpfsAddress(CID, "Ape #7.json")),
        (f"ipfs://{CID}/Ape #7.json", IpfsAddress(CID, "Ape #7.json")),
        (f"ipfs://{CID}/../x", None),
        (f"ipfs:// {CID}", None),
        ("", None),
    ],
)
def test_an_ipfs_uri_is_taken_apart(uri: str, address: IpfsAddress | None) -> None:
    assert parse_ipfs(uri) == address
