"""Approvals: letting the market move tokens or currency, and taking that back."""

from __future__ import annotations

from typing import Annotated, Self

from fastapi import Response
from pydantic import ConfigDict, Field, StrictBool, model_validator

from api.http.fields import Body, Exact
from api.http.json_bodies import Router
from api.intents.fields import Payee
from api.intents.preparing import Asking, AskingDep, prepare_route
from api.intents.views import PreparedAnswer, prepared_example
from steadymint.domain import errors
from steadymint.domain.intents.approve import ApproveTerms
from steadymint.domain.intents.kinds import IntentKind
from steadymint.domain.market.findings import ApprovalKind
from steadymint.domain.slugs import ContractField
from steadymint.domain.types import Address, ChainId, ChainIdField, TokenIdField, Uint256Field

router = Router(prefix="/v1/approvals", tags=["Flows"])


class PrepareApproveBody(Body):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "chainId": "eip155:31337",
                    "kind": "set_approval_for_all",
                    "contract": "0x5FbDB2315678afecb367f032d93F642f64180aa3",
                },
                {
                    "chainId": "eip155:31337",
                    "kind": "erc20_approve",
                    "contract": "0x5FbDB2315678afecb367f032d93F642f64180aa3",
                    "amount": "1500000000000000000",
                },
                {
                    "chainId": "eip155:31337",
                    "kind": "set_approval_for_all",
                    "contract": "0x5FbDB2315678afecb367f032d93F642f64180aa3",
                    "spender": "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
                    "approved": False,
                },
                {
                    "chainId": "eip155:31337",
                    "kind": "erc721_approve",
                    "contract": "0x5FbDB2315678afecb367f032d93F642f64180aa3",
                    "tokenId": "7",
                    "spender": "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
                    "approved": False,
                },
            ]
        }
    )

    chain_id: ChainIdField
    kind: ApprovalKind = Field(
        description="`set_approval_for_all` of an ERC-721 or ERC-1155, `erc721_approve` of one token of an ERC-721, "
        "`erc20_approve` of a currency"
    )
    contract: ContractField = Field(
        description="Any ERC-721 or ERC-1155 (by ERC-165), or the slug of a collection; a currency of the market. An "
        "allowance of a token that was launched here can be revoked"
    )
    spender: Payee | None = Field(
        None,
        description="Who may move the tokens or the currency. Default: the market's conduit. An approval is given to "
        "conduits and the Seaport of this market only; it may be taken from anybody",
    )
    approved: StrictBool | None = Field(None, description="Not with `erc20_approve`; false revokes. Default: true")
    token_id: TokenIdField | None = Field(None, description="`erc721_approve` only: the token")
    amount: Annotated[Uint256Field, Exact] | None = Field(
        None,
        description="`erc20_approve` only, in the smallest unit of the currency: the allowance from now on, in place "
        "of the present one. `0` revokes",
    )

    @model_validator(mode="after")
    def _fits_the_kind(self) -> Self:
        if self.kind is ApprovalKind.ERC20_APPROVE:
            if self.amount is None:
                raise ValueError("erc20_approve needs an amount; 0 revokes")
            if self.approved is not None:
                raise ValueError("approved is for set_approval_for_all; erc20_approve takes an amount")
        elif self.amount is not None:
            raise ValueError(f"amount is for erc20_approve; {self.kind} takes approved")
        if (self.token_id is not None) != (self.kind is ApprovalKind.ERC721_APPROVE):
            raise ValueError("tokenId is for erc721_approve, which needs it")
        return self

    def terms(self, contract: Address) -> ApproveTerms:
        return ApproveTerms(
            approval=self.kind,
            contract=contract,
            spender=self.spender,
            amount=self.amount,
            approved=self.approved is not False,
            token_id=self.token_id,
        )


@router.post(
    "/prepare",
    summary="Prepare an approval, or its end",
    **prepare_route(
        prepared_example(IntentKind.APPROVE, data="0xa22cb465", gas="77000"),
        errors.ContractNotFoundError,
        errors.NotACollectionError,
        errors.UnknownCollectionError,
        errors.UnknownCurrencyError,
        errors.OperatorUnknownError,
        satisfiable=True,
    ),
)
async def prepare_approve(body: PrepareApproveBody, asking: AskingDep) -> Response:
    """Calldata for the token's or the currency's contract, once it is seen to accept this very approval from you. Post
    what an order's finding names as the missing approval.

    If it stands already, the answer is 200 with `satisfied`, and there is nothing to sign. An allowance stands only if
    it is exactly the amount, so that it can be lowered as well.
    """
    contract = await asking.contract_of(body.chain_id, body.contract)
    return await asking.prepare(IntentKind.APPROVE, body.chain_id, body.terms(contract))


async def approval_step(asking: Asking, chain_id: ChainId, terms: ApproveTerms, key: str) -> PreparedAnswer | None:
    """The intent of an approval that another intent needs first. See `Asking.step`."""
    return await asking.step(IntentKind.APPROVE, chain_id, terms, key)
