"""Health and readiness as HTTP shows them."""

from __future__ import annotations

from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel


class Dependency(BaseModel):
    """The answer of one dependency."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")

    status: Literal["ok", "timeout", "unavailable"]
    latency_ms: float = Field(description="Milliseconds that the check took.")


class Health(BaseModel):
    model_config = ConfigDict(extra="forbid")

    status: Literal["ok"] = "ok"


class Readiness(BaseModel):
    model_config = ConfigDict(extra="forbid")

    status: Literal["ready", "degraded", "not_ready"]
    dependencies: dict[str, Dependency]


READY_EXAMPLE: Final = {
    "status": "ready",
    "dependencies": {name: {"status": "ok", "latencyMs": 0.8} for name in ("postgres", "redis", "mongo", "temporal")},
}


NOT_READY_EXAMPLE: Final = {
    "status": "not_ready",
    "dependencies": READY_EXAMPLE["dependencies"] | {"postgres": {"status": "timeout", "latencyMs": 1000.4}},  # type: ignore[operator]
}
