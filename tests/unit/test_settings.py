"""What would have a process wait for ever, or fail at the first picture, is refused when it starts."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from steadymint.settings import MediaSettings, MetadataSettings, Settings

EXAMPLE = Path(__file__).parents[2] / ".env.example"


@pytest.mark.parametrize(
    ("settings", "field", "value"),
    [
        (MediaSettings, "decoders", 0),
        (MediaSettings, "decode_seconds", 0),
        (MediaSettings, "decode_memory", -1),
        (MediaSettings, "max_bytes", 0),
        (MediaSettings, "max_pixels", 0),
        (MediaSettings, "upload_seconds", 0),
        (MediaSettings, "variant_widths", ()),
        (MediaSettings, "variant_widths", (64, 0)),
        (MediaSettings, "variant_widths", (20_000,)),
        (MediaSettings, "upload_rate", 0),
        (MediaSettings, "publish_rate", 0),
        (MediaSettings, "concurrent_uploads", 0),
        (MediaSettings, "max_uploads", 0),
        (MetadataSettings, "refresh_rate", 0),
        (MetadataSettings, "batch", 0),
        (MetadataSettings, "max_attempts", 0),
        (MetadataSettings, "retry_first", 0),
        (MetadataSettings, "timeout", 0),
    ],
)
def test_a_setting_that_nothing_could_work_with_is_refused(settings: type[BaseModel], field: str, value: Any) -> None:
    assert settings().model_dump()[field]
    with pytest.raises(ValidationError, match=field):
        settings.model_validate({field: value})


def variables_of(model: type[BaseModel], prefix: str = "STEADYMINT_") -> set[str]:
    names: set[str] = set()
    for name, field in model.model_fields.items():
        kind = field.annotation
        group = isinstance(kind, type) and issubclass(kind, BaseModel)
        names |= variables_of(kind, f"{prefix}{name.upper()}__") if group else {f"{prefix}{name.upper()}"}
    return names


def test_the_example_names_every_setting_once_and_no_other() -> None:
    named = re.findall(r"^(?:# )?(STEADYMINT_\w+)=", EXAMPLE.read_text(), re.MULTILINE)
    assert sorted(named) == sorted(variables_of(Settings))


def test_the_example_says_what_holds_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("STEADYMINT_")]:
        monkeypatch.delenv(name)
    shown = Settings(_env_file=EXAMPLE).model_dump()  # pyright: ignore[reportCallIssue]
    holding = Settings(_env_file=None).model_dump()  # pyright: ignore[reportCallIssue]
    assert shown["auth"].pop("signing_keys") != holding["auth"].pop("signing_keys")
    assert shown == holding


@pytest.mark.parametrize(
    ("group", "field", "value"),
    [
        ("auth", "signing_keys", '{"a": "too-short-a-secret"}'),
        ("auth", "signing_keys", '{"a": ["too-short-a-secret"]}'),
        ("codec", "keys", '"too-short-a-secret"'),
        ("postgres", "pool_max", "too-short-a-secret"),
    ],
)
def test_a_value_that_is_refused_is_not_shown(
    monkeypatch: pytest.MonkeyPatch, group: str, field: str, value: str
) -> None:
    monkeypatch.setenv(f"STEADYMINT_{group}__{field}".upper(), value)
    with pytest.raises(ValidationError, match=f"{group}.{field}") as refused:
        Settings()
    assert "too-short-a-secret" not in str(refused.value)
