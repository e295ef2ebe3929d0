"""Approvals of tokens (ERC-721, ERC-1155) and of currencies (ERC-20), and what their receipts show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from steadymint.chain.calls.abi import Built, Call, EmittedLog, ReceiptProof, address_in, raw, words
from steadymint.domain.intents.approve import ApproveTerms, facts_of_allowance, facts_of_token, facts_of_tokens
from steadymint.domain.intents.identity import Facts
from steadymint.domain.intents.kinds import IntentKind
from steadymint.domain.intents.rows import Effects
from steadymint.domain.keccak import topic_of
from steadymint.domain.market.findings import ApprovalKind
from steadymint.domain.types import UINT256_MAX, Address, Bytes32

APPROVAL_FOR_ALL: Final = "ApprovalForAll(address,address,bool)"
APPROVAL: Final = "Approval(address,address,uint256)"
_FOR_ALL_TOPIC: Final = topic_of(APPROVAL_FOR_ALL)
_APPROVAL_TOPIC: Final = topic_of(APPROVAL)


@dataclass(frozen=True, slots=True)
class SetApprovalForAll(Call):
    FUNCTION: ClassVar = "setApprovalForAll"
    ABI: ClassVar = ("address", "bool")

    operator: Address
    approved: bool


@dataclass(frozen=True, slots=True)
class Approve(Call):
    """Of an ERC-20: it replaces the allowance that there was. The same call of an ERC-721 names a token in place of the
    amount, and replaces whoever might move it."""

    FUNCTION: ClassVar = "approve"
    ABI: ClassVar = ("address", "uint256")

    spender: Address
    amount: int


def _approve(terms: ApproveTerms, caller: Address, reference: Bytes32) -> Built:
    """Raises ValueError if there is no spender yet."""
    if terms.spender is None:
        raise ValueError("an approval needs a spender")
    if terms.approval is ApprovalKind.ERC20_APPROVE:
        return Built(terms.contract, Approve(terms.spender, terms.amount or 0))
    if terms.approval is ApprovalKind.ERC721_APPROVE:
        return Built(terms.contract, Approve(terms.operator, terms.one_token))
    return Built(terms.contract, SetApprovalForAll(terms.spender, terms.approved))


def _approved(expected: Facts, logs: Sequence[EmittedLog]) -> Effects | None:
    """What was approved, if the last event about owner and spender, or about the one token, says what is expected. The
    last one counts, because a transaction may change an approval more than once."""
    about = ("contract", "owner", "token" if "token" in expected else "spender")
    key = {name: expected[name] for name in about}
    found = [facts for facts in _announced(logs) if key.items() <= facts.items() and facts.keys() == expected.keys()]
    if not found or not _agree(expected, found[-1]):
        return None
    return {"amount": found[-1]["amount"]} if "amount" in expected else {}


def _agree(expected: Facts, seen: Facts) -> bool:
    """Some currencies count in fewer bits, and store their own largest amount where all 256 bits are asked for."""
    unlimited = expected.get("amount") == str(UINT256_MAX)
    return expected == seen or (unlimited and seen["amount"] != "0")


def _announced(logs: Sequence[EmittedLog]) -> Iterator[Facts]:
    """The approvals in the logs. What does not have the shape of one is left out: the approval of a single token of an
    ERC-721 has the same topic as the one of an ERC-20, and another number of topics."""
    for log in logs:
        if len(log.topics) not in (3, 4):
            continue
        try:
            owner, spender = address_in(log.topics[1]), address_in(log.topics[2])
            if len(log.topics) == 4:
                if log.topics[0] == _APPROVAL_TOPIC and not raw(log.data):
                    yield facts_of_token(log.contract, owner, spender, int(log.topics[3], 16))
            elif log.topics[0] == _FOR_ALL_TOPIC:
                (approved,) = words(("bool",), raw(log.data))
                yield facts_of_tokens(log.contract, owner, spender, approved)
            elif log.topics[0] == _APPROVAL_TOPIC:
                (amount,) = words(("uint256",), raw(log.data))
                yield facts_of_allowance(log.contract, owner, spender, amount)
        except ValueError:
            continue


CALLS: Final = (SetApprovalForAll, Approve)
BUILDERS: Final = {IntentKind.APPROVE: _approve}
RECEIPT_PROOFS: Final = (ReceiptProof(IntentKind.APPROVE, (APPROVAL_FOR_ALL, APPROVAL), _approved),)
