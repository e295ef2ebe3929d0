"""Whether approvals stand on their chains, for lists of them: asked of a worker on the short way, and kept in Redis.

What a chain has said is kept for a short time, under a version of the account on its chain and one of the chain
(`steadymint/live/versioned.py`). The indexer deletes them after a commit that concerns the account, and after a
rollback, so nothing is found again that was asked before. The hash of the approval's transaction is part of the name as
well: an approval that is given again is asked about again.

With Redis down or no worker there, nothing is confirmed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from redis.asyncio import Redis

from steadymint.domain.approvals import SILENT, AskedApproval, AskedApprovals, SeenApprovals
from steadymint.domain.types import ChainId, TxHash
from steadymint.live.short_way import Asking, Line
from steadymint.live.versioned import Question, Versioned

LINE: Final = Line("approvals", AskedApprovals, SeenApprovals)
ANSWER_WITHIN: Final = 2.0
"""Seconds. A node takes less, and the list is shown without it."""
REST: Final = 5.0
"""Seconds for which nobody is asked after a question without an answer: no worker is there, or they have too much to
do. A chain that is slow is answered with None."""
LIFE: Final = 30
"""Seconds for which an answer is kept, and that a contract had none. It bounds how old it is: the indexer tells of a
block only once it is deep."""
VERSION_LIFE: Final = 3_600
"""Seconds for which a version is kept, longer than any answer."""
_CACHE: Final = "wallet:approvals:cache"


@dataclass(frozen=True, slots=True)
class Version:
    """An approval, and the transaction that gave it."""

    asked: AskedApproval
    tx_hash: TxHash

    @property
    def question(self) -> Question:
        one = self.asked
        token = "" if one.token_id is None else one.token_id
        name = f"{_CACHE}:{one.chain_id}:{one.owner}:{one.contract}:{one.operator}:{token}:{self.tx_hash}"
        return Question(name, (_of_chain(one.chain_id), _of_account(one.chain_id, one.owner)))


class ApprovalChanges(Protocol):
    """What the indexer tells."""

    async def forget(self, chain_id: ChainId, owners: Iterable[str]) -> None: ...

    async def forget_chain(self, chain_id: ChainId) -> None: ...


class ApprovalChecks:
    """The checks, with their cache. Share one per process. It never raises for Redis."""

    def __init__(self, redis: Redis, answer_within: float = ANSWER_WITHIN) -> None:
        self._kept = Versioned(redis, "checks of approvals", version_life=VERSION_LIFE)
        self._asking = Asking(redis, LINE, answer_within)
        self._rest_until = 0.0

    async def allowed(self, approvals: Sequence[Version]) -> list[int | None]:
        """How much each operator may move now: an amount of a currency, 1 or 0 of tokens. None: not confirmed."""
        if not approvals:
            return []
        looks = await self._kept.look([one.question for one in approvals])
        allowed = [_confirmed(None if look.answer is None else look.answer.decode()) for look in looks]
        missing = [number for number, look in enumerate(looks) if look.answer is None]
        if not missing:
            return allowed
        seen = await self._ask(AskedApprovals(approvals=tuple(approvals[number].asked for number in missing)))
        if seen is None or len(seen.allowed) != len(missing):
            return allowed
        fresh: dict[str, str] = {}
        for number, said in zip(missing, seen.allowed, strict=True):
            allowed[number] = _confirmed(said)
            if (key := looks[number].key) is not None and said is not None:
                fresh[key] = str(said)
        await self._kept.keep(fresh, LIFE)
        return allowed

    async def _ask(self, asked: AskedApprovals) -> SeenApprovals | None:
        clock = asyncio.get_running_loop()
        if clock.time() < self._rest_until:
            return None
        seen = await self._asking.ask(asked)
        if seen is None:
            self._rest_until = clock.time() + REST
        return seen

    async def forget(self, chain_id: ChainId, owners: Iterable[str]) -> None:
        """Forget what chains have said of these accounts. Call it after the commit. If Redis does not answer, it stays
        for up to `LIFE` seconds."""
        await self._kept.forget(_of_account(chain_id, owner) for owner in set(owners))

    async def forget_chain(self, chain_id: ChainId) -> None:
        """Forget all that a chain has said, after a rollback."""
        await self._kept.forget([_of_chain(chain_id)])


def _confirmed(said: int | str | None) -> int | None:
    """Of what a chain has said, now or a moment ago."""
    return None if said is None or said == SILENT else int(said)


def _of_chain(chain_id: ChainId) -> str:
    return f"{_CACHE}:version:{chain_id}"


def _of_account(chain_id: ChainId, owner: str) -> str:
    return f"{_CACHE}:version:{chain_id}:{owner}"
