"""Logs made by hand, of any shape."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from eth_abi.abi import encode

from steadymint.chain.nodes import chain
from steadymint.domain.market.others.roles import FILLS
from steadymint.domain.market.others.seaport import EARLIER_ROLES, ROLE_1_1
from steadymint.domain.types import ChainId
from steadymint.indexing.batch import ERC721, ERC1155, Batch, Child, collection_id_of
from steadymint.indexing.fold import Fold
from steadymint.indexing.reading.columns import Scanner
from steadymint.indexing.reading.logs import Log
from steadymint.indexing.reading.replies import Reply
from steadymint.indexing.subjects.movements.topics import (
    CONSECUTIVE_TRANSFER,
    TRANSFER,
    TRANSFER_BATCH,
    TRANSFER_SINGLE,
)

CHAIN = ChainId("eip155:31337")
FACTORY = "0x" + "fa" * 20
CATS = "0x" + "ca" * 20
EDITIONS = "0x" + "ed" * 20
STRANGER = "0x" + "57" * 20
SEAPORT = "0x" + "5e" * 20
WRAPPED = "0x" + "e7" * 20
TOKEN_FACTORY = "0x" + "7f" * 20
OTHER_MARKETS = {role: f"0x{number:040x}" for number, role in enumerate((*FILLS, ROLE_1_1, *EARLIER_ROLES), 0xAA00)}
"""Role -> the contract of another market."""
ROLES = {
    FACTORY: chain.FACTORY,
    SEAPORT: chain.SEAPORT,
    WRAPPED: chain.WRAPPED_NATIVE,
    TOKEN_FACTORY: chain.TOKEN_FACTORY,
    **{contract: role for role, contract in OTHER_MARKETS.items()},
}
ZERO = "0x" + "0" * 40
ALICE, BOB, CAROL = ("0x" + digit * 40 for digit in "abc")
KNOWN = {
    CATS: Child(collection_id_of(CHAIN, CATS), ERC721),
    EDITIONS: Child(collection_id_of(CHAIN, EDITIONS), ERC1155),
}
MAX = 2**256 - 1


def topic(value: int | str) -> str:
    return f"0x{value:064x}" if isinstance(value, int) else "0x" + "0" * 24 + value[2:]


def log(
    address: str, topics: Sequence[str], data: str = "0x", *, block: int = 10, index: int = 0, **changes: Any
) -> Log:
    given = {
        "address": address,
        "topics": list(topics),
        "data": data,
        "block_number": hex(block),
        "block_hash": f"0x{block:064x}",
        "transaction_hash": f"0x{block << 32 | index:064x}",
        "log_index": hex(index),
        "block_timestamp": hex(1_700_000_000 + 12 * block),
    } | changes
    return Log(**given)


def transfer(sender: str, recipient: str, token_id: int, *, contract: str = CATS, **place: Any) -> Log:
    return log(contract, [TRANSFER, topic(sender), topic(recipient), topic(token_id)], **place)


def consecutive(first: int, last: int, sender: str = ZERO, recipient: str = ALICE, **place: int) -> Log:
    topics = [CONSECUTIVE_TRANSFER, topic(first), topic(sender), topic(recipient)]
    return log(CATS, topics, words(last), **place)


def single(sender: str, recipient: str, token_id: int, quantity: int, *, contract: str = EDITIONS, **place: Any) -> Log:
    topics = [TRANSFER_SINGLE, topic(BOB), topic(sender), topic(recipient)]
    return log(contract, topics, abi(["uint256", "uint256"], token_id, quantity), **place)


def batch(
    sender: str,
    recipient: str,
    ids: Sequence[int],
    quantities: Sequence[int],
    *,
    contract: str = EDITIONS,
    **place: Any,
) -> Log:
    topics = [TRANSFER_BATCH, topic(BOB), topic(sender), topic(recipient)]
    return log(contract, topics, abi(["uint256[]", "uint256[]"], list(ids), list(quantities)), **place)


def abi(types: Sequence[str], *values: Any) -> str:
    return "0x" + encode(types, values).hex()


def words(*values: int) -> str:
    return "0x" + "".join(f"{value:064x}" for value in values)


def folded(logs: Iterable[Log], known: Mapping[str, Child] = KNOWN) -> Batch:
    fold = Fold(CHAIN, ROLES, known)
    fold.add(list(logs))
    return fold.batch


def changed_nothing(batch: Batch) -> bool:
    """Whether not one row would be written."""
    return not (
        batch.movements
        or batch.tokens
        or batch.balances
        or batch.created
        or batch.events
        or batch.sightings
        or batch.logs
    )


def reply_of(logs: Sequence[Log], scanner: Scanner | None = None) -> Reply:
    """What a node answers that has these logs, with every member that a node writes; read by columns if they allow it
    and a scanner is given."""
    written = [
        {
            "address": one.address,
            "topics": one.topics,
            "data": one.data,
            "blockHash": one.block_hash,
            "blockNumber": one.block_number,
            "blockTimestamp": one.block_timestamp,
            "transactionHash": one.transaction_hash,
            "transactionIndex": one.transaction_index or hex(int(one.log_index, 16) // 3),
            "logIndex": one.log_index,
            "removed": one.removed,
        }
        for one in logs
    ]
    text = json.dumps({"jsonrpc": "2.0", "id": 1, "result": written}, separators=(",", ":"))
    return Reply.of(text.encode(), scanner)
