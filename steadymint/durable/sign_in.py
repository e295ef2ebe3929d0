"""The API's side of the sign-in flow."""

from __future__ import annotations

from typing import Final

from temporalio.client import Client

from steadymint.domain.sign_in import SIGN_IN, SignInAttempt, SignInGrant, SignInResult, workflow_id_of_nonce
from steadymint.durable.proofs import ProofFlows, ProofKind
from steadymint.durable.queues import Queues

_KIND: Final = ProofKind(
    SIGN_IN, SignInGrant, SignInResult, "Sign in by", "The sign-in cannot be completed now; try again"
)


class SignInFlows:
    """Starts `SignIn` and waits for its answer."""

    def __init__(self, client: Client, queues: Queues) -> None:
        self._flows = ProofFlows(client, queues, _KIND)

    async def verify(self, attempt: SignInAttempt) -> SignInGrant:
        """The grant of the attempt. Raises as `ProofFlows.earned`."""
        return await self._flows.earned(attempt, workflow_id_of_nonce(attempt.nonce_hash))
