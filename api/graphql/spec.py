"""The operations of the specification, as its document names them. Each asks the route of REST that does it."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID, uuid4

import strawberry
from typing_extensions import TypedDict

from api.graphql.asking import Question
from api.graphql.context import Info
from api.graphql.costs import Weight
from api.graphql.fields import Fields, plain
from api.graphql.refusals import refused
from api.graphql.routes import Place, parts_of
from api.graphql.scalars import Address, ChainId, Hex, Upload
from api.intents.mint import PrepareMintBody
from steadymint.domain.errors import InvalidInputError
from steadymint.domain.intents.kinds import IntentKind
from steadymint.domain.types import ChainIdField, HexField, Standard

NONCE: Final = Place("POST", "/v1/auth/nonce")
VERIFY: Final = Place("POST", "/v1/auth/verify")
UPLOAD: Final = Place("POST", "/v1/media")
COLLECTION: Final = Place("POST", "/v1/collections/prepare")
MINT: Final = Place("POST", "/v1/mints/prepare")
TRACK: Final = Place("POST", "/v1/intents/{intentId}/track")
INTENT: Final = Place("GET", "/v1/intents/{intentId}")
MAX_FILES: Final = 4
"""Of one `uploadMedia`: a collection has three pictures. Together they may have the size of one upload."""
_PIECE: Final = 64 * 1024


class NoncePayload(TypedDict):
    """A nonce for one sign-in."""

    nonce: str


class AuthPayload(TypedDict):
    """The tokens of a session."""

    accessToken: str
    refreshToken: str
    expiresAt: datetime
    userId: UUID


class SignInSiwe(TypedDict):
    """Who wants to sign in, on which chain, and to which site."""

    accountId: str
    chainId: ChainIdField
    domain: str


class VerifySiwe(TypedDict):
    """A message that a wallet has signed."""

    accountId: str
    message: str
    signature: HexField


def sign_in(fields: Fields) -> dict[str, Any]:
    """`signInSiwe` and `verifySiwe`."""
    return {
        "signInSiwe": _asking(fields, "signInSiwe", NONCE, SignInSiwe, NoncePayload, "A nonce for one sign-in."),
        "verifySiwe": _asking(fields, "verifySiwe", VERIFY, VerifySiwe, AuthPayload, "Tokens for a signed message."),
    }


def _asking(fields: Fields, name: str, place: Place, given: type[Any], answer: type[Any], description: str) -> Any:
    """A field that asks a route, with a part of what the route takes and answers."""

    async def ask(info: Info, input: Any) -> Any:
        return await info.context.asker.value(fields.question(place, input=input))

    ask.__annotations__ |= {"input": fields.types.argument(given)}
    fields.reached.add(place)
    return _field(fields, name, ask, description, fields.types.answer(answer))


def upload(fields: Fields) -> dict[str, Any]:
    """`uploadMedia`."""
    media = fields.types.answer(parts_of(fields.routes[UPLOAD]).answer)

    async def upload_media(info: Info, files: list[Upload]) -> Any:
        if not 1 <= len(files) <= MAX_FILES:
            raise refused(InvalidInputError(f"files: must be 1 to {MAX_FILES} files"))
        return [await info.context.asker.value(_uploading(fields, file)) for file in files]

    fields.reached.add(UPLOAD)
    said = f"1 to {MAX_FILES} pictures, one after the other: if one is refused, those before it are kept."
    return {"uploadMedia": _field(fields, "uploadMedia", upload_media, said, list[media], asks=MAX_FILES)}


def _uploading(fields: Fields, file: Any) -> Question:
    boundary = uuid4().hex.encode()
    kind = (b"content-type", b"multipart/form-data; boundary=" + boundary)
    return Question(fields.routes[UPLOAD], headers=(kind,), body=_form(file, boundary))


async def _form(file: Any, boundary: bytes) -> AsyncGenerator[bytes]:
    """The form that the route takes: one field with the file."""
    yield b'--%b\r\nContent-Disposition: form-data; name="file"; filename="file"\r\n\r\n' % boundary
    while piece := await file.read(_PIECE):
        yield piece
    yield b"\r\n--%b--\r\n" % boundary


def flows(fields: Fields) -> dict[str, Any]:
    """`prepareCreateCollection`, `prepareMint721`, `prepareMint1155`, and the tracking of both."""
    intent = fields.types.answer(parts_of(fields.routes[INTENT]).answer)
    fields.reached |= {MINT, TRACK, INTENT}
    return {
        "prepareCreateCollection": fields.asking("prepareCreateCollection", COLLECTION),
        "prepareMint721": _minting(fields, "prepareMint721", Standard.ERC721, left_out={"standard", "items"}),
        "prepareMint1155": _minting(fields, "prepareMint1155", Standard.ERC1155, left_out={"standard", "quantity"}),
        "trackCollectionTx": _tracking_collection(fields, intent),
        "trackMintTx": _tracking_mint(fields, intent),
    }


Key = Annotated[str | None, strawberry.argument(name="idempotencyKey")]


def _minting(fields: Fields, name: str, standard: Standard, left_out: set[str]) -> Any:
    made = fields.types.argument_without(PrepareMintBody, f"P{name[1:]}Input", left_out)
    prepared = fields.types.answer(parts_of(fields.routes[MINT]).answer)

    async def prepare(info: Info, input: Any, idempotency_key: Key = strawberry.UNSET) -> Any:
        asked = plain(input) | {"standard": standard.value}
        return await info.context.asker.value(fields.question(MINT, input=asked, idempotencyKey=idempotency_key))

    prepare.__annotations__ |= {"input": made}
    return _field(fields, name, prepare, f"Prepare a mint of an {standard.value} collection", prepared)


def _tracking_collection(fields: Fields, intent: Any) -> Any:
    async def track(
        info: Info, intent_id: _Id, chain_id: _Chain, tx_hash: _Hash, preview_address: _Preview = strawberry.UNSET
    ) -> Any:
        return await _tracked(fields, info, IntentKind.COLLECTION, intent_id, tx_hash, chain_id, preview_address)

    return _field(fields, "trackCollectionTx", track, "Report the transaction of a creation.", intent, asks=2)


def _tracking_mint(fields: Fields, intent: Any) -> Any:
    async def track(
        info: Info, intent_id: _Id, chain_id: _Chain, tx_hash: _Hash, contract: _Contract = strawberry.UNSET
    ) -> Any:
        return await _tracked(fields, info, IntentKind.MINT, intent_id, tx_hash, chain_id, contract)

    return _field(fields, "trackMintTx", track, "Report the transaction of a mint.", intent, asks=2)


_Id = Annotated[strawberry.ID, strawberry.argument(name="intentId")]
_Chain = Annotated[ChainId, strawberry.argument(name="chainId")]
_Hash = Annotated[Hex, strawberry.argument(name="txHash")]
_Preview = Annotated[Address | None, strawberry.argument(name="previewAddress")]
_Contract = Annotated[Address | None, strawberry.argument(name="contract")]


async def _tracked(
    fields: Fields, info: Info, kind: IntentKind, intent_id: str, tx_hash: str, chain_id: str, contract: str | None
) -> Any:
    """The intent, once its flow follows the hash. What is said of the intent beside its id must be so."""
    asker = info.context.asker
    known = await asker.value(fields.question(INTENT, intentId=intent_id))
    expected = {"intentId": (known["kind"], kind.value), "chainId": (known["chainId"], chain_id)}
    if contract and "contract" in known:
        expected["contract"] = (known["contract"].lower(), contract.lower())
    for name, (is_so, said) in expected.items():
        if is_so != said:
            reason = f"belongs to an intent of another {'kind' if name == 'intentId' else name}"
            raise refused(InvalidInputError(f"{name}: {reason}", fields=[{"field": f"path.{name}", "reason": reason}]))
    return await asker.value(fields.question(TRACK, intentId=intent_id, input={"txHash": tx_hash}))


def _field(fields: Fields, name: str, resolver: Any, description: str, made: Any = None, *, asks: int = 1) -> Any:
    fields.weights[name] = Weight(asks=asks)
    return strawberry.field(resolver=resolver, graphql_type=made, name=name, description=description)
