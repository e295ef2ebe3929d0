"""Builds the site and checks it: `make docs`, or `python -m docs_site`."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from api.main import create_app
from docs_site.assembly import ROOT, assemble, configuration
from docs_site.links import faults
from steadymint.settings import Settings

WORK = ROOT / ".steadymint" / "docs"
ZENSICAL = WORK / "env" / "bin" / "zensical"


def build() -> Path:
    """Build the site. Returns its folder. Raises CalledProcessError for a warning of the generator."""
    source, html, config = WORK / "source", WORK / "html", WORK / "zensical.toml"
    assemble(source, create_app(Settings(environment="test")).openapi())
    shutil.rmtree(html, ignore_errors=True)
    config.write_text(configuration(source, html))
    subprocess.run([ZENSICAL, "build", "--clean", "--strict", "-f", config], cwd=WORK, check=True)
    return html


def main() -> int:
    try:
        html = build()
    except subprocess.CalledProcessError as error:
        return error.returncode
    if found := faults(html):
        sys.stderr.write("\n".join(found) + "\n")
        return 1
    sys.stdout.write(f"{html}/index.html\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
