"""The publishing service of this process, for the routes that publish and those that build on what was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final, cast

from fastapi import Depends

from api.dependencies import Services, ServicesDep
from steadymint.durable.media import MediaFlows
from steadymint.media.assets import Assets
from steadymint.media.states import MediaStates
from steadymint.media.store import open_object_store
from steadymint.publishing.collections import CollectionDocuments
from steadymint.publishing.held import Held
from steadymint.publishing.pins import Pins
from steadymint.publishing.sets import MetadataSets
from steadymint.publishing.writing import DocumentWriter

_NAME: Final = "publishing"


@dataclass(frozen=True, slots=True)
class Publishing:
    """What is written for collections and for their tokens."""

    sets: MetadataSets
    collections: CollectionDocuments


def publishing_of(services: Services) -> Publishing:
    """The one of this process, made on first use."""
    if _NAME not in services.extras:
        store, assets = open_object_store(services.settings.media), Assets(services.mongo)
        flows = MediaFlows(services.temporal, services.queues)
        pins = Pins(MediaStates(services.mongo, assets), flows, services.settings.media)
        held, writer = Held(store, assets, pins), DocumentWriter(store, assets)
        services.extras[_NAME] = Publishing(
            MetadataSets(held, writer, assets, pins), CollectionDocuments(held, writer, pins)
        )
    return cast(Publishing, services.extras[_NAME])


async def _publishing(services: ServicesDep) -> Publishing:
    return publishing_of(services)


PublishingDep = Annotated[Publishing, Depends(_publishing)]
