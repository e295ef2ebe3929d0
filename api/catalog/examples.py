"""One example for each answer of the catalog; a test validates them against what OpenAPI says.

None holds a null: FastAPI drops nulls from the examples of its document.
"""

from __future__ import annotations

from typing import Any, Final

from api.http.shown import ADDRESS_EXAMPLE, CONTRACT_EXAMPLE, TIME_EXAMPLE, TX_EXAMPLE

_CHAIN: Final = "eip155:31337"
CURSOR: Final = "AWkE9wBbIjIwMjYtMDEtMzFUMTI6MDA6MDBaIl0"

COLLECTION: Final[dict[str, Any]] = {
    "chainId": _CHAIN,
    "contract": CONTRACT_EXAMPLE,
    "standard": "erc721",
    "slug": "first-light-5fbdb231",
    "name": "First Light",
    "symbol": "LIGHT",
    "links": {},
    "creator": ADDRESS_EXAMPLE,
    "owner": ADDRESS_EXAMPLE,
    "maxSupply": "10000",
    "totalSupply": "11",
    "totalMinted": "11",
    "royaltyBps": 500,
    "royaltyReceiver": ADDRESS_EXAMPLE,
    "payoutAddress": ADDRESS_EXAMPLE,
    "mint": {
        "price": "10000000000000000",
        "limitPerWallet": 10,
        "startAt": TIME_EXAMPLE,
        "endAt": "2027-01-31T12:00:00Z",
        "allowlistRoot": "0x" + "cd" * 32,
    },
    "baseUri": "ipfs://bafybeihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku/",
    "paused": False,
    "metadataFrozen": False,
    "verified": False,
    "indexStatus": "synced",
    "deployedBlock": 12,
    "deployedTxHash": TX_EXAMPLE,
    "createdAt": TIME_EXAMPLE,
    "updatedAt": TIME_EXAMPLE,
}
FUNGIBLE: Final[dict[str, Any]] = {
    "chainId": _CHAIN,
    "contract": CONTRACT_EXAMPLE,
    "name": "Harbour Coin",
    "symbol": "HRBR",
    "decimals": 18,
    "supply": "1000000000000000000000000",
    "cap": "5000000000000000000000000",
    "mintOnce": False,
    "burnable": True,
    "permit": True,
    "creator": ADDRESS_EXAMPLE,
    "holders": 2,
    "transactions": 3,
    "txHash": TX_EXAMPLE,
    "blockNumber": 12,
    "createdAt": TIME_EXAMPLE,
    "description": "What the boats are paid in.",
    "iconUrl": "/media/9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
}
FUNGIBLE_HOLDER: Final[dict[str, Any]] = {"address": ADDRESS_EXAMPLE, "balance": "999999999999999999999999"}
FUNGIBLE_TRANSACTION: Final[dict[str, Any]] = {
    "type": "transfer",
    "from": ADDRESS_EXAMPLE,
    "to": "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
    "amount": "1",
    "txHash": TX_EXAMPLE,
    "blockNumber": 13,
    "logIndex": 0,
    "timestamp": TIME_EXAMPLE,
}
TOKEN: Final[dict[str, Any]] = {
    "chainId": _CHAIN,
    "contract": CONTRACT_EXAMPLE,
    "tokenId": "1",
    "standard": "erc721",
    "owner": ADDRESS_EXAMPLE,
    "supply": "1",
    "burned": False,
    "mintedBlock": 14,
    "mintedAt": TIME_EXAMPLE,
    "updatedAt": TIME_EXAMPLE,
    "name": "Lighthouse #1",
    "imageUrl": "/ipfs/bafybeihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku/1.png",
    "imageUri": "ipfs://bafybeihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku/1.png",
    "metadataUrl": "ipfs://bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi/1",
    "metadataStatus": "ok",
    "rank": 7,
    "price": "0.08",
    "currency": "ETH",
}
TOKEN_DETAIL: Final = TOKEN | {
    "description": "The first of the lights.",
    "attributes": [
        {
            "traitType": "Background",
            "value": "Sunset",
            "valueType": "string",
            "occurrences": 3,
            "frequency": 0.25,
            "floorPrice": "0.08",
        },
        {
            "traitType": "Height",
            "value": 41,
            "valueType": "number",
            "displayType": "number",
            "maxValue": 60,
            "occurrences": 1,
            "frequency": 0.0909,
        },
    ],
    "rarity": [{"method": "openrarity", "source": "steadymint", "rank": 7, "score": 1.0342}],
    "ranked": 11,
    "listing": {
        "price": "0.08",
        "currency": "ETH",
        "listedAt": TIME_EXAMPLE,
        "expiresAt": "2026-02-28T12:00:00Z",
    },
    "refreshedAt": TIME_EXAMPLE,
    "mintedTxHash": TX_EXAMPLE,
}
HELD_TOKEN: Final = TOKEN | {
    "quantity": "1",
    "collection": {"name": "First Light", "slug": "first-light-5fbdb231"},
}
HELD_COLLECTION: Final[dict[str, Any]] = {
    "chainId": _CHAIN,
    "contract": CONTRACT_EXAMPLE,
    "standard": "erc721",
    "slug": "first-light-5fbdb231",
    "name": "First Light",
    "verified": True,
    "quantity": "3",
    "floorPrice": "0.08",
    "floorCurrency": "ETH",
    "updatedAt": TIME_EXAMPLE,
}
ACCOUNT: Final[dict[str, Any]] = {
    "address": ADDRESS_EXAMPLE,
    "collectionCount": 1,
    "items": "3",
    "collections": [HELD_COLLECTION],
    "market": [
        {
            "chainId": _CHAIN,
            "listings": 1,
            "sales": 0,
            "purchases": 2,
            "volumeSold": "0",
            "volumePurchased": "0.16",
        }
    ],
}
SEARCH: Final[dict[str, Any]] = {
    "collections": [COLLECTION],
    "tokens": [TOKEN | {"collection": HELD_TOKEN["collection"]}],
}
OWNER: Final[dict[str, Any]] = {
    "owner": ADDRESS_EXAMPLE,
    "quantity": "3",
    "share": 0.2727,
    "updatedAt": TIME_EXAMPLE,
}
HOLDER: Final[dict[str, Any]] = {
    "owner": ADDRESS_EXAMPLE,
    "tokenId": "1",
    "quantity": "1",
    "updatedAt": TIME_EXAMPLE,
}
TRAIT: Final[dict[str, Any]] = {
    "traitType": "Background",
    "value": "Sunset",
    "valueType": "string",
    "occurrences": 3,
    "frequency": 0.25,
}
ACTIVITY: Final[dict[str, Any]] = {
    "id": "0d4c9f2e-2f7b-5a0f-9a43-8c1f0a6f2b11",
    "type": "mint",
    "chainId": _CHAIN,
    "contract": CONTRACT_EXAMPLE,
    "tokenId": "1",
    "from": "0x0000000000000000000000000000000000000000",
    "to": ADDRESS_EXAMPLE,
    "quantity": "1",
    "price": "0.01",
    "currency": "ETH",
    "txHash": TX_EXAMPLE,
    "blockNumber": 14,
    "logIndex": 1,
    "timestamp": TIME_EXAMPLE,
}
STATS: Final[dict[str, Any]] = {
    "chainId": _CHAIN,
    "contract": CONTRACT_EXAMPLE,
    "items": 11,
    "owners": 2,
    "totalSupply": "11",
    "totalMinted": "11",
    "listed": 0,
    "sales": 0,
    "volumeDay": "0",
    "volumeWeek": "0",
    "volumeAll": "0",
    "salesDay": 0,
    "salesWeek": 0,
    "updatedAt": TIME_EXAMPLE,
}


def page_of(item: dict[str, Any]) -> dict[str, Any]:
    """A page that has another after it."""
    return {"items": [item], "nextCursor": CURSOR}
