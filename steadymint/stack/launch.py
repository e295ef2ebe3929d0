"""Replaces itself with another program that cannot outlive its parent.

A bare interpreter runs this file as a script, so that it takes 15 ms and imports nothing of ours:

    python -S -E launch.py --parent PID --death-signal SIGTERM [--unprivileged] -- program args...

It starts a session of its own: a terminal's Ctrl-C then reaches only the parent, which stops its parts in order. It
resets signals, because a shell starts its background jobs with SIGINT ignored, and SIGINT stops some parts. It asks the
kernel for a signal at the parent's death. Then it replaces itself with the program, which keeps its pid.

`preexec_fn` could do the same, but would run Python code between fork and exec of a parent that has threads.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time

PR_SET_PDEATHSIG = 1
"""Linux: include/uapi/linux/prctl.h"""

NOBODY = 65534
"""The usual uid of `nobody`, for systems whose user database does not name it."""


def nobody() -> tuple[int, int]:
    """The uid and gid of the user that owns nothing."""
    import pwd

    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        return NOBODY, NOBODY
    return entry.pw_uid, entry.pw_gid


def reset_signals() -> None:
    """Give the signals that end a program their default action, and unblock all signals."""
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())


def drop_privileges() -> None:
    """Become `nobody`, because PostgreSQL refuses to run as root."""
    uid, gid = nobody()
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)


def die_with(parent: int, death_signal: signal.Signals) -> None:
    """Arrange that this process gets `death_signal` when the process `parent` ends, however it ends.

    It must be called after a change of user, because the kernel then drops the request.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
        if os.getppid() != parent:  # it died before the request was made
            os._exit(1)
        return
    program = os.getpid()
    if os.fork() == 0:
        _watch(parent, program, death_signal)


def _watch(parent: int, program: int, death_signal: signal.Signals) -> None:
    """Watch the parent from a sibling process, for kernels without such a signal. It ends with the program."""
    while _alive(program):
        if not _alive(parent):
            os.kill(program, death_signal)
            time.sleep(5)
            if _alive(program):
                os.kill(program, signal.SIGKILL)
            break
        time.sleep(0.5)
    os._exit(0)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def main(arguments: list[str]) -> None:
    split = arguments.index("--")
    options, program = arguments[:split], arguments[split + 1 :]
    parent = int(options[options.index("--parent") + 1])
    death_signal = signal.Signals[options[options.index("--death-signal") + 1]]
    os.setsid()
    reset_signals()
    if "--unprivileged" in options and os.geteuid() == 0:
        drop_privileges()
    die_with(parent, death_signal)
    try:
        os.execvp(program[0], program)
    except OSError as error:
        sys.stderr.write(f"cannot run {program[0]}: {error.strerror}\n")
        sys.exit(127)


if __name__ == "__main__":
    main(sys.argv[1:])
