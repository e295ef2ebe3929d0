"""The gallery: a collection of pictures is uploaded, published, minted, read back, ranked and browsed."""

from __future__ import annotations

import asyncio
import io
import time
from typing import Any, Final

from PIL import Image

from steadymint.demo.artwork import Lighthouse, lighthouses
from steadymint.demo.run import DemoFailedError, DemoRun
from steadymint.demo.wallets import KeyWallet
from steadymint.domain.counting import counted
from steadymint_client import AsyncSteadymint, models

UPLOADS: Final = 8
"""Pictures under way at once; the API takes no more of one user."""
LOOKED_AT: Final = 100
"""Pictures that are looked at in every size. All thousand are five thousand requests, and tell no more."""
PER_MINT: Final = 100
"""Tokens of one transaction: some three million gas."""
READ_WITHIN: Final = 300.0
"""Seconds in which the metadata of all tokens must be read. A thousand tokens take a few."""
PAGE: Final = 100


class Gallery:
    """A collection of `count` lighthouses. Raises DemoFailedError if the catalog differs from what was drawn."""

    def __init__(self, demo: DemoRun, count: int) -> None:
        self._demo = demo
        self._drawn = lighthouses(count)
        self.contract = ""
        self.pictures_seen = 0

    async def run(self) -> None:
        """Raises DemoFailedError, SteadymintError."""
        demo = self._demo
        alice = KeyWallet(demo.web3, demo.keys[1])
        async with demo.client() as client:
            await demo.sign_in(client, alice, "Alice, an artist")
            assets = await self._upload(client)
            published = await self._publish(client, assets)
            self.contract = await demo.create(
                client,
                alice,
                "erc721",
                "Lighthouses",
                "LIGHT",
                description="One for every night of the year, and then some.",
                base_uri=published.base_uri,
                image_media_id=assets[0].media_id,
                banner_media_id=assets[-1].media_id,
            )
            for first in range(0, len(self._drawn), PER_MINT):
                quantity = min(PER_MINT, len(self._drawn) - first)
                body = models.PrepareMintBody(
                    chain_id=demo.chain_id, contract=self.contract, standard="erc721", quantity=str(quantity)
                )
                await demo.go_through(f"Mint {first + 1} to {first + quantity}", client.mint(alice, body))
            await self._until_read(client)
            self._compare(await self._tokens(client))
            await self._browse(client)
            await self._look_at(client, assets)

    @property
    def path(self) -> str:
        """The path of the collection in the API."""
        return f"/v1/collections/{self._demo.chain_id}/{self.contract}"

    # -- the artist's steps -------------------------------------------------------------------------------------------

    async def _upload(self, client: AsyncSteadymint) -> list[models.MediaBody]:
        slots = asyncio.Semaphore(UPLOADS)
        begun = time.perf_counter()
        uploaded = 0

        def so_far() -> str:
            rate = uploaded / (time.perf_counter() - begun)
            return f"{uploaded} of {len(self._drawn)}, {rate:.0f} a second"

        async def one(drawn: Lighthouse) -> models.MediaBody:
            nonlocal uploaded
            async with slots:
                picture = await asyncio.to_thread(drawn.picture)
                asset = await client.upload(picture, f"{drawn.number}.png")
            uploaded += 1
            return asset

        async with self._demo.going_on("Pictures", "uploaded", so_far):
            assets = list(await asyncio.gather(*(one(drawn) for drawn in self._drawn)))
        self._demo.tell("Pictures", "uploaded", so_far())
        return assets

    async def _publish(self, client: AsyncSteadymint, assets: list[models.MediaBody]) -> models.MetadataSetAnswer:
        tokens = [
            models.TokenWordsBody.model_validate(
                {"name": drawn.name, "imageMediaId": asset.media_id, "attributes": drawn.attributes()}
            )
            for drawn, asset in zip(self._drawn, assets, strict=True)
        ]
        async with self._demo.going_on("Metadata", "publishing", lambda: counted(len(tokens), "document")):
            published = await client.api.publish_metadata(models.PublishBody(standard="erc721", tokens=tokens))
        documents = counted(published.count, "document")
        self._demo.tell("Metadata", "published", f"{documents} below {published.base_uri}")
        return published

    async def _until_read(self, client: AsyncSteadymint) -> None:
        """Until the documents of all tokens are read and ranked: a refresh ends for every mint, not for all."""
        deadline = time.monotonic() + READ_WITHIN
        ranked = 0
        async with self._demo.going_on("Metadata", "ranked", lambda: f"{ranked} of {len(self._drawn)}"):
            while time.monotonic() < deadline:
                ranked = len(await self._tokens(client, sort="rank"))
                if ranked == len(self._drawn):
                    self._demo.tell("Metadata", "read", f"{counted(ranked, 'document')}, and ranked by their traits")
                    return
                await asyncio.sleep(1)
        raise DemoFailedError("the metadata was not read in time")

    async def _tokens(self, client: AsyncSteadymint, **asked: Any) -> list[models.TokenBody]:
        """All of the collection, or those that are asked for."""
        listing = client.items(client.api.list_tokens, self._demo.chain_id, self.contract, limit=PAGE, **asked)
        return [token async for token in listing]

    # -- what is true -------------------------------------------------------------------------------------------------

    def _compare(self, tokens: list[models.TokenBody]) -> None:
        shown = {token.token_id: token.name for token in tokens}
        drawn = {str(one.number): one.name for one in self._drawn}
        if shown != drawn:
            wrong = [number for number in drawn if shown.get(number) != drawn[number]]
            raise DemoFailedError(f"{counted(len(wrong), 'name')} not as published, e.g. of token {wrong[:3]}")
        self._demo.tell("Catalog", "compared", f"{counted(len(shown), 'name')} as published")

    async def _browse(self, client: AsyncSteadymint) -> None:
        """Read the rarest tokens, and all tokens with one trait."""
        page = await client.api.list_tokens(self._demo.chain_id, self.contract, sort="rank", limit=5)
        for token in page.items:
            self._demo.tell("Catalog", "ranked", f"{token.rank:>4}  {token.name}")
        gold = await self._tokens(client, trait=["Tower:Gold"])
        drawn = {one.name for one in self._drawn if one.tower == "Gold"}
        if {token.name for token in gold} != drawn:
            raise DemoFailedError(f"{counted(len(gold), 'golden tower')} shown, {len(drawn)} drawn")
        self._demo.tell("Catalog", "filtered", counted(len(gold), "golden tower"))

    async def _look_at(self, client: AsyncSteadymint, assets: list[models.MediaBody]) -> None:
        """Some of the pictures in every size, decoded."""
        slots = asyncio.Semaphore(UPLOADS)
        chosen = assets[:: max(1, len(assets) // LOOKED_AT)]
        looked_at = 0

        async def one(media_id: str) -> int:
            nonlocal looked_at
            async with slots:
                asset = await self._ready(client, media_id)
                addresses = [(asset.url, asset.width), (asset.ipfs_url, asset.width)]
                addresses += [(variant.url, variant.width) for variant in asset.variants]
                for url, width in addresses:
                    picture = await asyncio.to_thread(_decoded, await client.download(url))
                    if picture.width != width:
                        raise DemoFailedError(f"{url} is {picture.width} pixels wide, not {width}")
            looked_at += 1
            return len(addresses)

        async with self._demo.going_on("Pictures", "looked at", lambda: f"{looked_at} of {len(chosen)}"):
            self.pictures_seen = sum(await asyncio.gather(*(one(asset.media_id) for asset in chosen)))
        renderings, pictures = counted(self.pictures_seen, "rendering"), counted(len(chosen), "picture")
        self._demo.tell("Pictures", "compared", f"{renderings} of {pictures}, each as wide as it says")

    async def _ready(self, client: AsyncSteadymint, media_id: str) -> models.MediaBody:
        deadline = time.monotonic() + READ_WITHIN
        while time.monotonic() < deadline:
            asset = await client.api.get_media(media_id)
            if asset.status == "ready":
                return asset
            await asyncio.sleep(0.5)
        raise DemoFailedError(f"the variants of {media_id} were not made in time")


def _decoded(content: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(content))
    picture.load()
    return picture
