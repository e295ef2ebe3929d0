"""The connection to Temporal. The API, the workers, the command line and the tests use the same."""

from __future__ import annotations

from typing import Final

from temporalio.client import Client
from temporalio.contrib.pydantic import PydanticPayloadConverter
from temporalio.converter import (
    CompositePayloadConverter,
    DataConverter,
    DefaultFailureConverter,
    DefaultFailureConverterWithEncodedAttributes,
)
from temporalio.runtime import Runtime

from steadymint.durable.codec import codec_from
from steadymint.settings import Settings

_PYDANTIC: Final = PydanticPayloadConverter()


class SharedPydanticConverter(CompositePayloadConverter):
    """Converters of Pydantic payloads that the whole process shares.

    The SDK makes payload converters anew for each workflow and each activity. New converters of Pydantic have to build
    our schemas first, which takes longer than the conversion.
    """

    def __init__(self) -> None:
        super().__init__(*_PYDANTIC.converters.values())


def data_converter(settings: Settings) -> DataConverter:
    """Pydantic payloads, sealed when keys are configured.

    Failures are encoded too: with a payload codec alone their messages and stack traces stay readable in history.
    """
    codec = codec_from(settings.codec)
    return DataConverter(
        payload_converter_class=SharedPydanticConverter,
        payload_codec=codec,
        failure_converter_class=DefaultFailureConverterWithEncodedAttributes if codec else DefaultFailureConverter,
    )


async def connect(settings: Settings, *, lazy: bool = False, runtime: Runtime | None = None) -> Client:
    """A client for the configured namespace.

    With `lazy` the first call connects, so that an API starts (and serves reads) while Temporal is down.
    Raises RuntimeError when the server cannot be reached and `lazy` is not set.
    """
    temporal = settings.temporal
    return await Client.connect(
        temporal.address,
        namespace=temporal.namespace,
        api_key=temporal.api_key.get_secret_value() if temporal.api_key else None,
        tls=temporal.tls,
        data_converter=data_converter(settings),
        lazy=lazy,
        runtime=runtime,
    )


def never_connected(error: RuntimeError) -> bool:
    """Whether a lazy client has raised this because it has not reached its server. The SDK has no type for it."""
    return str(error).startswith("Failed client connect")
