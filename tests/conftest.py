"""Shared fixtures: real parts, started when first asked for, gone when the run is."""

from __future__ import annotations

import gc
import os

# Its plugin would import it while the run ends, deep in a stack that Python 3.11 miscounts.
import hypothesis
import pytest

from tests.support import run

# The collector would look again and again at the modules that are loaded, for a sixth of the time until the first test.
gc.disable()

pytest_plugins = [
    "tests.support.forking",
    "tests.support.spreading",
    "tests.support.cache",
    "tests.support.documents",
    "tests.support.durable",
    "tests.support.intents",
    "tests.support.internet",
    "tests.support.local_chain",
    "tests.support.media",
    "tests.support.postgres",
    "tests.support.product",
    "tests.support.sign_in",
    "tests.support.indexing",  # builds on the chain and the database
    "tests.support.full_stack",
    "tests.support.shop",
    "tests.support.browser.fixtures",
]

# No test asserts a time; by default hypothesis fails an example that takes 200 ms.
hypothesis.settings.register_profile("steadymint", deadline=None)
hypothesis.settings.load_profile("steadymint")


def pytest_configure(config: pytest.Config) -> None:
    if "PYTEST_XDIST_WORKER" not in os.environ:
        run.begin()


def pytest_collection_finish() -> None:
    """What 7,000 tests and their modules consist of stays to the end: the collector need not look at it each time."""
    gc.freeze()
    gc.enable()


def pytest_unconfigure(config: pytest.Config) -> None:
    if "PYTEST_XDIST_WORKER" not in os.environ:
        run.end()
