"""A batch of logs, folded: each log goes to the subject that reads its topic.

Pure: the same logs and the same known collections always give the same rows. It never raises for what a log says; a
log that does not have the shape of its event is counted and changes nothing, in whole or in part.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import Final

import numpy as np

from steadymint.domain.market.others.roles import ONE_SIDED
from steadymint.domain.types import ChainId
from steadymint.indexing.batch import Child
from steadymint.indexing.reading.columns import Columns
from steadymint.indexing.reading.log_order import in_order
from steadymint.indexing.reading.logs import Log
from steadymint.indexing.reading.source import Span
from steadymint.indexing.subjects.folding import Folding
from steadymint.indexing.subjects.movements import plain
from steadymint.indexing.subjects.movements.fold import transfer
from steadymint.indexing.subjects.movements.topics import TRANSFER
from steadymint.indexing.subjects.orders.elsewhere import MARKET_ROLES
from steadymint.indexing.subjects.orders.moved import gather, told_by
from steadymint.indexing.subjects.table import BY_ROLE, IMPORTED, LAUNCHED, OURS, UNREGISTERED

DECODE_ERROR: Final = "decode_error"
"""The count of logs that do not have the shape of their event."""


class InconsistentReplyError(Exception):
    """The node gave two blocks of the same number in one reply: it switched forks in between. Ask again."""


class Fold(Folding):
    """Folds the logs of consecutive spans into one batch. Use one instance per batch.

    `roles` maps each registered contract to its role. `known` holds the collections committed so far, `launched` the
    fungible tokens; neither is changed. Those of the batch are in `batch.created` and `batch.launched`.
    """

    def __init__(
        self,
        chain_id: ChainId,
        roles: Mapping[str, str],
        known: Mapping[str, Child],
        launched: Set[str] = frozenset(),
    ) -> None:
        super().__init__(chain_id, known, launched)
        self._roles = roles
        self._markets = frozenset(contract for contract, role in roles.items() if role in MARKET_ROLES)
        self._half_telling = frozenset(contract for contract, role in roles.items() if role in ONE_SIDED)
        self._block_hex = ""

    def take(self, span: Span) -> None:
        """Fold the logs of a span into the batch. Transfers that were read by columns are kept as they are
        (`batch.plain`): that is for a chain's first reading, at whose end all that they come to is made.

        Raises:
            InconsistentReplyError: a reply mixes two forks.
        """
        if all(reply.columns is None for reply in span.replies):
            self.add(span.logs, span.times)
            return
        for reply in span.replies:
            if reply.columns is None:
                self.add(reply.logs, span.times)
            else:
                self._take_columns(reply.columns, span.times)

    def _take_columns(self, columns: Columns, times: Mapping[str, int]) -> None:
        folded = plain.folded_rows(columns, told_by(self._half_telling, columns.rest))
        logs = sorted([*columns.rest, *columns.logs(np.flatnonzero(folded))], key=_place)
        self.add(logs, times)
        plain.append(self, columns.only(np.flatnonzero(~folded)), times)

    def add(self, logs: Sequence[Log], times: Mapping[str, int] | None = None) -> None:
        """Fold `logs` into the batch. `times` maps block number (hex) to Unix seconds where logs carry none.

        Raises:
            InconsistentReplyError: the reply mixes two forks.
        """
        known, created, counts = self.known, self.batch.created, self.batch.counts
        # Nearly all logs of a busy chain are plain transfers, of which both tables hold the same handler.
        ours, imported = OURS, IMPORTED
        logs = in_order(logs, counts)
        if self._markets and (transactions := told_by(self._markets, logs)):
            gather(self, logs, transactions, told_by(self._half_telling, logs))
        for log in logs:
            if log.block_number != self._block_hex:
                self._enter_block(log, times)
            elif log.block_hash != self.block_hash:
                raise InconsistentReplyError(f"two hashes for block {self.block}")
            topics = log.topics
            topic = topics[0] if topics else ""
            child = known.get(log.address) or created.get(log.address)
            try:
                if child is None:
                    self._of_no_collection(topic, log)
                elif topic == TRANSFER:
                    transfer(self, log, child)
                elif (handler := (imported if child.foreign else ours).get(topic)) is not None:
                    handler(self, log, child)
                else:
                    counts["unknown_event"] += 1
            except ValueError:  # UndecodableError, or hex that is none
                counts[DECODE_ERROR] += 1

    def _enter_block(self, log: Log, times: Mapping[str, int] | None) -> None:
        stamp = log.block_timestamp
        self.at = int(stamp, 16) if stamp is not None else (times or {})[log.block_number]
        self._block_hex, self.block_hash = log.block_number, log.block_hash
        self.block = int(log.block_number, 16)
        self.block_taken = self.block in self.batch.blocks
        self.prices.clear()
        self.ranges.clear()

    def _of_no_collection(self, topic: str, log: Log) -> None:
        """A log of a contract that is no collection counts only if the contract is a fungible token that was launched
        here, or is registered in a role, and then only the events of these. It may be both, as a currency."""
        role = self._roles.get(log.address)
        if log.address in self.launched or log.address in self.batch.launched:
            if (handler := LAUNCHED.get(topic)) is not None:
                handler(self, log)
            elif role is None:
                self.batch.counts["unknown_event"] += 1
            if role is None:
                return
        if role is None:
            self.batch.counts[UNREGISTERED.get(topic, "foreign")] += 1
        elif (handler := BY_ROLE.get(role, {}).get(topic)) is None:
            self.batch.counts["foreign"] += 1
        else:
            handler(self, log)


def _place(log: Log) -> tuple[int, int]:
    return int(log.block_number, 16), int(log.log_index, 16)
