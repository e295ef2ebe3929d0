"""Every route of the API as a method.

Made by scripts/generate_clients.py of the API's document. Do not edit.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Literal
from urllib.parse import quote
from uuid import uuid4

from steadymint_client import codes, models
from steadymint_client._async.http import AsyncHttp
from steadymint_client.events import ServerEvent


def _part(value: object) -> str:
    """A parameter in a path."""
    return quote(str(value), safe=":")


class AsyncOperations:
    """The routes. Each raises ProblemError, UnexpectedAnswerError or UnreachableError."""

    def __init__(self, http: AsyncHttp) -> None:
        self._http = http

    async def issue_nonce(self, body: models.NonceBody) -> models.NonceAnswer:
        """Ask for a nonce: `POST /v1/auth/nonce`."""
        return await self._http.ask(models.NonceAnswer, "POST", "/v1/auth/nonce", body=body.body(), secured=False)

    async def verify(self, body: models.VerifyBody) -> models.TokenAnswer:
        """Sign in: `POST /v1/auth/verify`."""
        return await self._http.ask(models.TokenAnswer, "POST", "/v1/auth/verify", body=body.body(), secured=False)

    async def refresh_session(self, body: models.RefreshBody) -> models.TokenAnswer:
        """The next pair of tokens: `POST /v1/auth/refresh`."""
        return await self._http.ask(models.TokenAnswer, "POST", "/v1/auth/refresh", body=body.body(), secured=False)

    async def logout(self) -> None:
        """Sign out: `POST /v1/auth/logout`."""
        return await self._http.ask(None, "POST", "/v1/auth/logout")

    async def list_sessions(self, *, limit: int | None = None, cursor: str | None = None) -> models.SessionPage:
        """Your sessions: `GET /v1/auth/sessions`."""
        return await self._http.ask(
            models.SessionPage, "GET", "/v1/auth/sessions", query={"limit": limit, "cursor": cursor}
        )

    async def end_session(self, session_id: str) -> None:
        """End one of your sessions: `DELETE /v1/auth/sessions/{sessionId}`."""
        return await self._http.ask(None, "DELETE", f"/v1/auth/sessions/{_part(session_id)}")

    async def list_media(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        kind: Literal["image", "animation", "document", "directory"] | None = None,
    ) -> models.MediaPageBody:
        """Your assets: `GET /v1/media`."""
        return await self._http.ask(
            models.MediaPageBody, "GET", "/v1/media", query={"limit": limit, "cursor": cursor, "kind": kind}
        )

    async def upload_media(self, file: bytes) -> models.MediaBody:
        """Upload a picture: `POST /v1/media`."""
        return await self._http.ask(models.MediaBody, "POST", "/v1/media", files={"file": file}, repeatable=True)

    async def get_media(self, media_id: str) -> models.MediaBody:
        """One of your assets: `GET /v1/media/{mediaId}`."""
        return await self._http.ask(models.MediaBody, "GET", f"/v1/media/{_part(media_id)}")

    async def import_collection(self, body: models.ImportBody) -> models.ImportAnswer:
        """Import a collection that others have deployed: `POST /v1/collections/import`."""
        return await self._http.ask(models.ImportAnswer, "POST", "/v1/collections/import", body=body.body())

    async def get_import(self, chain_id: str, contract: str) -> models.ImportAnswer:
        """Progress of the import of a collection: `GET /v1/collections/{chainId}/{contract}/import`."""
        return await self._http.ask(
            models.ImportAnswer, "GET", f"/v1/collections/{_part(chain_id)}/{_part(contract)}/import", secured=False
        )

    async def prepare_issuance(self, body: models.IssuanceBody) -> models.IssuanceAnswer:
        """Prepare the issuance of a fungible token by RGB++: `POST /v1/rgbpp-issuances`."""
        return await self._http.ask(models.IssuanceAnswer, "POST", "/v1/rgbpp-issuances", body=body.body())

    async def get_issuance(self, issuance_id: str) -> models.IssuanceAnswer:
        """One issuance of yours: `GET /v1/rgbpp-issuances/{issuanceId}`."""
        return await self._http.ask(models.IssuanceAnswer, "GET", f"/v1/rgbpp-issuances/{_part(issuance_id)}")

    async def prepare_collection(
        self, body: models.PrepareCollectionBody, *, idempotency_key: str | None = None
    ) -> models.PreparedAnswer:
        """Prepare the creation of a collection: `POST /v1/collections/prepare`."""
        return await self._http.ask(
            models.PreparedAnswer,
            "POST",
            "/v1/collections/prepare",
            headers={"Idempotency-Key": idempotency_key or str(uuid4())},
            body=body.body(),
        )

    async def prepare_mint(
        self, body: models.PrepareMintBody, *, idempotency_key: str | None = None
    ) -> models.PreparedAnswer:
        """Prepare a mint: `POST /v1/mints/prepare`."""
        return await self._http.ask(
            models.PreparedAnswer,
            "POST",
            "/v1/mints/prepare",
            headers={"Idempotency-Key": idempotency_key or str(uuid4())},
            body=body.body(),
        )

    async def prepare_airdrop(
        self, body: models.PrepareAirdropBody, *, idempotency_key: str | None = None
    ) -> models.PreparedAnswer:
        """Prepare an airdrop: `POST /v1/airdrops/prepare`."""
        return await self._http.ask(
            models.PreparedAnswer,
            "POST",
            "/v1/airdrops/prepare",
            headers={"Idempotency-Key": idempotency_key or str(uuid4())},
            body=body.body(),
        )

    async def prepare_approve(
        self, body: models.PrepareApproveBody, *, idempotency_key: str | None = None
    ) -> models.PreparedAnswer | models.SatisfiedAnswer:
        """Prepare an approval, or its end: `POST /v1/approvals/prepare`."""
        return await self._http.ask(
            models.PreparedAnswer | models.SatisfiedAnswer,
            "POST",
            "/v1/approvals/prepare",
            headers={"Idempotency-Key": idempotency_key or str(uuid4())},
            body=body.body(),
        )

    async def prepare_cancel(
        self, body: models.PrepareCancelBody, *, idempotency_key: str | None = None
    ) -> models.PreparedAnswer | models.SatisfiedAnswer:
        """Prepare a cancellation of orders: `POST /v1/cancellations/prepare`."""
        return await self._http.ask(
            models.PreparedAnswer | models.SatisfiedAnswer,
            "POST",
            "/v1/cancellations/prepare",
            headers={"Idempotency-Key": idempotency_key or str(uuid4())},
            body=body.body(),
        )

    async def prepare_purchase(
        self, body: models.PreparePurchaseBody, *, idempotency_key: str | None = None
    ) -> models.FillAnswer:
        """Prepare a purchase of listings: `POST /v1/purchases/prepare`."""
        return await self._http.ask(
            models.FillAnswer,
            "POST",
            "/v1/purchases/prepare",
            headers={"Idempotency-Key": idempotency_key or str(uuid4())},
            body=body.body(),
        )

    async def prepare_sale(
        self, body: models.PrepareSaleBody, *, idempotency_key: str | None = None
    ) -> models.FillAnswer:
        """Prepare the acceptance of an offer: `POST /v1/sales/prepare`."""
        return await self._http.ask(
            models.FillAnswer,
            "POST",
            "/v1/sales/prepare",
            headers={"Idempotency-Key": idempotency_key or str(uuid4())},
            body=body.body(),
        )

    async def prepare_launch(
        self, body: models.PrepareLaunchBody, *, idempotency_key: str | None = None
    ) -> models.PreparedAnswer:
        """Prepare the launch of a fungible token: `POST /v1/tokens-fungible/prepare`."""
        return await self._http.ask(
            models.PreparedAnswer,
            "POST",
            "/v1/tokens-fungible/prepare",
            headers={"Idempotency-Key": idempotency_key or str(uuid4())},
            body=body.body(),
        )

    async def get_intent(self, intent_id: str) -> models.IntentView:
        """One of your intents: `GET /v1/intents/{intentId}`."""
        return await self._http.ask(models.IntentView, "GET", f"/v1/intents/{_part(intent_id)}")

    async def list_intents(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        kind: codes.IntentKind | None = None,
        status: codes.IntentStatus | None = None,
    ) -> models.IntentPage:
        """Your intents: `GET /v1/intents`."""
        return await self._http.ask(
            models.IntentPage,
            "GET",
            "/v1/intents",
            query={"limit": limit, "cursor": cursor, "kind": kind, "status": status},
        )

    async def track_intent(self, intent_id: str, body: models.TrackBody) -> models.IntentView:
        """Report the transaction of an intent: `POST /v1/intents/{intentId}/track`."""
        return await self._http.ask(
            models.IntentView, "POST", f"/v1/intents/{_part(intent_id)}/track", body=body.body(), repeatable=True
        )

    def stream_intent(self, intent_id: str, *, last_event_id: str | None = None) -> AsyncGenerator[ServerEvent]:
        """Watch an intent: `GET /v1/intents/{intentId}/events`."""
        return self._http.stream(f"/v1/intents/{_part(intent_id)}/events", after=last_event_id)

    async def list_orders(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        chain_id: str | None = None,
        contract: str | None = None,
        token_id: str | None = None,
        maker: str | None = None,
        taker: str | None = None,
        side: list[Literal["listing", "offer", "item_offer", "collection_offer", "trait_offer"]] | None = None,
        status: list[codes.OrderStatus] | None = None,
        currency: str | None = None,
        min_price: str | None = None,
        max_price: str | None = None,
        trait: list[str] | None = None,
        sort: Literal["newest", "price"] | None = None,
    ) -> models.OrderPageView:
        """Orders, the newest first or by price: `GET /v1/orders`."""
        return await self._http.ask(
            models.OrderPageView,
            "GET",
            "/v1/orders",
            query={
                "limit": limit,
                "cursor": cursor,
                "chainId": chain_id,
                "contract": contract,
                "tokenId": token_id,
                "maker": maker,
                "taker": taker,
                "side": side,
                "status": status,
                "currency": currency,
                "minPrice": min_price,
                "maxPrice": max_price,
                "trait": trait,
                "sort": sort,
            },
            secured=False,
        )

    async def hand_in_order(self, body: models.HandInBody) -> models.TakenAnswer:
        """Hand in a signed order: `POST /v1/orders`."""
        return await self._http.ask(models.TakenAnswer, "POST", "/v1/orders", body=body.body(), secured=False)

    async def hand_in_orders(self, body: models.HandInManyBody) -> models.TakenManyAnswer:
        """Hand in many orders: `POST /v1/orders/bulk`."""
        return await self._http.ask(models.TakenManyAnswer, "POST", "/v1/orders/bulk", body=body.body(), secured=False)

    async def build_orders(self, body: models.BuildBody) -> models.BuiltAnswer:
        """Build orders to sign: `POST /v1/orders/build`."""
        return await self._http.ask(models.BuiltAnswer, "POST", "/v1/orders/build", body=body.body(), secured=False)

    async def get_order(self, chain_id: str, order_hash: str) -> models.OrderView:
        """One order, ready to be filled: `GET /v1/orders/{chainId}/{orderHash}`."""
        return await self._http.ask(
            models.OrderView, "GET", f"/v1/orders/{_part(chain_id)}/{_part(order_hash)}", secured=False
        )

    async def list_token_orders(
        self,
        chain_id: str,
        contract: str,
        token_id: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        side: Literal["listing", "offer"] | None = None,
    ) -> models.OrderPageView:
        """What a token is for sale for, or could be sold for: `GET /v1/collections/{chainId}/{contract}/tokens/{tokenId}/orders`."""
        return await self._http.ask(
            models.OrderPageView,
            "GET",
            f"/v1/collections/{_part(chain_id)}/{_part(contract)}/tokens/{_part(token_id)}/orders",
            query={"limit": limit, "cursor": cursor, "side": side},
            secured=False,
        )

    async def list_account_orders(
        self,
        address: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        chain_id: str | None = None,
        contract: str | None = None,
        side: list[Literal["listing", "offer", "item_offer", "collection_offer", "trait_offer"]] | None = None,
        status: list[codes.OrderStatus] | None = None,
    ) -> models.OrderPageView:
        """Orders that an account has signed, newest first: `GET /v1/accounts/{address}/orders`."""
        return await self._http.ask(
            models.OrderPageView,
            "GET",
            f"/v1/accounts/{_part(address)}/orders",
            query={
                "limit": limit,
                "cursor": cursor,
                "chainId": chain_id,
                "contract": contract,
                "side": side,
                "status": status,
            },
            secured=False,
        )

    async def list_offers_received(
        self,
        address: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        chain_id: str | None = None,
        contract: str | None = None,
    ) -> models.OrderPageView:
        """Offers that an account could accept, newest first: `GET /v1/accounts/{address}/offers-received`."""
        return await self._http.ask(
            models.OrderPageView,
            "GET",
            f"/v1/accounts/{_part(address)}/offers-received",
            query={"limit": limit, "cursor": cursor, "chainId": chain_id, "contract": contract},
            secured=False,
        )

    def stream_orders(
        self,
        *,
        chain_id: str | None = None,
        contract: str | None = None,
        maker: str | None = None,
        last_event_id: str | None = None,
    ) -> AsyncGenerator[ServerEvent]:
        """Follow orders: `GET /v1/orders/events`."""
        return self._http.stream(
            "/v1/orders/events",
            query={"chainId": chain_id, "contract": contract, "maker": maker},
            secured=False,
            after=last_event_id,
        )

    async def get_floor(self, chain_id: str, contract: str) -> models.FloorView:
        """The best prices of a collection: `GET /v1/collections/{chainId}/{contract}/floor`."""
        return await self._http.ask(
            models.FloorView, "GET", f"/v1/collections/{_part(chain_id)}/{_part(contract)}/floor", secured=False
        )

    async def list_offers(
        self, chain_id: str, contract: str, *, limit: int | None = None, cursor: str | None = None
    ) -> models.DepthPage:
        """The depth of the offers for a collection: `GET /v1/collections/{chainId}/{contract}/offers`."""
        return await self._http.ask(
            models.DepthPage,
            "GET",
            f"/v1/collections/{_part(chain_id)}/{_part(contract)}/offers",
            query={"limit": limit, "cursor": cursor},
            secured=False,
        )

    async def list_sales(
        self, chain_id: str, contract: str, *, limit: int | None = None, cursor: str | None = None
    ) -> models.SalePage:
        """Sales of a collection, newest first: `GET /v1/collections/{chainId}/{contract}/sales`."""
        return await self._http.ask(
            models.SalePage,
            "GET",
            f"/v1/collections/{_part(chain_id)}/{_part(contract)}/sales",
            query={"limit": limit, "cursor": cursor},
            secured=False,
        )

    async def get_chart(
        self,
        chain_id: str,
        contract: str,
        *,
        interval: codes.Interval | None = None,
        since: str | None = None,
        until: str | None = None,
    ) -> models.ChartView:
        """Sales of a collection by hour, day or week: `GET /v1/collections/{chainId}/{contract}/chart`."""
        return await self._http.ask(
            models.ChartView,
            "GET",
            f"/v1/collections/{_part(chain_id)}/{_part(contract)}/chart",
            query={"interval": interval, "since": since, "until": until},
            secured=False,
        )

    async def publish_metadata(self, body: models.PublishBody) -> models.MetadataSetAnswer:
        """Publish the metadata of tokens: `POST /v1/metadata`."""
        return await self._http.ask(models.MetadataSetAnswer, "POST", "/v1/metadata", body=body.body(), repeatable=True)

    async def publish_allowlist(self, body: models.PublishAllowlistBody) -> models.AllowlistBody:
        """Publish an allowlist: `POST /v1/allowlists`."""
        return await self._http.ask(models.AllowlistBody, "POST", "/v1/allowlists", body=body.body())

    async def get_eligibility(self, chain_id: str, contract: str, address: str) -> models.EligibilityBody:
        """Whether an allowlist has an account: `GET /v1/collections/{chainId}/{contract}/eligibility/{address}`."""
        return await self._http.ask(
            models.EligibilityBody,
            "GET",
            f"/v1/collections/{_part(chain_id)}/{_part(contract)}/eligibility/{_part(address)}",
            secured=False,
        )

    async def list_collections(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        chain_id: str | None = None,
        creator: str | None = None,
        owner: str | None = None,
        standard: codes.Standard | None = None,
        verified: bool | None = None,
        q: str | None = None,
        sort: Literal["recent", "newest", "volume", "floor", "items"] | None = None,
        order: Literal["asc", "desc"] | None = None,
    ) -> models.CollectionPage:
        """Collections by age, volume, floor or size: `GET /v1/collections`."""
        return await self._http.ask(
            models.CollectionPage,
            "GET",
            "/v1/collections",
            query={
                "limit": limit,
                "cursor": cursor,
                "chainId": chain_id,
                "creator": creator,
                "owner": owner,
                "standard": standard,
                "verified": verified,
                "q": q,
                "sort": sort,
                "order": order,
            },
            secured=False,
        )

    async def get_collection(self, chain_id: str, contract: str) -> models.CollectionBody:
        """One collection: `GET /v1/collections/{chainId}/{contract}`."""
        return await self._http.ask(
            models.CollectionBody, "GET", f"/v1/collections/{_part(chain_id)}/{_part(contract)}", secured=False
        )

    async def get_stats(self, chain_id: str, contract: str) -> models.StatsBody:
        """Counters of a collection: `GET /v1/collections/{chainId}/{contract}/stats`."""
        return await self._http.ask(
            models.StatsBody, "GET", f"/v1/collections/{_part(chain_id)}/{_part(contract)}/stats", secured=False
        )

    async def list_traits(
        self, chain_id: str, contract: str, *, limit: int | None = None, cursor: str | None = None
    ) -> models.TraitPage:
        """Trait values of a collection: `GET /v1/collections/{chainId}/{contract}/traits`."""
        return await self._http.ask(
            models.TraitPage,
            "GET",
            f"/v1/collections/{_part(chain_id)}/{_part(contract)}/traits",
            query={"limit": limit, "cursor": cursor},
            secured=False,
        )

    async def list_owners(
        self, chain_id: str, contract: str, *, limit: int | None = None, cursor: str | None = None
    ) -> models.OwnerPage:
        """Owners of a collection, the largest first: `GET /v1/collections/{chainId}/{contract}/owners`."""
        return await self._http.ask(
            models.OwnerPage,
            "GET",
            f"/v1/collections/{_part(chain_id)}/{_part(contract)}/owners",
            query={"limit": limit, "cursor": cursor},
            secured=False,
        )

    async def list_holders(
        self,
        chain_id: str,
        contract: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        token_id: str | None = None,
    ) -> models.HolderPage:
        """Holders of the tokens of a collection: `GET /v1/collections/{chainId}/{contract}/holders`."""
        return await self._http.ask(
            models.HolderPage,
            "GET",
            f"/v1/collections/{_part(chain_id)}/{_part(contract)}/holders",
            query={"limit": limit, "cursor": cursor, "tokenId": token_id},
            secured=False,
        )

    async def list_collection_activity(
        self,
        chain_id: str,
        contract: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        type: list[Literal["listed", "offer", "sale", "transfer", "mint", "burn"]] | None = None,
        since: str | None = None,
        until: str | None = None,
        suspicious: Literal["include", "exclude", "only"] | None = None,
    ) -> models.ActivityPage:
        """What happened in a collection, newest first: `GET /v1/collections/{chainId}/{contract}/activity`."""
        return await self._http.ask(
            models.ActivityPage,
            "GET",
            f"/v1/collections/{_part(chain_id)}/{_part(contract)}/activity",
            query={
                "limit": limit,
                "cursor": cursor,
                "type": type,
                "since": since,
                "until": until,
                "suspicious": suspicious,
            },
            secured=False,
        )

    async def list_tokens(
        self,
        chain_id: str,
        contract: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        trait: list[str] | None = None,
        trait_range: list[str] | None = None,
        owner: str | None = None,
        listed: bool | None = None,
        min_price: str | None = None,
        max_price: str | None = None,
        min_rank: int | None = None,
        max_rank: int | None = None,
        q: str | None = None,
        burned: bool | None = None,
        nsfw: bool | None = None,
        include_spam: bool | None = None,
        sort: Literal["number", "rank", "price", "recent"] | None = None,
        order: Literal["asc", "desc"] | None = None,
    ) -> models.TokenPage:
        """Tokens of a collection, filtered and sorted: `GET /v1/collections/{chainId}/{contract}/tokens`."""
        return await self._http.ask(
            models.TokenPage,
            "GET",
            f"/v1/collections/{_part(chain_id)}/{_part(contract)}/tokens",
            query={
                "limit": limit,
                "cursor": cursor,
                "trait": trait,
                "traitRange": trait_range,
                "owner": owner,
                "listed": listed,
                "minPrice": min_price,
                "maxPrice": max_price,
                "minRank": min_rank,
                "maxRank": max_rank,
                "q": q,
                "burned": burned,
                "nsfw": nsfw,
                "includeSpam": include_spam,
                "sort": sort,
                "order": order,
            },
            secured=False,
        )

    async def get_token(self, chain_id: str, contract: str, token_id: str) -> models.TokenDetailBody:
        """One token: `GET /v1/collections/{chainId}/{contract}/tokens/{tokenId}`."""
        return await self._http.ask(
            models.TokenDetailBody,
            "GET",
            f"/v1/collections/{_part(chain_id)}/{_part(contract)}/tokens/{_part(token_id)}",
            secured=False,
        )

    async def list_token_holders(
        self, chain_id: str, contract: str, token_id: str, *, limit: int | None = None, cursor: str | None = None
    ) -> models.HolderPage:
        """Holders of one token: `GET /v1/collections/{chainId}/{contract}/tokens/{tokenId}/holders`."""
        return await self._http.ask(
            models.HolderPage,
            "GET",
            f"/v1/collections/{_part(chain_id)}/{_part(contract)}/tokens/{_part(token_id)}/holders",
            query={"limit": limit, "cursor": cursor},
            secured=False,
        )

    async def list_transfers(
        self, chain_id: str, contract: str, token_id: str, *, limit: int | None = None, cursor: str | None = None
    ) -> models.ActivityPage:
        """Transfers of one token, newest first: `GET /v1/collections/{chainId}/{contract}/tokens/{tokenId}/transfers`."""
        return await self._http.ask(
            models.ActivityPage,
            "GET",
            f"/v1/collections/{_part(chain_id)}/{_part(contract)}/tokens/{_part(token_id)}/transfers",
            query={"limit": limit, "cursor": cursor},
            secured=False,
        )

    async def list_token_activity(
        self,
        chain_id: str,
        contract: str,
        token_id: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        type: list[Literal["listed", "offer", "sale", "transfer", "mint", "burn"]] | None = None,
        since: str | None = None,
        until: str | None = None,
        suspicious: Literal["include", "exclude", "only"] | None = None,
    ) -> models.ActivityPage:
        """What happened to one token, newest first: `GET /v1/collections/{chainId}/{contract}/tokens/{tokenId}/activity`."""
        return await self._http.ask(
            models.ActivityPage,
            "GET",
            f"/v1/collections/{_part(chain_id)}/{_part(contract)}/tokens/{_part(token_id)}/activity",
            query={
                "limit": limit,
                "cursor": cursor,
                "type": type,
                "since": since,
                "until": until,
                "suspicious": suspicious,
            },
            secured=False,
        )

    async def get_account(self, address: str) -> models.AccountBody:
        """An account's portfolio: `GET /v1/accounts/{address}`."""
        return await self._http.ask(models.AccountBody, "GET", f"/v1/accounts/{_part(address)}", secured=False)

    async def list_account_collections(
        self, address: str, *, limit: int | None = None, cursor: str | None = None
    ) -> models.HeldCollectionPage:
        """Collections of which an account holds tokens: `GET /v1/accounts/{address}/collections`."""
        return await self._http.ask(
            models.HeldCollectionPage,
            "GET",
            f"/v1/accounts/{_part(address)}/collections",
            query={"limit": limit, "cursor": cursor},
            secured=False,
        )

    async def list_account_tokens(
        self,
        address: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        chain_id: str | None = None,
        contract: str | None = None,
        token_id: str | None = None,
        include_spam: bool | None = None,
    ) -> models.HeldTokenPage:
        """What an account holds: `GET /v1/accounts/{address}/tokens`."""
        return await self._http.ask(
            models.HeldTokenPage,
            "GET",
            f"/v1/accounts/{_part(address)}/tokens",
            query={
                "limit": limit,
                "cursor": cursor,
                "chainId": chain_id,
                "contract": contract,
                "tokenId": token_id,
                "includeSpam": include_spam,
            },
            secured=False,
        )

    async def list_account_activity(
        self,
        address: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        type: list[Literal["listed", "offer", "sale", "transfer", "mint", "burn"]] | None = None,
        since: str | None = None,
        until: str | None = None,
        suspicious: Literal["include", "exclude", "only"] | None = None,
    ) -> models.ActivityPage:
        """What an account did or received, newest first: `GET /v1/accounts/{address}/activity`."""
        return await self._http.ask(
            models.ActivityPage,
            "GET",
            f"/v1/accounts/{_part(address)}/activity",
            query={
                "limit": limit,
                "cursor": cursor,
                "type": type,
                "since": since,
                "until": until,
                "suspicious": suspicious,
            },
            secured=False,
        )

    async def search(
        self,
        *,
        q: str,
        kind: Literal["all", "collections", "tokens"] | None = None,
        include_spam: bool | None = None,
        limit: int | None = None,
    ) -> models.SearchBody:
        """Find collections and tokens by name: `GET /v1/search`."""
        return await self._http.ask(
            models.SearchBody,
            "GET",
            "/v1/search",
            query={"q": q, "kind": kind, "includeSpam": include_spam, "limit": limit},
            secured=False,
        )

    async def list_fungible_tokens(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        chain_id: str | None = None,
        creator: str | None = None,
    ) -> models.FungiblePage:
        """Fungible tokens, the newest first: `GET /v1/tokens-fungible`."""
        return await self._http.ask(
            models.FungiblePage,
            "GET",
            "/v1/tokens-fungible",
            query={"limit": limit, "cursor": cursor, "chainId": chain_id, "creator": creator},
            secured=False,
        )

    async def get_fungible_token(self, chain_id: str, contract: str) -> models.FungibleBody:
        """One fungible token: `GET /v1/tokens-fungible/{chainId}/{contract}`."""
        return await self._http.ask(
            models.FungibleBody, "GET", f"/v1/tokens-fungible/{_part(chain_id)}/{_part(contract)}", secured=False
        )

    async def list_fungible_holders(
        self, chain_id: str, contract: str, *, limit: int | None = None, cursor: str | None = None
    ) -> models.FungibleHolderPage:
        """Holders of a fungible token, the largest first: `GET /v1/tokens-fungible/{chainId}/{contract}/holders`."""
        return await self._http.ask(
            models.FungibleHolderPage,
            "GET",
            f"/v1/tokens-fungible/{_part(chain_id)}/{_part(contract)}/holders",
            query={"limit": limit, "cursor": cursor},
            secured=False,
        )

    async def list_fungible_transactions(
        self,
        chain_id: str,
        contract: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        account: str | None = None,
        type: Literal["create", "mint", "transfer", "burn"] | None = None,
    ) -> models.FungibleTransactionPage:
        """What happened to a fungible token, newest first: `GET /v1/tokens-fungible/{chainId}/{contract}/transactions`."""
        return await self._http.ask(
            models.FungibleTransactionPage,
            "GET",
            f"/v1/tokens-fungible/{_part(chain_id)}/{_part(contract)}/transactions",
            query={"limit": limit, "cursor": cursor, "account": account, "type": type},
            secured=False,
        )

    async def get_collection_refresh(self, chain_id: str, contract: str) -> models.ProgressBody:
        """Progress of reading the metadata of a collection: `GET /v1/collections/{chainId}/{contract}/refresh`."""
        return await self._http.ask(
            models.ProgressBody, "GET", f"/v1/collections/{_part(chain_id)}/{_part(contract)}/refresh", secured=False
        )

    async def refresh_collection_metadata(self, chain_id: str, contract: str) -> models.ProgressBody:
        """Read the metadata of a collection again: `POST /v1/collections/{chainId}/{contract}/refresh`."""
        return await self._http.ask(
            models.ProgressBody, "POST", f"/v1/collections/{_part(chain_id)}/{_part(contract)}/refresh", secured=False
        )

    async def get_token_refresh(self, chain_id: str, contract: str, token_id: str) -> models.ProgressBody:
        """Progress of reading the metadata of a token: `GET /v1/collections/{chainId}/{contract}/tokens/{tokenId}/refresh`."""
        return await self._http.ask(
            models.ProgressBody,
            "GET",
            f"/v1/collections/{_part(chain_id)}/{_part(contract)}/tokens/{_part(token_id)}/refresh",
            secured=False,
        )

    async def refresh_token_metadata(self, chain_id: str, contract: str, token_id: str) -> models.ProgressBody:
        """Read the metadata of a token again: `POST /v1/collections/{chainId}/{contract}/tokens/{tokenId}/refresh`."""
        return await self._http.ask(
            models.ProgressBody,
            "POST",
            f"/v1/collections/{_part(chain_id)}/{_part(contract)}/tokens/{_part(token_id)}/refresh",
            secured=False,
        )

    async def list_chains(self, *, limit: int | None = None, cursor: str | None = None) -> models.ChainPage:
        """Enabled chains, by number: `GET /v1/chains`."""
        return await self._http.ask(
            models.ChainPage, "GET", "/v1/chains", query={"limit": limit, "cursor": cursor}, secured=False
        )

    async def get_me(self) -> models.MeBody:
        """The signed-in user: `GET /v1/me`."""
        return await self._http.ask(models.MeBody, "GET", "/v1/me")

    async def patch_me(self, body: models.MeChange) -> models.MeBody:
        """Change the signed-in user's profile and preferences: `PATCH /v1/me`."""
        return await self._http.ask(models.MeBody, "PATCH", "/v1/me", body=body.body(), repeatable=True)

    async def delete_me(self) -> models.DeletionBody:
        """Delete your account: `DELETE /v1/me`."""
        return await self._http.ask(models.DeletionBody, "DELETE", "/v1/me")

    async def list_wallets(self, *, limit: int | None = None, cursor: str | None = None) -> models.WalletPage:
        """Your wallets: `GET /v1/me/wallets`."""
        return await self._http.ask(
            models.WalletPage, "GET", "/v1/me/wallets", query={"limit": limit, "cursor": cursor}
        )

    async def link_wallet(self, body: models.LinkBody) -> models.WalletBody:
        """Link a wallet: `POST /v1/me/wallets`."""
        return await self._http.ask(models.WalletBody, "POST", "/v1/me/wallets", body=body.body())

    async def issue_link_nonce(self, body: models.NonceBody) -> models.NonceAnswer:
        """Ask for a nonce to link a wallet: `POST /v1/me/wallets/nonce`."""
        return await self._http.ask(models.NonceAnswer, "POST", "/v1/me/wallets/nonce", body=body.body())

    async def make_primary(self, address: str) -> None:
        """Make a wallet your primary one: `PUT /v1/me/wallets/{address}/primary`."""
        return await self._http.ask(None, "PUT", f"/v1/me/wallets/{_part(address)}/primary", repeatable=True)

    async def label_wallet(self, address: str, body: models.WalletChange) -> None:
        """Label a wallet: `PATCH /v1/me/wallets/{address}`."""
        return await self._http.ask(None, "PATCH", f"/v1/me/wallets/{_part(address)}", body=body.body())

    async def unlink_wallet(self, address: str) -> None:
        """Unlink a wallet: `DELETE /v1/me/wallets/{address}`."""
        return await self._http.ask(None, "DELETE", f"/v1/me/wallets/{_part(address)}")

    async def list_wallet_activity(
        self, address: str, *, limit: int | None = None, cursor: str | None = None
    ) -> models.WalletActivityPage:
        """What was done with a wallet: `GET /v1/me/wallets/{address}/activity`."""
        return await self._http.ask(
            models.WalletActivityPage,
            "GET",
            f"/v1/me/wallets/{_part(address)}/activity",
            query={"limit": limit, "cursor": cursor},
        )

    async def list_wallet_verifications(
        self, address: str, *, limit: int | None = None, cursor: str | None = None
    ) -> models.WalletVerificationPage:
        """How a wallet was proven to be yours: `GET /v1/me/wallets/{address}/verifications`."""
        return await self._http.ask(
            models.WalletVerificationPage,
            "GET",
            f"/v1/me/wallets/{_part(address)}/verifications",
            query={"limit": limit, "cursor": cursor},
        )

    async def list_approvals(
        self, *, limit: int | None = None, cursor: str | None = None
    ) -> models.StandingApprovalPage:
        """Who may move what is yours: `GET /v1/me/approvals`."""
        return await self._http.ask(
            models.StandingApprovalPage, "GET", "/v1/me/approvals", query={"limit": limit, "cursor": cursor}
        )

    async def list_approval_history(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        wallet: str | None = None,
        chain_id: str | None = None,
        contract: str | None = None,
        operator: str | None = None,
    ) -> models.ApprovalHistoryPage:
        """Who might move what is yours, and when: `GET /v1/me/approvals/history`."""
        return await self._http.ask(
            models.ApprovalHistoryPage,
            "GET",
            "/v1/me/approvals/history",
            query={
                "limit": limit,
                "cursor": cursor,
                "wallet": wallet,
                "chainId": chain_id,
                "contract": contract,
                "operator": operator,
            },
        )

    async def search_users(
        self, *, prefix: str, limit: int | None = None, cursor: str | None = None
    ) -> models.UserPage:
        """Users by the beginning of their name: `GET /v1/users`."""
        return await self._http.ask(
            models.UserPage, "GET", "/v1/users", query={"limit": limit, "cursor": cursor, "prefix": prefix}
        )

    async def get_user(self, username: str) -> models.UserBody:
        """One user: `GET /v1/users/{username}`."""
        return await self._http.ask(models.UserBody, "GET", f"/v1/users/{_part(username)}")

    async def list_usernames(self, *, chain_id: str, address: list[str]) -> models.NamesBody:
        """The names behind addresses: `GET /v1/usernames`."""
        return await self._http.ask(
            models.NamesBody, "GET", "/v1/usernames", query={"chainId": chain_id, "address": address}
        )

    async def follow_user(self, username: str) -> None:
        """Follow a user: `PUT /v1/users/{username}/follow`."""
        return await self._http.ask(None, "PUT", f"/v1/users/{_part(username)}/follow", repeatable=True)

    async def unfollow_user(self, username: str) -> None:
        """Follow a user no longer: `DELETE /v1/users/{username}/follow`."""
        return await self._http.ask(None, "DELETE", f"/v1/users/{_part(username)}/follow")

    async def block_user(self, username: str) -> None:
        """Block a user: `PUT /v1/users/{username}/block`."""
        return await self._http.ask(None, "PUT", f"/v1/users/{_part(username)}/block", repeatable=True)

    async def unblock_user(self, username: str) -> None:
        """Unblock a user: `DELETE /v1/users/{username}/block`."""
        return await self._http.ask(None, "DELETE", f"/v1/users/{_part(username)}/block")

    async def list_followers(
        self, username: str, *, limit: int | None = None, cursor: str | None = None
    ) -> models.UserPage:
        """Who follows a user: `GET /v1/users/{username}/followers`."""
        return await self._http.ask(
            models.UserPage, "GET", f"/v1/users/{_part(username)}/followers", query={"limit": limit, "cursor": cursor}
        )

    async def list_following(
        self, username: str, *, limit: int | None = None, cursor: str | None = None
    ) -> models.UserPage:
        """Whom a user follows: `GET /v1/users/{username}/following`."""
        return await self._http.ask(
            models.UserPage, "GET", f"/v1/users/{_part(username)}/following", query={"limit": limit, "cursor": cursor}
        )

    async def list_blocks(self, *, limit: int | None = None, cursor: str | None = None) -> models.UserPage:
        """Whom you have blocked: `GET /v1/me/blocks`."""
        return await self._http.ask(models.UserPage, "GET", "/v1/me/blocks", query={"limit": limit, "cursor": cursor})

    async def list_security_events(
        self, *, limit: int | None = None, cursor: str | None = None
    ) -> models.SecurityEventPage:
        """What is recorded about your account's security: `GET /v1/me/security-events`."""
        return await self._http.ask(
            models.SecurityEventPage, "GET", "/v1/me/security-events", query={"limit": limit, "cursor": cursor}
        )

    async def get_export(self) -> models.ExportBody:
        """Your newest export: `GET /v1/me/export`."""
        return await self._http.ask(models.ExportBody, "GET", "/v1/me/export")

    async def ask_for_export(self) -> models.ExportBody:
        """Ask for an export of your account: `POST /v1/me/export`."""
        return await self._http.ask(models.ExportBody, "POST", "/v1/me/export")

    async def download_export(self) -> bytes:
        """Download your newest export: `GET /v1/me/export/archive`."""
        return await self._http.ask(bytes, "GET", "/v1/me/export/archive")

    async def list_webhooks(self, *, limit: int | None = None, cursor: str | None = None) -> models.WebhookPage:
        """Your webhooks: `GET /v1/webhooks`."""
        return await self._http.ask(models.WebhookPage, "GET", "/v1/webhooks", query={"limit": limit, "cursor": cursor})

    async def create_webhook(
        self, body: models.CreateWebhookBody, *, idempotency_key: str | None = None
    ) -> models.NewWebhookView:
        """Subscribe to events: `POST /v1/webhooks`."""
        return await self._http.ask(
            models.NewWebhookView,
            "POST",
            "/v1/webhooks",
            headers={"Idempotency-Key": idempotency_key or str(uuid4())},
            body=body.body(),
        )

    async def get_webhook(self, webhook_id: str) -> models.WebhookView:
        """One of your webhooks: `GET /v1/webhooks/{webhookId}`."""
        return await self._http.ask(models.WebhookView, "GET", f"/v1/webhooks/{_part(webhook_id)}")

    async def change_webhook(self, webhook_id: str, body: models.ChangeWebhookBody) -> models.WebhookView:
        """Change, pause or resume a webhook: `PATCH /v1/webhooks/{webhookId}`."""
        return await self._http.ask(models.WebhookView, "PATCH", f"/v1/webhooks/{_part(webhook_id)}", body=body.body())

    async def delete_webhook(self, webhook_id: str) -> None:
        """End a webhook: `DELETE /v1/webhooks/{webhookId}`."""
        return await self._http.ask(None, "DELETE", f"/v1/webhooks/{_part(webhook_id)}")

    async def rotate_webhook_secret(self, webhook_id: str, body: models.RotateBody) -> models.SecretView:
        """Replace a webhook's secret: `POST /v1/webhooks/{webhookId}/rotate-secret`."""
        return await self._http.ask(
            models.SecretView, "POST", f"/v1/webhooks/{_part(webhook_id)}/rotate-secret", body=body.body()
        )

    async def list_webhook_deliveries(
        self,
        webhook_id: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        status: codes.DeliveryStatus | None = None,
    ) -> models.DeliveryPage:
        """What has come of a webhook's events: `GET /v1/webhooks/{webhookId}/deliveries`."""
        return await self._http.ask(
            models.DeliveryPage,
            "GET",
            f"/v1/webhooks/{_part(webhook_id)}/deliveries",
            query={"limit": limit, "cursor": cursor, "status": status},
        )

    async def replay_webhook(self, webhook_id: str, body: models.ReplayBody) -> models.ReplayView:
        """Send events again: `POST /v1/webhooks/{webhookId}/replay`."""
        return await self._http.ask(
            models.ReplayView, "POST", f"/v1/webhooks/{_part(webhook_id)}/replay", body=body.body()
        )

    async def test_webhook(self, webhook_id: str) -> models.SentTestView:
        """Send an event of no meaning: `POST /v1/webhooks/{webhookId}/test`."""
        return await self._http.ask(models.SentTestView, "POST", f"/v1/webhooks/{_part(webhook_id)}/test")

    async def list_events(
        self, *, webhook_id: str, after: int | None = None, limit: int | None = None
    ) -> models.EventPage:
        """Events of a webhook, by number: `GET /v1/events`."""
        return await self._http.ask(
            models.EventPage, "GET", "/v1/events", query={"webhookId": webhook_id, "after": after, "limit": limit}
        )

    async def get_original(self, media_id: str, *, width: int | None = None) -> bytes:
        """An asset's content: `GET /media/{mediaId}`."""
        return await self._http.ask(bytes, "GET", f"/media/{_part(media_id)}", query={"width": width}, secured=False)

    async def get_variant(self, media_id: str, width: str) -> bytes:
        """A variant of an asset: `GET /media/{mediaId}/{width}.webp`."""
        return await self._http.ask(bytes, "GET", f"/media/{_part(media_id)}/{_part(width)}.webp", secured=False)

    async def get_by_cid(self, cid: str, *, width: int | None = None) -> bytes:
        """Content by its CID: `GET /ipfs/{cid}`."""
        return await self._http.ask(bytes, "GET", f"/ipfs/{_part(cid)}", query={"width": width}, secured=False)

    async def get_by_path(self, cid: str, path: str, *, width: int | None = None) -> bytes:
        """Content by its path in a directory: `GET /ipfs/{cid}/{path}`."""
        return await self._http.ask(
            bytes, "GET", f"/ipfs/{_part(cid)}/{_part(path)}", query={"width": width}, secured=False
        )

    async def get_settings(self) -> models.SettingsBody:
        """Public settings of this marketplace: `GET /v1/settings`."""
        return await self._http.ask(models.SettingsBody, "GET", "/v1/settings", secured=False)

    async def healthz(self) -> models.Health:
        """The process runs: `GET /healthz`."""
        return await self._http.ask(models.Health, "GET", "/healthz", secured=False)

    async def readyz(self) -> models.Readiness:
        """Every dependency by name: `GET /readyz`."""
        return await self._http.ask(models.Readiness, "GET", "/readyz", secured=False)

    async def metrics(self) -> str:
        """Prometheus metrics: `GET /metrics`."""
        return await self._http.ask(str, "GET", "/metrics", secured=False)
