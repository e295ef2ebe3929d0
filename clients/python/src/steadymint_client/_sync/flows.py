# Made by scripts/generate_clients.py of the async client and the API's document. Do not edit.
"""What a user does on chain: the API prepares it, the wallet sends it, the hash is reported, the intent is followed."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing
from typing import Any, Final
from urllib.parse import quote

from steadymint_client._sync.http import Http
from steadymint_client.events import StatusEvent, status_event
from steadymint_client.models import IntentView, OneOfMany, OrderEventView, WishBody
from steadymint_client.outcomes import Asking, Outcome, Prepared, Sent
from steadymint_client.problems import ProblemError
from steadymint_client.wallets import Wallet, WalletRefusedError

Events = Generator[Prepared | Asking | Sent | StatusEvent | Outcome, None]
LATE: Final = {"superseded", "intent_final"}
"""Codes of `track`: the intent has gone on meanwhile, and its stream tells."""


class Flow:
    """Something that goes through several steps: iterate over its events, the last of which is its `Outcome`, or wait
    for that. It begins when it is iterated, and goes on when the next event is asked for. To be used once."""

    def __init__(self, events: Events) -> None:
        self._events = events

    def __iter__(self) -> Iterator[Prepared | Asking | Sent | StatusEvent | Outcome]:
        return self._events

    def outcome(self) -> Outcome:
        """Goes through all steps. Raises ProblemError, UnexpectedAnswerError, UnreachableError."""
        for event in self._events:
            if isinstance(event, Outcome):
                return event
        raise AssertionError("a flow ends with its outcome")


def steps(http: Http, intent_id: str, after: int = 0) -> Generator[StatusEvent]:
    """Every step once and in order until the intent has ended, through cuts and restarts of the API.

    Raises ProblemError, UnexpectedAnswerError.
    """
    tx_hash = None
    with closing(http.resumed(f"{_path(intent_id)}/events", after=str(after))) as events:
        for event in events:
            status = status_event(event, tx_hash)
            tx_hash = status.data.get("txHash", tx_hash)
            yield status
            if status.final:
                return


def order_changes(http: Http, filters: dict[str, str | None], after: int | None) -> Generator[OrderEventView]:
    """Changes of orders, through cuts and restarts of the API. Raises ProblemError, UnexpectedAnswerError."""
    behind = None if after is None else str(after)
    stream = http.resumed("/v1/orders/events", query=filters, after=behind, secured=False)
    with closing(stream) as events:
        for event in events:
            yield OrderEventView.model_validate_json(event.data)


def through(http: Http, wallet: Wallet, path: str, body: dict[str, Any], key: str) -> Events:
    """The flow of one route that prepares."""
    response = http.send("POST", path, body=body, headers={"Idempotency-Key": key})
    answer: dict[str, Any] = response.json()
    if answer.get("satisfied"):
        yield Outcome("satisfied", detail=answer["detail"])
        return
    yield Prepared(answer, key)
    parts: list[dict[str, Any]] = answer.get("steps") or [answer]
    for number, part in enumerate(parts, 1):
        kind, intent_id, is_last = part["kind"], part["intentId"], number == len(parts)
        if part["status"] == "ready" and not is_last:
            continue
        if response.status_code == 201 or (_intent(http, intent_id)).step == "prepared":
            yield Asking(kind, intent_id, number, len(parts))
            try:
                tx_hash = wallet.send(part["txRequest"])
            except WalletRefusedError as refusal:
                yield Outcome("refused", detail=str(refusal))
                return
            try:
                yield Sent(kind, intent_id, tx_hash)
            finally:  # what a wallet has sent is sent, also where nobody asks for the next event
                track(http, intent_id, tx_hash)
        for event in steps(http, intent_id):
            yield event
        intent = _intent(http, intent_id)
        if is_last or intent.status != "ready":
            yield Outcome(_ended(intent), intent)
            return


def track(http: Http, intent_id: str, tx_hash: str) -> None:
    """Report the hash, again and again while the API is away: without it the same key would ask the wallet for a
    second transaction. Raises ProblemError, UnexpectedAnswerError, UnreachableError."""
    try:
        http.send("POST", f"{_path(intent_id)}/track", body={"txHash": tx_hash}, repeatable=True)
    except Exception as error:
        if isinstance(error, ProblemError) and error.code in LATE:
            return
        error.add_note(f"The wallet has sent {tx_hash} for intent {intent_id}, and the API has not taken the hash")
        raise


def placing(http: Http, wallet: Wallet, chain_id: str, wishes: list[WishBody], key: str) -> Events:
    """The flow of orders: built, approved, signed with one signature, handed in."""
    asked = {"chainId": chain_id, "maker": wallet.address, "orders": [wish.body() for wish in wishes]}
    response = http.send("POST", "/v1/orders/build", body=asked, secured=False, repeatable=True)
    built: dict[str, Any] = response.json()
    for number, needed in enumerate(built["approvals"]):
        body = {name: value for name, value in needed.items() if name != "txRequest"} | {"chainId": chain_id}
        for event in through(http, wallet, "/v1/approvals/prepare", body, f"{key}-{number}"):
            if isinstance(event, Outcome):
                if not event.done:
                    yield event
                    return
            else:
                yield event
    yield Asking("order")
    try:
        signature = wallet.sign_typed(built["typedData"])
    except WalletRefusedError as refusal:
        yield Outcome("refused", detail=str(refusal))
        return
    yield Outcome("placed", orders=_handed_in(http, chain_id, built["orders"], signature))


def _handed_in(http: Http, chain_id: str, orders: list[dict[str, Any]], signature: str) -> list[OneOfMany]:
    signed = [{"order": one["order"], "orderHash": one["orderHash"]} for one in orders]
    if len(signed) > 1:
        body: dict[str, Any] = {"chainId": chain_id, "orders": signed, "signature": signature}
        items = (http.send("POST", "/v1/orders/bulk", body=body, secured=False, repeatable=True)).json()["items"]
    else:
        body = {"chainId": chain_id, "signature": signature, **signed[0]}
        response = http.send("POST", "/v1/orders", body=body, secured=False, repeatable=True)
        outcome = "created" if response.status_code == 201 else "known"
        items = [{"outcome": outcome, "orderHash": signed[0]["orderHash"], **response.json()}]
    return [OneOfMany.model_validate(one) for one in items]


def _intent(http: Http, intent_id: str) -> IntentView:
    return http.ask(IntentView, "GET", _path(intent_id))


def _path(intent_id: str) -> str:
    return f"/v1/intents/{quote(intent_id, safe='')}"


def _ended(intent: IntentView) -> Any:
    return intent.status
