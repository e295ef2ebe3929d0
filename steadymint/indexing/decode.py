"""From JSON-RPC bytes to typed logs, and from a log's words to values. Strict, bounded, and honest about failure.

A log's data is whatever some contract chose to write. Every function here either returns values of exactly the shape
that the event's signature promises or raises `UndecodableError`; nothing is allocated before its length was compared
with the bytes that are really there.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import msgspec
from eth_abi.abi import decode as abi_decode
from eth_abi.exceptions import DecodingError

from steadymint.domain.types import UINT256_MAX
from steadymint.indexing import events
from steadymint.metadata.texts import as_text

_WORD: Final = 64  # hex digits of 32 bytes
_ADDRESS_PADDING: Final = "0" * 24
MAX_NAME: Final = 256
MAX_URI: Final = 2048
"""Characters kept of text that a contract wrote. It may write megabytes; the catalog shows a line."""

# `string` is read as `bytes`: same layout, and what is not UTF-8 is our business, not a reason to lose the collection.
_INIT_AS_BYTES: Final = events.INIT_TYPE.replace("string", "bytes")


class UndecodableError(ValueError):
    """The log does not have the shape of the event whose topic it carries."""


class Log(msgspec.Struct, gc=False, rename="camel"):
    """One entry of `eth_getLogs`. Numbers stay hex until they are needed."""

    address: str
    topics: list[str]
    data: str
    block_number: str
    block_hash: str
    transaction_hash: str
    log_index: str
    block_timestamp: str | None = None
    removed: bool = False


class Header(msgspec.Struct, gc=False, rename="camel"):
    """What is needed of a block's header."""

    number: str
    hash: str
    parent_hash: str
    timestamp: str
    logs_bloom: str = ""

    @property
    def height(self) -> int:
        return int(self.number, 16)

    @property
    def time(self) -> int:
        """Unix seconds."""
        return int(self.timestamp, 16)


class RpcFault(msgspec.Struct):
    """The `error` member of a JSON-RPC reply."""

    code: int = 0
    message: str = ""
    data: Any = None


class LogsReply(msgspec.Struct):
    result: list[Log] | None = None
    error: RpcFault | None = None


logs_reply: Final = msgspec.json.Decoder(LogsReply)


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


class Birth(NamedTuple):
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


class Mint(NamedTuple):
    """`Minted` or `MintedBatch`, decoded. `quantities` maps token id to quantity, summed."""

    reference: str
    minter: str
    recipient: str
    quantities: dict[int, int]
    paid: int


def word(data: str, index: int) -> int:
    """The `index`-th 32-byte word of `data` (0x hex) as an unsigned integer."""
    start = 2 + index * _WORD
    return int(data[start : start + _WORD], 16)


def words_of(data: str) -> int:
    """How many whole words `data` holds. Raises UndecodableError unless it is a whole number of them."""
    digits = len(data) - 2
    if digits < 0 or digits % _WORD or not data.startswith("0x"):
        raise UndecodableError("data is not a whole number of words")
    return digits // _WORD


def address_of(topic: str) -> str:
    """The address in an indexed topic. Dirty upper bytes are refused: no compiler writes them."""
    if len(topic) != 66 or topic[2:26] != _ADDRESS_PADDING:
        raise UndecodableError("topic is not an address")
    return "0x" + topic[26:]


def expect(log: Log, topics: int, words: int | None = None) -> None:
    """Raise UndecodableError unless the log has so many topics and exactly so many words of data."""
    if len(log.topics) != topics:
        raise UndecodableError(f"{len(log.topics)} topics where {topics} belong")
    if words is not None and words_of(log.data) != words:
        raise UndecodableError("data has another length than the event")


def uint_array(data: str, total: int, head: int) -> list[int]:
    """The `uint256[]` whose offset stands in word `head` of `data`, which has `total` words.

    The length is compared with the words that follow before anything is read, so that 2^255 costs nothing; an offset
    that points back into the head or outside is refused.
    """
    offset = word(data, head)
    if offset % 32 or not head < (start := offset // 32) < total:
        raise UndecodableError("array offset lies outside the data")
    length = word(data, start)
    if length > total - start - 1:
        raise UndecodableError("array is longer than the data")
    first = 2 + (start + 1) * _WORD
    return [int(data[at : at + _WORD], 16) for at in range(first, first + length * _WORD, _WORD)]


def pairs_of(data: str, heads: int) -> list[tuple[int, int]]:
    """Two parallel arrays, ids and quantities, as pairs.

    `heads` is the number of head words, the first two of which are the offsets of the arrays.
    """
    total = words_of(data)
    if total < heads + 2:
        raise UndecodableError("data is too short for two arrays")
    ids, quantities = uint_array(data, total, 0), uint_array(data, total, 1)
    if len(ids) != len(quantities):
        raise UndecodableError("ids and quantities differ in length")  # EIP-1155: they MUST match
    return list(zip(ids, quantities, strict=True))


def mint_of(log: Log) -> Mint:
    """`Minted`: ids run from `firstTokenId`."""
    expect(log, 4, 3)
    first, quantity, paid = word(log.data, 0), word(log.data, 1), word(log.data, 2)
    # Each id has its own Transfer, whose log costs more gas than 2^20 of them would find in any block.
    if not 0 < quantity <= 1 << 20 or first + quantity - 1 > UINT256_MAX:
        raise UndecodableError("no block holds a mint of this many ids")
    quantities = dict.fromkeys(range(first, first + quantity), 1)
    return Mint(log.topics[1], address_of(log.topics[2]), address_of(log.topics[3]), quantities, paid)


def mint_batch_of(log: Log) -> Mint:
    """`MintedBatch`."""
    expect(log, 4)
    quantities: dict[int, int] = {}
    for token_id, quantity in pairs_of(log.data, 3):
        quantities[token_id] = quantities.get(token_id, 0) + quantity
    paid = word(log.data, 2)
    return Mint(log.topics[1], address_of(log.topics[2]), address_of(log.topics[3]), quantities, paid)


def birth_of(log: Log) -> Birth:
    """`CollectionCreated`. Text is cut to what the catalog keeps, NUL and broken UTF-8 replaced."""
    expect(log, 4)
    kind, implementation, init = _abi(["uint8", "address", _INIT_AS_BYTES], log.data)
    owner, name, symbol, base_uri, contract_uri, max_supply, bps, receiver, payout, mint = init
    return Birth(
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


def text_of(raw: bytes, longest: int) -> str:
    """What a contract wrote, as text that Postgres takes: valid UTF-8, no NUL, at most `longest` characters."""
    return _utf8(raw, longest).replace("\0", "\ufffd")[:longest]


def line_of(raw: bytes, longest: int) -> str:
    """The same as one line, as documents' names are taken: it stands in lists among others' and in terminals, and must
    not turn the one or clear the other."""
    return as_text(_utf8(raw, longest), longest) or ""


def _utf8(raw: bytes, longest: int) -> str:
    return raw[: longest * 4].decode("utf-8", "replace")


def _abi(types: list[str], data: str) -> tuple[Any, ...]:
    try:
        return abi_decode(types, bytes.fromhex(data[2:]))
    except (DecodingError, ValueError, OverflowError) as error:
        raise UndecodableError("data does not decode") from error


def _config(raw: tuple[int, int, int, int, bytes]) -> MintConfig:
    price, start, end, limit, root = raw
    return MintConfig(price, start, end, limit, "0x" + root.hex())


def _mint_config_set(log: Log) -> dict[str, Any]:
    expect(log, 1, 5)
    (config,) = _abi(["(uint128,uint64,uint64,uint32,bytes32)"], log.data)
    return _config(config).to_json()


def _royalty_set(log: Log) -> dict[str, Any]:
    expect(log, 1, 2)
    receiver, bps = _abi(["address", "uint96"], log.data)
    return {"receiver": receiver, "bps": str(bps)}


def _one_address(name: str) -> Any:
    def decode(log: Log) -> dict[str, Any]:
        expect(log, 1, 1)
        return {name: _abi(["address"], log.data)[0]}

    return decode


def _base_uri_set(log: Log) -> dict[str, Any]:
    expect(log, 1)
    return {"baseUri": text_of(_abi(["bytes"], log.data)[0], MAX_URI)}


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
    events.MINT_CONFIG_SET: _mint_config_set,
    events.ROYALTY_SET: _royalty_set,
    events.PAYOUT_SET: _one_address("payout"),
    events.BASE_URI_SET: _base_uri_set,
    events.CONTRACT_URI_UPDATED: _nothing,
    events.METADATA_FROZEN: _nothing,
    events.PAUSED: _one_address("account"),
    events.UNPAUSED: _one_address("account"),
    events.OWNERSHIP_TRANSFERRED: _ownership,
    events.ROLE_GRANTED: _role,
    events.ROLE_REVOKED: _role,
}
