"""Whether approvals stand on their chains, for lists of them: asked of a worker on the short way, and kept in Redis.

What a chain has said is kept for a short time, under a version of the account on its chain and one of the chain. The
versions are read before the chain is asked. The indexer deletes them after a commit that concerns the account, and
after a rollback, so nothing is found again that was asked before. The hash of the approval's transaction is part of the
name as well: an approval that is given again is asked about again.

With Redis down or no worker there, nothing is confirmed.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from steadymint.domain.approvals import AskedApproval, AskedApprovals, SeenApprovals
from steadymint.domain.types import ChainId, TxHash
from steadymint.live.short_way import Asking, Line

LINE: Final = Line("approvals", AskedApprovals, SeenApprovals)
ANSWER_WITHIN: Final = 2.0
"""Seconds. A node takes less, and the list is shown without it."""
REST: Final = 5.0
"""Seconds for which nobody is asked after a question without an answer: no worker is there, or they have too much to
do. A chain that is slow is answered with None."""
LIFE: Final = 30
"""Seconds for which an answer is kept. It bounds how old it is: the indexer tells of a block only once it is deep."""
VERSION_LIFE: Final = 3_600
"""Seconds for which a version is kept, longer than any answer."""
PATIENCE: Final = 1.0
"""Seconds that the indexer waits for Redis."""
AT_ONCE: Final = 500
"""Keys of one command. A batch of a backfill may touch thousands of accounts."""
_CACHE: Final = "wallet:approvals:cache"

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Version:
    """An approval, and the transaction that gave it."""

    asked: AskedApproval
    tx_hash: TxHash

    @property
    def account(self) -> tuple[ChainId, str]:
        return self.asked.chain_id, self.asked.owner

    @property
    def name(self) -> str:
        token = "" if self.asked.token_id is None else self.asked.token_id
        return f"{self.asked.contract}:{self.asked.operator}:{token}:{self.tx_hash}"


class ApprovalChanges(Protocol):
    """What the indexer tells."""

    async def forget(self, chain_id: ChainId, owners: Iterable[str]) -> None: ...

    async def forget_chain(self, chain_id: ChainId) -> None: ...


class ApprovalChecks:
    """The checks, with their cache. Share one per process. It never raises for Redis."""

    def __init__(self, redis: Redis, answer_within: float = ANSWER_WITHIN) -> None:
        self._redis = redis
        self._asking = Asking(redis, LINE, answer_within)
        self._rest_until = 0.0

    async def allowed(self, approvals: Sequence[Version]) -> list[int | None]:
        """How much each operator may move now, as `SeenApprovals` has it. None: not confirmed by the chain."""
        if not approvals:
            return []
        keys = await self._keys(approvals)
        found = await self._kept(keys, approvals)
        missing = [one for one, allowed in zip(approvals, found, strict=True) if allowed is None]
        if not missing:
            return found
        seen = await self._ask(AskedApprovals(approvals=tuple(one.asked for one in missing)))
        if seen is None or len(seen.allowed) != len(missing):
            return found
        fresh = dict(zip(missing, seen.allowed, strict=True))
        await self._keep(keys, fresh)
        return [fresh.get(one) if allowed is None else allowed for one, allowed in zip(approvals, found, strict=True)]

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
        await self._unlink([_of_account(chain_id, owner) for owner in set(owners)])

    async def forget_chain(self, chain_id: ChainId) -> None:
        """Forget all that a chain has said, after a rollback."""
        await self._unlink([_of_chain(chain_id)])

    async def _keys(self, approvals: Sequence[Version]) -> dict[tuple[ChainId, str], str]:
        """The key of each account's answers. Empty while Redis is away."""
        accounts = list(dict.fromkeys(one.account for one in approvals))
        names = [_of_chain(chain_id) for chain_id, _ in accounts] + [_of_account(*account) for account in accounts]
        try:
            async with self._redis.pipeline(transaction=False) as pipe:
                for name in names:
                    pipe.set(name, secrets.token_hex(8), nx=True, ex=VERSION_LIFE)
                    pipe.get(name)
                answers = await pipe.execute()
        except (RedisError, OSError):
            return {}
        versions = [answer.decode() if answer else "" for answer in answers[1::2]]
        of_chains, of_accounts = versions[: len(accounts)], versions[len(accounts) :]
        return {
            account: f"{_CACHE}:{account[0]}:{account[1]}:{of_chain}:{of_account}"
            for account, of_chain, of_account in zip(accounts, of_chains, of_accounts, strict=True)
        }

    async def _kept(self, keys: dict[tuple[ChainId, str], str], approvals: Sequence[Version]) -> list[int | None]:
        if not keys:
            return [None] * len(approvals)
        try:
            async with self._redis.pipeline(transaction=False) as pipe:
                for one in approvals:
                    pipe.get(f"{keys[one.account]}:{one.name}")
                answers = await pipe.execute()
        except (RedisError, OSError):
            return [None] * len(approvals)
        return [None if answer is None else int(answer) for answer in answers]

    async def _keep(self, keys: dict[tuple[ChainId, str], str], fresh: dict[Version, int | None]) -> None:
        if not keys:
            return
        try:
            async with self._redis.pipeline(transaction=False) as pipe:
                for one, allowed in fresh.items():
                    if allowed is not None:
                        pipe.set(f"{keys[one.account]}:{one.name}", allowed, ex=LIFE)
                await pipe.execute()
        except (RedisError, OSError) as error:
            _log.warning("approvals_not_kept", error=type(error).__name__)

    async def _unlink(self, names: list[str]) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                for first in range(0, len(names), AT_ONCE):
                    await self._redis.unlink(*names[first : first + AT_ONCE])
        except (RedisError, OSError, TimeoutError) as error:
            _log.warning("approvals_not_forgotten", error=type(error).__name__)


def _of_chain(chain_id: ChainId) -> str:
    return f"{_CACHE}:version:{chain_id}"


def _of_account(chain_id: ChainId, owner: str) -> str:
    return f"{_CACHE}:version:{chain_id}:{owner}"
