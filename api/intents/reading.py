"""Intents: where each stands, as a document, a list, an event stream and a WebSocket. All show the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from fastapi import Depends, Header, Path, Query, Request, Response, WebSocket
from starlette.requests import HTTPConnection

from api.http.json_bodies import Router
from api.http.problems import problem_of, responses
from api.http.process_limits import Place
from api.http.queries import each_once
from api.intents import tracking
from api.intents.streaming import EventStream, serve_socket
from api.intents.views import INTENT_EXAMPLE, TRACKED_EXAMPLE, IntentListQuery, IntentPage, TrackBody
from api.root import PagesDep, Services, ServicesDep
from api.sessions import SessionDep, session_of
from steadymint.domain import errors
from steadymint.domain.errors import SteadymintError
from steadymint.domain.intents.machine import Step
from steadymint.domain.intents.rows import IntentRow
from steadymint.domain.intents.view import IntentView, confirmations_of, render
from steadymint.domain.sessions import Session
from steadymint.domain.types import IntentId
from steadymint.intents.unknown_hashes import refuse_if_many
from steadymint.live.heads import known_heads
from steadymint.live.streams import seq_of

router = Router(prefix="/v1/intents", tags=["Intents"])

IntentIdPath = Annotated[UUID, Path(alias="intentId", description="As `prepare` returned it.")]

SOCKET_PROTOCOL: Final = "steadymint.v1"
BEARER_PREFIX: Final = "bearer."
"""A browser cannot set headers on a WebSocket, and a token does not belong in a URL: it comes as a subprotocol."""

_NO_STORE: Final = {"cache-control": "no-store"}

_EVENT_EXAMPLE: Final = """```
retry: 2000

id: 2
event: status
data: {"intentId": "6f1c...", "kind": "mint", "status": "pending", "step": "tracked", "txHash": "0xabab..."}
```"""


def _shown_as(example: dict[str, Any]) -> dict[str, Any]:
    return {"content": {"application/json": {"example": example}}}


class _Position(msgspec.Struct, array_like=True):
    created_at: datetime
    intent_id: UUID


@router.get(
    "/{intentId}",
    summary="One of your intents",
    response_model=IntentView,
    response_model_exclude_none=True,
    responses={
        200: _shown_as(INTENT_EXAMPLE),
        **responses(
            errors.UnauthorizedError, errors.NotFoundError, errors.InvalidInputError, errors.UpstreamUnavailableError
        ),
    },
)
async def get_intent(intent_id: IntentIdPath, session: SessionDep, services: ServicesDep) -> Response:
    """Where the intent stands now. `confirmations` counts up while `step` is `confirming`."""
    row = await services.intents.get_owned(IntentId(intent_id), session.user_id)
    return await _shown(services, row)


@router.get(
    "",
    summary="Your intents",
    response_model=IntentPage,
    response_model_exclude_none=True,
    dependencies=[Depends(each_once)],
    responses={
        200: _shown_as({"items": [INTENT_EXAMPLE], "nextCursor": None}),
        **responses(
            errors.UnauthorizedError,
            errors.InvalidInputError,
            errors.InvalidCursorError,
            errors.UpstreamUnavailableError,
        ),
    },
)
async def list_intents(
    query: Annotated[IntentListQuery, Query()], pages: PagesDep, session: SessionDep, services: ServicesDep
) -> Response:
    """Your own intents, newest first."""
    pager = pages.of(query)
    after = pager.after(_Position)
    rows = await services.intents.list_owned(
        session.user_id,
        kind=query.kind,
        status=query.status,
        after=(after.created_at, after.intent_id) if after else None,
        limit=pager.fetch,
    )
    bodies = dict(zip((row.intent_id for row in rows), await _rendered(services, rows), strict=True))
    page = pager.page(
        rows, lambda row: msgspec.Raw(bodies[row.intent_id]), lambda row: _Position(row.created_at, row.intent_id)
    )
    return Response(msgspec.json.encode(page), media_type="application/json", headers=_NO_STORE)


@router.post(
    "/{intentId}/track",
    summary="Report the transaction of an intent",
    status_code=202,
    response_model=IntentView,
    response_model_exclude_none=True,
    responses={
        202: _shown_as(TRACKED_EXAMPLE),
        **responses(
            errors.UnauthorizedError,
            errors.NotFoundError,
            errors.InvalidInputError,
            errors.NotOwnerError,
            errors.TransactionMismatchError,
            errors.HashAlreadyTrackedError,
            errors.IntentFinalError,
            errors.ConflictError,
            errors.RateLimitedError,
            errors.UpstreamUnavailableError,
        ),
    },
)
async def track_intent(
    intent_id: IntentIdPath, body: TrackBody, session: SessionDep, services: ServicesDep
) -> Response:
    """Report the hash that the wallet returned. It is followed to the end, through speed-ups and reorgs.

    A hash the chain does not know yet is taken and checked when it appears. If it turns out to be another
    transaction's, the intent is `prepared` again, without a hash. Of a user 200 such hashes are followed at a time.

    Without `track` the intent still becomes `ready` once its transaction is seen, only without the steps in between. An
    approval or a cancellation is the exception: it needs the report, which may come after the deadline.
    """
    row = await services.intents.get_owned(IntentId(intent_id), session.user_id)
    await services.limiter.take_of_user("track", session.user_id, services.settings.api.flow_rate)
    if row.tx_hash != body.tx_hash:
        await refuse_if_many(services.pool, session.user_id)
    deadline = services.settings.intents.deadline
    tracked = await tracking.track(
        services.intents, services.feed, services.flows, row, body.tx_hash, deadline=deadline
    )
    return await _shown(services, tracked, status=202)


@router.get(
    "/{intentId}/events",
    summary="Watch an intent",
    response_class=EventStream,
    status_code=200,  # FastAPI looks for it in the class, where it is not an argument
    responses={
        200: {
            "model": IntentView,
            "description": "One event per step, `id` counting from 1 without gaps; ends after a final step. The schema "
            "is that of `data`: the intent, as `GET` shows it. 204 without a body if the intent has ended and "
            "`Last-Event-ID` names its last step: do not reconnect.\n\n" + _EVENT_EXAMPLE,
            "content": {"text/event-stream": {"example": TRACKED_EXAMPLE}},
        },
        **responses(
            errors.UnauthorizedError,
            errors.NotFoundError,
            errors.InvalidInputError,
            errors.RateLimitedError,
            errors.UpstreamUnavailableError,
        ),
    },
)
async def stream_intent(
    request: Request,
    intent_id: IntentIdPath,
    session: SessionDep,
    services: ServicesDep,
    last_event_id: Annotated[
        str | None,
        Header(alias="Last-Event-ID", description="The last `id` that was seen; browsers send it by themselves."),
    ] = None,
) -> Response:
    """The intent's steps as Server-Sent Events: those beyond `Last-Event-ID` (all without it), then live.

    The stream closes when the access token expires; come back with a new one and `Last-Event-ID`. `EventSource` cannot
    send a token: read it with `fetch`, or open the WebSocket `/v1/intents/{intentId}/ws?after=<id>` with the two
    subprotocols `steadymint.v1` and `bearer.<accessToken>`; its messages are `{"id", "event", "data"}`.
    """
    row = await services.intents.get_owned(IntentId(intent_id), session.user_id)
    after = min(seq_of(last_event_id), row.seq)
    if row.final and after == row.seq:
        return Response(status_code=204)
    place = _place(request, services, session)
    join = partial(services.feed.join, row.intent_id, after, _max_age(services, session))
    return EventStream(join, services.feed.leave, place=place)


@router.websocket("/{intentId}/ws")
async def watch_intent(
    socket: WebSocket, intent_id: IntentIdPath, services: ServicesDep, after: Annotated[str | None, Query()] = None
) -> None:
    """The same events as text messages `{"id", "event", "data"}`; `?after=<seq>` resumes.

    The token comes in the Authorization header, or from a browser as the subprotocol `bearer.<token>` beside
    `steadymint.v1`.
    """
    try:
        session = await _session_of(socket, services)
        row = await services.intents.get_owned(IntentId(intent_id), session.user_id)
        place = _place(socket, services, session)
    except SteadymintError as error:
        await socket.send_denial_response(problem_of(error))
        return
    offered = socket.scope.get("subprotocols", [])
    with place:
        await socket.accept(SOCKET_PROTOCOL if SOCKET_PROTOCOL in offered else None)
        seen = min(seq_of(after), row.seq)
        if row.final and seen == row.seq:
            await socket.close(1000, "final")
            return
        await serve_socket(socket, services.feed, row.intent_id, after=seen, max_age=_max_age(services, session))


def _place(connection: HTTPConnection, services: Services, session: Session) -> Place:
    """A place for one more stream. Raises RateLimitedError."""
    return services.stream_places.take(session.user_id, connection.client.host if connection.client else None)


async def _shown(services: Services, row: IntentRow, status: int = 200) -> Response:
    (body,) = await _rendered(services, [row])
    return Response(body, status, media_type="application/json", headers=_NO_STORE)


async def _rendered(services: Services, rows: Sequence[IntentRow]) -> list[bytes]:
    """The one rendering; only for confirming intents it is asked how far their chains have come."""
    heads = await known_heads(services.pool, {row.chain_id for row in rows if row.step is Step.CONFIRMING})
    return [render(confirmations_of(row.view, row.block_number, heads.get(row.chain_id))) for row in rows]


def _max_age(services: Services, session: Session) -> float:
    """Seconds. A stream does not outlive the token it was opened with."""
    left = (session.expires_at - datetime.now(UTC)).total_seconds()
    return max(0.0, min(services.settings.api.stream_max_age, left))


async def _session_of(socket: WebSocket, services: Services) -> Session:
    """The session of a handshake. Raises UnauthorizedError."""
    return await session_of(_token_of(socket), services.sign_in)


def _token_of(socket: WebSocket) -> str:
    """Exactly one token, in the header or among the subprotocols; none from the URL."""
    given = [value.partition(" ") for value in socket.headers.getlist("authorization")]
    tokens = [token if scheme.lower() == "bearer" else "" for scheme, _, token in given]
    offered: list[str] = socket.scope.get("subprotocols", [])
    tokens += [name.removeprefix(BEARER_PREFIX) for name in offered if name.startswith(BEARER_PREFIX)]
    if len(tokens) != 1 or not tokens[0]:
        raise errors.UnauthorizedError
    return tokens[0]
