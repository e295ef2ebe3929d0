"""Leaving, on the whole product: an export that is downloaded, then a deletion to its end."""

from __future__ import annotations

import asyncio
import io
import json
import os
import zipfile
from typing import Any
from uuid import UUID

from steadymint.domain.accounts import LOOK, workflow_id_of_deletion
from steadymint_client import models
from tests.support.full_stack import FullStack, until
from tests.support.people import Person
from tests.support.pictures import encoded, scene

OVERDUE = """
UPDATE user_service.deletions SET asked_at = now() - interval '15 days', due_at = now() - interval '1 second'
WHERE user_id = $1
"""


async def _exported(person: Person) -> dict[str, Any]:
    """The files of an export, by name."""

    api = person.client.api

    async def ready() -> models.ExportBody | None:
        export = await api.get_export()
        return export if export.status == "ready" else None

    await api.ask_for_export()
    export = await until(ready, "the archive")
    assert export is not None
    assert export.download_url == "/v1/me/export/archive"
    content = await api.download_export()
    assert len(content) == export.bytes
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: json.loads(archive.read(name)) for name in archive.namelist() if name.endswith(".json")}


async def test_who_leaves_takes_everything_along_and_is_erased_when_the_time_is_over(full_stack: FullStack) -> None:
    name = f"Leaver_{os.urandom(4).hex()}"
    async with full_stack.person() as alice:
        api = alice.client.api
        user_id = UUID((await api.get_me()).user_id)
        picture = encoded(scene((96, 64), turn=int.from_bytes(os.urandom(1))), "PNG")
        media = (await alice.client.upload(picture)).media_id
        await api.patch_me(models.MeChange(username=name, avatar_id=media))
        files = await _exported(alice)
        assert files["profiles.json"][0]["username"] == name
        assert [one["mediaId"] for one in files["media.json"]] == [media]
        await api.delete_me()
        assert (await alice.client.ask("GET", "/v1/me")).status == 401

        assert await full_stack.pool.execute(OVERDUE, user_id) == "UPDATE 1"
        flow = full_stack.temporal.get_workflow_handle(workflow_id_of_deletion(user_id))
        await flow.signal(LOOK)  # it looks at the row, which says that the time is over
        async with asyncio.timeout(60):
            assert (await flow.result())["outcome"] == "erased"
        assert (await alice.client.ask("GET", f"/media/{media}")).status == 404
        assert (
            await full_stack.pool.fetchval("SELECT count(*) FROM user_service.usernames WHERE username = $1", name) == 0
        )
        await alice.client.sign_in(alice.wallet, alice.chain_id)
        again = await api.get_me()
        assert (again.username, again.user_id != str(user_id)) == (None, True)
