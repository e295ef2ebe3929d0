"""What would have a process wait for ever, or fail at the first picture, is refused when it starts."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from steadymint.settings import MediaSettings, MetadataSettings


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
