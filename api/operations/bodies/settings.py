"""The body of `/v1/settings`."""

from __future__ import annotations

from typing import Any, Final

from typing_extensions import TypedDict

from api.http.shown import EXACT
from steadymint.audit.keys import KEYS


class SettingsBody(TypedDict):
    """The public settings, by name."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    settings: dict[str, int | str]


SETTINGS_EXAMPLE: Final[dict[str, Any]] = {
    "settings": {name: key.default for name, key in sorted(KEYS.items()) if key.public}
}
