"""Orders in: one or many that are signed, and orders to sign.

None of these needs a session. What an order says is signed by its maker, and whoever hands it in adds nothing to it, so
others may hand it in for them. The address of the peer is limited instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from fastapi import Depends, Request, Response

from api.accounts.attempts import peer_of
from api.http.answers import answers
from api.http.etags import to_json
from api.http.json_bodies import Router
from api.http.problems import responses
from api.http.process_limits import peer_of as limited_peer
from api.http.queries import each_once
from api.market.bodies.orders import (
    TAKEN_EXAMPLE,
    TAKEN_MANY_EXAMPLE,
    HandInBody,
    HandInManyBody,
    TakenAnswer,
    TakenManyAnswer,
)
from api.market.bodies.wishes import BUILT_EXAMPLE, BuildBody, BuiltAnswer
from api.market.views.orders import built_answer, finding_views, one_of_many, taken_answer
from api.root import Services, ServicesDep
from steadymint.catalog.contracts import contract_of
from steadymint.domain import errors
from steadymint.domain.market.bulk import BulkTree
from steadymint.domain.market.findings import Severity
from steadymint.domain.market.hashing import order_hash
from steadymint.domain.market.intake import HandedOrder, OrderWishes, TakenOrder, Taking, TokenChoice
from steadymint.domain.types import Bytes32, ChainId
from steadymint.market.new_orders import shown_components
from steadymint.market.orders import LISTED_JSON, OrderRow

ONE_OF: Final = 10
"""A request with several orders counts as so many with one: it costs a node that much more."""

router = Router(prefix="/v1/orders", tags=["Market"], dependencies=[Depends(each_once)])

_PROBLEMS: Final = (
    errors.NotFoundError,
    errors.InvalidInputError,
    errors.UnknownChainError,
    errors.RateLimitedError,
    errors.UpstreamUnavailableError,
)
_TAKEN: Final[dict[str, Any]] = {
    "model": TakenAnswer,
    "content": {"application/json": {"example": TAKEN_EXAMPLE}},
}


@router.post(
    "",
    summary="Hand in a signed order",
    status_code=201,
    response_model=None,
    responses={
        201: {**_TAKEN, "description": "The order is in the catalog"},
        200: {**_TAKEN, "description": "It was there already"},
        **responses(*_PROBLEMS, errors.OrderRefusedError),
    },
)
async def hand_in_order(body: HandInBody, request: Request, services: ServicesDep) -> Response:
    """A listing or an offer of Seaport 1.6: for an item, any item of a collection, or any with a trait. It is checked
    against the chain and the rules of this market. `order_refused` has `findings` that say what is wrong. An order that
    cannot be filled now is taken as `inactive`, and its `findings` say what is missing. The same order again is the
    same order."""
    settings = services.settings.api
    await services.limiter.take("orders", peer_of(request), settings.order_rate)
    handed = [body.handed()]
    _limit_choices(services, request, [one.choice for one in handed])
    (taken,) = await services.market_orders.take(body.chain_id, handed)
    if taken.outcome is Taking.REFUSED:
        raise _refused(taken)
    rows = await _rows(services, body.chain_id, handed, [taken])
    answer = taken_answer(rows[taken.order_hash], taken.findings)
    return _json(answer, 201 if taken.outcome is Taking.CREATED else 200)


@router.post(
    "/bulk",
    summary="Hand in many orders",
    response_model=None,
    responses={**answers(TakenManyAnswer, TAKEN_MANY_EXAMPLE), **responses(*_PROBLEMS)},
)
async def hand_in_orders(body: HandInManyBody, request: Request, services: ServicesDep) -> Response:
    """Up to 50 orders of one chain, each checked and answered by itself. They may share one signature, of what `build`
    answered for all of them."""
    await _limit_several(services, request)
    handed = _handed(body)
    _limit_choices(services, request, [one.choice for one in handed])
    taken = await services.market_orders.take(body.chain_id, handed)
    rows = await _rows(services, body.chain_id, handed, taken)
    return _json({"items": [one_of_many(one, rows.get(one.order_hash)) for one in taken]})


@router.post(
    "/build",
    summary="Build orders to sign",
    response_model=None,
    responses={
        **answers(BuiltAnswer, BUILT_EXAMPLE),
        **responses(*_PROBLEMS, errors.UnknownCollectionError),
    },
)
async def build_orders(body: BuildBody, request: Request, services: ServicesDep) -> Response:
    """The typed data for the maker's wallet, with the marketplace's fee and the collection's royalty filled in, and the
    approvals that are missing. Several orders are signed at once. Hand them in with the signature by `POST /v1/orders`,
    or by `POST /v1/orders/bulk` if there are several."""
    if len(body.orders) == 1:
        await services.limiter.take("orders", peer_of(request), services.settings.api.order_rate)
    else:
        await _limit_several(services, request)
    wishes = [one.wish(body.maker, await _contract(services, body.chain_id, one.contract)) for one in body.orders]
    _limit_choices(services, request, [one.choice for one in wishes])
    return _json(
        built_answer(await services.market_orders.build(OrderWishes(chain_id=body.chain_id, wishes=tuple(wishes))))
    )


async def _limit_several(services: Services, request: Request) -> None:
    rate = max(1, services.settings.api.order_rate // ONE_OF)
    await services.limiter.take("orders-bulk", peer_of(request), rate)


def _limit_choices(services: Services, request: Request, choices: Sequence[TokenChoice]) -> None:
    """Count the offers whose tokens may be kept."""
    if many := sum(bool(choice.tokens or choice.traits) for choice in choices):
        services.trait_offers.take(limited_peer(request.scope), many)


async def _contract(services: Services, chain_id: ChainId, name: Any) -> Any:
    contract = await contract_of(services.pool, chain_id, name)
    if contract is None:
        raise errors.UnknownCollectionError(f"No collection of {chain_id} has the slug {name}")
    return contract


async def _rows(
    services: Services, chain_id: ChainId, handed: Sequence[HandedOrder], taken: Sequence[TakenOrder]
) -> dict[Bytes32, OrderRow]:
    """The orders as they are shown: new ones as their taker has told them, others from the catalog."""
    rows = {
        said.order_hash: LISTED_JSON.validate_json(said.row).signed(
            shown_components(sent.components), bytes.fromhex(sent.signature[2:])
        )
        for sent, said in zip(handed, taken, strict=True)
        if said.row
    }
    others = [said.order_hash for said in taken if said.order_hash not in rows]
    return rows | (await services.orders.by_hash(chain_id, others) if others else {})


def _handed(body: HandInManyBody) -> list[HandedOrder]:
    """The orders, each with its own signature. One for all of them becomes one for each: with its place and its
    proof in the tree of the orders."""
    if body.signature is None or len(body.orders) == 1:
        return [one.handed(body.signature) for one in body.orders]
    tree = BulkTree([order_hash(one.order.components()) for one in body.orders])
    signed = bytes.fromhex(body.signature[2:])
    return [one.handed("0x" + tree.signature(index, signed).hex()) for index, one in enumerate(body.orders)]


def _refused(taken: TakenOrder) -> errors.OrderRefusedError:
    first = next(finding for finding in taken.findings if finding.severity is Severity.REFUSED)
    return errors.OrderRefusedError(first.message, findings=finding_views(taken.findings))


def _json(body: Any, status: int = 200) -> Response:
    return Response(to_json(body), status, headers={"cache-control": "no-store"}, media_type="application/json")
