"""The artists' and printers' work before anything is on the chain: pictures are drawn, uploaded and published."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from steadymint.demo.showcase.art.canvas import Drawn
from steadymint.demo.showcase.art.portraits import avatar, banner
from steadymint.demo.showcase.plan import Plan
from steadymint.demo.showcase.resident import Resident
from steadymint_client import models

AT_ONCE: Final = 6
"""Pictures under way. Two decoders clean them; the others are being drawn and sent meanwhile."""


@dataclass(frozen=True, slots=True)
class Published:
    """What a collection names."""

    base_uri: str
    image: str
    banner: str


class Studio:
    """Draws and uploads. `done` counts pictures."""

    def __init__(self, plan: Plan, people: list[Resident]) -> None:
        self._plan = plan
        self._people = people
        self._slots = asyncio.Semaphore(AT_ONCE)
        self.done = 0
        self.all = len(people) + sum(len(drawn) + 1 for drawn in plan.drawn)

    async def portraits(self) -> None:
        """Give everybody a picture. Raises ProblemError."""

        async def one(person: Resident) -> None:
            media_id = await self._upload(person, "me.png", lambda: avatar(person.username))
            await person.api.patch_me(models.MeChange(avatar_id=media_id))

        await asyncio.gather(*map(one, self._people))

    async def publish(self) -> list[Published]:
        """The documents and pictures of all works, in the order of the plan. Raises ProblemError."""
        return list(await asyncio.gather(*map(self._one_work, range(len(self._plan.works)))))

    async def icon(self, person: Resident) -> str:
        """A picture for somebody's token. Raises ProblemError."""
        return await self._upload(person, "icon.png", self._plan.drawn[-1][0].picture)

    async def _one_work(self, number: int) -> Published:
        artist, work, drawn = self._people[number], self._plan.works[number], self._plan.drawn[number]
        wide = self._upload(artist, "banner.png", lambda: banner(work.name, work.colours))
        banner_id, *pictures = await asyncio.gather(
            wide, *(self._upload(artist, f"{place}.png", one.picture) for place, one in enumerate(drawn, 1))
        )
        tokens = [
            _document(work.standard, place, one, picture)
            for place, (one, picture) in enumerate(zip(drawn, pictures, strict=True), 1)
        ]
        published = await artist.api.publish_metadata(models.PublishBody(standard=work.standard, tokens=tokens))
        return Published(published.base_uri, pictures[0], banner_id)

    async def _upload(self, person: Resident, name: str, draw: Callable[[], bytes]) -> str:
        async with self._slots:
            content = await asyncio.to_thread(draw)
            asset = await person.client.upload(content, name)
        self.done += 1
        return asset.media_id


def _document(standard: str, place: int, drawn: Drawn, picture: str) -> models.TokenWordsBody:
    words: dict[str, Any] = {"name": drawn.name, "imageMediaId": picture, "attributes": drawn.attributes()}
    return models.TokenWordsBody.model_validate(words | ({"tokenId": str(place)} if standard == "erc1155" else {}))
