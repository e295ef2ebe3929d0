"""The publishing service of this process, for the routes that publish and those that build on what was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final, cast

from fastapi import Depends

from api.dependencies import Services, ServicesDep
from api.media import EXTRA as MEDIA
from api.media import Media
from steadymint.media.writing import DocumentWriter
from steadymint.publishing.collections import CollectionDocuments
from steadymint.publishing.held import Held
from steadymint.publishing.pins import Pins
from steadymint.publishing.sets import MetadataSets

_NAME: Final = "publishing"


@dataclass(frozen=True, slots=True)
class Publishing:
    """What is written for collections and for their tokens."""

    sets: MetadataSets
    collections: CollectionDocuments


def publishing_of(services: Services) -> Publishing:
    """The one of this process, made on first use of what `api.media` has open."""
    if _NAME not in services.extras:
        media = cast(Media, services.extras[MEDIA])
        pins = Pins(media.states, media.flows, media.settings)
        held, writer = Held(media.store, media.assets, pins), DocumentWriter(media.store, media.assets)
        services.extras[_NAME] = Publishing(
            MetadataSets(held, writer, media.assets, pins), CollectionDocuments(held, writer, pins)
        )
    return cast(Publishing, services.extras[_NAME])


async def _publishing(services: ServicesDep) -> Publishing:
    return publishing_of(services)


PublishingDep = Annotated[Publishing, Depends(_publishing)]
