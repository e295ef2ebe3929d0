"""The signed-in user's wallets: link another one, choose the primary one, label, unlink, and read what was done."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import Annotated, Any, Final, TypeVar

from fastapi import Depends, Path, Query, Request, Response

from api.accounts.attempts import new_attempt
from api.accounts.bodies.me import WALLET_EXAMPLE, WalletBody
from api.accounts.bodies.sign_in import NonceAnswer, NonceBody
from api.accounts.bodies.wallets import (
    ACTIVITY_PAGE_EXAMPLE,
    VERIFICATION_PAGE_EXAMPLE,
    WALLET_PAGE_EXAMPLE,
    LinkBody,
    WalletActivityPage,
    WalletChange,
    WalletPage,
    WalletVerificationPage,
)
from api.accounts.routes.sign_in import CONTRACT_RATE
from api.accounts.views.wallets import activity_body, verification_body, wallet_body
from api.http.answers import BAD_PAGE, MISSING, answers
from api.http.etags import PRIVATE, answer, to_json
from api.http.json import JsonModel
from api.http.json_bodies import Router
from api.http.pagination import PageQuery, Pager
from api.http.problems import responses
from api.http.queries import NoQuery, each_once
from api.root import PagesDep, Services, ServicesDep
from api.sessions import SessionDep
from steadymint.domain import errors
from steadymint.domain.sessions import Session
from steadymint.domain.types import AddressField
from steadymint.identity.errors import (
    RefusedLateNonceError,
    RefusedMessageError,
    RefusedNonceError,
    RefusedSignatureError,
)
from steadymint.identity.wallets import reads
from steadymint.identity.wallets.reads import ActivityLine, AfterLine, Verification
from steadymint.identity.wallets.rows import Origin

Line = TypeVar("Line", ActivityLine, Verification)

WALLET_RATE: Final = 30
"""Nonces, links and changes of one user's wallets a minute, together. A person makes a few in a life."""

router = Router(prefix="/v1/me/wallets", tags=["Wallets"], dependencies=[Depends(each_once)])

AddressPath = Annotated[AddressField, Path(description="Of the wallet; all its chains are meant.")]

_CHANGED: Final = responses(
    errors.UnauthorizedError,
    errors.NotFoundError,
    errors.InvalidInputError,
    errors.RateLimitedError,
    errors.UpstreamUnavailableError,
)


@router.get(
    "",
    summary="Your wallets",
    response_model=None,
    responses=answers(WalletPage, WALLET_PAGE_EXAMPLE, responses(errors.UnauthorizedError), BAD_PAGE),
)
async def list_wallets(
    request: Request, services: ServicesDep, session: SessionDep, query: Annotated[PageQuery, Query()], pages: PagesDep
) -> Response:
    """Oldest first. A key has one entry for each chain on which it was proven; a contract is another wallet on each
    chain."""
    pager = pages.of(query)
    rows = await reads.links_of(services.pool, session.user_id, after=pager.after(AfterLine), limit=pager.fetch)
    page = pager.page(rows, wallet_body, lambda row: (row.linked_at, row.wallet_id))
    return answer(request, page, cache=PRIVATE)


@router.post(
    "/nonce",
    summary="Ask for a nonce to link a wallet",
    status_code=201,
    response_model=NonceAnswer,
    responses=responses(
        errors.UnauthorizedError,
        errors.RecentSignInNeededError,
        errors.DomainNotAllowedError,
        errors.UnknownChainError,
        errors.InvalidInputError,
        errors.RateLimitedError,
        errors.UpstreamUnavailableError,
    ),
)
async def issue_link_nonce(
    body: NonceBody, request: Request, services: ServicesDep, session: SessionDep, _: Annotated[NoQuery, Query()]
) -> JsonModel:
    """A nonce for one link. Only you can use it, and nobody can sign in with it. `accountId` is the wallet that is to
    be linked. You must have signed in a short time ago, as for the link itself."""
    await _take(services, session)
    await _recent(services, session)
    peer = new_attempt(request)
    issued = await services.sign_in.proofs.issue_nonce(
        body.account_id, body.chain_id, body.domain, ip=peer.ip, user_agent=peer.user_agent, linker=session.user_id
    )
    answer = NonceAnswer(nonce=issued.nonce, issued_at=issued.issued_at, expires_at=issued.expires_at)
    return JsonModel(answer, 201, {"cache-control": "no-store"})


@router.post(
    "",
    summary="Link a wallet",
    status_code=201,
    response_model=None,
    responses={
        201: {"model": WalletBody, "content": {"application/json": {"example": WALLET_EXAMPLE}}},
        **responses(
            errors.UnauthorizedError,
            errors.RecentSignInNeededError,
            errors.WalletIsPrimaryError,
            errors.WalletLinkedElsewhereError,
            errors.ConflictError,
            errors.MessageTooLargeError,
            RefusedMessageError,
            RefusedSignatureError,
            RefusedNonceError,
            RefusedLateNonceError,
            errors.UnknownChainError,
            errors.InvalidInputError,
            errors.RateLimitedError,
            errors.UpstreamUnavailableError,
        ),
    },
)
async def link_wallet(
    body: LinkBody, request: Request, services: ServicesDep, session: SessionDep, _: Annotated[NoQuery, Query()]
) -> Response:
    """The wallet signs a message as for a sign-in, with a nonce of `POST /v1/me/wallets/nonce`. From then on it signs
    in as you. A wallet that is linked to another user stays there, unless you say `move` and it is not their primary
    one; both of you have it in the wallet's activity. Linking your own wallet again is no error."""
    await _take(services, session)
    await _recent(services, session)
    peer = new_attempt(request)

    async def before_asking_a_chain() -> None:
        await services.limiter.take("contract-sign-in", peer.ip, CONTRACT_RATE)

    linked = await services.wallets.link(
        session.user_id,
        body.account_id,
        body.message,
        body.signature,
        Origin(peer.ip, peer.user_agent),
        move=body.move,
        before_asking_a_chain=before_asking_a_chain,
    )
    link = await reads.link_by_id(services.pool, session.user_id, linked.wallet_id)
    if link is None:
        raise errors.ConflictError("The wallet was unlinked meanwhile")
    return Response(to_json(wallet_body(link)), 201, {"cache-control": PRIVATE}, "application/json")


@router.put("/{address}/primary", summary="Make a wallet your primary one", status_code=204, responses=_CHANGED)
async def make_primary(
    request: Request, services: ServicesDep, session: SessionDep, address: AddressPath, _: Annotated[NoQuery, Query()]
) -> Response:
    """The address that others see of you. Doing it twice is no error."""
    await _take(services, session)
    await services.wallets.make_primary(session.user_id, address, _origin(request))
    return Response(status_code=204)


@router.patch("/{address}", summary="Label a wallet", status_code=204, responses=_CHANGED)
async def label_wallet(
    body: WalletChange,
    request: Request,
    services: ServicesDep,
    session: SessionDep,
    address: AddressPath,
    _: Annotated[NoQuery, Query()],
) -> Response:
    """Only you see the label."""
    await _take(services, session)
    await services.wallets.relabel(session.user_id, address, body.label, _origin(request))
    return Response(status_code=204)


@router.delete(
    "/{address}",
    summary="Unlink a wallet",
    status_code=204,
    responses=_CHANGED | responses(errors.LastWalletError),
)
async def unlink_wallet(
    request: Request, services: ServicesDep, session: SessionDep, address: AddressPath, _: Annotated[NoQuery, Query()]
) -> Response:
    """Ends the wallet's links on all chains, and its sessions at once, this one too if the wallet has opened it. Your
    only wallet stays. If it is your primary one, the oldest other one takes its place. A later sign-in of the wallet is
    that of a new user. Unlinking twice is no error."""
    await _take(services, session)
    await services.wallets.unlink(session.user_id, address, _origin(request))
    return Response(status_code=204)


@router.get(
    "/{address}/activity",
    summary="What was done with a wallet",
    response_model=None,
    responses=answers(
        WalletActivityPage, ACTIVITY_PAGE_EXAMPLE, responses(errors.UnauthorizedError), MISSING, BAD_PAGE
    ),
)
async def list_wallet_activity(
    request: Request,
    services: ServicesDep,
    session: SessionDep,
    address: AddressPath,
    query: Annotated[PageQuery, Query()],
    pages: PagesDep,
) -> Response:
    """Newest first, while the wallet was yours, also if it no longer is."""
    read = partial(reads.activity_of, services.pool, session.user_id, address)
    return await _lines(request, pages.of(query), read, activity_body)


@router.get(
    "/{address}/verifications",
    summary="How a wallet was proven to be yours",
    response_model=None,
    responses=answers(
        WalletVerificationPage, VERIFICATION_PAGE_EXAMPLE, responses(errors.UnauthorizedError), MISSING, BAD_PAGE
    ),
)
async def list_wallet_verifications(
    request: Request,
    services: ServicesDep,
    session: SessionDep,
    address: AddressPath,
    query: Annotated[PageQuery, Query()],
    pages: PagesDep,
) -> Response:
    """Newest first, while the wallet was yours, also if it no longer is."""
    read = partial(reads.verifications_of, services.pool, session.user_id, address)
    return await _lines(request, pages.of(query), read, verification_body)


async def _lines(
    request: Request, pager: Pager, read: Callable[..., Awaitable[Sequence[Line]]], show: Callable[[Line], Any]
) -> Response:
    """One page of what is on record of a wallet. Raises NotFoundError if there is nothing at all."""
    after = pager.after(AfterLine)
    rows = await read(after=after, limit=pager.fetch)
    if not rows and after is None:
        raise errors.NotFoundError
    return answer(request, pager.page(rows, show, lambda row: (row.created_at, row.id)), cache=PRIVATE)


async def _recent(services: Services, session: Session) -> None:
    """Raises RecentSignInNeededError if the session was opened too long ago. A linked wallet signs in as the user, so
    a stolen session must not be enough to link one: a sign-in is the fresh proof by a wallet that is linked already."""
    within = services.settings.auth.recent_sign_in
    if within and not await services.sign_in.sessions.is_recent(session.session_id, timedelta(seconds=within)):
        raise errors.RecentSignInNeededError(f"You have signed in more than {within} seconds ago; sign in again")


async def _take(services: Services, session: Session) -> None:
    await services.limiter.take_of_user("wallets", session.user_id, WALLET_RATE)


def _origin(request: Request) -> Origin:
    peer = new_attempt(request)
    return Origin(peer.ip, peer.user_agent)
