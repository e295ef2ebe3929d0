"""The client."""

from __future__ import annotations

import uuid
from collections.abc import AsyncGenerator, Sequence
from types import TracebackType
from typing import Any, Final, ParamSpec, Protocol, Self, TypeVar

import httpx

from steadymint_client import models
from steadymint_client._async import flows
from steadymint_client._async.flows import AsyncFlow
from steadymint_client._async.http import AsyncHttp
from steadymint_client._async.operations import AsyncOperations
from steadymint_client.events import StatusEvent
from steadymint_client.problems import ProblemError
from steadymint_client.sessions import MemorySession, SessionStore
from steadymint_client.wallets import AsyncWallet, Signer, domain_of, sign_in_message

TIMEOUT: Final = 30.0
"""Seconds of one request."""

P = ParamSpec("P")
Item = TypeVar("Item", covariant=True)


class PageOf(Protocol[Item]):
    """A page of a list."""

    @property
    def items(self) -> Sequence[Item]: ...

    @property
    def next_cursor(self) -> str | None: ...


class AsyncListing(Protocol[P, Item]):
    """A route that answers with pages."""

    async def __call__(self, *args: P.args, **kwargs: P.kwargs) -> PageOf[Item]: ...


class AsyncSteadymint:
    """The API for one user. A context manager.

    `api` has every route as a method. `origin` is the site that sign-ins are for, such as `http://localhost:3000`.
    """

    def __init__(
        self,
        base_url: str,
        *,
        origin: str | None = None,
        session: SessionStore | None = None,
        timeout: float = TIMEOUT,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.base_url = base_url
        self.origin = origin
        self.http = AsyncHttp(base_url, session or MemorySession(), timeout, transport)
        self.api = AsyncOperations(self.http)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.http.aclose()

    @property
    def session(self) -> models.TokenAnswer | None:
        """The session of the user, once they have signed in."""
        return self.http.session.load()

    async def call(self, method: str, path: str, body: Any = None, *, key: str | None = None, **query: Any) -> Any:
        """The JSON of a route's answer, without models; None if it has none. Raises ProblemError."""
        headers = {"Idempotency-Key": key}
        response = await self.http.send(method, path, body=body, headers=headers, query=query)
        return response.json() if response.content else None

    # -- the session --------------------------------------------------------------------------------------------------

    async def sign_in(
        self, wallet: Signer, chain_id: str, *, take_back_deletion: bool | None = None
    ) -> models.TokenAnswer:
        """Sign in. Raises WalletRefusedError, ProblemError."""
        proof = await self._proof(wallet, chain_id, "/v1/auth/nonce")
        if take_back_deletion is not None:
            proof["takeBackDeletion"] = take_back_deletion
        session = models.TokenAnswer.model_validate(await self.call("POST", "/v1/auth/verify", proof))
        await self.http.keep(session)
        return session

    async def sign_out(self) -> None:
        """End the session, here and at the API. Here it is forgotten in any case, unless somebody else has signed in
        meanwhile. Raises ProblemError, UnexpectedAnswerError, UnreachableError or SessionChangedError if the API has
        not ended it."""
        session = self.session
        if session is None:
            return
        try:
            await self.http.send("POST", "/v1/auth/logout", repeatable=True)
        except ProblemError as problem:
            if problem.status != 401:  # else it had ended already
                raise
        finally:
            await self.http.forget(session.user_id)

    async def link_wallet(self, wallet: Signer, chain_id: str, *, move: bool = False) -> models.WalletBody:
        """Link a wallet to the user who has signed in. Raises WalletRefusedError, ProblemError."""
        proof = await self._proof(wallet, chain_id, "/v1/me/wallets/nonce")
        return models.WalletBody.model_validate(await self.call("POST", "/v1/me/wallets", proof | {"move": move}))

    async def _proof(self, wallet: Signer, chain_id: str, nonce_path: str) -> dict[str, Any]:
        """A message that the wallet has signed, with a nonce of the route."""
        if self.origin is None:
            raise ValueError("Give the client the `origin` to sign in for")
        asked = {"accountId": wallet.address, "chainId": chain_id, "domain": domain_of(self.origin)}
        nonce = await self.call("POST", nonce_path, asked)
        message = sign_in_message(self.origin, wallet.address, chain_id, nonce["nonce"], nonce["issuedAt"])
        return {"accountId": wallet.address, "message": message, "signature": wallet.sign(message)}

    # -- what a user does on chain ------------------------------------------------------------------------------------

    def follow(self, intent_id: str, *, after: int = 0) -> AsyncGenerator[StatusEvent]:
        """Every step of an intent behind `after`, once and in order, until it has ended. Raises ProblemError."""
        return flows.steps(self.http, intent_id, after)

    def follow_orders(
        self,
        *,
        chain_id: str | None = None,
        contract: str | None = None,
        maker: str | None = None,
        after: int | None = None,
    ) -> AsyncGenerator[models.OrderEventView]:
        """Changes of orders behind the one with the number `after`, or from now on, without an end. Needs no session.

        Raises ProblemError.
        """
        return flows.order_changes(self.http, {"chainId": chain_id, "contract": contract, "maker": maker}, after)

    def create_collection(
        self, wallet: AsyncWallet, body: models.PrepareCollectionBody, *, key: str | None = None
    ) -> AsyncFlow:
        return self._flow(wallet, "/v1/collections/prepare", body, key)

    def mint(self, wallet: AsyncWallet, body: models.PrepareMintBody, *, key: str | None = None) -> AsyncFlow:
        return self._flow(wallet, "/v1/mints/prepare", body, key)

    def airdrop(self, wallet: AsyncWallet, body: models.PrepareAirdropBody, *, key: str | None = None) -> AsyncFlow:
        return self._flow(wallet, "/v1/airdrops/prepare", body, key)

    def approve(self, wallet: AsyncWallet, body: models.PrepareApproveBody, *, key: str | None = None) -> AsyncFlow:
        return self._flow(wallet, "/v1/approvals/prepare", body, key)

    def purchase(self, wallet: AsyncWallet, body: models.PreparePurchaseBody, *, key: str | None = None) -> AsyncFlow:
        return self._flow(wallet, "/v1/purchases/prepare", body, key)

    def sale(self, wallet: AsyncWallet, body: models.PrepareSaleBody, *, key: str | None = None) -> AsyncFlow:
        return self._flow(wallet, "/v1/sales/prepare", body, key)

    def cancel(self, wallet: AsyncWallet, body: models.PrepareCancelBody, *, key: str | None = None) -> AsyncFlow:
        return self._flow(wallet, "/v1/cancellations/prepare", body, key)

    def launch_token(self, wallet: AsyncWallet, body: models.PrepareLaunchBody, *, key: str | None = None) -> AsyncFlow:
        return self._flow(wallet, "/v1/tokens-fungible/prepare", body, key)

    def place_orders(self, wallet: AsyncWallet, chain_id: str, *wishes: models.WishBody) -> AsyncFlow:
        """Sign up to 50 listings and offers with one signature and hand them in, behind the approvals they need."""
        return AsyncFlow(flows.placing(self.http, wallet, chain_id, list(wishes), str(uuid.uuid4())))

    def _flow(self, wallet: AsyncWallet, path: str, body: Any, key: str | None) -> AsyncFlow:
        return AsyncFlow(flows.through(self.http, wallet, path, body.body(), key or str(uuid.uuid4())))

    # -- files and lists ----------------------------------------------------------------------------------------------

    async def upload(self, content: bytes, name: str = "file") -> models.MediaBody:
        """Upload a picture. The same picture is the same media. Raises ProblemError."""
        files = {"file": (name, content)}
        return await self.http.ask(models.MediaBody, "POST", "/v1/media", files=files, repeatable=True)

    async def download(self, url: str) -> bytes:
        """A file of the API, such as a picture by its `url`. Raises ProblemError."""
        return (await self.http.send("GET", url, secured=False)).content

    async def items(self, operation: AsyncListing[P, Item], *args: P.args, **kwargs: P.kwargs) -> AsyncGenerator[Item]:
        """The items of a list from all its pages, from a given `cursor` on: `client.items(client.api.list_chains)`.

        Raises ProblemError.
        """
        while True:
            page = await operation(*args, **kwargs)
            for item in page.items:
                yield item
            if page.next_cursor is None:
                return
            kwargs["cursor"] = page.next_cursor
