"""The API's side of the flow that links a wallet."""

from __future__ import annotations

from typing import Final

from temporalio.client import Client

from steadymint.domain.linking import LINK_WALLET, LinkedWallet, LinkOrder, LinkResult, workflow_id_of_link
from steadymint.durable.proofs import ProofFlows, ProofKind
from steadymint.durable.queues import Queues

_KIND: Final = ProofKind(
    LINK_WALLET,
    LinkedWallet,
    LinkResult,
    "Link a wallet by",
    "The wallet cannot be linked now. It may be linked a little later: look at your wallets, and try again",
)


class LinkFlows:
    """Starts `LinkWallet` and waits for its answer."""

    def __init__(self, client: Client, queues: Queues) -> None:
        self._flows = ProofFlows(client, queues, _KIND)

    async def link(self, order: LinkOrder) -> LinkedWallet:
        """The link of the order. Raises as `ProofFlows.earned`."""
        return await self._flows.earned(order, workflow_id_of_link(order.user_id, order.nonce_hash))
