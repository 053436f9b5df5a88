"""Turns this process into a server that ends with its parent and, where root started it, is not root itself.

Run by path with nothing but the standard library: `launch.py PARENT USER COMMAND...`, where `USER` is a user's name, or
`-` for the present one.

PostgreSQL refuses to run as root. It is given the user `nobody`, who need not be able to enter the folders that hold
the wheel and the data: of root's rights it keeps the one to open files, as an ambient capability. That makes it as
powerful over files as the root that started it: right for a throw-away server on loopback, and for nothing else.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import signal
import sys

_SET_PARENT_DEATH_SIGNAL = 1
_SET_SECURE_BITS = 28
_NO_SETUID_FIXUP = 1 << 2
_AMBIENT = 47
_AMBIENT_RAISE = 2
_CAP_DAC_OVERRIDE = 1
_CAPABILITY_VERSION_3 = 0x20080522


def _prctl(option: int, first: int, second: int = 0) -> bool:
    libc = ctypes.CDLL(None, use_errno=True)
    return bool(libc.prctl(option, ctypes.c_ulong(first), ctypes.c_ulong(second), 0, 0) == 0)


def _lower_to_opening_files() -> None:
    """Give up every capability but one, and hand that one on to what is executed."""
    mask = 1 << _CAP_DAC_OVERRIDE
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    sets = (ctypes.c_uint32 * 6)(mask, mask, mask, 0, 0, 0)
    ctypes.CDLL(None, use_errno=True).capset(header, sets)
    _prctl(_AMBIENT, _AMBIENT_RAISE, _CAP_DAC_OVERRIDE)


def become(name: str) -> None:
    """Change to the user for good, keeping the right to open files; raises KeyError and PermissionError.

    Without the secure bit, access(2) would answer for a user without capabilities, and PostgreSQL asks it. Where the
    kernel refuses the bit, folders that everybody may enter still work.
    """
    user = pwd.getpwnam(name)
    keeping = sys.platform == "linux" and _prctl(_SET_SECURE_BITS, _NO_SETUID_FIXUP)
    os.setgroups([])
    os.setresgid(user.pw_gid, user.pw_gid, user.pw_gid)
    os.setresuid(user.pw_uid, user.pw_uid, user.pw_uid)
    if keeping:
        _lower_to_opening_files()
    else:
        sys.stderr.write(f"{name!r} may enter only folders that everybody may enter; better start this without root\n")


def main(arguments: list[str]) -> None:
    """Become the command; never returns."""
    parent, user, *command = arguments
    if user != "-":
        become(user)
    if sys.platform == "linux":
        _prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != int(parent):
        sys.exit("the program that wanted this server is gone")
    os.execv(command[0], command)  # noqa: S606 - becoming the command, without a shell, is the purpose


if __name__ == "__main__":
    main(sys.argv[1:])
