"""What a batch says about approvals, as plain values. The handlers that read one call `note` or `note_token`: those of
this subject, of `orders` and of `fungibles`, since a role of a contract leads to one subject."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from steadymint.domain.types import ZERO_ADDRESS
from steadymint.indexing.batch import Movement
from steadymint.indexing.reading.logs import Log
from steadymint.indexing.store.chain_tables import place_of
from steadymint.indexing.subjects.folding import Folding

ERC20 = "erc20"


class Approved(NamedTuple):
    """An account lets an operator move all of its tokens of a contract, or an amount of a currency; or no longer."""

    place: int
    owner: str
    contract: str
    operator: str
    standard: str
    approved: bool
    amount: int | None
    """Of a currency, in its smallest unit."""
    tx_hash: str
    at: int
    """Time of the block, in Unix seconds."""


class TokenWord(NamedTuple):
    """What was said of the approval of one ERC-721 token, or a transfer of the token, which ends it."""

    place: int
    owner: str
    contract: str
    operator: str | None
    """Who may move the token from now on. The zero address: nobody. None for a transfer."""
    token: str
    """The token id, decimal."""
    tx_hash: str
    at: int
    """Time of the block, in Unix seconds."""

    @classmethod
    def of_transfer(cls, moved: Movement) -> TokenWord:
        place = place_of(moved.block, moved.log_index)
        return cls(place, moved.sender, moved.contract, None, str(moved.token_id), moved.tx_hash, moved.at)


@dataclass(slots=True)
class Approvals:
    """The approvals in a batch, in their order."""

    said: list[Approved] = field(default_factory=list[Approved])
    of_tokens: list[TokenWord] = field(default_factory=list[TokenWord])


def note(
    folding: Folding, log: Log, owner: str, operator: str, standard: str, value: int, *, is_amount: bool = False
) -> None:
    """Add the approval. `value` is an amount, or 0 for "no longer". Nobody can approve as the zero address."""
    if owner == ZERO_ADDRESS:
        return
    place, amount = place_of(folding.block, int(log.log_index, 16)), value if is_amount else None
    said = Approved(place, owner, log.address, operator, standard, value > 0, amount, log.transaction_hash, folding.at)
    folding.batch.of(Approvals).said.append(said)


def note_token(folding: Folding, log: Log, owner: str, operator: str, token_id: int) -> None:
    """Add the approval of one token. Nobody can approve as the zero address."""
    if owner == ZERO_ADDRESS:
        return
    place = place_of(folding.block, int(log.log_index, 16))
    said = TokenWord(place, owner, log.address, operator, str(token_id), log.transaction_hash, folding.at)
    folding.batch.of(Approvals).of_tokens.append(said)
