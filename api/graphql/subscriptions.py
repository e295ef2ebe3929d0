"""Subscriptions: the event streams of REST, event by event. Each has its number, and `after` resumes behind it."""

from __future__ import annotations

import inspect
from collections.abc import AsyncGenerator, Callable
from typing import Any, Final, cast

import strawberry

from api.graphql.asking import Question, StreamBrokenError
from api.graphql.context import Info
from api.graphql.costs import Weight
from api.graphql.fields import INFO, Fields, argument, question_of
from api.graphql.refusals import refused
from api.graphql.routes import Place, parts_of
from api.graphql.scalars import WholeNumber
from api.graphql.sockets import come_back
from steadymint.domain.errors import InvalidInputError, NotFoundError, UpstreamUnavailableError
from steadymint.domain.intents.kinds import IntentKind
from steadymint.domain.upstreams import Upstream

_INTENT: Final = Place("GET", "/v1/intents/{intentId}/events")
_ORDERS: Final = Place("GET", "/v1/orders/events")
_AFTER: Final = "The number of the last event that was seen; what follows it. 0 for all."

_BROKEN: Final = "The stream has ended before its last event; subscribe again, with `after` as the last `seq` seen"

Show = Callable[[int, Any], Any]


class Subscriptions:
    """Makes the fields of `Subscription`."""

    def __init__(self, fields: Fields) -> None:
        self._fields = fields

    def all(self) -> dict[str, Any]:
        intent = self._fields.types.answer(parts_of(self._fields.routes[_INTENT]).answer)
        order = self._fields.types.answer(parts_of(self._fields.routes[_ORDERS]).answer)
        return {
            "onCollectionStatus": self._watching(
                "onCollectionStatus",
                _INTENT,
                _extended("CollectionStatus", intent, {"seq": int, "address": intent.__annotations__["contract"]}),
                _of_kind(IntentKind.COLLECTION),
                "The steps of the creation of a collection, from the first or from behind `after`, until the last.",
            ),
            "onMintStatus": self._watching(
                "onMintStatus",
                _INTENT,
                _extended("MintStatus", intent, {"seq": int}),
                _of_kind(IntentKind.MINT),
                "The steps of a mint, from the first or from behind `after`, until the last.",
            ),
            "onIntentStatus": self._watching(
                "onIntentStatus",
                _INTENT,
                _numbered("IntentEvent", "intent", intent),
                lambda seq, data: {"seq": seq, "intent": data},
                "The steps of an intent of any kind, from the first or from behind `after`, until the last.",
            ),
            "onOrderEvent": self._watching(
                "onOrderEvent",
                _ORDERS,
                _numbered("NumberedOrderEvent", "event", order, WholeNumber),
                lambda seq, data: {"seq": seq, "event": data},
                "Every change of an order that all filters name: what follows `after`, or what happens next.",
                number=WholeNumber,
            ),
        }

    def _watching(self, name: str, place: Place, made: Any, show: Show, description: str, *, number: Any = int) -> Any:
        """`number` is the type of the numbers of events: those of one intent are few."""
        route = self._fields.routes[place]
        parts = parts_of(route)
        self._fields.reached.add(place)
        self._fields.weights[name] = Weight()

        async def watch(info: Info, **given: Any) -> AsyncGenerator[Any]:
            after = given.pop("after", None)
            question = question_of(route, parts, given)
            if after not in (None, strawberry.UNSET):
                question = _resumed(question, _number(after))
            stream = info.context.asker.events(question)
            try:
                async for seq, data in stream:
                    yield show(seq, data)
            except StreamBrokenError as broken:
                await come_back(info.context.connection, broken.reason)
                raise refused(UpstreamUnavailableError(_BROKEN, upstream=Upstream.STREAM)) from broken
            finally:
                await stream.aclose()

        arguments = [INFO, *self._fields.arguments(parts, name), argument("after", number, _AFTER, required=False)]
        resolver = cast(Any, watch)
        resolver.__signature__ = inspect.Signature(arguments)
        return strawberry.subscription(resolver=resolver, graphql_type=made, name=name, description=description)


def _number(after: Any) -> int:
    """Of an event. REST takes a header that is none for no header, but an argument is told."""
    number = int(after)
    if number < 0:
        reason = "must not be negative"
        raise refused(InvalidInputError(f"after: {reason}", fields=[{"field": "query.after", "reason": reason}]))
    return number


def _resumed(question: Question, after: int) -> Question:
    header = (b"last-event-id", str(after).encode())
    return Question(question.route, question.path, question.query, (*question.headers, header))


def _of_kind(kind: IntentKind) -> Show:
    """Shows intents of one kind. Another is not found, as if it were somebody else's."""

    def show(seq: int, data: Any) -> Any:
        if data["kind"] != kind:
            raise refused(NotFoundError(f"This intent is no {kind.value}"))
        return data | {"seq": seq, "address": data.get("contract")}

    return show


def _numbered(name: str, member: str, made: Any, number: Any = int) -> Any:
    return strawberry.type(type(name, (), {"__annotations__": {"seq": number, member: made}}))


def _extended(name: str, base: Any, more: dict[str, Any]) -> Any:
    """A type with the members of another one and some more."""
    return strawberry.type(type(name, (base,), {"__annotations__": more}))
