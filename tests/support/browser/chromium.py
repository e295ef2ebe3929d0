"""The browser: where npm put it, and how it is started."""

from __future__ import annotations

import os
import platform
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import pytest
from playwright.async_api import Browser, async_playwright

FOLDER: Final = Path(__file__).parent
MODULES: Final = FOLDER / "node_modules"
UNPACKED: Final = MODULES / ".chromium"
OWN: Final = os.environ.get("STEADYMINT_CHROMIUM")
"""Another Chromium, for machines that npm's is not made for."""

ARGUMENTS: Final = (
    "--disable-gpu",
    "--font-render-hinting=none",  # the same letters on each machine
    "--force-color-profile=srgb",
    "--hide-scrollbars",
)


def environment(home: Path) -> dict[str, str]:
    """What the browser is started with. Its libraries come before the machine's: those must fit each other."""
    # PATH is all that it needs of ours: what a developer has set must not change what a test sees.
    return {
        "PATH": os.environ.get("PATH", ""),
        "HOME": str(home),
        "TMPDIR": str(home),
        "LD_LIBRARY_PATH": str(UNPACKED / "libraries" / "lib"),
        "FONTCONFIG_FILE": str(UNPACKED / "fonts.conf"),
        "LANG": "C.UTF-8",
    }


@asynccontextmanager
async def started(home: Path) -> AsyncIterator[Browser]:
    """A running browser that keeps its files below `home`. Skips the test where there is none for this machine."""
    if OWN is None and (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        pytest.skip("npm carries Chromium for Linux on x86-64 only; STEADYMINT_CHROMIUM may name another")
    async with async_playwright() as playwright:
        if OWN is None:
            assert (UNPACKED / ".unpacked").exists(), "`make install` installs the browser"
            browser = await playwright.chromium.launch(
                executable_path=UNPACKED / "chromium", env=environment(home), args=ARGUMENTS
            )
        else:
            browser = await playwright.chromium.launch(executable_path=OWN, args=ARGUMENTS)
        try:
            yield browser
        finally:
            await browser.close()
