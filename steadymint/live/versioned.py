"""Answers in Redis, each under versions of what it is about.

Answers are kept under the versions that were read *before* whatever is slow was asked. So one may be older than its
versions, but never newer. A writer deletes the versions after its commit. The next reader makes new ones, and no answer
under an old version is found again. The same holds if a reader that began before the commit keeps its answer, or if
Redis loses a version.

A version is random and no counter: if Redis evicted a counter, it would start again at a number under which answers
are still kept. If a writer commits and then dies, or cannot reach Redis, answers stay for their life.

With Redis down, flushed or slow, nothing is found.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

PATIENCE: Final = 1.0
"""Seconds that a writer waits for Redis."""
REST: Final = 5.0
"""Seconds for which Redis is not asked after a failure, so that not every read waits for it."""
AT_ONCE: Final = 500
"""Keys of one command. A batch of a backfill may touch thousands of collections or accounts."""

_log = structlog.get_logger(__name__)

# KEYS: the keys of the versions. ARGV: a new version, its life, and for each answer its name and the numbers of its
# versions. Returns for each answer its key and what is kept there.
_LOOK: Final = """
local versions = {}
for number, name in ipairs(KEYS) do
    versions[number] = redis.call('SET', name, ARGV[1], 'NX', 'EX', ARGV[2], 'GET') or ARGV[1]
end
local found = {}
for at = 3, #ARGV, 2 do
    local key = ARGV[at]
    for number in string.gmatch(ARGV[at + 1], '%d+') do
        key = key .. ':' .. versions[tonumber(number)]
    end
    found[at - 2] = key
    found[at - 1] = redis.call('GET', key)
end
return found
"""


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked for: the name of an answer, and the keys of the versions of what it is about."""

    name: str
    versions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """What was found: the answer, and the key for a new one. `key` is None while there is no Redis."""

    answer: bytes | None
    key: str | None = None


class Versioned:
    """Looks for answers, keeps and forgets them. Share one per process. It never raises for Redis."""

    def __init__(
        self, redis: Redis | None, what: str, *, version_life: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`what` names the answers in the log. `version_life` is in seconds, longer than the life of any answer."""
        self._redis = redis
        self._script = redis.register_script(_LOOK) if redis is not None else None
        self._what = what
        self._version_life = version_life
        self._clock = clock
        self._rests_until = float("-inf")

    async def look(self, wanted: Sequence[Question]) -> list[Look]:
        """Look for answers, by one command. Call it before whatever is slow is asked."""
        if self._script is None or self._clock() < self._rests_until:
            return [Look(None)] * len(wanted)
        versions = list(dict.fromkeys(version for one in wanted for version in one.versions))
        numbers = {version: str(number) for number, version in enumerate(versions, 1)}
        arguments: list[Any] = [secrets.token_hex(8), self._version_life]
        for one in wanted:
            arguments += [one.name, " ".join(numbers[version] for version in one.versions)]
        try:
            found = cast("list[bytes | None]", await self._script(keys=versions, args=arguments))
        except (RedisError, OSError, TimeoutError) as error:
            self._rest(error)
            return [Look(None)] * len(wanted)
        return [Look(kept, cast(bytes, key).decode()) for key, kept in zip(found[::2], found[1::2], strict=True)]

    async def keep(self, answers: Mapping[str, bytes | str], life: int) -> None:
        """Keep answers that came after `look`, by its keys, for `life` seconds."""
        if self._redis is None or not answers:
            return
        try:
            async with self._redis.pipeline(transaction=False) as pipe:
                for key, answer in answers.items():
                    pipe.set(key, answer, ex=life)
                await pipe.execute()
        except (RedisError, OSError, TimeoutError) as error:
            self._rest(error)

    async def forget(self, versions: Iterable[str]) -> bool:
        """Delete versions. Call it after the commit. Returns False if Redis did not answer."""
        keys = list(versions)
        if self._redis is None:
            return True
        try:
            async with asyncio.timeout(PATIENCE):
                for first in range(0, len(keys), AT_ONCE):
                    await self._redis.unlink(*keys[first : first + AT_ONCE])
        except (RedisError, OSError, TimeoutError) as error:
            _log.warning("answers_not_forgotten", what=self._what, error=type(error).__name__, keys=len(keys))
            return False
        return True

    def _rest(self, error: Exception) -> None:
        _log.warning("answers_unavailable", what=self._what, error=type(error).__name__)
        self._rests_until = self._clock() + REST
