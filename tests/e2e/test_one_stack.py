"""The tests of the full stack share one: a second would cost half a minute, and each would disturb the other."""

from __future__ import annotations

import pytest

from tests.support.full_stack import FullStack


def test_its_tests_go_to_one_worker(full_stack: FullStack, request: pytest.FixtureRequest) -> None:
    if not getattr(request.config.option, "loadgroup", False):
        pytest.skip("only under `pytest -n ... --dist loadgroup`, as the Makefile runs it")
    assert request.node.nodeid.endswith("@stack")
