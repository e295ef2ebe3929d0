"""Launching a fungible token."""

from __future__ import annotations

from typing import Annotated, Final, Self

from fastapi import Response
from pydantic import ConfigDict, Field, model_validator

from api.http.fields import Body, Exact, MediaIdField, text
from api.http.json_bodies import Router
from api.intents.fields import Payee, Supply
from api.intents.preparing import AskingDep, prepare_route
from api.intents.views import prepared_example
from steadymint.domain import errors
from steadymint.domain.intents.kinds import IntentKind
from steadymint.domain.intents.launch import MAX_DECIMALS, LaunchTerms
from steadymint.domain.types import Address, ChainIdField, Quantity, QuantityField
from steadymint.publishing.documents import CollectionWords

USUAL_DECIMALS: Final = 18  # EIP-20 leaves them open; wallets expect these

router = Router(prefix="/v1/tokens-fungible", tags=["Flows"])


class PrepareLaunchBody(Body):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "chainId": "eip155:31337",
                    "name": "Harbour Coin",
                    "symbol": "HRBR",
                    "supply": "1000000000000000000000000",
                    "description": "What the boats are paid in.",
                    "iconMediaId": "9f" * 32,
                },
                {
                    "chainId": "eip155:31337",
                    "name": "Harbour Points",
                    "symbol": "HPT",
                    "decimals": 0,
                    "supply": "0",
                    "mintOnce": False,
                    "cap": "5000000",
                    "burnable": True,
                },
            ]
        }
    )

    chain_id: ChainIdField
    name: Annotated[str, text(100)]
    symbol: Annotated[str, text(20)]
    decimals: Annotated[int, Field(ge=0, le=MAX_DECIMALS, strict=True)] = Field(
        USUAL_DECIMALS, description=f"Digits after the point, for display. Default: {USUAL_DECIMALS}"
    )
    supply: Annotated[QuantityField, Exact] = Field(
        description="Minted at launch, in the smallest unit: 10^decimals of them are one token."
    )
    recipient: Payee | None = Field(None, description="Who gets the supply. Default: the creator")
    mint_once: Annotated[bool, Field(strict=True)] = Field(
        True,
        description="Nobody ever mints more, and the token has no owner. `false`: the creator owns it, and may mint. "
        "Default: true",
    )
    cap: Supply | None = Field(
        None, description="The total supply is never above it, in the smallest unit. Absent: no cap."
    )
    burnable: Annotated[bool, Field(strict=True)] = Field(
        False, description="Holders may burn what they hold. Default: false"
    )
    permit: Annotated[bool, Field(strict=True)] = Field(
        True, description="Approvals by signature, EIP-2612. Default: true"
    )
    description: Annotated[str, text(2000, empty=True, lines=True)] | None = None
    icon_media_id: MediaIdField | None = None

    @model_validator(mode="after")
    def _can_be_minted(self) -> Self:
        if self.mint_once and self.supply == 0:
            raise ValueError("a token that is minted once needs a supply")
        if self.mint_once and self.cap is not None:
            raise ValueError("cap is for tokens of which more can be minted; mintOnce fixes the supply")
        if self.cap is not None and self.cap < self.supply:
            raise ValueError("cap must not be below supply")
        return self

    def words(self) -> CollectionWords:
        """What the token's own document says."""
        return CollectionWords(
            name=self.name, symbol=self.symbol, description=self.description, image=self.icon_media_id
        )

    def terms(self, creator: Address) -> LaunchTerms:
        return LaunchTerms(
            name=self.name,
            symbol=self.symbol,
            decimals=self.decimals,
            supply=self.supply,
            recipient=self.recipient or creator,
            mint_once=self.mint_once,
            cap=self.cap or Quantity(0),
            burnable=self.burnable,
            permit=self.permit,
            description=self.description,
            icon=self.icon_media_id,
        )


@router.post(
    "/prepare",
    summary="Prepare the launch of a fungible token",
    **prepare_route(
        prepared_example(IntentKind.LAUNCH, data="0xe18a7bc3", gas="412000")
        | {"previewAddress": "0xb8F23C12b9986d11760395f41B26113A277f5c9e"},
        errors.NotFoundError,
        errors.UnknownMediaError,
        errors.UnreadableMediaError,
        errors.NotPinnedError,
    ),
)
async def prepare_launch(body: PrepareLaunchBody, asking: AskingDep) -> Response:
    """Calldata for the token factory, with the exact address that the ERC-20 token will have.

    Description and icon become the token's document (ERC-7572) in our store, and the contract names it for ever.
    Nobody can freeze, take or tax what a holder owns.
    """
    terms = body.terms(asking.session.address)

    async def published() -> LaunchTerms:
        uri = await asking.services.publisher.collections.contract_uri(body.words(), asking.session.user_id)
        return terms.model_copy(update={"contract_uri": uri})

    return await asking.prepare(IntentKind.LAUNCH, body.chain_id, terms, complete=published)
