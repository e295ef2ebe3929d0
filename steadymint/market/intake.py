"""Takes orders that were handed in: each is checked against its chain and the market's policy, and becomes a row."""

from __future__ import annotations

import time
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import asyncpg

from steadymint.catalog.cache import Freshness, Named
from steadymint.chain.nodes.client import ChainClients
from steadymint.chain.orders import OrderInspector
from steadymint.domain.errors import InvalidInputError
from steadymint.domain.market.checks import check, unknown_collection, unknown_tokens, unsupported
from steadymint.domain.market.facts import OrderFacts
from steadymint.domain.market.findings import Finding, Severity
from steadymint.domain.market.hashing import order_hash
from steadymint.domain.market.intake import HandedOrder, HandedOrders, TakenOrder, TakenOrders, Taking, TokenChoice
from steadymint.domain.market.policy import MarketPolicy
from steadymint.domain.market.sides import Side, UnsupportedOrderError
from steadymint.domain.market.submitted import SubmittedOrder
from steadymint.domain.types import ChainId, TokenId
from steadymint.market.known_collections import KnownCollections
from steadymint.market.new_orders import NewOrder, hash_text
from steadymint.market.orders import LISTED_JSON, ListedOrder, Orders
from steadymint.market.policies import Policies
from steadymint.market.telling import told
from steadymint.market.token_sets import MAX_TOKENS, TokenSets, Traits, root_of


@dataclass(slots=True)
class _Candidate:
    """An order on its way into the catalog."""

    handed: HandedOrder
    hash: bytes
    order: SubmittedOrder | None = None
    """None if the market does not understand it."""
    collection_id: UUID | None = None
    token_set: int | None = None
    tokens: Sequence[TokenId] = ()
    """Of a trait offer whose root is not known yet."""
    findings: list[Finding] = field(default_factory=list[Finding])

    @property
    def refused(self) -> bool:
        return any(finding.severity is Severity.REFUSED for finding in self.findings)

    @property
    def traits(self) -> Traits | None:
        """What the catalog says that the tokens have in common. Of tokens that were listed nothing is known."""
        choice = self.handed.choice
        return None if choice.tokens or not choice.traits else choice.traits


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of orders, and the collections whose kept pages are old since."""

    orders: TakenOrders
    changed: frozenset[Named]


class OrderIntake:
    """The intake of all chains. Share one per process."""

    def __init__(self, pool: asyncpg.Pool, clients: ChainClients, pages: Freshness) -> None:
        """`pages`: kept pages of the catalog, which show floors."""
        self._pages = pages
        self._clients = clients
        self._inspector = OrderInspector(clients)
        self._orders = Orders(pool)
        self._sets = TokenSets(pool)
        self._collections = KnownCollections(pool)
        self._policies = Policies()

    async def take(self, handed: HandedOrders) -> TakenOrders:
        """Check the orders and keep those that the market takes. An order that is there already stays as it is.

        Repeating it changes nothing: a row is inserted once.

        Raises UnknownChainError, NotFoundError (the chain has no market), UpstreamUnavailableError.
        """
        kept = await self.keep(handed)
        await self._pages.bump(kept.changed)
        return kept.orders

    async def keep(self, handed: HandedOrders) -> Kept:
        """The same, but the pages that are old since stay: the caller has them forgotten before it answers."""
        try:
            return await self._keep(handed)
        except asyncpg.ForeignKeyViolationError:  # a collection, or a set of tokens, has gone since it was looked up
            self._collections.forget()
            return await self._keep(handed)

    async def _keep(self, handed: HandedOrders) -> Kept:
        chain_id = handed.chain_id
        policy = self._policies.of(await self._clients.registry.get(chain_id))
        candidates = [_candidate(one) for one in handed.orders]
        await self._find_collections(chain_id, candidates)
        for one in candidates:
            if one.order is not None and not one.refused and one.order.read.side is Side.TRAIT_OFFER:
                await self._find_tokens(chain_id, one, one.order)
        created = await self._keep_checked(chain_id, [one for one in candidates if not one.refused], policy)
        others = [one.hash for one in candidates if one.hash not in created]
        known = created.keys() | (await self._orders.known(chain_id, others) if others else set())
        orders = tuple(_taken(chain_id, one, created, known) for one in candidates)
        return Kept(TakenOrders(orders=orders), _changed(chain_id, candidates))

    async def _find_collections(self, chain_id: ChainId, candidates: Iterable[_Candidate]) -> None:
        found = await self._collections.at(
            chain_id, [one.order.read.contract for one in candidates if one.order is not None]
        )
        for one in candidates:
            if one.order is not None:
                one.collection_id = found.get(one.order.read.contract)
                if one.collection_id is None:
                    one.findings.append(unknown_collection())

    async def _find_tokens(self, chain_id: ChainId, one: _Candidate, order: SubmittedOrder) -> None:
        """The set of a trait offer, or its tokens if there is no set with this root yet."""
        root, contract = order.read.criteria, order.read.contract
        assert root is not None, "a trait offer has a root"
        assert one.collection_id is not None, "the collection is known"
        one.token_set = await self._sets.find(chain_id, contract, root)
        if one.token_set is not None:
            return
        try:
            tokens = await chosen(self._sets, one.collection_id, one.handed.choice)
        except InvalidInputError:
            tokens = []
        if not tokens or await root_of(tokens) != root:
            one.findings.append(unknown_tokens())
        else:
            one.tokens = tokens

    async def _keep_checked(
        self, chain_id: ChainId, candidates: Sequence[_Candidate], policy: MarketPolicy
    ) -> dict[bytes, ListedOrder | None]:
        """Ask the chain about the orders, and insert those that are not refused. Returns what `Orders.insert` does."""
        orders = [one.order for one in candidates if one.order is not None]
        if not orders:
            return {}
        facts, head = await self._inspector.facts_now(chain_id, orders)
        now = max(int(time.time()), head.timestamp)
        taken: dict[bytes, NewOrder] = {}
        for one, found in zip(candidates, facts, strict=True):
            new = await self._judge(chain_id, one, found, policy, now)
            if new is not None:
                taken[new.order.hash] = new
        if not taken:
            return {}
        return await self._orders.insert(chain_id, list(taken.values()), policy, head.number)

    async def _judge(
        self, chain_id: ChainId, one: _Candidate, facts: OrderFacts, policy: MarketPolicy, now: int
    ) -> NewOrder | None:
        order = one.order
        assert order is not None, "refused before"
        assert one.collection_id is not None, "refused before"
        stated = one.handed.stated_hash
        verdict = check(order, facts, policy, now, stated_hash=None if stated is None else bytes.fromhex(stated[2:]))
        one.findings += verdict.findings
        if one.refused:
            return None
        if one.tokens:
            root, contract = order.read.criteria, order.read.contract
            assert root is not None, "a trait offer has a root"
            one.token_set = await self._sets.keep(chain_id, contract, root, one.tokens, one.traits)
        return NewOrder.of(order, verdict, facts, now, collection_id=one.collection_id, token_set=one.token_set)


async def chosen(sets: TokenSets, collection_id: UUID, choice: TokenChoice) -> Sequence[TokenId]:
    """The tokens of a choice. Raises InvalidInputError if there are none, or too many."""
    if choice.tokens:
        if len(choice.tokens) > MAX_TOKENS:
            raise InvalidInputError(f"An offer takes at most {MAX_TOKENS} tokens")
        return choice.tokens
    if not any(choice.traits.values()):
        raise InvalidInputError("A trait offer needs tokens, or traits")
    return await sets.with_traits(collection_id, choice.traits)


def _candidate(handed: HandedOrder) -> _Candidate:
    try:
        order = SubmittedOrder.of(handed.components, bytes.fromhex(handed.signature[2:]))
    except UnsupportedOrderError as error:
        return _Candidate(handed, order_hash(handed.components), findings=[unsupported(error.fault)])
    return _Candidate(handed, order.hash, order)


def _changed(chain_id: ChainId, candidates: Iterable[_Candidate]) -> frozenset[Named]:
    """The collections of orders that were written, or that a better signature was written of."""
    taken = (one.order for one in candidates if one.order is not None and not one.refused)
    return frozenset((chain_id, order.read.contract) for order in taken)


def _taken(
    chain_id: ChainId, one: _Candidate, created: Mapping[bytes, ListedOrder | None], known: Container[bytes]
) -> TakenOrder:
    outcome = _outcome(one, created, known)
    # A copy whose own signature was refused is told without the row: it would be shown with that signature.
    row = created.get(one.hash) if outcome is Taking.CREATED else None
    return TakenOrder(
        order_hash=hash_text(one.hash),
        outcome=outcome,
        findings=told(chain_id, one.handed.components.offerer, one.findings),
        row="" if row is None else LISTED_JSON.dump_json(row).decode(),
    )


def _outcome(one: _Candidate, created: Container[bytes], known: Container[bytes]) -> Taking:
    if one.hash in created and not one.refused:
        return Taking.CREATED
    return Taking.KNOWN if one.hash in known else Taking.REFUSED
