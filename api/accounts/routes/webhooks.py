"""Webhooks of the signed-in user: subscriptions, what has come of their events, and sending them again."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Depends, Path, Query, Request, Response

from api.accounts.attempts import peer_of
from api.accounts.bodies import webhooks as bodies
from api.accounts.bodies.webhooks import (
    ChangeWebhookBody,
    CreateWebhookBody,
    DeliveriesQuery,
    EventsQuery,
    ReplayBody,
    RotateBody,
)
from api.accounts.views.webhooks import delivery_view, webhook_view
from api.accounts.wanted import keys_of, url_of
from api.http.answers import BAD_INPUT, BAD_PAGE, MISSING, Responses, answers
from api.http.etags import PRIVATE, to_json
from api.http.idempotency import idempotency_key
from api.http.json_bodies import Router
from api.http.pagination import PageQuery
from api.http.problems import responses
from api.http.queries import NoQuery, each_once
from api.root import PagesDep, Services, ServicesDep
from api.sessions import SessionDep
from steadymint.domain import errors
from steadymint.domain.sessions import Session
from steadymint.domain.webhooks import WebhookStatus
from steadymint.webhooks import history
from steadymint.webhooks.deeds import By
from steadymint.webhooks.requests import Request as WebhookRequest
from steadymint.webhooks.wanted import Change, Wanted

CHANGE_RATE: Final = 60
"""Changes of one user's webhooks a minute. Each new webhook is a flow, and leads us to an address of the user's."""
SEND_RATE: Final = 20
"""Tests and replays of one user a minute. A replay may be ten thousand requests."""

_SIGNED_IN: Final = responses(errors.UnauthorizedError)
_UNKNOWN: Final = responses(errors.UnknownCollectionError)
_LIMITED: Final = responses(errors.RateLimitedError)
WebhookIdPath = Annotated[UUID, Path(alias="webhookId", description="One of `GET /v1/webhooks`.")]

router = Router(prefix="/v1", tags=["Webhooks"], dependencies=[Depends(each_once)])

IdempotencyKey = Annotated[
    str | None,
    idempotency_key(
        "The same key and body return the same webhook with its secret, for a day; another body is"
        " `idempotency_mismatch`."
    ),
]


def _by(request: Request) -> By:
    return By(ip=peer_of(request))


ByDep = Annotated[By, Depends(_by)]


def _shown(body: Any, example: Any, description: str) -> dict[str, Any]:
    """The entry of one answer."""
    return {"model": body, "description": description, "content": {"application/json": {"example": example}}}


def _made(body: Any, example: Any, description: str, *problems: Responses, status: int) -> dict[str, Any]:
    """The entries of an answer that is not 200."""
    found: Responses = {status: _shown(body, example, description)}
    for problem in (_SIGNED_IN, *problems, BAD_INPUT, _LIMITED):
        found |= problem
    return {"status_code": status, "response_model": None, "responses": found}


_MADE_BEFORE: Final[Responses] = {
    200: _shown(
        bodies.NewWebhookView, bodies.NEW_WEBHOOK_EXAMPLE, "The webhook that the same Idempotency-Key made before"
    )
}


@router.post(
    "/webhooks",
    summary="Subscribe to events",
    **_made(
        bodies.NewWebhookView,
        bodies.NEW_WEBHOOK_EXAMPLE,
        "Made",
        _MADE_BEFORE,
        responses(errors.ConflictError, errors.IdempotencyMismatchError, errors.UnknownCollectionError),
        status=201,
    ),
)
async def create_webhook(
    body: CreateWebhookBody, session: SessionDep, services: ServicesDep, by: ByDep, key: IdempotencyKey = None
) -> Response:
    """Your own intents, orders and tokens, from the next event on. The secret is shown this once. A user may have ten
    webhooks."""
    url = url_of(services, body.url)
    await _take_change(services, session)
    wanted = Wanted(body.events, await keys_of(services, body.collections), sorted(set(body.accounts)))
    filters = asdict(wanted) | {"event_names": sorted(wanted.event_names)}
    asked = {"url": url, "description": body.description, "wanted": filters}
    before = None if key is None else WebhookRequest.of(key, asked)
    made = await services.webhooks.create(session.user_id, url, body.description, wanted, request=before, by=by)
    return _answer({**webhook_view(made.subscription), "secret": made.secret}, 201 if made.made_here else 200)


@router.get(
    "/webhooks",
    summary="Your webhooks",
    response_model=None,
    responses=answers(bodies.WebhookPage, bodies.WEBHOOK_PAGE_EXAMPLE, _SIGNED_IN, BAD_PAGE),
)
async def list_webhooks(
    session: SessionDep, services: ServicesDep, query: Annotated[PageQuery, Query()], pages: PagesDep
) -> Response:
    """Newest first, without their secrets."""
    pager = pages.of(query)
    rows = await services.webhooks.all_of(session.user_id, after=pager.after(tuple[datetime, UUID]), limit=pager.fetch)
    return _answer(pager.page(rows, webhook_view, lambda row: (row.created_at, row.webhook_id)))


@router.get(
    "/webhooks/{webhookId}",
    summary="One of your webhooks",
    response_model=None,
    responses=answers(bodies.WebhookView, bodies.WEBHOOK_EXAMPLE, _SIGNED_IN, MISSING, BAD_INPUT),
)
async def get_webhook(
    webhook_id: WebhookIdPath, session: SessionDep, services: ServicesDep, _: Annotated[NoQuery, Query()]
) -> Response:
    """Without its secret."""
    return _answer(webhook_view(await services.webhooks.get(session.user_id, webhook_id)))


@router.patch(
    "/webhooks/{webhookId}",
    summary="Change, pause or resume a webhook",
    response_model=None,
    responses=answers(bodies.WebhookView, bodies.WEBHOOK_EXAMPLE, _SIGNED_IN, MISSING, BAD_INPUT, _UNKNOWN, _LIMITED),
)
async def change_webhook(
    webhook_id: WebhookIdPath, body: ChangeWebhookBody, session: SessionDep, services: ServicesDep, by: ByDep
) -> Response:
    """Members that are left out stay. Filters hold for the events that happen from then on."""
    given = body.model_fields_set
    url = url_of(services, body.url) if "url" in given else None
    await _take_change(services, session)
    change = Change(
        url=url,
        description=body.description,
        description_given="description" in given,
        event_names=body.events if "events" in given else None,
        collections=await keys_of(services, body.collections) if "collections" in given else None,
        accounts=sorted(set(body.accounts)) if "accounts" in given else None,
        status=(WebhookStatus.ACTIVE if body.active else WebhookStatus.PAUSED) if "active" in given else None,
    )
    changed = await services.webhooks.change(session.user_id, webhook_id, change, by=by)
    return _answer(webhook_view(changed))


@router.delete(
    "/webhooks/{webhookId}",
    summary="End a webhook",
    status_code=204,
    responses=_SIGNED_IN | MISSING | BAD_INPUT | _LIMITED,
)
async def delete_webhook(
    webhook_id: WebhookIdPath,
    session: SessionDep,
    services: ServicesDep,
    by: ByDep,
    _: Annotated[NoQuery, Query()],
) -> Response:
    """No further batch is sent from then on; requests under way end. Address and secrets are forgotten."""
    await _take_change(services, session)
    await services.webhooks.delete(session.user_id, webhook_id, by=by)
    return Response(status_code=204)


@router.post(
    "/webhooks/{webhookId}/rotate-secret",
    summary="Replace a webhook's secret",
    operation_id="rotateWebhookSecret",
    response_model=None,
    responses=answers(bodies.SecretView, bodies.SECRET_VIEW_EXAMPLE, _SIGNED_IN, MISSING, BAD_INPUT, _LIMITED),
)
async def rotate_secret(
    webhook_id: WebhookIdPath, body: RotateBody, session: SessionDep, services: ServicesDep, by: ByDep
) -> Response:
    """The new secret. For 24 hours both sign, unless the old one is stolen. Asked again within them, the answer is the
    same secret: nothing is lost with a lost answer."""
    await _take_change(services, session)
    secret = await services.webhooks.rotate(session.user_id, webhook_id, overlap=not body.stolen, by=by)
    return _answer({"secret": secret})


@router.get(
    "/webhooks/{webhookId}/deliveries",
    summary="What has come of a webhook's events",
    operation_id="listWebhookDeliveries",
    response_model=None,
    responses=answers(bodies.DeliveryPage, bodies.DELIVERY_PAGE_EXAMPLE, _SIGNED_IN, MISSING, BAD_PAGE),
)
async def list_deliveries(
    webhook_id: WebhookIdPath,
    session: SessionDep,
    services: ServicesDep,
    query: Annotated[DeliveriesQuery, Query()],
    pages: PagesDep,
) -> Response:
    """Newest first; with `status=dead` the dead letters. They are kept for 30 days."""
    await services.webhooks.get(session.user_id, webhook_id)
    pager = pages.of(query)
    rows = await history.deliveries(
        services.pool, webhook_id, status=query.status, before=pager.after(int), limit=pager.fetch
    )
    return _answer(pager.page(rows, delivery_view, lambda row: row.seq))


@router.post(
    "/webhooks/{webhookId}/replay",
    summary="Send events again",
    operation_id="replayWebhook",
    **_made(bodies.ReplayView, bodies.REPLAY_EXAMPLE, "They will be sent", MISSING, status=202),
)
async def replay(webhook_id: WebhookIdPath, body: ReplayBody, session: SessionDep, services: ServicesDep) -> Response:
    """Under the numbers and ids that they have, in order, before newer ones. Those that wait to be sent stay as they
    are. One event: `first` and `last` are the same."""
    await services.limiter.take_of_user("webhook-sends", session.user_id, SEND_RATE)
    await services.webhooks.get(session.user_id, webhook_id)
    if body.last is not None and body.last < body.first:
        fields = [{"field": "last", "reason": "must not be below `first`"}]
        raise errors.InvalidInputError("last: must not be below `first`", fields=fields)
    found = await history.replay(services.pool, webhook_id, body.first, body.last, dead_only=body.dead_only)
    return _answer({"events": found.events, "first": found.first, "last": found.last}, 202)


@router.post(
    "/webhooks/{webhookId}/test",
    summary="Send an event of no meaning",
    operation_id="testWebhook",
    **_made(bodies.SentTestView, bodies.TEST_EXAMPLE, "It will be sent", MISSING, status=202),
)
async def send_test(
    webhook_id: WebhookIdPath, session: SessionDep, services: ServicesDep, _: Annotated[NoQuery, Query()]
) -> Response:
    """`webhook.test`, with the next number, on the way of all events: look at its delivery. Filters do not matter."""
    await services.limiter.take_of_user("webhook-sends", session.user_id, SEND_RATE)
    await services.webhooks.get(session.user_id, webhook_id)
    sequence = await history.send_test(services.pool, webhook_id)
    if sequence is None:  # deleted meanwhile
        raise errors.NotFoundError
    return _answer({"sequence": sequence}, 202)


@router.get(
    "/events",
    summary="Events of a webhook, by number",
    response_model=None,
    responses=answers(bodies.EventPage, bodies.EVENT_PAGE_EXAMPLE, _SIGNED_IN, MISSING, BAD_INPUT),
)
async def list_events(session: SessionDep, services: ServicesDep, query: Annotated[EventsQuery, Query()]) -> Response:
    """What a receiver that finds a gap in its numbers asks for, whether it was delivered or not: the bodies, in order.
    They are kept for 30 days."""
    found = await services.webhooks.get(session.user_id, query.webhook_id)
    items = await history.bodies_after(services.pool, query.webhook_id, query.after, query.limit)
    return _answer({"items": items, "lastSequence": found.last_seq})


async def _take_change(services: Services, session: Session) -> None:
    await services.limiter.take_of_user("webhooks", session.user_id, CHANGE_RATE)


def _answer(body: Any, status: int = 200) -> Response:
    return Response(to_json(body), status, media_type="application/json", headers={"cache-control": PRIVATE})
