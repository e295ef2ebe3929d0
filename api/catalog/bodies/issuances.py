"""Issuances by RGB++, as the API takes and shows them."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, NotRequired, Self
from uuid import UUID

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints, model_validator
from typing_extensions import TypedDict

from api.catalog.bodies.fields import ShownUrl
from api.http.fields import Body, Exact, MediaIdField, text
from api.http.shown import EXACT, Bytes32Text, DecimalText, Time
from steadymint.domain.rgbpp.bitcoin import is_native_segwit
from steadymint.domain.rgbpp.issuance import MAX_CELLS, FundingCell, IssuanceTerms, SealSource
from steadymint.domain.rgbpp.networks import RgbppNetwork
from steadymint.domain.types import Bytes32Field, QuantityField
from steadymint.publishing.documents import CollectionWords

MAX_SATOSHIS: Final = 21_000_000 * 10**8
MAX_SHANNONS: Final = 2**63 - 1
MAX_SUPPLY: Final = 2**128 - 1  # an xUDT holds a uint128
MAX_DECIMALS: Final = 36
MAX_FEE_RATE: Final = 2_000  # satoshis for a virtual byte; more is a slip of the keyboard
MAX_INDEX: Final = 2**32 - 1

Txid = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$"), Field(examples=["11" * 32])]
Index = Annotated[int, Field(ge=0, le=MAX_INDEX, strict=True)]


def _script(value: str) -> str:
    if not is_native_segwit(bytes.fromhex(value)):
        raise ValueError("must pay to one key by SegWit: 0014 and 20 bytes, or 5120 and 32 bytes")
    return value


class SealBody(Body):
    """An unspent output of Bitcoin."""

    txid: Txid
    vout: Index
    value: Annotated[int, Field(ge=0, le=MAX_SATOSHIS, strict=True, description="Satoshis")]
    script: Annotated[
        str,
        StringConstraints(pattern="^([0-9a-f]{2}){1,40}$"),
        AfterValidator(_script),
        Field(description="Its scriptPubKey in hex, P2WPKH or P2TR", examples=["0014" + "ab" * 20]),
    ]


class CellBody(Body):
    """A live cell of CKB without type and data."""

    tx_hash: Bytes32Field
    index: Index
    capacity: Annotated[QuantityField, Exact] = Field(description="Shannons")


class IssuanceBody(Body):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "networkId": "rgbpp:testnet3",
                    "name": "Harbour Coin",
                    "symbol": "HRBR",
                    "decimals": 8,
                    "supply": "2100000000000000",
                    "seal": {"txid": "11" * 32, "vout": 0, "value": 20000, "script": "0014" + "ab" * 20},
                    "cells": [{"txHash": "0x" + "22" * 32, "index": 0, "capacity": "100000000000"}],
                    "feeRate": 3,
                }
            ]
        }
    )

    network_id: RgbppNetwork
    name: Annotated[str, text(60)]
    symbol: Annotated[str, text(20)]
    decimals: Annotated[int, Field(ge=0, le=MAX_DECIMALS, strict=True)]
    supply: Annotated[QuantityField, Exact] = Field(description="In the smallest unit, below 2^128")
    seal: SealBody = Field(description="Owns the cells, and pays for the transaction of Bitcoin")
    cells: Annotated[tuple[CellBody, ...], Field(min_length=1, max_length=MAX_CELLS)] = Field(
        description="All cells that the output owns. They pay for the room of the token."
    )
    fee_rate: Annotated[int, Field(ge=1, le=MAX_FEE_RATE, strict=True)] = Field(
        description="Satoshis for a virtual byte"
    )
    description: Annotated[str, text(2000, empty=True, lines=True)] | None = None
    icon_media_id: MediaIdField | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if not 0 < self.supply <= MAX_SUPPLY:
            raise ValueError("supply must lie between 1 and 2^128-1")
        # One cell gets what all of them hold.
        if sum(cell.capacity for cell in self.cells) > MAX_SHANNONS:
            raise ValueError("the cells cannot hold so many shannons")
        if len({(cell.tx_hash, cell.index) for cell in self.cells}) < len(self.cells):
            raise ValueError("a cell stands in the list twice")
        return self

    def terms(self) -> IssuanceTerms:
        return IssuanceTerms(
            network=self.network_id,
            name=self.name,
            symbol=self.symbol,
            decimals=self.decimals,
            supply=self.supply,
            seal=SealSource.model_validate(self.seal.model_dump()),
            cells=tuple(FundingCell.model_validate(cell.model_dump()) for cell in self.cells),
            fee_rate=self.fee_rate,
        )

    def words(self) -> CollectionWords:
        """What the token's own document says."""
        return CollectionWords(
            name=self.name, symbol=self.symbol, description=self.description, image=self.icon_media_id
        )


class IssuanceAnswer(TypedDict):
    """Two unsigned transactions. Sign the one of Bitcoin; the other one follows once a block has it."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    issuanceId: UUID
    networkId: RgbppNetwork
    status: Annotated[
        Literal["prepared"],
        Field(description="We ask no node of these networks, so that nothing is called confirmed."),
    ]
    name: str
    symbol: str
    decimals: int
    supply: DecimalText
    commitment: Annotated[str, Field(description="What output 0 of the transaction of Bitcoin carries")]
    btcTxid: Annotated[str, Field(description="Known before anybody signs: the output spent is one of SegWit.")]
    psbt: Annotated[str, Field(description="BIP 174, base64")]
    ckbTxHash: Bytes32Text
    ckbTransaction: Annotated[
        dict[str, Any],
        Field(description="As the JSON-RPC of CKB has it, without witnesses: they prove the block of Bitcoin."),
    ]
    createdAt: Time
    description: NotRequired[str]
    iconUrl: NotRequired[ShownUrl]
    contractUri: NotRequired[str]


ISSUANCE_EXAMPLE: Final[dict[str, Any]] = {
    "issuanceId": "831d4929-1705-557d-b527-e71aaac43799",
    "networkId": "rgbpp:testnet3",
    "status": "prepared",
    "name": "Harbour Coin",
    "symbol": "HRBR",
    "decimals": 8,
    "supply": "2100000000000000",
    "commitment": "10" * 32,
    "btcTxid": "e4" * 32,
    "psbt": "cHNidP8BAAA=",
    "ckbTxHash": "0x" + "5b" * 32,
    "ckbTransaction": {"version": "0x0", "cellDeps": [], "headerDeps": [], "inputs": [], "outputs": []},
    "createdAt": "2026-01-31T12:00:00Z",
}
