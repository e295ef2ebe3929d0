"""The task queues.

Work is split by what limits it, and not by flow. `flows` is limited by CPU, `chain` by the rate limits of nodes,
`media` by the CPU of decoders, and `metadata` by the servers of others. `chain-wait` holds thousands of activities that
only wait. `market` checks orders, so that a storm of approvals delays no mint. `webhooks` sends events to the servers
of others. Each chain has one indexer. The flows of media are in `media` too, so that bulk uploads delay no other users;
those of `webhooks` are beside their activities, too.
"""

from __future__ import annotations

from dataclasses import dataclass

from steadymint.domain.types import ChainId


@dataclass(frozen=True, slots=True)
class Queues:
    """Queue names of one deployment; `prefix` lets several share a namespace."""

    prefix: str = ""

    @classmethod
    def beside(cls, flows: str) -> Queues:
        """The queues of the deployment whose queue `flows` has this name: a workflow knows its own queue and no
        settings."""
        return cls(flows.removesuffix(cls().flows))

    @property
    def flows(self) -> str:
        """Workflows and their local activities."""
        return f"{self.prefix}flows"

    @property
    def chain(self) -> str:
        """Short calls to nodes."""
        return f"{self.prefix}chain"

    @property
    def chain_wait(self) -> str:
        """Long activities that follow transactions, with heartbeats. They cost little while they wait."""
        return f"{self.prefix}chain-wait"

    def index(self, chain_id: ChainId) -> str:
        """The one indexer of a chain."""
        return f"{self.prefix}index-{chain_id}"

    @property
    def media(self) -> str:
        """Pictures in several sizes, and pins, with the flows that ask for them."""
        return f"{self.prefix}media"

    @property
    def metadata(self) -> str:
        """Documents and traits of tokens, a batch at a time."""
        return f"{self.prefix}metadata"

    @property
    def market(self) -> str:
        """Checks of orders, limited by the rate limits of nodes, with the flows that ask for them."""
        return f"{self.prefix}market"

    @property
    def webhooks(self) -> str:
        """Events on their way to other people's servers, with the flows that send them."""
        return f"{self.prefix}webhooks"
