"""The flow that links a wallet: from a proven message of a second wallet to its link with the user who asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from temporalio import workflow

from workflows.parts.proof import ProofFlow, granted

with workflow.unsafe.imports_passed_through():
    from activities.linking import LinkChecking, Linking
    from steadymint.domain.linking import LINK_WALLET, LinkedWallet, LinkOrder, LinkResult
    from steadymint.domain.outcome import Refusal


@workflow.defn(name=LINK_WALLET)
class LinkWallet(ProofFlow[LinkOrder, LinkedWallet]):
    """`link-wallet:{userId}:{nonce-hash}`: ask the contract, if no key has signed -> look who has the wallet, use up
    the nonce, link it -> look again whether the contract is there, once its block is deep.
    """

    gone: ClassVar[str] = "a new link was ended"

    @workflow.init
    def __init__(self, order: LinkOrder) -> None:
        super().__init__(order)

    @workflow.run
    async def run(self, order: LinkOrder) -> LinkResult:
        wallet = await self._earn()
        if isinstance(wallet, Refusal):
            return LinkResult(refusal=wallet)
        return LinkResult(wallet=wallet, wallet_gone=await self._is_gone())

    async def _grant(self, message: LinkOrder) -> LinkedWallet:
        return await granted(Linking.link_wallet, message, "Use up the nonce, link the wallet")

    def _look(self) -> Callable[..., Any]:
        return LinkChecking.look_again_at_link
