"""Makes the generated parts of both clients of the API's document: `make clients`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "clients" / "python")]

from generator import made  # noqa: E402

from api.main import create_app  # noqa: E402
from steadymint.settings import Settings  # noqa: E402
from steadymint.stack import node  # noqa: E402


def main() -> None:
    document = create_app(Settings(environment="test")).openapi()
    with TemporaryDirectory() as folder:
        source = Path(folder) / "openapi.json"
        source.write_text(json.dumps(document))
        client = ROOT / "clients" / "typescript"
        subprocess.run([node.program(), "scripts/generate.mjs", str(source)], cwd=client, check=True)
    made.made(document, made.PACKAGE)


if __name__ == "__main__":
    main()
