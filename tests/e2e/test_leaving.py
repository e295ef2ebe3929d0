"""Leaving, on the whole product: an export that is downloaded, then a deletion to its end."""

from __future__ import annotations

import asyncio
import io
import json
import os
import zipfile
from typing import Any
from uuid import UUID

import aiohttp

from steadymint.domain.accounts import TAKEN_BACK, workflow_id_of_deletion
from tests.support.full_stack import FullStack, until
from tests.support.people import Person
from tests.support.pictures import encoded, scene

OVERDUE = """
UPDATE user_service.deletions SET asked_at = now() - interval '15 days', due_at = now() - interval '1 second'
WHERE user_id = $1
"""


async def _exported(person: Person) -> dict[str, Any]:
    """The files of an export, by name."""

    async def ready() -> dict[str, Any] | None:
        answer = await person.api.ask("GET", "/v1/me/export")
        return answer.body if answer.body["status"] == "ready" else None

    assert (await person.api.ask("POST", "/v1/me/export")).status == 202
    export = await until(ready, "the archive")
    assert export is not None
    url, headers = person.api.base_url + export["downloadUrl"], {"Authorization": person.api.authorization}
    async with aiohttp.ClientSession(headers=headers) as http, http.get(url) as answer:
        assert (answer.status, answer.content_type) == (200, "application/zip")
        content = await answer.read()
    assert len(content) == export["bytes"]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: json.loads(archive.read(name)) for name in archive.namelist() if name.endswith(".json")}


async def test_who_leaves_takes_everything_along_and_is_erased_when_the_time_is_over(full_stack: FullStack) -> None:
    name = f"Leaver_{os.urandom(4).hex()}"
    async with full_stack.person() as alice:
        user_id = UUID((await alice.api.ask("GET", "/v1/me")).body["userId"])
        picture = encoded(scene((96, 64), turn=int.from_bytes(os.urandom(1))), "PNG")
        media = (await alice.api.upload("a", picture))["mediaId"]
        changed = await alice.api.ask("PATCH", "/v1/me", {"username": name, "avatarId": media})
        assert changed.status == 200
        files = await _exported(alice)
        assert files["profiles.json"][0]["username"] == name
        assert [one["mediaId"] for one in files["media.json"]] == [media]
        assert (await alice.api.ask("DELETE", "/v1/me")).status == 202
        assert (await alice.api.ask("GET", "/v1/me")).status == 401

        assert await full_stack.pool.execute(OVERDUE, user_id) == "UPDATE 1"
        flow = full_stack.temporal.get_workflow_handle(workflow_id_of_deletion(user_id))
        await flow.signal(TAKEN_BACK)  # it looks at the row, which says that the time is over
        async with asyncio.timeout(60):
            assert (await flow.result())["outcome"] == "erased"
        assert (await alice.api.ask("GET", f"/media/{media}")).status == 404
        assert (
            await full_stack.pool.fetchval("SELECT count(*) FROM user_service.usernames WHERE username = $1", name) == 0
        )
        await alice.api.sign_in(alice.wallet, alice.chain_id)
        again = (await alice.api.ask("GET", "/v1/me")).body
        assert (again["username"], again["userId"] != str(user_id)) == (None, True)
