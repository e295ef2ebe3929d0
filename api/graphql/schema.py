"""The schema: which field asks which route. What is not in these tables is in `LEFT_OUT`, with the reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import strawberry
from fastapi.routing import APIRoute
from graphql import GraphQLError, GraphQLSchema
from strawberry.schema.config import StrawberryConfig

from api.graphql import spec
from api.graphql.costs import Weight
from api.graphql.fields import Fields
from api.graphql.guard import Guard
from api.graphql.relations import relate
from api.graphql.routes import Place, by_place
from api.graphql.scalars import SCALARS
from api.graphql.showing import ShowingExecutor
from api.graphql.subscriptions import Subscriptions
from api.graphql.types import Types

_COLLECTION: Final = "/v1/collections/{chainId}/{contract}"
_TOKEN: Final = f"{_COLLECTION}/tokens/{{tokenId}}"
_ACCOUNT: Final = "/v1/accounts/{address}"
_FUNGIBLE: Final = "/v1/tokens-fungible/{chainId}/{contract}"
_USER: Final = "/v1/users/{username}"
_WALLET: Final = "/v1/me/wallets/{address}"
_WEBHOOK: Final = "/v1/webhooks/{webhookId}"

QUERIES: Final[dict[str, str]] = {
    "collections": "/v1/collections",
    "collection": _COLLECTION,
    "eligibility": f"{_COLLECTION}/eligibility/{{address}}",
    "collectionStats": f"{_COLLECTION}/stats",
    "traits": f"{_COLLECTION}/traits",
    "owners": f"{_COLLECTION}/owners",
    "holders": f"{_COLLECTION}/holders",
    "collectionActivity": f"{_COLLECTION}/activity",
    "tokens": f"{_COLLECTION}/tokens",
    "token": _TOKEN,
    "tokenHolders": f"{_TOKEN}/holders",
    "tokenTransfers": f"{_TOKEN}/transfers",
    "tokenActivity": f"{_TOKEN}/activity",
    "account": _ACCOUNT,
    "accountCollections": f"{_ACCOUNT}/collections",
    "accountTokens": f"{_ACCOUNT}/tokens",
    "accountActivity": f"{_ACCOUNT}/activity",
    "search": "/v1/search",
    "chains": "/v1/chains",
    "collectionImport": f"{_COLLECTION}/import",
    "collectionRefresh": f"{_COLLECTION}/refresh",
    "tokenRefresh": f"{_TOKEN}/refresh",
    "orders": "/v1/orders",
    "order": "/v1/orders/{chainId}/{orderHash}",
    "tokenOrders": f"{_TOKEN}/orders",
    "accountOrders": f"{_ACCOUNT}/orders",
    "offersReceived": f"{_ACCOUNT}/offers-received",
    "floor": f"{_COLLECTION}/floor",
    "offers": f"{_COLLECTION}/offers",
    "sales": f"{_COLLECTION}/sales",
    "chart": f"{_COLLECTION}/chart",
    "intent": "/v1/intents/{intentId}",
    "intents": "/v1/intents",
    "me": "/v1/me",
    "sessions": "/v1/auth/sessions",
    "user": _USER,
    "users": "/v1/users",
    "usernames": "/v1/usernames",
    "followers": f"{_USER}/followers",
    "following": f"{_USER}/following",
    "blocks": "/v1/me/blocks",
    "wallets": "/v1/me/wallets",
    "walletActivity": f"{_WALLET}/activity",
    "walletVerifications": f"{_WALLET}/verifications",
    "approvals": "/v1/me/approvals",
    "approvalHistory": "/v1/me/approvals/history",
    "securityEvents": "/v1/me/security-events",
    "dataExport": "/v1/me/export",
    "mediaAsset": "/v1/media/{mediaId}",
    "mediaAssets": "/v1/media",
    "fungibleTokens": "/v1/tokens-fungible",
    "fungibleToken": _FUNGIBLE,
    "fungibleHolders": f"{_FUNGIBLE}/holders",
    "fungibleTransactions": f"{_FUNGIBLE}/transactions",
    "issuance": "/v1/rgbpp-issuances/{issuanceId}",
    "webhooks": "/v1/webhooks",
    "webhook": _WEBHOOK,
    "webhookDeliveries": f"{_WEBHOOK}/deliveries",
    "events": "/v1/events",
    "settings": "/v1/settings",
}

MUTATIONS: Final[dict[str, tuple[str, str]]] = {
    "buildOrders": ("POST", "/v1/orders/build"),
    "handInOrder": ("POST", "/v1/orders"),
    "handInOrders": ("POST", "/v1/orders/bulk"),
    "preparePurchase": ("POST", "/v1/purchases/prepare"),
    "prepareSale": ("POST", "/v1/sales/prepare"),
    "prepareCancellation": ("POST", "/v1/cancellations/prepare"),
    "prepareApproval": ("POST", "/v1/approvals/prepare"),
    "prepareAirdrop": ("POST", "/v1/airdrops/prepare"),
    "prepareLaunch": ("POST", "/v1/tokens-fungible/prepare"),
    "prepareIssuance": ("POST", "/v1/rgbpp-issuances"),
    "trackIntent": ("POST", "/v1/intents/{intentId}/track"),
    "importCollection": ("POST", "/v1/collections/import"),
    "refreshCollection": ("POST", f"{_COLLECTION}/refresh"),
    "refreshToken": ("POST", f"{_TOKEN}/refresh"),
    "refreshSession": ("POST", "/v1/auth/refresh"),
    "signOut": ("POST", "/v1/auth/logout"),
    "endSession": ("DELETE", "/v1/auth/sessions/{sessionId}"),
    "changeMe": ("PATCH", "/v1/me"),
    "followUser": ("PUT", f"{_USER}/follow"),
    "unfollowUser": ("DELETE", f"{_USER}/follow"),
    "blockUser": ("PUT", f"{_USER}/block"),
    "unblockUser": ("DELETE", f"{_USER}/block"),
    "walletNonce": ("POST", "/v1/me/wallets/nonce"),
    "linkWallet": ("POST", "/v1/me/wallets"),
    "makeWalletPrimary": ("PUT", f"{_WALLET}/primary"),
    "labelWallet": ("PATCH", _WALLET),
    "unlinkWallet": ("DELETE", _WALLET),
    "askForDataExport": ("POST", "/v1/me/export"),
    "deleteAccount": ("DELETE", "/v1/me"),
    "createWebhook": ("POST", "/v1/webhooks"),
    "changeWebhook": ("PATCH", _WEBHOOK),
    "deleteWebhook": ("DELETE", _WEBHOOK),
    "rotateWebhookSecret": ("POST", f"{_WEBHOOK}/rotate-secret"),
    "replayWebhook": ("POST", f"{_WEBHOOK}/replay"),
    "testWebhook": ("POST", f"{_WEBHOOK}/test"),
}

LEFT_OUT: Final[dict[str, str]] = {
    "POST /v1/metadata": "its body may have 16 MB and is read as it arrives; a document of GraphQL may have 256 KiB",
    "POST /v1/allowlists": "its body may have 8 MB; a document of GraphQL may have 256 KiB",
    "GET /v1/me/export/archive": "it answers an archive",
    "GET /media/{mediaId}": "it answers the bytes of a picture",
    "GET /media/{mediaId}/{width}.webp": "it answers the bytes of a picture",
    "GET /ipfs/{cid}": "it answers bytes",
    "GET /ipfs/{cid}/{path}": "it answers bytes",
    "GET /healthz": "it is for the machine that runs the API",
    "GET /readyz": "it is for the machine that runs the API",
    "GET /metrics": "it is for the machine that runs the API",
}
"""Routes of REST that no field asks."""

NAMES: Final[dict[str, str]] = {
    "OrderBody": "OrderComponents",
    "TokenAnswer": "SessionTokens",
    "PrepareCollectionBody": "PrepareCreateCollection",
    "PreparedAnswer": "PreparedIntent",
    "FillAnswer": "PreparedFill",
    "NonceAnswer": "IssuedNonce",
    "Code": "OrderFindingCode",
    "Step": "IntentStep",
    "LevelView": "PriceLevel",
    "MarketBody": "MarketTotals",
    "StatsBody": "CollectionStats",
    "BarView": "ChartBar",
}
"""What types are called whose bodies are named for a reader of the code beside them."""

ENUMS: Final[dict[frozenset[str], str]] = {
    frozenset({"asc", "desc"}): "Direction",
    frozenset({"erc721", "erc1155"}): "Standard",
    frozenset({"listing", "offer", "item_offer", "collection_offer", "trait_offer"}): "SideFilter",
}
"""What enumerations are called that several places have."""


@dataclass(frozen=True, slots=True)
class Served:
    """The schema, and what each root field costs."""

    schema: strawberry.Schema
    weights: dict[str, Weight]
    reached: frozenset[Place]


def schema_of(routes: Iterable[APIRoute]) -> Served:
    """The schema over these routes. Making it takes most of a second."""
    types = Types(NAMES, ENUMS)
    relate(types)
    fields = Fields(by_place(routes), types)
    queries = {name: fields.asking(name, Place("GET", path)) for name, path in QUERIES.items()}
    mutations = spec.sign_in(fields) | spec.upload(fields) | spec.flows(fields)
    mutations |= {name: fields.asking(name, Place(*place)) for name, place in MUTATIONS.items()}
    subscriptions = Subscriptions(fields).all()
    schema = QuietSchema(
        query=_root("Query", queries),
        mutation=_root("Mutation", mutations),
        subscription=_root("Subscription", subscriptions),
        config=StrawberryConfig(auto_camel_case=False, default_resolver=_member, scalar_map=SCALARS),
        extensions=[Guard],
        execution_context_class=ShowingExecutor,
    )
    return Served(schema, fields.weights, frozenset(fields.reached))


class QuietSchema(strawberry.Schema):
    """A schema that logs no error. What a client is told is its own business, and the document beside it may hold a
    signature; `Guard` logs what nobody expected."""

    def process_errors(self, errors: list[GraphQLError], execution_context: Any = None) -> None:
        pass


def graphql_of(schema: strawberry.Schema) -> GraphQLSchema:
    """The schema as the library below has it."""
    return schema._schema  # pyright: ignore[reportPrivateUsage] - strawberry hands it out nowhere else


def _root(name: str, fields: dict[str, Any]) -> Any:
    return strawberry.type(type(name, (), fields))


def _member(source: Any, name: str) -> Any:
    return source.get(name.rstrip("_"))
