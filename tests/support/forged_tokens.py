"""Logs of fungible tokens made by hand, and random lives of them."""

from __future__ import annotations

import random
from typing import Any

from steadymint.domain.intents.launch import INIT_TYPE
from steadymint.domain.types import ZERO_ADDRESS
from steadymint.indexing.reading.logs import Log
from steadymint.indexing.subjects.fungibles.topics import LAUNCHED, TRANSFER
from tests.support.forged_logs import ALICE, BOB, CAROL, MAX, TOKEN_FACTORY, abi, log, topic

COIN, POINTS = "0x" + "c1" * 20, "0x" + "c2" * 20
PEOPLE = (ALICE, BOB, CAROL)


def launch(token: str = COIN, *, salt: str | None = None, creator: str = ALICE, **changes: Any) -> Log:
    """What the factory says. `changes` are members of `TokenInit`, or of the log."""
    init = {
        "owner": ZERO_ADDRESS,
        "recipient": ALICE,
        "name": "Coin",
        "symbol": "COIN",
        "decimals": 18,
        "supply": 100,
        "cap": 0,
        "burnable": True,
        "permit": True,
        "uri": "ipfs://coin",
    }
    members = {name: changes.pop(name, value) for name, value in init.items()}
    data = abi(["address", INIT_TYPE], BOB, tuple(members.values()))
    return log(TOKEN_FACTORY, [LAUNCHED, topic(token), topic(creator), salt or topic(int(token, 16))], data, **changes)


def moved(sender: str, recipient: str, amount: int, token: str = COIN, **place: Any) -> Log:
    return log(token, [TRANSFER, topic(sender), topic(recipient)], abi(["uint256"], amount), **place)


def life(chance: random.Random, blocks: int) -> list[list[Log]]:
    """Two tokens, launched in the first block and somewhere later, that are minted, moved and burned."""
    told: list[list[Log]] = []
    held: dict[tuple[str, str], int] = {}
    born = {COIN: 1, POINTS: chance.randrange(2, blocks)}
    for block in range(1, blocks + 1):
        said: list[Log] = []
        for token in (token for token, at in born.items() if at == block):
            said += [launch(token, block=block, index=len(said))]
            said += [moved(ZERO_ADDRESS, ALICE, MAX // 2 + 1, token, block=block, index=len(said))]
            held[token, ALICE] = MAX // 2 + 1
        for _ in range(chance.randrange(4)):
            token = chance.choice([token for token, at in born.items() if at <= block])
            sender, recipient = chance.choice((*PEOPLE, ZERO_ADDRESS)), chance.choice((*PEOPLE, ZERO_ADDRESS))
            amount = chance.choice((0, 1, 10**18, held.get((token, sender), 0)))
            if sender != ZERO_ADDRESS:
                amount = min(amount, held.get((token, sender), 0))
                held[token, sender] = held.get((token, sender), 0) - amount
            if recipient != ZERO_ADDRESS:
                held[token, recipient] = held.get((token, recipient), 0) + amount
            said.append(moved(sender, recipient, amount, token, block=block, index=len(said)))
        told.append(said)
    return told
