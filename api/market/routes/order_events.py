"""Changes of orders as a stream that anybody may follow."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Final

from fastapi import Depends, Header, Query, Request, Response

from api.accounts.attempts import peer_of
from api.contracts import contract_asked
from api.http.json_bodies import Router
from api.http.problems import responses
from api.http.queries import each_once
from api.intents.streaming import EventStream
from api.market.bodies.order_events import EVENT_EXAMPLE, OrderEventView
from api.market.queries import OrderEventsQuery
from api.root import ServicesDep
from steadymint.domain import errors
from steadymint.live.streams import ORDER, number_of, opening_behind
from steadymint.market.reads.events import OrderWatch

router = Router(prefix="/v1/orders", tags=["Market"], dependencies=[Depends(each_once)])

_EXAMPLE: Final = """```
id: 1041
retry: 2000

id: 1042
event: order
data: {"seq": 1042, "chainId": "eip155:31337", "orderHash": "0x5e5e...", "status": "filled", ...}
```"""


@router.get(
    "/events",
    summary="Follow orders",
    response_class=EventStream,
    status_code=200,  # FastAPI looks for it in the class, where it is not an argument
    responses={
        200: {
            "model": OrderEventView,
            "description": "One event for each change. `id` grows, and leaves out the numbers of changes that the "
            "filters leave out. The opening names the `id` that the stream begins behind, so that a reader that is cut "
            "off before the first event misses nothing. The schema is that of `data`.\n\n" + _EXAMPLE,
            "content": {"text/event-stream": {"example": EVENT_EXAMPLE}},
        },
        **responses(
            errors.NotFoundError, errors.InvalidInputError, errors.RateLimitedError, errors.UpstreamUnavailableError
        ),
    },
)
async def stream_orders(
    request: Request,
    services: ServicesDep,
    query: Annotated[OrderEventsQuery, Query()],
    last_event_id: Annotated[
        str | None,
        Header(alias="Last-Event-ID", description="The last `id` that was seen; browsers send it by themselves."),
    ] = None,
) -> Response:
    """Every change of an order as a Server-Sent Event: a new one, a fill, a cancellation, an end, or another reason why
    it cannot be filled. With `Last-Event-ID` the stream begins behind that event, else with what happens next. All
    filters must hold. No session is needed, so `EventSource` can read it."""
    watch = OrderWatch(query.chain_id, await contract_asked(services, query.chain_id, query.contract), query.maker)
    place = services.stream_places.take(None, peer_of(request))
    last = await services.order_feed.last()
    seen = number_of(last_event_id)
    after = last if seen is None else min(seen, last)
    join = partial(services.order_feed.join, watch, after, float(services.settings.api.stream_max_age))
    return EventStream(join, services.order_feed.leave, place=place, name=ORDER, opening=opening_behind(after))
