"""Decodes the events of fungible tokens: their launch, and what moves them."""

from __future__ import annotations

from typing import Final, NamedTuple

from steadymint.domain.intents.launch import INIT_TYPE, MAX_DECIMALS
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
    word,
)

# `string` is read as `bytes`, which has the same layout, so that text that is not UTF-8 does not lose the token.
_INIT_AS_BYTES: Final = INIT_TYPE.replace("string", "bytes")


class Launch(NamedTuple):
    """`TokenLaunched`, decoded. Amounts are in the smallest unit."""

    token: str
    creator: str
    salt: str
    owner: str
    name: str
    symbol: str
    decimals: int
    supply: int
    cap: int
    burnable: bool
    permit: bool
    contract_uri: str


class Moved(NamedTuple):
    """`Transfer` of EIP-20."""

    sender: str
    recipient: str
    amount: int


def launch_of(log: Log) -> Launch:
    """The `TokenLaunched` in a log. Text is cut to the catalog's lengths; NUL and invalid UTF-8 are replaced."""
    expect(log, 4)
    _, init = abi(["address", _INIT_AS_BYTES], log.data)
    owner, _, name, symbol, decimals, supply, cap, burnable, permit, contract_uri = init
    if decimals > MAX_DECIMALS:
        raise UndecodableError("more decimals than the contract takes")
    return Launch(
        token=address_of(log.topics[1]),
        creator=address_of(log.topics[2]),
        salt=log.topics[3],
        owner=owner,
        name=line_of(name, MAX_NAME),
        symbol=line_of(symbol, MAX_NAME),
        decimals=decimals,
        supply=supply,
        cap=cap,
        burnable=burnable,
        permit=permit,
        contract_uri=text_of(contract_uri, MAX_URI),
    )


def moved_of(log: Log) -> Moved:
    """The `Transfer` in a log of a fungible token: two accounts are topics, the amount is data."""
    expect(log, 3, 1)
    return Moved(address_of(log.topics[1]), address_of(log.topics[2]), word(log.data, 0))
