"""What nodes are asked of transactions and accounts: every contract has its turn, and what no node answers holds up
nothing else."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence

import pytest

from steadymint.domain.errors import UpstreamUnavailableError
from steadymint.domain.types import ChainId
from steadymint.indexing.reading.lookups import Answer, Lookups, Question
from steadymint.indexing.store.chain_tables import catalog_time
from steadymint.indexing.telling import node_facts
from steadymint.indexing.telling.node_facts import NodeFacts
from steadymint.indexing.telling.unapproved import Wanted

CHAIN = ChainId("eip155:1")
LONG_AGO = 0
SENDER = "0x" + "5e" * 20


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(node_facts, "EVERY", 0.0)


class FakeNode(Lookups):
    """A node that has so many calls to spare, takes one at a time, and stops at a question that it never answers. No
    real node does that on demand."""

    def __init__(self, spare: int = 100, *, fails: Iterable[str] = (), unknown: Iterable[str] = ()) -> None:
        self.spare = spare
        self.fails = set(fails)
        self.unknown = set(unknown)
        self.is_down = False
        self.asked: list[str] = []

    async def ask(self, questions: Sequence[Question]) -> dict[Question, Answer]:
        if self.is_down:
            self.asked += [question.key for question in questions[: self.spare]]
            raise UpstreamUnavailableError
        answers = dict[Question, Answer](dict.fromkeys(questions[: self.spare], UpstreamUnavailableError()))
        for question in answers:
            self.asked.append(question.key)
            if question.key in self.fails:
                break
            answers[question] = None if question.key in self.unknown else question.of == "account" or SENDER
        return answers


def wanted(*keys: str, at: int = LONG_AGO) -> Wanted:
    return {Question("account" if key.startswith("account") else "transaction", key): at for key in keys}


async def ask(facts: NodeFacts, all_wanted: dict[str, Wanted], times: int = 1) -> int:
    """Returns the number of times after which nothing was left to ask."""
    for nth in range(times):
        known = facts.facts.senders.keys() | facts.facts.code.keys()
        left = {name: {one: at for one, at in of.items() if one.key not in known} for name, of in all_wanted.items()}
        if not any(left.values()):
            return nth
        await facts.ask(facts.next(left))
    return times


async def test_a_contract_that_wants_without_end_lets_each_of_the_others_have_its_turn() -> None:
    facts = NodeFacts(CHAIN, FakeNode(spare=3))
    endless = wanted(*(f"account {nth}" for nth in range(5_000)))
    await ask(facts, {"endless": endless, "victim": wanted("its"), "": wanted("suspicious")})
    assert facts.facts.senders == {"its": SENDER, "suspicious": SENDER}


async def test_what_is_asked_about_one_contract_in_an_hour_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(node_facts, "AN_HOUR", 10)
    facts = NodeFacts(CHAIN, node := FakeNode(spare=5))
    await ask(facts, {"endless": wanted(*(f"account {nth}" for nth in range(9)))}, 5)
    assert facts.may_ask("endless")
    await ask(facts, {"endless": wanted("account 10", "account 11")}, 5)
    assert not facts.may_ask("endless")
    assert facts.may_ask("another")
    assert len(node.asked) == 11


@pytest.mark.parametrize("poison", ["account that fails", "transaction that fails"])
async def test_what_no_node_answers_holds_up_nothing_and_is_given_up(poison: str) -> None:
    facts = NodeFacts(CHAIN, node := FakeNode(fails=[poison]))
    others = [f"{kind} {nth}" for nth in range(20) for kind in ("account", "transaction")]
    assert await ask(facts, {"one": wanted(poison, *others), "other": wanted("its")}, 1_000) < 1_000
    said = facts.facts.senders | facts.facts.code
    assert said.pop(poison) is None
    assert said.keys() == {*others, "its"}
    assert None not in said.values()
    assert node.asked.count(poison) >= node_facts.UNANSWERED_TRIES


async def test_what_was_found_to_be_asked_is_asked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who calls looks once in a while, and has read rows for it."""
    monkeypatch.setattr(node_facts, "EVERY", 60.0)
    facts = NodeFacts(CHAIN, FakeNode())
    for key in ("a", "b"):
        await facts.ask(facts.next({"one": wanted(key)}))
    assert facts.facts.senders == {"a": SENDER, "b": SENDER}


async def test_while_no_node_answers_nothing_is_given_up() -> None:
    facts = NodeFacts(CHAIN, node := FakeNode())
    node.is_down = True
    await ask(facts, {"one": wanted("a", "b")}, 100)
    assert len(node.asked) == 200
    node.is_down = False
    await ask(facts, {"one": wanted("a", "b")}, 1)
    assert facts.facts.senders == {"a": SENDER, "b": SENDER}


async def test_what_is_not_known_of_a_new_block_is_asked_for_until_the_block_is_old() -> None:
    facts = NodeFacts(CHAIN, node := FakeNode(unknown=["new", "old"]))
    now = catalog_time(int(time.time()))
    both = wanted("old") | wanted("new", at=now)
    await ask(facts, {"one": both, "other": wanted("new")}, 50)
    assert facts.facts.senders == {"old": None}
    assert node.asked.count("old") == node_facts.UNKNOWN_TRIES
    assert node.asked.count("new") == 50

    facts.forget_unknown()  # a rollback: it may be known on the other fork
    node.unknown.clear()
    await ask(facts, {"one": both})
    assert facts.facts.senders == {"old": SENDER, "new": SENDER}
