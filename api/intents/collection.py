"""Creating a collection."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Final, Self

from fastapi import Response
from pydantic import ConfigDict, Field, model_validator

from api.http.fields import Body, Exact, Link, MediaIdField, Uri, text
from api.http.json_bodies import Router
from api.http.moments import Moment
from api.intents.fields import Payee, Supply, at_most
from api.intents.preparing import AskingDep, prepare_route
from api.intents.views import prepared_example
from api.root import Services
from steadymint.domain import errors
from steadymint.domain.intents.collection import CollectionTerms, MintRules
from steadymint.domain.intents.kinds import IntentKind
from steadymint.domain.types import Address, Bytes32Field, ChainIdField, Quantity, Standard, UserId, Wei, WeiField
from steadymint.publishing.documents import CollectionWords

MAX_BPS: Final = 10_000  # EIP-2981 leaves the base to the contract; OpenZeppelin's is 10,000 and it refuses more
MAX_PRICE: Final = 2**128 - 1  # the contract's uint128
MAX_WALLET_LIMIT: Final = 2**32 - 1  # the contract's uint32
_LAST_TIME: Final = datetime(9999, 1, 1, tzinfo=UTC)

router = Router(prefix="/v1/collections", tags=["Flows"])


class MintRulesBody(Body):
    """The public mint. Everything left out is unlimited, free and open to all."""

    price: Annotated[WeiField, Exact, at_most(MAX_PRICE)] = Field(
        Wei(0), description="Wei for one token or unit. Default: 0"
    )
    limit_per_wallet: Annotated[Supply, at_most(MAX_WALLET_LIMIT)] | None = Field(
        None, description="What one wallet may mint in all. ERC-1155: units of all token ids."
    )
    start_at: Moment | None = None
    end_at: Moment | None = Field(None, description="Exclusive")
    allowlist_root: Bytes32Field | None = Field(
        None, description='Root of an OpenZeppelin StandardMerkleTree over `["address"]`'
    )

    @model_validator(mode="after")
    def _window_opens_before_it_closes(self) -> Self:
        for moment in (self.start_at, self.end_at):
            if moment is not None and not 0 < moment.timestamp() < _LAST_TIME.timestamp():
                raise ValueError("startAt and endAt must lie between 1970 and 9999")
        if self.start_at and self.end_at and self.end_at <= self.start_at:
            raise ValueError("endAt must lie after startAt")
        return self

    def rules(self) -> MintRules:
        return MintRules(
            price=self.price,
            limit_per_wallet=self.limit_per_wallet or 0,
            start_at=self.start_at,
            end_at=self.end_at,
            allowlist_root=self.allowlist_root,
        )


class PrepareCollectionBody(Body):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "chainId": "eip155:31337",
                    "standard": "erc721",
                    "name": "Harbour Lights",
                    "symbol": "HARB",
                    "baseUri": "ipfs://bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi/",
                    "maxSupply": "1000",
                    "royaltyBps": 500,
                    "mint": {"price": "10000000000000000", "limitPerWallet": 10},
                },
                {
                    "chainId": "eip155:31337",
                    "standard": "erc721",
                    "name": "Harbour Lights",
                    "symbol": "HARB",
                    "description": "The lamps of a small harbour.",
                    "imageMediaId": "9f" * 32,
                    "metadataSetId": "5e" * 32,
                },
            ]
        }
    )

    chain_id: ChainIdField
    standard: Standard
    name: Annotated[str, text(100)]
    symbol: Annotated[str, text(20)]
    description: Annotated[str, text(2000, empty=True, lines=True)] | None = None
    contract_uri: Uri | None = Field(None, description="A document of your own. Left out, one is written from here.")
    base_uri: Uri | None = None
    metadata_set_id: MediaIdField | None = Field(None, description="In place of baseUri: a set that you published")
    image_media_id: MediaIdField | None = None
    banner_media_id: MediaIdField | None = None
    featured_media_id: MediaIdField | None = None
    external_url: Link | None = None
    max_supply: Supply | None = Field(
        None, description="ERC-721: tokens in all. ERC-1155: units of each token id. Absent: unlimited."
    )
    royalty_bps: Annotated[int, Field(ge=0, le=MAX_BPS, strict=True)] = Field(
        0, description="EIP-2981, in hundredths of a per cent. Default: 0"
    )
    royalty_receiver: Payee | None = Field(None, description="Default: the creator")
    payout_address: Payee | None = Field(None, description="Who is paid for mints. Default: the creator")
    mint: MintRulesBody = Field(default_factory=lambda: MintRulesBody.model_validate({}))

    @model_validator(mode="after")
    def _says_it_once(self) -> Self:
        if self.contract_uri is not None and (self.external_url is not None or any(self.words().media())):
            raise ValueError("contractUri names a document of your own; pictures and externalUrl belong into it")
        if self.base_uri is not None and self.metadata_set_id is not None:
            raise ValueError("give either baseUri or metadataSetId")
        return self

    def words(self) -> CollectionWords:
        """What the collection's own document says, where it has no `contractUri`."""
        return CollectionWords(
            name=self.name,
            symbol=self.symbol,
            description=self.description,
            image=self.image_media_id,
            banner=self.banner_media_id,
            featured=self.featured_media_id,
            external_url=self.external_url,
        )

    def named(self) -> dict[str, str]:
        """What the body names that the terms do not hold as it is; part of what tells two requests apart."""
        return self.model_dump(
            mode="json",
            include={"metadata_set_id", "image_media_id", "banner_media_id", "featured_media_id", "external_url"},
            exclude_none=True,
        )

    def terms(self, creator: Address) -> CollectionTerms:
        return CollectionTerms(
            standard=self.standard,
            name=self.name,
            symbol=self.symbol,
            description=self.description,
            contract_uri=self.contract_uri or "",
            base_uri=self.base_uri or "",
            max_supply=self.max_supply or Quantity(0),
            royalty_bps=self.royalty_bps,
            royalty_receiver=self.royalty_receiver or creator,
            payout_address=self.payout_address or creator,
            mint=self.mint.rules(),
        )


@router.post(
    "/prepare",
    summary="Prepare the creation of a collection",
    **prepare_route(
        prepared_example(IntentKind.COLLECTION, data="0xe18a7bc3", gas="468000")
        | {"previewAddress": "0xb8F23C12b9986d11760395f41B26113A277f5c9e"},
        errors.UnknownMediaError,
        errors.UnreadableMediaError,
        errors.NotPinnedError,
    ),
)
async def prepare_collection(body: PrepareCollectionBody, asking: AskingDep) -> Response:
    """Calldata for the factory, with the exact address that the collection will have.

    Without a `contractUri` of your own, description, pictures and link become the collection's document (ERC-7572) in
    our store. Whatever the calldata names of ours has been read back when this answers.
    """
    terms = body.terms(asking.session.address)

    async def published() -> CollectionTerms:
        user_id = asking.session.user_id
        found = {
            "contract_uri": terms.contract_uri or await _contract_uri(asking.services, body, user_id),
            "base_uri": await _base_uri(asking.services, body, user_id),
        }
        return terms.model_copy(update=found)

    return await asking.prepare(IntentKind.COLLECTION, body.chain_id, terms, named=body.named(), complete=published)


async def _contract_uri(services: Services, body: PrepareCollectionBody, user_id: UserId) -> str:
    words = body.words()
    return await services.publisher.collections.contract_uri(words, user_id) if words.says_something() else ""


async def _base_uri(services: Services, body: PrepareCollectionBody, user_id: UserId) -> str:
    if body.metadata_set_id is not None:
        return await services.publisher.sets.base_uri_of(body.metadata_set_id, body.standard, user_id)
    if body.base_uri is not None and body.base_uri.startswith("ipfs://"):
        await services.publisher.sets.check_base_uri(body.base_uri, body.standard)
    return body.base_uri or ""
