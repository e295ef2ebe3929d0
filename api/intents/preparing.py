"""From a checked request to a running flow: what the `prepare` routes of all kinds share."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, Final

from fastapi import Depends
from fastapi.responses import Response

from api.http.answers import LOCATED
from api.http.idempotency import idempotency_key
from api.http.json import JsonModel
from api.http.problems import responses
from api.intents.views import PreparedAnswer, SatisfiedAnswer
from api.root import Services, ServicesDep
from api.sessions import SessionDep
from steadymint.catalog.contracts import named_contract
from steadymint.domain import errors
from steadymint.domain.errors import (
    IdempotencyMismatchError,
    IntentFinalError,
    InvalidInputError,
    NotFoundError,
)
from steadymint.domain.errors.intents import AlreadySatisfiedError
from steadymint.domain.intents.identity import new_intent_id
from steadymint.domain.intents.kinds import KINDS, AnyOrder, IntentKind
from steadymint.domain.intents.order import Caller, Terms
from steadymint.domain.intents.rows import IntentRow
from steadymint.domain.requests import request_hash
from steadymint.domain.sessions import Session
from steadymint.domain.slugs import ContractName
from steadymint.domain.types import Address, ChainId, IntentId, UserId

IdempotencyKey = Annotated[
    str | None,
    idempotency_key("The same key and body return the same intent, for ever; another body is `idempotency_mismatch`."),
]

# Every prepared transaction is asked for by somebody, on some chain, and tried out.
_ERRORS: Final = (
    errors.UnauthorizedError,
    errors.InvalidInputError,
    errors.UnknownChainError,
    errors.CallRevertedError,
    errors.InsufficientFundsError,
    errors.IdempotencyMismatchError,
    errors.RateLimitedError,
    errors.UpstreamUnavailableError,
)


def prepare_route(
    example: dict[str, Any],
    *own: type[errors.SteadymintError],
    satisfiable: bool = False,
    model: type[PreparedAnswer] = PreparedAnswer,
) -> dict[str, Any]:
    """What the decorator of a `prepare` route is given. `example`: an answer; `own`: problems that only this kind
    has; `satisfiable`: whether what is asked for may be so already; `model`: of the answer, if it says more."""
    shown = {"content": {"application/json": {"example": example}}}
    before: dict[str, Any] = {"description": "The intent that the same Idempotency-Key made before"}
    known: Any = model
    if satisfiable:
        before["description"] += ", or `satisfied` and no intent: it is so already"
        known = model | SatisfiedAnswer
    return {
        "status_code": 201,
        "response_model": model,
        "responses": {
            201: {**shown, **LOCATED},
            200: {"model": known, **before, **shown, **LOCATED},
            **responses(*_ERRORS, *own),
        },
    }


@dataclass(frozen=True, slots=True)
class Asking:
    """The session that asks for a transaction, and the services that answer."""

    session: Session
    services: Services
    idempotency_key: str | None

    async def prepare(
        self,
        kind: IntentKind,
        chain_id: ChainId,
        terms: Terms,
        *,
        named: Mapping[str, str] | None = None,
        complete: Callable[[], Awaitable[Terms]] | None = None,
        extend: Callable[[PreparedAnswer], Awaitable[PreparedAnswer]] | None = None,
    ) -> Response:
        """201 with the intent that this call made, 200 with the one that the same key made before. 200 without an
        intent if what is asked for is so already.

        `named`: what the request names that is not in the terms. `complete` does what is left to do to the terms, once
        it is known that there is no intent yet. `extend` adds what only answers of this kind have.
        """
        check_session_chain(self.session, chain_id)
        order = self._order(kind, chain_id, terms, named)
        made_before = await self._made_before(order)
        if made_before is not None:
            answer, made_here = _answer(made_before), False
        else:
            limiter, settings = self.services.limiter, self.services.settings
            await limiter.take_of_user("prepare", self.session.user_id, settings.api.flow_rate)
            if complete is not None:
                order = order.model_copy(update={"task": await complete()})
            try:
                answer, made_here = await self._start(order)
            except AlreadySatisfiedError as already:
                satisfied = SatisfiedAnswer(kind=kind, satisfied=True, detail=already.detail)
                return JsonModel(satisfied, 200, {"cache-control": "no-store"})
        if extend is not None:
            answer = await extend(answer)
        return _handed_out(answer, 201 if made_here else 200)

    async def step(self, kind: IntentKind, chain_id: ChainId, terms: Terms, key: str) -> PreparedAnswer | None:
        """The intent of a step that another one needs first. `key` makes it the same one each time. None if there is
        nothing to sign."""
        order = replace(self, idempotency_key=key)._order(kind, chain_id, terms, None)
        made_before = await self._made_before(order)
        if made_before is not None:
            return _answer(made_before)
        try:
            answer, _ = await self._start(order)
        except AlreadySatisfiedError:
            return None
        return answer

    async def contract_of(self, chain_id: ChainId, name: ContractName) -> Address:
        """The contract that a body names by its address or its slug. Raises UnknownCollectionError for a slug that no
        collection of the chain has."""
        return await named_contract(self.services.pool, chain_id, name)

    def _order(self, kind: IntentKind, chain_id: ChainId, terms: Terms, named: Mapping[str, str] | None) -> AnyOrder:
        session = self.session
        return KINDS[kind].order(
            kind=kind.value,
            intent_id=new_intent_id(session.user_id, kind, self.idempotency_key),
            chain_id=chain_id,
            caller=Caller(user_id=session.user_id, session_id=session.session_id, account=session.address),
            request_hash=_request_hash(kind, chain_id, session.address, terms, named),
            idempotency_key=self.idempotency_key,
            deadline_seconds=self.services.settings.intents.deadline,
            task=terms,
        )

    async def _start(self, order: AnyOrder) -> tuple[PreparedAnswer, bool]:
        """The prepared intent, and whether this call has made it. Raises the refusal."""
        try:
            prepared, made_here = await self.services.flows.prepare(order)
        except IntentFinalError:
            # The flow ended between our look and the call, or lost its answer: the row knows.
            row = await self._made_before(order)
            if row is None:
                raise
            return _answer(row), False
        answer = PreparedAnswer(
            intent_id=prepared.view.intent_id,
            kind=prepared.view.kind,
            status=prepared.view.status,
            tx_request=prepared.tx_request,
            preview_address=prepared.preview_address,
            deadline_at=prepared.view.deadline_at,
        )
        return answer, made_here

    async def _made_before(self, order: AnyOrder) -> IntentRow | None:
        if order.idempotency_key is None:
            return None
        try:
            row = await self.services.intents.get_owned(IntentId(order.intent_id), UserId(order.caller.user_id))
        except NotFoundError:
            return None
        if row.request_hash != order.request_hash:
            raise IdempotencyMismatchError
        return row


async def _asking(session: SessionDep, services: ServicesDep, idempotency_key: IdempotencyKey = None) -> Asking:
    return Asking(session, services, idempotency_key)


AskingDep = Annotated[Asking, Depends(_asking)]


def _request_hash(
    kind: IntentKind, chain_id: ChainId, account: str, terms: Terms, named: Mapping[str, str] | None
) -> str:
    asked: dict[str, Any] = {
        "kind": kind,
        "chain": chain_id,
        "account": account,
        "terms": terms.model_dump(mode="json"),
    }
    if named:
        asked["named"] = named
    return request_hash(asked)


def check_session_chain(session: Session, chain_id: ChainId) -> None:
    """A contract wallet is an identity of one chain: elsewhere its address may be another's."""
    if session.contract_wallet and session.chain_id != chain_id:
        raise InvalidInputError(
            f"You are signed in with a contract wallet on {session.chain_id}; sign in on {chain_id}"
        )


def _answer(row: IntentRow) -> PreparedAnswer:
    return PreparedAnswer(
        intent_id=row.intent_id,
        kind=row.kind,
        status=row.status,
        tx_request=row.tx_request,
        preview_address=row.contract if KINDS[row.kind].makes_contract else None,
        deadline_at=row.deadline_at,
    )


def _handed_out(answer: PreparedAnswer, status: int) -> Response:
    headers = {"location": f"/v1/intents/{answer.intent_id}", "cache-control": "no-store"}
    return JsonModel(answer, status, headers)
