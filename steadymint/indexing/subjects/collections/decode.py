"""Decodes the events of collections: their creation, and each change of their settings."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from steadymint.indexing.reading.logs import Log
from steadymint.indexing.reading.words import (
    MAX_NAME,
    MAX_URI,
    UndecodableError,
    abi,
    address_of,
    expect,
    line_of,
    text_of,
)
from steadymint.indexing.subjects.collections import topics

# `string` is read as `bytes`, which has the same layout, so that text that is not UTF-8 does not lose the collection.
_INIT_AS_BYTES: Final = topics.INIT_TYPE.replace("string", "bytes")


class MintConfig(NamedTuple):
    """Mint rules as the contract holds them; 0 means "no such rule"."""

    price: int
    start_time: int
    end_time: int
    limit_per_wallet: int
    allowlist_root: str

    def to_json(self) -> dict[str, Any]:
        return {
            "price": str(self.price),
            "startTime": str(self.start_time),
            "endTime": str(self.end_time),
            "limitPerWallet": str(self.limit_per_wallet),
            "allowlistRoot": self.allowlist_root,
        }


class Creation(NamedTuple):
    """`CollectionCreated`, decoded."""

    collection: str
    creator: str
    salt: str
    kind: int
    implementation: str
    owner: str
    name: str
    symbol: str
    base_uri: str
    contract_uri: str
    max_supply: int
    royalty_bps: int
    royalty_receiver: str
    payout: str
    mint: MintConfig


def creation_of(log: Log) -> Creation:
    """The `CollectionCreated` in a log. Text is cut to the catalog's lengths; NUL and invalid UTF-8 are replaced."""
    expect(log, 4)
    kind, implementation, init = abi(["uint8", "address", _INIT_AS_BYTES], log.data)
    owner, name, symbol, base_uri, contract_uri, max_supply, bps, receiver, payout, mint = init
    return Creation(
        collection=address_of(log.topics[1]),
        creator=address_of(log.topics[2]),
        salt=log.topics[3],
        kind=kind,
        implementation=implementation,
        owner=owner,
        name=line_of(name, MAX_NAME),
        symbol=line_of(symbol, MAX_NAME),
        base_uri=text_of(base_uri, MAX_URI),
        contract_uri=text_of(contract_uri, MAX_URI),
        max_supply=max_supply,
        royalty_bps=bps,
        royalty_receiver=receiver,
        payout=payout,
        mint=_config(mint),
    )


def collection_event(log: Log) -> dict[str, Any]:
    """The members of a collection-level event as JSON: amounts as decimal strings, addresses lower case."""
    decoder = _COLLECTION_EVENTS.get(log.topics[0])
    if decoder is None:
        raise UndecodableError("not a collection-level event")
    return decoder(log)


def _config(raw: tuple[int, int, int, int, bytes]) -> MintConfig:
    price, start, end, limit, root = raw
    return MintConfig(price, start, end, limit, "0x" + root.hex())


def _mint_config_set(log: Log) -> dict[str, Any]:
    expect(log, 1, 5)
    (config,) = abi(["(uint128,uint64,uint64,uint32,bytes32)"], log.data)
    return _config(config).to_json()


def _royalty_set(log: Log) -> dict[str, Any]:
    expect(log, 1, 2)
    receiver, bps = abi(["address", "uint96"], log.data)
    return {"receiver": receiver, "bps": str(bps)}


def _one_address(name: str) -> Any:
    def decode(log: Log) -> dict[str, Any]:
        expect(log, 1, 1)
        return {name: abi(["address"], log.data)[0]}

    return decode


def _base_uri_set(log: Log) -> dict[str, Any]:
    expect(log, 1)
    return {"baseUri": text_of(abi(["bytes"], log.data)[0], MAX_URI)}


def _nothing(log: Log) -> dict[str, Any]:
    expect(log, 1, 0)
    return {}


def _ownership(log: Log) -> dict[str, Any]:
    expect(log, 3, 0)
    return {"previousOwner": address_of(log.topics[1]), "newOwner": address_of(log.topics[2])}


def _role(log: Log) -> dict[str, Any]:
    expect(log, 4, 0)
    return {"role": log.topics[1], "account": address_of(log.topics[2]), "sender": address_of(log.topics[3])}


_COLLECTION_EVENTS: Final[dict[str, Any]] = {
    topics.MINT_CONFIG_SET: _mint_config_set,
    topics.ROYALTY_SET: _royalty_set,
    topics.PAYOUT_SET: _one_address("payout"),
    topics.BASE_URI_SET: _base_uri_set,
    topics.CONTRACT_URI_UPDATED: _nothing,
    topics.METADATA_FROZEN: _nothing,
    topics.PAUSED: _one_address("account"),
    topics.UNPAUSED: _one_address("account"),
    topics.OWNERSHIP_TRANSFERRED: _ownership,
    topics.ROLE_GRANTED: _role,
    topics.ROLE_REVOKED: _role,
}
