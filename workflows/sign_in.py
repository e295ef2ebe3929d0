"""The sign-in flow: from a proven message to a session."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from temporalio import workflow

from workflows.parts.proof import ProofFlow, granted

with workflow.unsafe.imports_passed_through():
    from activities.sign_in import Granting, SignatureChecking
    from steadymint.domain import sign_in
    from steadymint.domain.outcome import Refusal
    from steadymint.domain.sign_in import SignInAttempt, SignInGrant, SignInResult


@workflow.defn(name=sign_in.SIGN_IN)
class SignIn(ProofFlow[SignInAttempt, SignInGrant]):
    """`sign-in:{nonce-hash}`: ask the contract, if no key has signed -> link the wallet, create the user, consume the
    nonce, open the session -> look again whether the contract is there, once its block is deep.
    """

    gone: ClassVar[str] = "the session was ended"

    @workflow.init
    def __init__(self, attempt: SignInAttempt) -> None:
        super().__init__(attempt)

    @workflow.run
    async def run(self, attempt: SignInAttempt) -> SignInResult:
        grant = await self._earn()
        if isinstance(grant, Refusal):
            return SignInResult(refusal=grant)
        return SignInResult(grant=grant, wallet_gone=await self._is_gone())

    async def _grant(self, message: SignInAttempt) -> SignInGrant:
        return await granted(Granting.grant_session, message, "Link the wallet, use up the nonce, open the session")

    def _look(self) -> Callable[..., Any]:
        return SignatureChecking.look_again
