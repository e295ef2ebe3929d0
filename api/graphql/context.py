"""What the fields of one request know: who asks, and by what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import strawberry
from graphql import GraphQLResolveInfo
from starlette.requests import HTTPConnection
from strawberry.dataloader import DataLoader

from api.graphql.asking import Asker
from api.graphql.documents import Documents
from api.root import Services

CollectionKey = tuple[str, str]
"""Chain and contract, as they are shown."""


@dataclass(slots=True)
class Context:
    """One HTTP request, or one WebSocket."""

    connection: HTTPConnection
    services: Services
    asker: Asker
    documents: Documents
    collections: DataLoader[CollectionKey, Any]
    connection_params: dict[str, Any] | None = None
    """The payload of `connection_init`."""
    answers_once: bool = False
    """Whether there is one answer, of JSON: no event can follow it."""


Info = strawberry.Info[Context, None]


def raw_of(info: Info) -> GraphQLResolveInfo[Context]:
    """What the library below knows of the field: strawberry's own view of the selection copies all of it."""
    return info._raw_info  # pyright: ignore[reportPrivateUsage]
