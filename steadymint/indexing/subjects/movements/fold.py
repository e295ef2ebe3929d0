"""What transfers come to: each movement, the last owner of each token, and the net change of each holder.

Pure. A log that does not have the shape of its event changes nothing, in whole or in part.
"""

from __future__ import annotations

from typing import Final

from steadymint.indexing.batch import ERC721, ERC1155, BalanceChange, Child, Movement, TokenChange
from steadymint.indexing.reading.logs import Log
from steadymint.indexing.reading.words import UndecodableError, address_of, expect, pairs_of, word
from steadymint.indexing.store.accounts import ZERO
from steadymint.indexing.store.chain_tables import place_of
from steadymint.indexing.subjects.folding import Folding
from steadymint.indexing.subjects.movements.decode import (
    RANGE_AT_ONCE,
    Mint,
    mint_batch_of,
    mint_of,
    range_of,
    unindexed,
)
from steadymint.indexing.subjects.sightings.fold import sight

RANGE_TOO_WIDE: Final = "range_too_wide"
"""The count of `ConsecutiveTransfer` events that were not believed."""

_PADDING: Final = "0x" + "0" * 24
_movement: Final = tuple.__new__


def transfer(folding: Folding, log: Log, child: Child) -> None:
    """EIP-721: three indexed arguments and no data; of an imported collection also none of them indexed."""
    topics = log.topics
    if child.standard != ERC721:
        raise UndecodableError("an EIP-721 transfer of another kind of collection")
    if len(topics) != 4 or log.data not in ("0x", ""):
        if not child.foreign:
            raise UndecodableError("not an EIP-721 transfer")
        topics = unindexed(log)
    sender_topic, recipient_topic = topics[1], topics[2]
    if sender_topic[:26] != _PADDING or recipient_topic[:26] != _PADDING:
        raise UndecodableError("topic is not an address")
    sender, recipient = "0x" + sender_topic[26:], "0x" + recipient_topic[26:]
    if sender == ZERO and recipient == ZERO:
        _contradiction(folding, log.address)
        return
    _move_single(folding, log, int(topics[3], 16), sender, recipient)
    folding.taken()


def consecutive_transfer(folding: Folding, log: Log, child: Child) -> None:
    """EIP-2309: one event for many tokens. More than `RANGE_AT_ONCE` are not believed, and counted."""
    if child.standard != ERC721:
        raise UndecodableError("an EIP-2309 event from another kind of collection")
    found = range_of(log)
    if found.sender == ZERO and found.recipient == ZERO:
        _contradiction(folding, log.address)
        return
    before = folding.ranges.get(log.address, 0)
    if before + found.size > RANGE_AT_ONCE:
        folding.batch.counts[RANGE_TOO_WIDE] += 1
        return
    folding.ranges[log.address] = before + found.size
    for nth, token_id in enumerate(range(found.first, found.last + 1)):
        _move_single(folding, log, token_id, found.sender, found.recipient, nth)
    folding.taken()


def _move_single(folding: Folding, log: Log, token_id: int, sender: str, recipient: str, batch_index: int = 0) -> None:
    """An ERC-721 token goes from one account to the other. `batch_index` is its place within the event."""
    contract, batch = log.address, folding.batch
    key = (contract, token_id)
    change = batch.tokens.get(key)
    minted = sender == ZERO
    index = int(log.log_index, 16)
    if change is None:
        change = batch.tokens[key] = TokenChange(sender, minted, len(batch.movements))
    elif change.owner != sender:
        batch.inconsistent.add(contract)
    price = None
    if minted:
        batch.minted[contract] += 1
        if change.first_mint is None:
            change.first_mint = (folding.block, index, folding.at)
        if folding.prices:
            price = folding.prices.get((log.transaction_hash, contract, token_id))
    elif recipient == ZERO:
        batch.burned[contract] += 1
    change.owner, change.place, change.at = recipient, place_of(folding.block, index), folding.at
    # The one line that runs for every log of a busy chain: a tuple made as such, not by keyword.
    batch.movements.append(
        _movement(
            Movement,
            (
                folding.block,
                index,
                batch_index,
                log.transaction_hash,
                contract,
                token_id,
                sender,
                recipient,
                None,
                1,
                folding.at,
                price,
            ),
        )
    )


def transfer_single(folding: Folding, log: Log, child: Child) -> None:
    expect(log, 4, 2)
    _quantities(folding, log, child, [(word(log.data, 0), word(log.data, 1))])


def transfer_batch(folding: Folding, log: Log, child: Child) -> None:
    expect(log, 4)
    _quantities(folding, log, child, pairs_of(log.data, 2))


def _quantities(folding: Folding, log: Log, child: Child, pairs: list[tuple[int, int]]) -> None:
    """EIP-1155. Anybody may move zero tokens; that says nothing and is not recorded."""
    if child.standard != ERC1155:
        raise UndecodableError("an EIP-1155 event from another kind of collection")
    operator, sender, recipient = (address_of(topic) for topic in log.topics[1:])
    contract = log.address
    if sender == ZERO and recipient == ZERO:
        _contradiction(folding, contract)
        return
    for index, (token_id, quantity) in enumerate(pairs):
        if not quantity:
            folding.batch.counts["zero_value"] += 1
            continue
        _change_supply(folding, log, token_id, sender, recipient, quantity)
        if sender != ZERO:
            _change_balance(folding, contract, token_id, sender, -quantity)
        if recipient != ZERO:
            _change_balance(folding, contract, token_id, recipient, quantity)
        _move(folding, log, index, token_id, sender, recipient, operator, quantity)
    folding.taken()


def _change_supply(folding: Folding, log: Log, token_id: int, sender: str, recipient: str, quantity: int) -> None:
    batch, contract = folding.batch, log.address
    change = batch.tokens.get((contract, token_id))
    index = int(log.log_index, 16)
    if change is None:
        change = batch.tokens[contract, token_id] = TokenChange(sender, False, len(batch.movements))
    if sender == ZERO:
        batch.minted[contract] += quantity
        change.supply(quantity)
        if change.first_mint is None:
            change.first_mint = (folding.block, index, folding.at)
    elif recipient == ZERO:
        batch.burned[contract] += quantity
        change.supply(-quantity)
    change.place, change.at = place_of(folding.block, index), folding.at


def _change_balance(folding: Folding, contract: str, token_id: int, holder: str, delta: int) -> None:
    change = folding.batch.balances.get((contract, token_id, holder))
    if change is None:
        change = folding.batch.balances[contract, token_id, holder] = BalanceChange()
    change.add(delta)
    change.at = folding.at


def _move(
    folding: Folding,
    log: Log,
    index: int,
    token_id: int,
    sender: str,
    recipient: str,
    operator: str | None,
    quantity: int,
) -> None:
    price = None
    if folding.prices and sender == ZERO:
        price = folding.prices.get((log.transaction_hash, log.address, token_id))
    folding.batch.movements.append(
        Movement(
            folding.block,
            int(log.log_index, 16),
            index,
            log.transaction_hash,
            log.address,
            token_id,
            sender,
            recipient,
            operator,
            quantity,
            folding.at,
            price,
        )
    )


def _contradiction(folding: Folding, contract: str) -> None:
    """From nobody to nobody: no supply changes, and the collection is marked."""
    folding.batch.counts["contradiction"] += 1
    folding.batch.inconsistent.add(contract)


def minted(folding: Folding, log: Log, child: Child) -> None:
    if child.standard != ERC721:
        raise UndecodableError("an EIP-721 mint from another kind of collection")
    _announce(folding, log, mint_of(log))


def minted_batch(folding: Folding, log: Log, child: Child) -> None:
    if child.standard != ERC1155:
        raise UndecodableError("an EIP-1155 mint from another kind of collection")
    _announce(folding, log, mint_batch_of(log))


def _announce(folding: Folding, log: Log, mint: Mint) -> None:
    """Our contracts announce a mint before its transfers, so that those find their price and intent here."""
    total = sum(mint.quantities.values())
    if mint.paid and total:
        price = mint.paid // total
        folding.prices.update(((log.transaction_hash, log.address, token_id), price) for token_id in mint.quantities)
    sight(folding, log)
    folding.taken()
