"""Become another program that cannot outlive its parent.

Run as a script by a bare interpreter, so that it costs 15 ms and imports nothing of ours:

    python -S -E launch.py --parent PID --death-signal SIGTERM [--unprivileged] -- program args...

It starts a session of its own (a terminal's Ctrl-C reaches only the parent, which then stops its parts in order),
gives signals their default meaning (a shell starts its background jobs with SIGINT ignored, and parts are stopped by
it), asks the kernel for a signal at the parent's death, and replaces itself with the program: its pid is the program's.
Doing this here and not in `preexec_fn` keeps Python code out of the window between fork and exec of a threaded parent.
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
"""The uid that every system gives to `nobody`; used where the user database does not say."""


def nobody() -> tuple[int, int]:
    """The uid and gid of the user that owns nothing."""
    import pwd

    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        return NOBODY, NOBODY
    return entry.pw_uid, entry.pw_gid


def reset_signals() -> None:
    """Each signal that ends a program does so again, and none is blocked."""
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())


def drop_privileges() -> None:
    """Root becomes `nobody`, because PostgreSQL refuses to run as root."""
    uid, gid = nobody()
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)


def die_with(parent: int, death_signal: signal.Signals) -> None:
    """Arrange for `death_signal` when the process `parent` ends, however it ends.

    Must come after a change of user, which makes the kernel forget the request.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
        if os.getppid() != parent:  # it died before the request took hold
            os._exit(1)
        return
    program = os.getpid()
    if os.fork() == 0:
        _watch(parent, program, death_signal)


def _watch(parent: int, program: int, death_signal: signal.Signals) -> None:
    """Where the kernel has no such signal: a sibling that looks twice a second and ends with the program."""
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
