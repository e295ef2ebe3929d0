"""What is asked when a transaction is prepared, and what the wallet is handed."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Final, Self
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    model_validator,
)
from pydantic.alias_generators import to_camel

from api.http.fields import Body, Exact, Link, MediaIdField, Uri, text
from steadymint.domain.flows import CollectionTerms, MintItem, MintRules, MintTerms, Standard
from steadymint.domain.intent_records import show_time
from steadymint.domain.intents import IntentKind, IntentStatus, TxRequest
from steadymint.domain.types import (
    Address,
    AddressField,
    Bytes32Field,
    ChainIdField,
    Quantity,
    QuantityField,
    ShownAddress,
    TokenIdField,
    Wei,
    WeiField,
)
from steadymint.publishing.documents import CollectionWords

MAX_BPS: Final = 10_000  # EIP-2981 leaves the base to the contract; OpenZeppelin's is 10,000 and it refuses more
MAX_QUANTITY: Final = 500  # an ERC-721 mint of more does not fit the 2^24 gas that EIP-7825 allows a transaction
MAX_ITEMS: Final = 200
MAX_PROOF: Final = 64  # a tree of 2^64 leaves
MAX_PRICE: Final = 2**128 - 1  # the contract's uint128
MAX_WALLET_LIMIT: Final = 2**32 - 1  # the contract's uint32
_RFC_3339: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_LAST_TIME: Final = datetime(9999, 1, 1, tzinfo=UTC)


def _not_zero(address: Address) -> Address:
    if int(address, 16) == 0:
        raise ValueError("must not be the zero address")
    return address


def _at_most(limit: int) -> AfterValidator:
    def check(value: int) -> int:
        if value > limit:
            raise ValueError(f"must be at most {limit}")
        return value

    return AfterValidator(check)


def _positive(value: int) -> int:
    if value == 0:
        raise ValueError("must be at least 1")
    return value


def _written(value: object) -> object:
    """Seconds or milliseconds, local or UTC: a number does not say, RFC 3339 does."""
    if not isinstance(value, str) or not _RFC_3339.fullmatch(value):
        raise ValueError("must be an RFC 3339 time such as 2026-01-31T12:00:00Z")
    return value


Moment = Annotated[AwareDatetime, BeforeValidator(_written)]
Payee = Annotated[AddressField, AfterValidator(_not_zero)]
Supply = Annotated[QuantityField, Exact, AfterValidator(_positive)]


class MintRulesBody(Body):
    """The public mint. Everything left out is unlimited, free and open to all."""

    price: Annotated[WeiField, Exact, _at_most(MAX_PRICE)] = Field(
        Wei(0), description="Wei for one token or unit. Default: 0"
    )
    limit_per_wallet: Annotated[Supply, _at_most(MAX_WALLET_LIMIT)] | None = Field(
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


class MintItemBody(Body):
    token_id: Annotated[TokenIdField, Exact]
    quantity: Supply


class PrepareMintBody(Body):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "chainId": "eip155:31337",
                    "contract": "0x5FbDB2315678afecb367f032d93F642f64180aa3",
                    "standard": "erc721",
                    "quantity": "10",
                },
                {
                    "chainId": "eip155:31337",
                    "contract": "0x5FbDB2315678afecb367f032d93F642f64180aa3",
                    "standard": "erc1155",
                    "items": [{"tokenId": "1", "quantity": "5"}, {"tokenId": "2", "quantity": "1"}],
                },
            ]
        }
    )

    chain_id: ChainIdField
    contract: AddressField
    standard: Standard
    to: Payee | None = Field(None, description="Who receives the tokens. Default: the caller")
    quantity: Supply | None = Field(
        None, description=f"ERC-721 only; default 1, at most {MAX_QUANTITY} in one transaction"
    )
    items: Annotated[tuple[MintItemBody, ...], Field(max_length=MAX_ITEMS)] | None = Field(
        None, description="ERC-1155 only: ids and quantities, each id once"
    )
    proof: Annotated[tuple[Bytes32Field, ...], Field(max_length=MAX_PROOF)] = Field(
        (), description="That the caller is on the allowlist, where there is one"
    )

    @model_validator(mode="after")
    def _fits_the_standard(self) -> Self:
        if self.standard is Standard.ERC721:
            if self.items is not None:
                raise ValueError("items are for erc1155; an erc721 mint takes quantity")
            if self.quantity is not None and self.quantity > MAX_QUANTITY:
                raise ValueError(f"quantity must be at most {MAX_QUANTITY} in one transaction")
            return self
        if self.quantity is not None:
            raise ValueError("quantity is for erc721; an erc1155 mint takes items")
        if not self.items:
            raise ValueError("items must name at least one token id")
        if len({item.token_id for item in self.items}) != len(self.items):
            raise ValueError("items must name each token id once")
        return self

    def terms(self, caller: Address) -> MintTerms:
        items = tuple(MintItem(token_id=item.token_id, quantity=item.quantity) for item in self.items or ())
        return MintTerms(
            contract=self.contract,
            standard=self.standard,
            to=self.to or caller,
            quantity=None if items else int(self.quantity or 1),
            items=items,
            proof=self.proof,
        )


class PreparedAnswer(BaseModel):
    """Switch the wallet to the chain, hand it `txRequest` (`eth_sendTransaction`, with `value` in hex and without
    `chainId`), then report the hash to `track`."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        json_schema_extra={
            "examples": [
                {
                    "intentId": "831d4929-1705-557d-b527-e71aaac43799",
                    "kind": "collection",
                    "status": "pending",
                    "txRequest": {
                        "chainId": "eip155:31337",
                        "from": "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
                        "to": "0x5FbDB2315678afecb367f032d93F642f64180aa3",
                        "data": "0xe18a7bc3",
                        "value": "0",
                    },
                    "previewAddress": "0xb8F23C12b9986d11760395f41B26113A277f5c9e",
                    "deadlineAt": "2026-01-31T18:00:00.000Z",
                }
            ]
        },
    )

    intent_id: UUID
    kind: IntentKind
    status: IntentStatus
    tx_request: TxRequest
    preview_address: ShownAddress | None = Field(None, description="Where the collection will be. Exact.")
    deadline_at: Annotated[datetime, PlainSerializer(show_time, return_type=str, when_used="json")]
