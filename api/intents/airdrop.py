"""Airdrops."""

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
from steadymint.domain.intents.airdrop import AirdropTerms, Gift
from steadymint.domain.intents.kinds import IntentKind
from steadymint.domain.slugs import ContractField
from steadymint.domain.types import UINT256_MAX, Address, ChainIdField, Standard, TokenIdField

MAX_RECIPIENTS: Final = 500  # so many new holders of an edition fit in the 2^24 gas that EIP-7825 allows a transaction
MAX_TOKENS: Final = 500  # of an ERC-721: as with a mint

router = Router(prefix="/v1/airdrops", tags=["Flows"])


class RecipientBody(Body):
    to: Payee
    quantity: Supply
    token_id: Annotated[TokenIdField, Exact] | None = Field(None, description="ERC-1155 only")


class PrepareAirdropBody(Body):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "chainId": "eip155:31337",
                    "contract": "0x5FbDB2315678afecb367f032d93F642f64180aa3",
                    "standard": "erc721",
                    "recipients": [
                        {"to": "0x70997970C51812dc3A010C7d01b50e0d17dc79C8", "quantity": "1"},
                        {"to": "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC", "quantity": "2"},
                    ],
                },
                {
                    "chainId": "eip155:31337",
                    "contract": "0x5FbDB2315678afecb367f032d93F642f64180aa3",
                    "standard": "erc1155",
                    "recipients": [
                        {"to": "0x70997970C51812dc3A010C7d01b50e0d17dc79C8", "tokenId": "1", "quantity": "5"},
                        {"to": "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC", "tokenId": "2", "quantity": "1"},
                    ],
                },
            ]
        }
    )

    chain_id: ChainIdField
    contract: ContractField = Field(description="The contract, or the slug of the collection")
    standard: Standard
    recipients: Annotated[tuple[RecipientBody, ...], Field(min_length=1, max_length=MAX_RECIPIENTS)] = Field(
        description=f"Who gets how much, at most {MAX_RECIPIENTS}. ERC-721: at most {MAX_TOKENS} tokens in all."
    )

    @model_validator(mode="after")
    def _fits_the_standard(self) -> Self:
        total = sum(one.quantity for one in self.recipients)
        if self.standard is Standard.ERC721:
            if any(one.token_id is not None for one in self.recipients):
                raise ValueError("tokenId is for erc1155; an erc721 airdrop gives the next ids")
            if total > MAX_TOKENS:
                raise ValueError(f"an erc721 airdrop gives at most {MAX_TOKENS} tokens in one transaction")
        elif any(one.token_id is None for one in self.recipients):
            raise ValueError("each recipient of an erc1155 airdrop needs a tokenId")
        if total > UINT256_MAX:
            raise ValueError("the quantities must not add up to 2^256 or more")
        return self

    def terms(self, contract: Address) -> AirdropTerms:
        gifts = tuple(Gift(to=one.to, quantity=one.quantity, token_id=one.token_id) for one in self.recipients)
        return AirdropTerms(contract=contract, standard=self.standard, gifts=gifts)


@router.post(
    "/prepare",
    summary="Prepare an airdrop",
    **prepare_route(
        prepared_example(IntentKind.AIRDROP, data="0xb341f7e2", gas="198000"),
        errors.UnknownCollectionError,
        errors.NotEligibleError,
        errors.MissingMetadataError,
    ),
)
async def prepare_airdrop(body: PrepareAirdropBody, asking: AskingDep) -> Response:
    """Calldata for the collection, once its contract is seen to accept this very airdrop from you: its owner, or who
    has been given its `MINTER_ROLE`. Price, window, wallet limit and allowlist do not apply; the maximum supply does.

    One transaction gives to all or to none. What does not fit in the gas of a transaction is `call_reverted`: some 320
    new holders of an ERC-721 do.
    """
    contract = await asking.contract_of(body.chain_id, body.contract)
    return await asking.prepare(IntentKind.AIRDROP, body.chain_id, body.terms(contract))
