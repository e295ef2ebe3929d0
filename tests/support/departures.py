"""Random movements of imported collections with the senders of their transactions, and what should be said of them."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from steadymint.domain.errors import UpstreamUnavailableError
from steadymint.indexing.reading.logs import Log
from steadymint.indexing.reading.lookups import Answer, Lookups, Question
from steadymint.indexing.subjects.approvals.topics import APPROVAL_FOR_ALL
from steadymint.indexing.subjects.orders.topics import APPROVAL
from tests.support.forged_logs import CATS, EDITIONS, ZERO, batch, log, single, topic, transfer, words

PEOPLE = tuple(f"0x{number:040x}" for number in range(0xB0B0, 0xB0B6))
WALLET = PEOPLE[0]
"""It has code."""
TOKENS = range(4)

Key = tuple[int, int, int]
"""Block, log index, and place within a batch."""


@dataclass
class ForgedChain:
    """A chain of the blocks 1, 2, ..., and who sent its transactions."""

    blocks: list[list[Log]]
    senders: dict[str, str]

    def then(self, other: ForgedChain, block: int) -> ForgedChain:
        """What follows in the other chain after this block of ours."""
        return ForgedChain(self.blocks[:block] + other.blocks[block:], self.senders | other.senders)


@dataclass
class Forger:
    """Makes the logs of honest contracts, and at times lies. Half of the movements are sent by somebody else than
    the owner."""

    chance: random.Random
    name: int
    lies: float
    approvals: float
    senders: dict[str, str] = field(default_factory=dict[str, str])
    _owners: dict[int, str] = field(default_factory=dict[int, str])
    _held: dict[tuple[int, str], int] = field(default_factory=dict[tuple[int, str], int])

    def chain(self, blocks: int) -> ForgedChain:
        return ForgedChain([self._block(number) for number in range(1, blocks + 1)], self.senders)

    def _block(self, number: int) -> list[Log]:
        said: list[Log] = []
        for nth in range(self.chance.choice((0, 1, 1, 2))):
            tx, self._owner = f"0x{self.name << 128 | number << 32 | nth:064x}", self._anybody()
            for _ in range(self.chance.choice((1, 1, 2))):
                place = {"block": number, "index": len(said), "transaction_hash": tx, "transaction_index": hex(nth)}
                said.append(self._next(place))
            self.senders[tx] = self.chance.choice((self._owner, self._anybody()))
        return said

    def _next(self, place: dict[str, object]) -> Log:
        if self.chance.random() < self.approvals:
            return self._approval(place)
        return self.chance.choice((self._cat, self._edition))(place)

    def _approval(self, place: dict[str, object]) -> Log:
        operator = self.chance.choice((self._anybody(), ZERO))
        self._owner = self._anybody()
        if self.chance.random() < 0.5:
            said = words(self.chance.randrange(2))
            contract = self.chance.choice((CATS, EDITIONS))
            return log(contract, [APPROVAL_FOR_ALL, topic(self._owner), topic(operator)], said, **place)
        token = self.chance.choice(TOKENS)
        self._owner = self._owners.get(token, self._owner)
        return log(CATS, [APPROVAL, topic(self._owner), topic(operator), topic(token)], **place)

    def _cat(self, place: dict[str, object]) -> Log:
        token = self.chance.choice(TOKENS)
        owner, recipient = self._owners.get(token, ZERO), self.chance.choice((*PEOPLE, ZERO))
        if self.chance.random() < self.lies:
            return transfer(self._anybody(), recipient, token, **place)
        if owner == ZERO:
            recipient = self._anybody() if recipient == ZERO else recipient
        self._owners[token] = recipient
        self._owner = recipient if owner == ZERO else owner
        return transfer(owner, recipient, token, **place)

    def _edition(self, place: dict[str, object]) -> Log:
        holders = [key for key, number in self._held.items() if number]
        if not holders or self.chance.random() < 0.4:
            token, recipient = self.chance.choice(TOKENS), self._anybody()
            self._add(token, recipient, 5)
            self._owner = recipient
            return single(ZERO, recipient, token, 5, **place)
        (token, owner), recipient = self.chance.choice(holders), self.chance.choice((*PEOPLE, ZERO))
        self._owner = self._anybody() if self.chance.random() < self.lies else owner
        if self._held.get((token, owner), 0) >= 2 and self._owner == owner and self.chance.random() < 0.5:
            self._add(token, owner, -2)
            self._add(token, recipient, 2)
            return batch(owner, recipient, [token, token], [1, 1], **place)
        if self._owner == owner:
            self._add(token, owner, -1)
            self._add(token, recipient, 1)
        return single(self._owner, recipient, token, 1, **place)

    def _add(self, token: int, account: str, number: int) -> None:
        self._held[token, account] = self._held.get((token, account), 0) + number

    def _anybody(self) -> str:
        return self.chance.choice(PEOPLE)


class FakeNodes(Lookups):
    """Nodes that answer late and in part, lag, fail, and have few calls to spare. No real node does that on demand."""

    def __init__(self, chance: random.Random, senders: Mapping[str, str]) -> None:
        self.asked: list[str] = []
        self.answered = 0
        self._chance = chance
        self._senders = senders
        self._missed: set[str] = set()

    async def ask(self, questions: Sequence[Question]) -> dict[Question, Answer]:
        asked = list(questions)[: self._chance.choice((len(questions), 3, 1, 0))]
        self.asked += [question.key for question in asked]
        if asked and self._chance.random() < 0.2:
            raise UpstreamUnavailableError
        return {question: self._answer(question) for question in asked}

    def _answer(self, question: Question) -> Answer:
        """What is so; or no answer; or, of each question once at most, that it is not known."""
        lot = self._chance.random()
        if lot < 0.1:
            return UpstreamUnavailableError()
        if lot < 0.2 and question.key not in self._missed:
            self._missed.add(question.key)
            return None
        self.answered += 1
        return self._senders[question.key] if question.of == "transaction" else question.key == WALLET


def expected(chain: ForgedChain, contradicting: Collection[Key]) -> dict[Key, tuple[str | None, str]]:
    """The reason and the sender that are shown, of each movement that shows a sender: the rule told a second time, over
    all of the chain at once. Those that contradict what was so before show their sender; their reason is not told."""
    acting = set[tuple[str, str]]()
    brought: dict[tuple[str, int, str], str] = {}
    shown: dict[Key, tuple[str | None, str]] = {}
    for said in (one for block in chain.blocks for one in block):
        if said.topics[0] in (APPROVAL, APPROVAL_FOR_ALL):
            operator = said.topics[2] if said.topics[0] == APPROVAL else said.data
            if int(operator, 16):
                acting.add((said.address, "0x" + said.topics[1][26:]))
            continue
        for nth, (sender, recipient, token) in enumerate(_moves(said)):
            key, tx = (int(said.block_number, 16), int(said.log_index, 16), nth), said.transaction_hash
            if key in contradicting:
                shown[key] = "contradicts", chain.senders[tx]
            elif sender != ZERO and (said.address, sender) not in acting:
                own = {chain.senders[tx], chain.senders.get(brought.get((said.address, token, sender), ""))}
                if sender in own or sender == WALLET:
                    acting.add((said.address, sender))
                    shown[key] = None, chain.senders[tx]
                else:
                    shown[key] = "not_approved", chain.senders[tx]
            brought[said.address, token, recipient] = tx
    return shown


def _moves(said: Log) -> Iterator[tuple[str, str, int]]:
    """Sender, recipient and token of what a log moves."""
    if said.address == CATS:
        yield "0x" + said.topics[1][26:], "0x" + said.topics[2][26:], int(said.topics[3], 16)
        return
    numbers = [int(said.data[at : at + 64], 16) for at in range(2, len(said.data), 64)]
    tokens = numbers[:1] if len(numbers) == 2 else numbers[3 : 3 + numbers[2]]
    for token in tokens:
        yield "0x" + said.topics[2][26:], "0x" + said.topics[3][26:], token
