"""The folders of the local stack."""

from __future__ import annotations

import os
from pathlib import Path

HOME = Path(os.environ.get("STEADYMINT_HOME", ".steadymint")).absolute()
"""Data, logs, ports and secrets of the local stack: STEADYMINT_HOME, or a folder in the working directory."""

NODE_DIR = HOME / "node"
"""Programs from npm."""
