"""CIDs of files and directories by the reference importer, `ipfs-unixfs-importer` of npm.

They are recorded in `reference_cids.json`, since the importer takes half a minute for them. `make cids` asks it again
and fails if it says something else.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from steadymint.media.cid import CHUNK, WIDTH
from steadymint.stack.home import NODE_DIR
from steadymint.stack.node import install, npm

IMPORTER: Final = "17.1.1"
"""Of npm's ipfs-unixfs-importer."""
RECORDED: Final = Path(__file__).with_name("reference_cids.json")
SIZES: Final = (0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, WIDTH * CHUNK, WIDTH * CHUNK + 1, 50 * 1024 * 1024)
"""Bytes of the files."""


def content_of(size: int) -> bytes:
    """Always the same bytes, without repetition."""
    return hashlib.shake_128(b"steadymint").digest(size)


def directories() -> dict[str, dict[str, int]]:
    """What each directory is for -> its entries: name -> size of the file."""
    return {
        "one file": {"a": 0},
        "names out of order": {"b": 1, "a": CHUNK + 1, "z.json": CHUNK - 1, "é": 1, "A": 2 * CHUNK},
        "one block": {str(number): 1 for number in range(1000)},
        "shards": {str(number): 1 for number in range(6500)},
        "shards of shards": {str(number): SIZES[number % 5] for number in range(20_000)},
        "the largest block": {f"{number:064x}": CHUNK - 1 for number in range(2621)},
        "just more than a block": {f"{number:064x}": CHUNK - 1 for number in range(2622)},
        "256 KiB to the byte": {"x" * 92 + f"{number:04}": 1 for number in range(1985)} | {"y" * 88: CHUNK - 1},
    }


async def ask() -> dict[str, Any]:
    """What the reference importer says: `[CID, bytes of all blocks]` of each file and directory."""
    package = await install(NODE_DIR, "ipfs-unixfs-importer", IMPORTER)
    folder = package.parents[1]
    await asyncio.to_thread(shutil.copy, Path(__file__).with_name("reference_importer.mjs"), folder)
    with TemporaryDirectory() as made:
        return await asyncio.to_thread(_run, folder, Path(made))


def _run(folder: Path, made: Path) -> dict[str, Any]:
    for size in SIZES:
        (made / str(size)).write_bytes(content_of(size))
    wanted = directories()
    request = made / "request.json"
    paths = [{name: str(made / str(size)) for name, size in entries.items()} for entries in wanted.values()]
    request.write_text(json.dumps({"files": [str(made / str(size)) for size in SIZES], "directories": paths}))
    _, environment = npm()
    program = shutil.which("node", path=environment["PATH"]) or "node"
    command = [program, "reference_importer.mjs", str(request)]
    said = json.loads(subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=True).stdout)
    return {
        "files": [[one["cid"], one["size"]] for one in said["files"]],
        "directories": {what: [one["cid"], one["size"]] for what, one in zip(wanted, said["directories"], strict=True)},
    }


def main() -> None:
    said = json.dumps(asyncio.run(ask()), indent=1, ensure_ascii=False) + "\n"
    if "--record" in sys.argv:
        RECORDED.write_text(said)
    elif said != RECORDED.read_text():
        sys.exit(f"The importer says something else than {RECORDED.name}:\n{said}")


if __name__ == "__main__":
    main()
