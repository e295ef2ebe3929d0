"""Movements that do not fit what was so before them, and why. Pure.

(What fits and was perhaps not allowed is found by `telling/unapproved.py`, since a node has to be asked for it.)

A contract may emit a transfer from anybody. What it claims is written as it stands, and marked here: a token that was
never minted, an account that does not hold it, a mint of what stands. The reason follows from the movements before, so
it is the same however these were cut into batches.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from steadymint.domain.types import UINT256_MAX
from steadymint.indexing.batch import Movement
from steadymint.indexing.store.accounts import ZERO
from steadymint.indexing.subjects.movements.batch_rows import Token

NEVER_MINTED: Final = 1
"""It is moved or burned, and no mint of it was seen."""
NOT_THE_OWNER: Final = 2
"""Its sender does not hold it, or not so many of it."""
CONTRADICTION: Final = 3
"""It is minted while it stands, or its recipient would hold more than a uint256."""
NOT_APPROVED: Final = 4
"""Its sender holds it, did not send the transaction, and is not known to have allowed anybody to."""


class Suspicion(NamedTuple):
    """A movement, and why it is suspicious."""

    movement: Movement
    reason: int


@dataclass(slots=True)
class Standing:
    """What was so before a batch, of tokens that it moves. `suspicions` carries it on."""

    owners: dict[Token, str | None] = field(default_factory=dict[Token, str | None])
    """ERC-721 tokens that were seen: who holds each; None if it is burned."""
    minted: set[Token] = field(default_factory=set[Token])
    """ERC-1155 tokens of which a mint was seen."""
    balances: dict[tuple[str, int, str], int] = field(default_factory=dict[tuple[str, int, str], int])
    """ERC-1155: contract, token and account -> quantity. It is below zero where the contract has lied before."""


def suspicions(movements: Iterable[Movement], singles: Mapping[str, bool], standing: Standing) -> Iterator[Suspicion]:
    """The suspicious ones among the movements of the contracts in `singles`, which says whether each is an ERC-721."""
    for movement in movements:
        single = singles.get(movement.contract)
        if single is None:
            continue
        reason = _of_single(movement, standing) if single else _of_units(movement, standing)
        if reason is not None:
            yield Suspicion(movement, reason)


def _of_single(movement: Movement, standing: Standing) -> int | None:
    key = movement.contract, movement.token_id
    seen, owner = key in standing.owners, standing.owners.get(key)
    standing.owners[key] = None if movement.recipient == ZERO else movement.recipient
    if movement.sender == ZERO:
        return None if owner is None else CONTRADICTION
    if not seen:
        return NEVER_MINTED
    return None if owner == movement.sender else NOT_THE_OWNER


def _of_units(movement: Movement, standing: Standing) -> int | None:
    token = movement.contract, movement.token_id
    reason = None
    if movement.sender == ZERO:
        standing.minted.add(token)
    elif _change(standing, movement, movement.sender, -movement.quantity) < 0:
        reason = NOT_THE_OWNER if token in standing.minted else NEVER_MINTED
    if movement.recipient != ZERO:
        held = _change(standing, movement, movement.recipient, movement.quantity)
        if held > UINT256_MAX and reason is None:
            reason = CONTRADICTION
    return reason


def _change(standing: Standing, movement: Movement, account: str, delta: int) -> int:
    """What the account holds after it."""
    key = movement.contract, movement.token_id, account
    held = standing.balances[key] = standing.balances.get(key, 0) + delta
    return held
