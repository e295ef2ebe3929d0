"""Whether a transaction can be the intent's."""

from __future__ import annotations

from steadymint.domain.errors import NotOwnerError, TransactionMismatchError
from steadymint.domain.intents.kinds import KINDS
from steadymint.domain.intents.rows import IntentRow
from steadymint.domain.transactions import SeenTransaction


def check_is_the_prepared_call(intent: IntentRow, seen: SeenTransaction) -> None:
    """A direct call must be the prepared one to the letter. A relayed one (ERC-4337 bundle, Safe) must carry the
    intent's reference, or where there is none the prepared calldata; the decoded event then decides whether it
    fulfilled the intent.

    Raises NotOwnerError or TransactionMismatchError.
    """
    asked = intent.tx_request
    if seen.sender == asked.from_ and (seen.to, seen.data, seen.value) == (asked.to, asked.data, asked.value):
        return
    carried = asked.data if KINDS[intent.kind].natural_key else intent.match_key
    if seen.to != asked.to and carried[2:] in seen.data:
        return
    if seen.sender != intent.account:
        raise NotOwnerError
    raise TransactionMismatchError
