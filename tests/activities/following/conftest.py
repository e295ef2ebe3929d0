"""The intent whose transaction is followed."""

from __future__ import annotations

import pytest

from steadymint.intents.repository import IntentRepository
from tests.activities.following.scene import Scene


@pytest.fixture
async def scene(intents: IntentRepository) -> Scene:
    scene = Scene(intents)
    await intents.create(scene.draft)
    return scene
