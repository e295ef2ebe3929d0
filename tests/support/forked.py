"""One process that imports the product, and that each worker of a run is a fork of.

`python forked.py serve PATH MODULE...` is that process. `python forked.py ask PATH -u -c CODE`, which xdist takes for
its Python, hands its input and outputs, its environment and CODE over to a fork, and ends with it.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import select
import shutil
import signal
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Final, NoReturn

LARGEST: Final = 1 << 20
"""Bytes of a request: an environment and a line of code."""


def serve(path: str, modules: Sequence[str]) -> None:
    """Import the modules, then fork for each that asks, until the input ends: then the run is over."""
    sys.path[0] = str(Path(__file__).parents[2])
    interrupted = signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the controller, which then ends
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen()
        gc.disable()  # there is no garbage in modules, and what is forked shares what nobody writes to
        for name in modules:
            with suppress(ImportError):  # the test that imports it says so
                importlib.import_module(name)
        gc.freeze()
        while True:
            ready, _, _ = select.select([listener, sys.stdin], [], [], 1.0)
            with suppress(ChildProcessError):
                os.waitpid(-1, os.WNOHANG)
            if sys.stdin in ready:
                break
            if listener in ready:
                asking, _ = listener.accept()
                if os.fork() == 0:
                    listener.close()
                    signal.signal(signal.SIGINT, interrupted)
                    become(asking)
                asking.close()
    shutil.rmtree(Path(path).parent, ignore_errors=True)


def become(asking: socket.socket) -> NoReturn:
    """Run CODE as `python -c` does. The connection ends with this process, which tells the other side."""
    message, descriptors, _, _ = socket.recv_fds(asking, LARGEST, 3)
    request = json.loads(message)
    for standard, descriptor in enumerate(descriptors):
        os.dup2(descriptor, standard)
        os.close(descriptor)
    os.chdir(request["directory"])
    os.environ.clear()
    os.environ.update(request["environment"])
    sys.argv, sys.path[0] = ["-c"], ""
    main = sys.modules["__main__"] = ModuleType("__main__")
    exec(request["code"], vars(main))
    sys.exit()


def ask(path: str, code: str) -> None:
    """Have a fork made, and wait for its end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    request = {"directory": str(Path.cwd()), "environment": dict(os.environ), "code": code}
    with socket.socket(socket.AF_UNIX) as asked:
        asked.connect(path)
        socket.send_fds(asked, [json.dumps(request).encode()], [0, 1, 2])
        asked.recv(1)


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(sys.argv[2], sys.argv[3:])
    else:
        ask(sys.argv[2], sys.argv[-1])
