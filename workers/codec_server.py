"""Lets an operator's Temporal UI read sealed payloads: `POST /decode`, the protocol of Temporal's remote codecs.

It holds the keys, so it answers only to the origin of the UI and, outside of a local stack, only with a token: put it
behind the same sign-in as the UI, by a proxy that adds the token for whoever has signed in. It never seals.
"""

from __future__ import annotations

import hmac

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.middleware.cors import CORSMiddleware
from google.protobuf.json_format import MessageToJson, Parse, ParseError
from temporalio.api.common.v1 import Payloads

from steadymint.durable.codec import codec_from
from steadymint.settings import Settings


def create_codec_server(settings: Settings) -> FastAPI:
    """The ASGI application. Raises ValueError where no codec key is configured, or in production no token: it would
    open any payload for whoever reaches it."""
    codec = codec_from(settings.codec)
    if codec is None:
        raise ValueError("no codec keys are configured: payloads are readable as they are")
    if settings.environment == "production" and settings.codec.server_token is None:
        raise ValueError("STEADYMINT_CODEC__SERVER_TOKEN is not set")
    app = FastAPI(title="Steadymint codec server", openapi_url=None, docs_url=None, redoc_url=None)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=[settings.temporal.ui_url],
        allow_methods=["POST"],
        allow_headers=["content-type", "x-namespace", "authorization"],
        allow_credentials=True,
    )

    @app.post("/decode")
    async def decode(request: Request) -> Response:
        _authorize(request, settings)
        try:
            payloads = Parse(await request.body(), Payloads())
            opened = await codec.decode(payloads.payloads)
        except (ParseError, ValueError) as error:
            raise HTTPException(400, "These payloads cannot be read with the keys configured") from error
        return Response(MessageToJson(Payloads(payloads=opened)), media_type="application/json")

    return app


def _authorize(request: Request, settings: Settings) -> None:
    token = settings.codec.server_token
    if token is None:
        return
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    if not hmac.compare_digest(given.encode(), token.get_secret_value().encode()):
        raise HTTPException(401, "Unauthorized")
