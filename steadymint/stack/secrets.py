"""The keys of the local stack. They are made once and kept beside its data, readable by their owner only."""

from __future__ import annotations

import base64
import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Secrets:
    """The keys. `signing_key` signs access tokens; `codec_key` (32 bytes in base64) encrypts payloads in Temporal."""

    signing_key: str
    codec_key: str


def load_password(file: Path) -> str:
    """The password in `file`; a new one if the file does not exist.

    Without a password other users of the machine could read and write a server's data. And a stack whose old port is
    taken could use the server of another stack.
    """
    return _kept(file, secrets.token_urlsafe(24))


def new_secrets() -> Secrets:
    """New secrets from the system's source of randomness."""
    return Secrets(secrets.token_urlsafe(48), base64.b64encode(secrets.token_bytes(32)).decode())


def load_secrets(file: Path) -> Secrets:
    """The secrets in `file`; new ones if it does not exist. Losing them ends sessions and closes histories."""
    return Secrets(**json.loads(_kept(file, json.dumps(asdict(new_secrets()), indent=2))))


def _kept(file: Path, fresh: str) -> str:
    """The text of `file`; if it does not exist, `fresh`, which is then written for its owner only."""
    if file.exists():
        return file.read_text()
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another process was first
        return file.read_text()
    with os.fdopen(descriptor, "w") as opened:
        opened.write(fresh)
    return fresh


def write_privately(file: Path, text: str) -> None:
    """Write `file` in one step, readable by its owner only."""
    draft = file.with_suffix(f"{file.suffix}.draft")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as opened:
        opened.write(text)
    draft.rename(file)
