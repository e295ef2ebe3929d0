"""What nodes have said of transactions and accounts, and what they are asked next.

The contracts about whose movements something is wanted take turns, in an order of chance: one that wants much makes
none of the others wait. What has no answer is asked again after a pause that grows to a minute, and after what was not
asked yet: a question that no node answers holds up no other.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import islice, zip_longest
from typing import Final, NamedTuple

from steadymint.domain.errors import SteadymintError
from steadymint.domain.types import ChainId
from steadymint.indexing.reading.lookups import Answer, Lookups, Question
from steadymint.indexing.store.chain_tables import catalog_time
from steadymint.indexing.telling.unapproved import Facts, Wanted

log = logging.getLogger(__name__)

AT_ONCE: Final = 100
"""Questions of one request."""
EVERY: Final = 1.0
"""Seconds between two requests, between two looks, and before a question is asked again for the first time."""
LONGEST: Final = 60
"""By this the pause has grown at last."""
UNKNOWN_TRIES: Final = 5
"""Times that nodes are asked for what they do not know. Some forget old transactions."""
YOUNG: Final = 600
"""Age of a block in seconds up to which they are asked more often: one node may lag behind the others."""
UNANSWERED_TRIES: Final = 20
"""Times that they are asked what they do not answer, while they answer something else: in about a quarter of an
hour."""
AN_HOUR: Final = 20_000
"""Questions in an hour about the movements of one contract. What is more waits: a log may name thousands of accounts,
and a node that is paid by the call is asked for each."""
REMEMBERED: Final = 20_000
"""Facts that are kept in memory, and questions without an answer. When there are more, all are dropped, and the facts
are asked for again."""


class Unanswered(NamedTuple):
    """A question without an answer so far."""

    tries: int
    again_at: float
    """When it may be asked again (the loop's seconds)."""


class NodeFacts:
    """Of one chain."""

    def __init__(self, chain_id: ChainId, lookups: Lookups) -> None:
        self.facts = Facts()
        self._chain_id = chain_id
        self._lookups = lookups
        self._unanswered: dict[Question, Unanswered] = {}
        self._asked = Counter[str]()
        """Questions by contract, in the hour that ends at `_hour_ends` (the loop's seconds)."""
        self._hour_ends = float("-inf")
        self._outages = 0
        """Requests in a row without any answer."""
        self.rests_until = float("-inf")
        """Until then nothing is asked (the loop's seconds): nodes have answered nothing."""

    def may_ask(self, contract: str) -> bool:
        """Whether more may be asked about this contract in this hour."""
        return self._asked[contract] < AN_HOUR

    def forget_unknown(self) -> None:
        """What nodes did not know may be known by now: they may have been on another fork."""
        facts = self.facts
        facts.senders = {key: said for key, said in facts.senders.items() if said is not None}
        facts.code = {key: said for key, said in facts.code.items() if said is not None}
        self._unanswered.clear()

    def next(self, wanted: Mapping[str, Wanted]) -> list[tuple[str, Question, int]]:
        """What is to be asked now of what is wanted for each contract: the contract, the question and its time."""
        now = asyncio.get_running_loop().time()
        if now < self.rests_until:
            return []
        if now >= self._hour_ends:
            self._hour_ends = now + 3600
            self._asked.clear()
        queues = [
            [(contract, question, wanted[contract][question]) for question in self._in_order(wanted[contract], now)]
            for contract in random.sample(list(wanted), len(wanted))
        ]
        return list(islice((one for turn in zip_longest(*queues) for one in turn if one is not None), AT_ONCE))

    def _in_order(self, wanted: Wanted, now: float) -> Sequence[Question]:
        """Those that were not asked yet, then in an order of chance those that may be asked again: a node that takes
        one call at a time answers nothing that comes after one which it does not answer."""
        again = [question for question in wanted if (known := self._unanswered.get(question)) and known.again_at <= now]
        random.shuffle(again)
        return [*(question for question in wanted if question not in self._unanswered), *again]

    async def ask(self, chosen: Sequence[tuple[str, Question, int]]) -> None:
        """Take down what nodes say to what `next` gave."""
        if len(self.facts.senders) + len(self.facts.code) > REMEMBERED:
            self.facts.senders.clear()
            self.facts.code.clear()
        if len(self._unanswered) > REMEMBERED:
            self._unanswered.clear()
        about: dict[Question, tuple[str, int]] = {}
        for contract, question, at in chosen:  # two contracts may want the same: the youngest movement counts
            about[question] = contract, max(at, about[question][1] if question in about else at)
        try:
            answers = await self._lookups.ask(list(about))
        except SteadymintError as error:
            self._rest(error)
            return
        if answers:
            self._outages = 0
        for question, answer in answers.items():
            contract, at = about[question]
            self._asked[contract] += 1
            self._take(question, answer, is_young=catalog_time(int(time.time())) - at < YOUNG)

    def _take(self, question: Question, answer: Answer, *, is_young: bool) -> None:
        before = self._unanswered.pop(question, None)
        tries, most = 1 if before is None else before.tries + 1, UNKNOWN_TRIES
        if isinstance(answer, SteadymintError):
            answer, most = None, UNANSWERED_TRIES
        if answer is None and (is_young or tries < most):
            again_at = asyncio.get_running_loop().time() + _pause(tries - 1)
            self._unanswered[question] = Unanswered(tries, again_at)
        elif question.of == "account":
            self.facts.code[question.key] = None if answer is None else bool(answer)
        else:
            self.facts.senders[question.key] = None if answer is None else str(answer)

    def _rest(self, error: SteadymintError) -> None:
        """Nothing was answered, which says nothing of the questions."""
        if not self._outages:
            log.warning("%s: senders of transactions stay unknown for now: %s", self._chain_id, error.code)
        self.rests_until = asyncio.get_running_loop().time() + _pause(self._outages)
        self._outages += 1


def _pause(times: int) -> float:
    return EVERY * min(LONGEST, 2 ** min(times, 10))
