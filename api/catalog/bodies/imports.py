"""The import of a collection that others have deployed, as HTTP shows it."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from api.http.fields import Body
from api.http.shown import EXACT, AddressText, ChainIdText
from steadymint.domain.slugs import ContractField
from steadymint.domain.types import ChainIdField


class ImportBody(Body):
    """Which contract."""

    chain_id: ChainIdField
    contract: ContractField = Field(description="The contract, or the slug of a collection whose import is known")


class ImportAnswer(TypedDict):
    """How far the import is."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    chainId: ChainIdText
    contract: AddressText
    status: Annotated[
        Literal["checking", "due", "running", "done", "failed"],
        Field(
            description="`checking` until its first block is found; `done` once it is followed like our own;"
            " `failed` if nothing of what it says is understood."
        ),
    ]
    blocksDone: Annotated[int, Field(examples=[1_200_000])]
    blocksTotal: Annotated[int, Field(description="As of the last look; the chain grows on.", examples=[8_000_000])]
    standard: NotRequired[Literal["erc721", "erc1155"]]
    name: NotRequired[Annotated[str, Field(examples=["Bored Ape Yacht Club"])]]
    eventsNotUnderstood: Annotated[
        int, Field(description="Transfer events of the contract that have no form of the standards.", examples=[0])
    ]
    note: NotRequired[
        Annotated[str, Field(description="Why it does not get on, why it has failed, or what of it was left out.")]
    ]


IMPORT_EXAMPLE: Final[dict[str, Any]] = {
    "chainId": "eip155:1",
    "contract": "0xBC4CA0EdA7647A8aB7C2061c2E118A18a936f13D",
    "status": "running",
    "blocksDone": 1_200_000,
    "blocksTotal": 8_000_000,
    "eventsNotUnderstood": 0,
}
