"""From a checked request to a running flow: what both `prepare` routes share."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any

import orjson
from fastapi import Header
from fastapi.responses import Response

from api.http.json import JsonModel
from api.http.rate_limits import RateLimiter
from api.root import Services
from api.schemas.prepare import PreparedAnswer
from steadymint.domain.errors import (
    IdempotencyMismatchError,
    IntentFinalError,
    InvalidInputError,
    NotFoundError,
)
from steadymint.domain.flows import Caller, CollectionOrder, MintOrder
from steadymint.domain.intent_records import IntentRow
from steadymint.domain.intents import IntentKind, Record
from steadymint.domain.sessions import Session
from steadymint.domain.types import ChainId, IntentId, UserId

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        pattern=r"^[\x20-\x7e]+$",
        description="The same key and body return the same intent, for ever; another body is `idempotency_mismatch`.",
    ),
]


def caller_of(session: Session) -> Caller:
    return Caller(user_id=session.user_id, session_id=session.session_id, account=session.address)


def request_hash(
    kind: IntentKind, chain_id: ChainId, account: str, terms: Record, named: Mapping[str, str] | None = None
) -> str:
    """SHA-256 of what is asked for, independent of the spelling of the JSON. `named`: what is not in the terms."""
    asked: dict[str, Any] = {
        "kind": kind,
        "chain": chain_id,
        "account": account,
        "terms": terms.model_dump(mode="json"),
    }
    if named:
        asked["named"] = named
    return hashlib.sha256(orjson.dumps(asked, option=orjson.OPT_SORT_KEYS)).hexdigest()


def check_session_chain(session: Session, chain_id: ChainId) -> None:
    """A contract wallet is an identity of one chain: elsewhere its address may be another's."""
    if session.contract_wallet and session.chain_id != chain_id:
        raise InvalidInputError(
            f"You are signed in with a contract wallet on {session.chain_id}; sign in on {chain_id}"
        )


async def prepare(
    services: Services,
    limiter: RateLimiter,
    order: MintOrder | CollectionOrder,
    complete: Callable[[], Awaitable[MintOrder | CollectionOrder]] | None = None,
) -> Response:
    """201 with the intent that this call made, 200 with the one that the same key made before.

    `complete` does what is left to do to the order, once it is known that there is no intent yet.
    """
    before = await _made_before(services, order)
    if before is not None:
        return _answer(before, 200)
    await limiter.take_of_user("prepare", order.caller.user_id, services.settings.api.flow_rate)
    if complete is not None:
        order = await complete()
    try:
        prepared, made_here = await services.flows.prepare(order)
    except IntentFinalError:
        # The flow ended between our look and the call, or lost its answer: the row knows.
        row = await _made_before(services, order)
        if row is None:
            raise
        return _answer(row, 200)
    answer = PreparedAnswer(
        intent_id=prepared.view.intent_id,
        kind=prepared.view.kind,
        status=prepared.view.status,
        tx_request=prepared.tx_request,
        preview_address=prepared.preview_address,
        deadline_at=prepared.view.deadline_at,
    )
    return _handed_out(answer, 201 if made_here else 200)


async def _made_before(services: Services, order: MintOrder | CollectionOrder) -> IntentRow | None:
    if order.idempotency_key is None:
        return None
    try:
        row = await services.intents.get_owned(IntentId(order.intent_id), UserId(order.caller.user_id))
    except NotFoundError:
        return None
    if row.request_hash != order.request_hash:
        raise IdempotencyMismatchError
    return row


def _answer(row: IntentRow, status: int) -> Response:
    answer = PreparedAnswer(
        intent_id=row.intent_id,
        kind=row.kind,
        status=row.status,
        tx_request=row.tx_request,
        preview_address=row.contract if row.kind is IntentKind.COLLECTION else None,
        deadline_at=row.deadline_at,
    )
    return _handed_out(answer, status)


def _handed_out(answer: PreparedAnswer, status: int) -> Response:
    headers = {"location": f"/v1/intents/{answer.intent_id}", "cache-control": "no-store"}
    return JsonModel(answer, status, headers)
