"""The check that a transaction can be the intent's."""

from __future__ import annotations

from typing import Final

from steadymint.domain.errors import NotOwnerError, TransactionMismatchError
from steadymint.domain.intents.kinds import KINDS
from steadymint.domain.intents.rows import IntentRow
from steadymint.domain.transactions import SeenTransaction

SELECTOR_END: Final = len("0x") + 2 * 4
"""Characters of calldata, with `0x`, up to the end of the function's selector."""


def check_can_fulfil(intent: IntentRow, seen: SeenTransaction) -> None:
    """Raises NotOwnerError or TransactionMismatchError unless `can_fulfil`."""
    if can_fulfil(intent, seen):
        return
    if seen.sender != intent.account:
        raise NotOwnerError
    raise TransactionMismatchError


def can_fulfil(intent: IntentRow, seen: SeenTransaction) -> bool:
    """Whether the transaction makes the prepared call, directly or through another contract.

    A direct call has the prepared sender, target and value, and its data begins with the prepared calldata. A relayed
    call (an ERC-4337 bundle, a Safe, an EIP-7702 account) carries the intent's reference somewhere in its data. If the
    kind has no reference, it carries the prepared calldata, and is to the account or names it: two accounts may have
    prepared the same call, and none may claim the other's transaction. The decoded event then decides whether it
    fulfilled the intent.
    """
    asked = intent.tx_request
    if (seen.sender, seen.to, seen.value) == (asked.from_, asked.to, asked.value):
        return _is_call_of(seen.data, asked.data.lower())
    if seen.to == asked.to:
        return False
    if not KINDS[intent.kind].natural_key:
        return intent.match_key[2:] in seen.data
    return asked.data.lower()[2:] in seen.data and (seen.to == intent.account or intent.account[2:] in seen.data)


def _is_call_of(data: str, prepared: str) -> bool:
    """Whether `data` calls what `prepared` calls, with the same arguments.

    Wallets and front ends append bytes to calldata: builder codes (ERC-8021), referral tags. A contract that decodes
    its arguments as the ABI specifies does not read what follows them. Calldata without a selector has no arguments
    whose end could be known, so it must be equal.
    """
    return data.startswith(prepared) if len(prepared) >= SELECTOR_END else data == prepared
