"""What a refusal looks like over HTTP: a problem document."""

from __future__ import annotations

from typing import Any

import httpx


def problem_of(answer: httpx.Response, status: int = 422) -> dict[str, Any]:
    """The problem document of an answer with this status."""
    assert answer.status_code == status, (str(answer.request.url)[:200], answer.text[:200])
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    return problem


def is_refused(answer: httpx.Response, status: int = 422, code: str = "invalid_input") -> dict[str, Any]:
    """The problem document of a refusal with this status and code."""
    problem = problem_of(answer, status)
    assert problem["code"] == code, answer.text
    assert len(answer.content) < 8192  # what was sent is not sent back
    return problem
