"""The process that decodes untrusted files: `python -m steadymint.media.decoder_process <memory>`.

It has no secrets (an empty environment), no connections, a limit on its memory and on the processor time of each task,
and may be killed at any moment. A task is a line of JSON on standard input, its answer a line on standard output; the
end of the input ends the process, so none outlives who started it.
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
from steadymint.media.tasks import Limits
from steadymint.media.variants import render

OPEN_FILES: Final = 64
"""Input, output, the picture, what is made of it, and the fonts of an SVG one after another."""
WRITTEN_BYTES: Final = 1 << 28
"""Of one file: a quarter of a gibibyte. Cleaning does not make files larger by much."""
NICENESS: Final = 5
"""Decoding takes all the processor time there is; the steps of flows on the same machine take little and go first."""


def main() -> None:
    """Answer tasks until the input ends."""
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)  # a shell may have started our parent with them ignored
    os.nice(NICENESS)
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what a library prints is not an answer
    perceptual_hash(Image.new("L", (8, 8)))  # loads what it needs now, not within the limits of the first picture
    _limit_files()
    _limit_memory(int(sys.argv[1]))
    _say(answers, {"ready": True})
    for line in sys.stdin:
        _say(answers, answer_to(json.loads(line)))


def answer_to(task: dict[str, Any]) -> dict[str, Any]:
    """What `clean` or `render` have made, or why they have not."""
    _limit_time(task["seconds"])
    limits = Limits(**task["limits"])
    try:
        if task["do"] == "clean":
            return {"made": asdict(clean(Path(task["source"]), Path(task["target"]), limits))}
        made = render(Path(task["source"]), Path(task["target"]), task["widths"], limits, required=task["required"])
        return {"made": [asdict(one) for one in made]}
    except SteadymintError as error:
        return {"refused": error.code, "detail": error.detail}
    except MemoryError:
        return {"refused": MediaRefusedError.code, "detail": "The file takes more memory to decode than one may"}
    except Exception as error:  # a decoder's bug that a hostile file has found: its kind is for the log
        return {"refused": MediaRefusedError.code, "detail": "The file cannot be decoded", "kind": type(error).__name__}


def _say(answers: TextIO, what: dict[str, Any]) -> None:
    answers.write(json.dumps(what) + "\n")
    answers.flush()


def _limit_files() -> None:
    """Of what it may open and write there is little; a core dump would hold somebody's picture."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (WRITTEN_BYTES, WRITTEN_BYTES))


def _limit_memory(extra: int) -> None:
    """`extra` bytes of address space beyond what is taken now. Where the system counts none (macOS), no limit."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        limit = int(statm.read_text().split()[0]) * resource.getpagesize() + extra
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _limit_time(seconds: float) -> None:
    """Processor time from now on; whoever takes more is ended by the system (SIGXCPU)."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime + seconds) + 1, hard))


if __name__ == "__main__":
    main()
