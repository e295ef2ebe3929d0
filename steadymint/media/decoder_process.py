"""The process that decodes untrusted files: `python -m steadymint.media.decoder_process <memory>`.

It has no secrets (an empty environment) and no connections. Its memory and the CPU time of each task are limited, and
it may be killed at any moment. A task is a line of JSON on standard input; its answer is a line on standard output. The
process ends when its input ends, so it does not outlive its parent.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final, TextIO

from PIL import Image

from steadymint.domain.errors import MediaRefusedError, SteadymintError
from steadymint.media.cleaning import clean, perceptual_hash
from steadymint.media.tasks import PictureLimits
from steadymint.media.variants import render

OPEN_FILES: Final = 64
"""Open files: input, output, the picture, the result, and the fonts of an SVG one after another."""
WRITTEN_BYTES: Final = 1 << 28
"""Bytes of one written file: a quarter of a gibibyte. Cleaning does not enlarge files much."""
NICENESS: Final = 5
"""Decoding uses all CPU time that is free. The steps of flows on the same machine use little and go first."""


def main() -> None:
    """Answer tasks until the input ends."""
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)  # a shell may have started our parent with them ignored
    os.nice(NICENESS)
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # the output of libraries must not be read as an answer
    perceptual_hash(Image.new("L", (8, 8)))  # loads its libraries now, before the limits of the first picture apply
    _limit_files()
    _limit_memory(int(sys.argv[1]))
    _say(answers, {"ready": True})
    for line in sys.stdin:
        _say(answers, answer_to(json.loads(line)))


def answer_to(task: dict[str, Any]) -> dict[str, Any]:
    """The result of `clean` or `render`, or the reason for a failure."""
    _limit_time(task["seconds"])
    limits = PictureLimits(**task["limits"])
    try:
        if task["do"] == "clean":
            return {"made": asdict(clean(Path(task["source"]), Path(task["target"]), limits))}
        made = render(Path(task["source"]), Path(task["target"]), task["widths"], limits, required=task["required"])
        return {"made": [asdict(one) for one in made]}
    except SteadymintError as error:
        return {"refused": error.code, "detail": error.detail}
    except MemoryError:
        return {"refused": MediaRefusedError.code, "detail": "The file takes more memory to decode than one may"}
    except Exception as error:  # a bug in a decoder that a hostile file triggered; its type is for the log
        return {"refused": MediaRefusedError.code, "detail": "The file cannot be decoded", "kind": type(error).__name__}


def _say(answers: TextIO, what: dict[str, Any]) -> None:
    answers.write(json.dumps(what) + "\n")
    answers.flush()


def _limit_files() -> None:
    """Limit open files and written bytes, and forbid core dumps, which would hold a user's picture."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (WRITTEN_BYTES, WRITTEN_BYTES))


def _limit_memory(extra: int) -> None:
    """Limit the address space to the current size plus `extra` bytes. macOS does not count it, so there is no limit."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        limit = int(statm.read_text().split()[0]) * resource.getpagesize() + extra
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _limit_time(seconds: float) -> None:
    """Limit the CPU time from now on. The system ends a process over its limit (SIGXCPU)."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime + seconds) + 1, hard))


if __name__ == "__main__":
    main()
