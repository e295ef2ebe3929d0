"""Events as contracts emit them, for the readers of proofs."""

from __future__ import annotations

from dataclasses import dataclass

from steadymint.chain.calls.abi import Proof
from steadymint.domain.intents.identity import Facts
from steadymint.domain.intents.rows import Effects
from steadymint.domain.keccak import topic_of
from steadymint.domain.types import Address


@dataclass(frozen=True)
class Event:
    proof: Proof
    contract: Address
    topics: list[str]
    """The indexed arguments."""
    data: bytes

    def read(self) -> tuple[Facts, Effects]:
        topics = [topic_of(self.proof.signature), *self.topics]
        return self.proof.read(self.contract, topics, "0x" + self.data.hex())


def topic(address: str) -> str:
    """An address as an indexed argument."""
    return "0x" + "00" * 12 + address[2:]
