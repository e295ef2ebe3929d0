"""A batch of logs, folded: last owner per token, net change per holder, births and their transfers in order.

Pure: the same logs and the same known collections always give the same rows. It never raises for what a log says; a
log that does not have the shape of its event is counted and changes nothing, in whole or in part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from steadymint.domain.types import ChainId
from steadymint.indexing import events
from steadymint.indexing.batch import (
    ERC721,
    ERC1155,
    BalanceChange,
    Batch,
    Child,
    CollectionEvent,
    Movement,
    Plain,
    TokenChange,
    collection_id_of,
)
from steadymint.indexing.reading.decode import (
    Birth,
    Log,
    Mint,
    UndecodableError,
    address_of,
    birth_of,
    collection_event,
    expect,
    mint_batch_of,
    mint_of,
    pairs_of,
    word,
)
from steadymint.indexing.reading.log_order import in_order
from steadymint.indexing.store.accounts import ZERO
from steadymint.indexing.store.chain_tables import place_of
from steadymint.indexing.subjects.collections.creations import STANDARDS, creation_payload
from steadymint.indexing.subjects.metadata.decode import announce
from steadymint.indexing.subjects.sightings.sightings import PROOF_TOPICS, sighting_of

_PADDING: Final = "0x" + "0" * 24
_ZERO_TOPIC: Final = "0x" + "0" * 64
_movement: Final = tuple.__new__


class InconsistentReplyError(Exception):
    """The node gave two blocks of the same number in one reply: it switched forks in between. Ask again."""


class Fold:
    """Folds the logs of consecutive spans into one batch. Use one instance per batch.

    `known` holds the collections committed so far and is not changed; those born in the batch are in `batch.births`.
    With `appending`, as in a chain's first reading, plain transfers are kept as they are (`batch.plain`): what they
    come to is made of all of them at the end.
    """

    def __init__(
        self, chain_id: ChainId, factories: Iterable[str], known: Mapping[str, Child], *, appending: bool = False
    ) -> None:
        self.batch = Batch(chain_id)
        self._chain_id = chain_id
        self._factories = frozenset(factories)
        self._known = known
        self._block_hex = ""
        self._block = self._at = 0
        self._block_hash = ""
        self._block_taken = False
        self._prices: dict[tuple[str, str, int], int] = {}
        self._owners: dict[str, tuple[int, int]] = {}
        self._appending = appending

    def add(self, logs: Sequence[Log], times: Mapping[str, int] | None = None) -> None:
        """Fold `logs` into the batch. `times` maps block number (hex) to Unix seconds where logs carry none.

        Raises:
            InconsistentReplyError: the reply mixes two forks.
        """
        known, births, counts = self._known, self.batch.births, self.batch.counts
        transfer, handlers, foreign = events.TRANSFER, self._HANDLERS, self._FOREIGN
        for log in in_order(logs, counts):
            if log.block_number != self._block_hex:
                self._enter_block(log, times)
            elif log.block_hash != self._block_hash:
                raise InconsistentReplyError(f"two hashes for block {self._block}")
            topics = log.topics
            topic = topics[0] if topics else ""
            child = known.get(log.address) or births.get(log.address)
            try:
                if child is None:
                    self._stranger(topic, log)
                elif topic == transfer:
                    if not (self._appending and self._append(log, child)):
                        self._transfer(log, child)
                elif (handler := (foreign if child.foreign else handlers).get(topic)) is not None:
                    handler(self, log, child)
                else:
                    counts["unknown_event"] += 1
            except ValueError:  # UndecodableError, or hex that is none
                counts["decode_error"] += 1

    def _enter_block(self, log: Log, times: Mapping[str, int] | None) -> None:
        stamp = log.block_timestamp
        self._at = int(stamp, 16) if stamp is not None else (times or {})[log.block_number]
        self._block_hex, self._block_hash = log.block_number, log.block_hash
        self._block = int(log.block_number, 16)
        self._block_taken = self._block in self.batch.blocks
        self._prices.clear()

    # -- births ------------------------------------------------------------------------------------------------------

    def _stranger(self, topic: str, log: Log) -> None:
        """Nobody's log counts but a registered factory's, and of that only the birth."""
        if topic != events.CREATED:
            self.batch.counts["foreign"] += 1
        elif log.address not in self._factories:
            self.batch.counts["unregistered_factory"] += 1
        else:
            self._birth(log, birth_of(log))

    def _birth(self, log: Log, birth: Birth) -> None:
        standard = STANDARDS.get(birth.kind)
        if standard is None:
            raise UndecodableError("unknown kind of collection")
        contract = birth.collection
        if contract in self._known or contract in self.batch.births:
            known = self._known.get(contract)
            if known is not None and known.foreign:
                # Imported before its factory was registered: it stays what it is.
                self.batch.counts["imported"] += 1
                return
            # CREATE2 cannot give a living address twice: the first incarnation was destroyed.
            self.batch.counts["reborn"] += 1
            self.batch.inconsistent.add(contract)
            return
        self.batch.births[contract] = Child(collection_id_of(self._chain_id, contract), standard)
        self._event(log, contract, creation_payload(birth, standard, log))
        self._sight(log)
        self._taken()

    # -- movements ---------------------------------------------------------------------------------------------------

    def _append(self, log: Log, child: Child) -> bool:
        """Keep an EIP-721 transfer as it is. False for one that must be looked at: it may be malformed, or paid."""
        topics = log.topics
        if len(topics) != 4 or self._prices or log.data not in ("0x", "") or child.standard != ERC721:
            return False
        _, sender, recipient, token = topics
        if sender[:26] != _PADDING or recipient[:26] != _PADDING or sender == recipient == _ZERO_TOPIC:
            return False
        place = place_of(self._block, int(log.log_index, 16))
        self.batch.plain.append(
            _movement(Plain, (place, self._at, log.address, sender, recipient, log.transaction_hash, int(token, 16)))
        )
        self._taken()
        return True

    def _transfer(self, log: Log, child: Child) -> None:
        """EIP-721: three indexed arguments and no data. With three topics it is an EIP-20 transfer."""
        topics = log.topics
        if len(topics) != 4 or log.data not in ("0x", "") or child.standard != ERC721:
            raise UndecodableError("not an EIP-721 transfer")
        sender_topic, recipient_topic = topics[1], topics[2]
        if sender_topic[:26] != _PADDING or recipient_topic[:26] != _PADDING:
            raise UndecodableError("topic is not an address")
        sender, recipient = "0x" + sender_topic[26:], "0x" + recipient_topic[26:]
        contract, token_id = log.address, int(topics[3], 16)
        batch = self.batch
        if sender == ZERO and recipient == ZERO:
            self._contradiction(contract)
            return
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
                change.first_mint = (self._block, index, self._at)
            if self._prices:
                price = self._prices.get((log.transaction_hash, contract, token_id))
        elif recipient == ZERO:
            batch.burned[contract] += 1
        change.owner, change.place, change.at = recipient, place_of(self._block, index), self._at
        # The one line that runs for every log of a busy chain: a tuple made as such, not by keyword.
        batch.movements.append(
            _movement(
                Movement,
                (
                    self._block,
                    index,
                    0,
                    log.transaction_hash,
                    contract,
                    token_id,
                    sender,
                    recipient,
                    None,
                    1,
                    self._at,
                    price,
                ),
            )
        )
        self._taken()

    def _transfer_single(self, log: Log, child: Child) -> None:
        expect(log, 4, 2)
        self._quantities(log, child, [(word(log.data, 0), word(log.data, 1))])

    def _transfer_batch(self, log: Log, child: Child) -> None:
        expect(log, 4)
        self._quantities(log, child, pairs_of(log.data, 2))

    def _quantities(self, log: Log, child: Child, pairs: list[tuple[int, int]]) -> None:
        """EIP-1155. Anybody may move zero tokens; that says nothing and is not recorded."""
        if child.standard != ERC1155:
            raise UndecodableError("an EIP-1155 event from another kind of collection")
        operator, sender, recipient = (address_of(topic) for topic in log.topics[1:])
        contract = log.address
        if sender == ZERO and recipient == ZERO:
            self._contradiction(contract)
            return
        for index, (token_id, quantity) in enumerate(pairs):
            if not quantity:
                self.batch.counts["zero_value"] += 1
                continue
            self._change_supply(log, token_id, sender, recipient, quantity)
            if sender != ZERO:
                self._change_balance(contract, token_id, sender, -quantity)
            if recipient != ZERO:
                self._change_balance(contract, token_id, recipient, quantity)
            self._move(log, index, token_id, sender, recipient, operator, quantity)
        self._taken()

    def _change_supply(self, log: Log, token_id: int, sender: str, recipient: str, quantity: int) -> None:
        batch, contract = self.batch, log.address
        change = batch.tokens.get((contract, token_id))
        index = int(log.log_index, 16)
        if change is None:
            change = batch.tokens[contract, token_id] = TokenChange(sender, False, len(batch.movements))
        if sender == ZERO:
            batch.minted[contract] += quantity
            change.supply(quantity)
            if change.first_mint is None:
                change.first_mint = (self._block, index, self._at)
        elif recipient == ZERO:
            batch.burned[contract] += quantity
            change.supply(-quantity)
        change.place, change.at = place_of(self._block, index), self._at

    def _change_balance(self, contract: str, token_id: int, holder: str, delta: int) -> None:
        change = self.batch.balances.get((contract, token_id, holder))
        if change is None:
            change = self.batch.balances[contract, token_id, holder] = BalanceChange()
        change.add(delta)
        change.at = self._at

    def _move(
        self, log: Log, index: int, token_id: int, sender: str, recipient: str, operator: str | None, quantity: int
    ) -> None:
        price = None
        if self._prices and sender == ZERO:
            price = self._prices.get((log.transaction_hash, log.address, token_id))
        self.batch.movements.append(
            Movement(
                self._block,
                int(log.log_index, 16),
                index,
                log.transaction_hash,
                log.address,
                token_id,
                sender,
                recipient,
                operator,
                quantity,
                self._at,
                price,
            )
        )

    def _taken(self) -> None:
        self.batch.logs += 1
        if not self._block_taken:
            self.batch.blocks[self._block] = (self._block_hash, self._at)
            self._block_taken = True

    def _contradiction(self, contract: str) -> None:
        """From nobody to nobody: no supply changes, and the collection is marked."""
        self.batch.counts["contradiction"] += 1
        self.batch.inconsistent.add(contract)

    # -- mints and collection-level events ---------------------------------------------------------------------------

    def _minted(self, log: Log, child: Child) -> None:
        if child.standard != ERC721:
            raise UndecodableError("an EIP-721 mint from another kind of collection")
        self._announce(log, child, mint_of(log))

    def _minted_batch(self, log: Log, child: Child) -> None:
        if child.standard != ERC1155:
            raise UndecodableError("an EIP-1155 mint from another kind of collection")
        self._announce(log, child, mint_batch_of(log))

    def _announce(self, log: Log, child: Child, mint: Mint) -> None:
        """Our contracts announce a mint before its transfers, so that those find their price and intent here."""
        total = sum(mint.quantities.values())
        if mint.paid and total:
            price = mint.paid // total
            self._prices.update(((log.transaction_hash, log.address, token_id), price) for token_id in mint.quantities)
        self._sight(log)
        self._taken()

    def _collection_event(self, log: Log, child: Child) -> None:
        self._event(log, log.address, collection_event(log))
        self._taken()

    def _base_uri_set(self, log: Log, child: Child) -> None:
        self._collection_event(log, child)
        self.batch.announcements.of_all_tokens(self._block, log.address)

    def _metadata_frozen(self, log: Log, child: Child) -> None:
        self._collection_event(log, child)
        self.batch.announcements.of_frozen(self._block, log.address)

    def _contract_uri_updated(self, log: Log, child: Child) -> None:
        self._collection_event(log, child)
        self.batch.announcements.of_contract(self._block, log.address)

    def _announced(self, log: Log, child: Child) -> None:
        announce(log, self._block, self.batch.announcements)
        self._taken()

    def _foreign_owner(self, log: Log, child: Child) -> None:
        """Of many in one block only what they come to is kept: a contract of somebody else may emit what it likes."""
        payload, kept = collection_event(log), self._owners.get(log.address)
        if kept is not None and kept[0] == self._block:
            events_of_batch, at = self.batch.events, kept[1]
            payload["previousOwner"] = events_of_batch[at].payload["previousOwner"]
            events_of_batch[at] = events_of_batch[at]._replace(payload=payload)
        else:
            self._owners[log.address] = self._block, len(self.batch.events)
            self._event(log, log.address, payload)
        self._taken()

    def _noted(self, log: Log, child: Child) -> None:
        """Kept in the raw store only: it changes nothing that the catalog holds."""
        self.batch.counts["noted"] += 1

    def _event(self, log: Log, contract: str, payload: dict[str, object]) -> None:
        name = events.NAMES[log.topics[0]]
        index = int(log.log_index, 16)
        self.batch.events.append(
            CollectionEvent(self._block, index, log.transaction_hash, contract, name, payload, self._at)
        )

    def _proven(self, log: Log, child: Child) -> None:
        """An event that says nothing but that an intent is fulfilled."""
        self._sight(log)
        self._taken()

    def _sight(self, log: Log) -> None:
        seen = sighting_of(log, self._chain_id, self._block)
        if seen is not None:
            self.batch.sightings.append(seen)

    _HANDLERS: Final[dict[str, Callable[[Fold, Log, Child], None]]] = {
        **dict.fromkeys(PROOF_TOPICS, _proven),
        events.TRANSFER_SINGLE: _transfer_single,
        events.TRANSFER_BATCH: _transfer_batch,
        events.MINTED: _minted,
        events.MINTED_BATCH: _minted_batch,
        **dict.fromkeys(events.FOLDED, _collection_event),
        events.BASE_URI_SET: _base_uri_set,
        events.METADATA_FROZEN: _metadata_frozen,
        events.CONTRACT_URI_UPDATED: _contract_uri_updated,
        **dict.fromkeys(events.ANNOUNCED, _announced),
        **dict.fromkeys(events.NOTED, _noted),
    }
    _FOREIGN: Final[dict[str, Callable[[Fold, Log, Child], None]]] = {
        events.TRANSFER_SINGLE: _transfer_single,
        events.TRANSFER_BATCH: _transfer_batch,
        events.OWNERSHIP_TRANSFERRED: _foreign_owner,
        events.CONTRACT_URI_UPDATED: _announced,
        **dict.fromkeys(events.ANNOUNCED, _announced),
    }
    """What is believed of imported contracts: the standards. What only our own contracts mean by an event is not."""
