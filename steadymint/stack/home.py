"""Where the local stack keeps what it needs."""

from __future__ import annotations

import os
from pathlib import Path

HOME = Path(os.environ.get("STEADYMINT_HOME", ".steadymint")).absolute()
"""Data, logs, ports and secrets of the local stack; below the working directory unless STEADYMINT_HOME says else."""

NODE_DIR = HOME / "node"
"""Programs from npm."""
