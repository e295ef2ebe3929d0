"""Become another program that cannot outlive its parent.

Run as a script by a bare interpreter, so that it costs 15 ms and imports nothing of ours:

    python -S -E launch.py --parent PID --death-signal SIGTERM [--unprivileged] -- program args...

It starts a session of its own (a terminal's Ctrl-C reaches only the parent, which then stops its parts in order),
asks the kernel for a signal at the parent's death, and replaces itself with the program: its pid is the program's.
Doing this here and not in `preexec_fn` keeps Python code out of the window between fork and exec of a threaded parent.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time

# Linux: include/uapi/linux/prctl.h and capability.h
PR_SET_PDEATHSIG = 1
PR_SET_KEEPCAPS = 8
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_RAISE = 2
CAP_DAC_OVERRIDE = 1
LINUX_CAPABILITY_VERSION_3 = 0x20080522

NOBODY = 65534
"""The uid that every system gives to `nobody`; used where the user database does not say."""


class _CapabilityHeader(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _CapabilityData(ctypes.Structure):
    _fields_ = (
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    )


def nobody() -> tuple[int, int]:
    """The uid and gid of the user that owns nothing."""
    import pwd

    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        return NOBODY, NOBODY
    return entry.pw_uid, entry.pw_gid


def drop_privileges() -> None:
    """Root becomes `nobody`, because PostgreSQL refuses to run as root.

    On Linux the right to walk into any directory is kept, or else a checkout below /root could not be used:
    neither the binaries in its virtual environment nor its data directory are reachable for `nobody`.
    """
    uid, gid = nobody()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0)
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
    if sys.platform == "linux":
        _keep_directory_access(ctypes.CDLL(None))


def _keep_directory_access(libc: ctypes.CDLL) -> None:
    """Best effort: a container may withhold the capability, and then a readable checkout still works."""
    mask = 1 << CAP_DAC_OVERRIDE
    header = _CapabilityHeader(LINUX_CAPABILITY_VERSION_3, 0)
    data = (_CapabilityData * 2)(_CapabilityData(mask, mask, mask), _CapabilityData(0, 0, 0))
    if libc.capset(ctypes.byref(header), ctypes.byref(data)) == 0:
        libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE, 0, 0)


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
