"""How far the index of a chain has come, and what an operator is told where it does not get on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final, Literal

from steadymint.domain.counting import counted, form
from steadymint.domain.record import Record
from steadymint.domain.types import ChainId
from steadymint.domain.waiting import Problem

STUCK_AFTER: Final = 60.0
"""Seconds, or five block times, without a move while there is something to read. A batch of history takes seconds."""
FAR_SECONDS: Final = 60.0
"""Seconds of blocks that an index may be behind the newest block that is deep enough."""
FAR_BLOCKS: Final = 20
"""The same for chains whose blocks take long."""
STALE_AFTER: Final = 300.0
"""Seconds, or `STALE_BLOCKS` block times, after which the newest block is old: its node has stopped, or the chain
has."""
STALE_BLOCKS: Final = 30


class Pace(Record):
    """What a chain's registry entry says of its blocks."""

    confirmations: int
    block_time: float
    """Seconds between two blocks."""
    mines_seldom: bool = False
    """Whether all of its nodes are local. Development nodes may mine only when they are asked to, so a newest block of
    theirs is never too old."""

    @property
    def far(self) -> float:
        """Blocks behind from which on something does not keep up."""
        return max(FAR_BLOCKS, FAR_SECONDS / self.block_time)

    def is_stale(self, age: float) -> bool:
        """Whether a newest block of this age, in seconds, is too old."""
        return not self.mines_seldom and age > max(STALE_AFTER, STALE_BLOCKS * self.block_time)


class Verdict(Record):
    """What is to be said of an index."""

    problem: Problem | None
    text: str
    """What is wrong and since when, or where it stands."""
    advice: str = ""
    """What follows from it, and the next command."""

    @property
    def whole(self) -> str:
        return f"{self.text}. {self.advice}." if self.advice else f"{self.text}."


class IndexStanding(Record):
    """Where the index of a chain stands, as its checkpoint says."""

    chain_id: ChainId
    checkpoint: int | None = None
    """The last block whose effects are in the catalog; None if nothing was read yet."""
    state: Literal["history", "sealing", "live"] = "live"
    """`history` until a chain's first reading is complete: its tokens are not shown yet. `sealing` while its tokens and
    indexes are made at the end of it: the checkpoint, which says `history`, stands meanwhile."""
    halted: str | None = None
    moved_at: datetime | None = None
    """When the checkpoint was last written."""
    renumbered: int = 0
    """Logs that got an index of our own, because a node counts them in each transaction anew."""
    differed: Mapping[int, int] = {}
    """The number of an endpoint -> how many logs of history it had left out or made up."""

    def judged(
        self,
        *,
        head: int | None,
        pace: Pace,
        now: datetime,
        trouble: str | None = None,
        head_at: int | None = None,
    ) -> Verdict:
        """`head`: the chain's newest block, None where no node says; `head_at`: its time, in Unix seconds, None where
        others judge it. `trouble`: the reader's last failure, if it has not got on since."""
        verdict = self._judged(head, pace, now, trouble)
        age = 0.0 if head_at is None else now.timestamp() - head_at
        if verdict.problem is None and self._lag(head, pace) == 0 and pace.is_stale(age):
            text = f"stands still {self._where(head, now)}: the newest block that a node tells is {age:,.0f} s old"
            verdict = self._verdict(Problem.INDEX_STUCK, text, _STALE)
        remarks = [self._says_renumbered()] if self.renumbered else []
        remarks += [_says_differed(endpoint, logs) for endpoint, logs in sorted(self.differed.items())]
        return verdict.model_copy(update={"text": "; ".join([verdict.text, *remarks])})

    def _judged(self, head: int | None, pace: Pace, now: datetime, trouble: str | None) -> Verdict:
        if self.halted is not None:
            at = "" if self.checkpoint is None else f" at block {self.checkpoint}"
            return self._verdict(Problem.INDEX_HALTED, f"halted{at}: {self.halted}")
        if head is None and trouble is None:
            return self._verdict(None, f"at block {self.checkpoint}; no node tells the head")
        lag = self._lag(head, pace)
        if self.state == "sealing" and trouble is None:
            where = f"builds its indexes, the last step of its first reading, {self._where(head, now)}"
            return self._verdict(Problem.INDEX_BEHIND if lag > pace.far else None, where, _SEALING)
        because = f": {trouble}" if trouble else ""
        if (trouble or lag) and self._stands_still(pace, now):
            return self._verdict(Problem.INDEX_STUCK, f"stands still {self._where(head, now)}{because}")
        if self.checkpoint is None:
            return self._verdict(Problem.INDEX_STUCK, f"has read nothing yet{because}")
        if lag > pace.far:
            what = "reads the chain for the first time" if self.state == "history" else "is behind"
            return self._verdict(Problem.INDEX_BEHIND, f"{what}, {self._where(head, now)}{because}")
        return self._verdict(None, f"at block {self.checkpoint:,}, {lag:,} behind the newest that is deep enough")

    def _says_renumbered(self) -> str:
        logs = form(self.renumbered, "log has an index", "logs have indexes")
        return (
            f"{self.renumbered:,} {logs} of our own, since a node counts them in each transaction anew: nothing is "
            "lost, but their `logIndex` is not that of other nodes"
        )

    def _lag(self, head: int | None, pace: Pace) -> int:
        """Blocks that could be in the catalog and are not."""
        if head is None or self.checkpoint is None:
            return 0
        return max(0, head - pace.confirmations + 1 - self.checkpoint)

    def _stands_still(self, pace: Pace, now: datetime) -> bool:
        if self.moved_at is None:
            return False
        return (now - self.moved_at).total_seconds() > max(STUCK_AFTER, 5 * pace.block_time)

    def _where(self, head: int | None, now: datetime) -> str:
        of = "" if head is None or self.checkpoint is None else f" of {head:,}, {head - self.checkpoint:,} behind"
        moved = "" if self.moved_at is None else f", last moved {(now - self.moved_at).total_seconds():,.0f} s ago"
        return f"at block {'none' if self.checkpoint is None else f'{self.checkpoint:,}'}{of}{moved}"

    def _verdict(self, problem: Problem | None, text: str, advice: str | None = None) -> Verdict:
        """`advice` is that of the problem if none is given."""
        if advice is None:
            advice = _ADVICE.get(problem, "") if problem else ""
        return Verdict(problem=problem, text=text, advice=advice.format(chain=self.chain_id))


def _says_differed(endpoint: int, logs: int) -> str:
    return (
        f"endpoint {endpoint} left out or made up {counted(logs, 'log')} of history: nothing of them is lost, but its "
        "answers that were not checked may lack some too. Replace it: `steadymint chain add FILE`"
    )


_SEALING: Final = (
    "That takes minutes where there is much to read, and nothing has to be done. Until then the catalog of {chain} is "
    "empty, and its intents stay `confirming`"
)
_STALE: Final = (
    "Its nodes have stopped, or the chain has: intents of {chain} that wait for a block do not get on. `steadymint "
    "doctor` says which nodes are `STALE`; `steadymint chain add FILE` names others"
)
_ADVICE: Final = {
    Problem.INDEX_HALTED: "Intents of {chain} stay `confirming`, and its catalog stays as it was. `steadymint doctor` "
    "says which chain each node serves; then `temporal workflow update execute --workflow-id index-chain:{chain} "
    "--name resume`, or `--name reindex --input BLOCK`",
    Problem.INDEX_STUCK: "Intents of {chain} stay `confirming`, and its catalog stays as it was. `steadymint doctor` "
    "says whether a worker serves `index-{chain}`, and which part does not answer",
    Problem.INDEX_BEHIND: "Intents of {chain} become `ready` once it has passed their blocks. `steadymint doctor`, "
    "again after a while, says whether it gains; `steadymint chain add FILE` names more or faster nodes",
}
