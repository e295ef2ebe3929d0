"""Intents as the API takes and shows them."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from api.pagination import PageQuery
from steadymint.domain.intents import IntentKind, IntentStatus, IntentView
from steadymint.domain.types import TxHashField


class TrackBody(BaseModel):
    """The wallet's answer to `eth_sendTransaction`."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel)

    tx_hash: TxHashField


class IntentListQuery(PageQuery):
    kind: Annotated[IntentKind | None, Field(description="Only intents of this kind.")] = None
    status: Annotated[IntentStatus | None, Field(description="Only intents of this status.")] = None


class IntentPage(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    items: list[IntentView]
    next_cursor: str | None = Field(description="Pass it as `cursor` for the next page; null on the last one.")
