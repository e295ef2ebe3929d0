"""The contracts of RGB++ on each pair of networks, as the official SDK (rgbpp 0.6.0) names them.

Code of hash type `type` may be replaced by its deployer, and then the cell that holds it is another one. Dependencies
are no part of the commitment: whoever broadcasts a pair that has waited replaces them by those of the day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from steadymint.domain.rgbpp.molecule import HashType, OutPoint, Script


class RgbppNetwork(StrEnum):
    """A network of Bitcoin with the network of CKB that knows its blocks."""

    MAINNET = "rgbpp:mainnet"
    TESTNET3 = "rgbpp:testnet3"
    SIGNET = "rgbpp:signet"


@dataclass(frozen=True, slots=True)
class Code:
    """A contract: what scripts name it by, and the cell that holds it."""

    code_hash: str
    hash_type: HashType
    cell: str
    """The hash of the transaction that made the cell, its output 0."""

    def script(self, args: bytes) -> Script:
        return Script(bytes.fromhex(self.code_hash), self.hash_type, args)

    def dep(self, index: int = 0) -> OutPoint:
        return OutPoint(bytes.fromhex(self.cell), index)


@dataclass(frozen=True, slots=True)
class Contracts:
    rgbpp_lock: Code
    """Owned by an output of Bitcoin. Its configuration is output 1 of the same transaction."""
    time_lock: Code
    """The lock of the cell with the token's name, which nobody can open."""
    xudt: Code
    """The type of a fungible token."""
    unique: Code
    """The type of a cell that exists once."""


_XUDT: Final = Code(
    "25c29dc317811a6f6f3985a7a9ebc4838bd388d19d0feeecf0bcd60f6c0975bb",
    "type",
    "bf6fb538763efec2a70a6a3dcb7242787087e1030c4e7d86585bc63a9d337f5f",
)
_UNIQUE: Final = Code(
    "8e341bcfec6393dcd41e635733ff2dca00a6af546949f70c57a706c0f344df8b",
    "type",
    "ff91b063c78ed06f10a1ed436122bd7d671f9a72ef5f5fa28d05252c17cf4cef",
)

CONTRACTS: Final[Mapping[RgbppNetwork, Contracts]] = {
    RgbppNetwork.MAINNET: Contracts(
        Code(
            "bc6c568a1a0d0a09f6844dc9d74ddb4343c32143ff25f727c59edf4fb72d6936",
            "type",
            "04c5c3e69f1aa6ee27fb9de3d15a81704e387ab3b453965adbe0b6ca343c6f41",
        ),
        Code(
            "70d64497a075bd651e98ac030455ea200637ee325a12ad08aff03f1a117e5a62",
            "type",
            "6257bf4297ee75fcebe2654d8c5f8d93bc9fc1b3dc62b8cef54ffe166162e996",
        ),
        Code(
            "50bd8d6680b8b9cf98b73f3c08faf8b2a21914311954118ad6609be6e78a1b95",
            "data1",
            "c07844ce21b38e4b071dd0e1ee3b0e27afd8d7532491327f39b786343f558ab7",
        ),
        Code(
            "2c8c11c985da60b0a330c61a85507416d6382c130ba67f0c47ab071e00aec628",
            "data1",
            "67524c01c0cb5492e499c7c7e406f2f9d823e162d6b0cf432eacde0c9808c2ad",
        ),
    ),
    RgbppNetwork.TESTNET3: Contracts(
        Code(
            "61ca7a4796a4eb19ca4f0d065cb9b10ddcf002f10f7cbb810c706cb6bb5c3248",
            "type",
            "f1de59e973b85791ec32debbba08dff80c63197e895eb95d67fc1e9f6b413e00",
        ),
        Code(
            "00cdf8fab0f8ac638758ebf5ea5e4052b1d71e8a77b9f43139718621f6849326",
            "type",
            "de0f87878a97500f549418e5d46d2f7704c565a262aa17036c9c1c13ad638529",
        ),
        _XUDT,
        _UNIQUE,
    ),
    RgbppNetwork.SIGNET: Contracts(
        Code(
            "d07598deec7ce7b5665310386b4abd06a6d48843e953c5cc2112ad0d5a220364",
            "type",
            "61efdeddbaa0bb4132c0eb174b3e8002ff5ec430f61ba46f30768d683c516eec",
        ),
        Code(
            "80a09eca26d77cea1f5a69471c59481be7404febf40ee90f886c36a948385b55",
            "type",
            "5364b3535965e9eac9a35dd7af8e9e45a61d30a16e115923c032f80b28783e21",
        ),
        _XUDT,
        _UNIQUE,
    ),
}
