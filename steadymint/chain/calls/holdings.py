"""What tokens and currencies are asked about somebody: what they hold, and who may move it.

The contracts are not trusted. What is no answer is read as nothing held and nothing allowed.
"""

from __future__ import annotations

from typing import Final

from steadymint.chain.calls.abi import selector
from steadymint.chain.calls.lookups import Lookup
from steadymint.chain.calls.multicall import Answer, Unanswered
from steadymint.domain.types import Address, Standard, TokenId

_OWNER_OF: Final = selector("ownerOf", ("uint256",))
_BALANCE_OF: Final = selector("balanceOf", ("address",))
_BALANCE_OF_TOKEN: Final = selector("balanceOf", ("address", "uint256"))
_APPROVED: Final = selector("getApproved", ("uint256",))
_APPROVED_FOR_ALL: Final = selector("isApprovedForAll", ("address", "address"))
_ALLOWANCE: Final = selector("allowance", ("address", "address"))


def balance_lookup(currency: Address, owner: Address) -> Lookup:
    """How much of an ERC-20 somebody has."""
    return Lookup(currency, _BALANCE_OF + word_of(owner))


def allowance_lookup(currency: Address, owner: Address, spender: Address) -> Lookup:
    """How much of it the spender may move."""
    return Lookup(currency, _ALLOWANCE + word_of(owner) + word_of(spender))


def holding_lookup(contract: Address, standard: Standard, token_id: TokenId, owner: Address) -> Lookup:
    """What somebody has of a token. `units_held` reads the answer."""
    if standard is Standard.ERC721:
        return Lookup(contract, _OWNER_OF + token_id.to_bytes(32))
    return Lookup(contract, _BALANCE_OF_TOKEN + word_of(owner) + token_id.to_bytes(32))


def units_held(answer: Answer, standard: Standard, owner: Address) -> int:
    """Of an ERC-721, 1 or 0."""
    return int(account_in(answer) == owner) if standard is Standard.ERC721 else number_in(answer)


def approval_lookup(contract: Address, owner: Address, spender: Address) -> Lookup:
    """Whether the spender may move all of the owner's tokens."""
    return Lookup(contract, _APPROVED_FOR_ALL + word_of(owner) + word_of(spender))


def token_approval_lookup(contract: Address, token_id: TokenId) -> Lookup:
    """Who may move this one token of an ERC-721."""
    return Lookup(contract, _APPROVED + token_id.to_bytes(32))


def word_of(address: Address) -> bytes:
    return bytes(12) + bytes.fromhex(address[2:])


def words_in(answer: Answer, count: int) -> tuple[int, ...] | None:
    """The first words of an answer, as Solidity reads it: more may follow. None if there are fewer."""
    if isinstance(answer, Unanswered) or len(answer) < 32 * count:
        return None
    return tuple(int.from_bytes(answer[at : at + 32]) for at in range(0, 32 * count, 32))


def number_in(answer: Answer) -> int:
    words = words_in(answer, 1)
    return 0 if words is None else words[0]


def account_in(answer: Answer) -> Address | None:
    """None for a word with dirty upper bytes too."""
    words = words_in(answer, 1)
    return None if words is None else address_in_word(words[0])


def address_in_word(word: int) -> Address | None:
    """None for a word with dirty upper bytes, which no compiler writes."""
    return None if word >> 160 else Address(f"0x{word:040x}")


def is_yes(answer: Answer) -> bool:
    """Whether the answer begins with the word 1, as a contract says yes."""
    return words_in(answer, 1) == (1,)
