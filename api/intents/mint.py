"""Minting."""

from __future__ import annotations

from typing import Annotated, Final, Self

from fastapi import Response
from pydantic import ConfigDict, Field, model_validator

from api.http.fields import Body, Exact
from api.http.json_bodies import Router
from api.intents.fields import Payee, Supply
from api.intents.preparing import AskingDep, prepare_route
from api.intents.views import prepared_example
from steadymint.domain import errors
from steadymint.domain.intents.kinds import IntentKind
from steadymint.domain.intents.mint import MintItem, MintTerms
from steadymint.domain.slugs import ContractField
from steadymint.domain.types import Address, Bytes32Field, ChainIdField, Standard, TokenIdField

MAX_QUANTITY: Final = 500  # an ERC-721 mint of more does not fit the 2^24 gas that EIP-7825 allows a transaction
MAX_ITEMS: Final = 200
MAX_PROOF: Final = 64  # a tree of 2^64 leaves

router = Router(prefix="/v1/mints", tags=["Flows"])


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
    contract: ContractField = Field(description="The contract, or the slug of the collection")
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

    def terms(self, contract: Address, caller: Address) -> MintTerms:
        items = tuple(MintItem(token_id=item.token_id, quantity=item.quantity) for item in self.items or ())
        return MintTerms(
            contract=contract,
            standard=self.standard,
            to=self.to or caller,
            quantity=None if items else int(self.quantity or 1),
            items=items,
            proof=self.proof,
        )


@router.post(
    "/prepare",
    summary="Prepare a mint",
    **prepare_route(
        prepared_example(IntentKind.MINT, data="0x5e01ac0f", value="100000000000000000", gas="412000"),
        errors.UnknownCollectionError,
        errors.NotEligibleError,
        errors.MissingMetadataError,
    ),
)
async def prepare_mint(body: PrepareMintBody, asking: AskingDep) -> Response:
    """Calldata for the collection, once its contract is seen to accept this very mint: window, wallet limit, supply,
    allowlist and price. `txRequest.value` is the price in wei. Where the collection points at a metadata set of ours, a
    mint of more tokens than have documents there is `missing_metadata`."""
    contract = await asking.contract_of(body.chain_id, body.contract)
    return await asking.prepare(IntentKind.MINT, body.chain_id, body.terms(contract, asking.session.address))
