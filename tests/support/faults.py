"""Disks that fail, for the process that asks for it: Linux's seccomp answers in their stead.

No privilege is needed, and nothing between the store and the kernel is replaced.
"""

import ctypes
import errno
import platform
import struct
from enum import Enum
from typing import Final

PR_SET_NO_NEW_PRIVS: Final = 38
SECCOMP_SET_MODE_FILTER: Final = 1
SECCOMP_FILTER_FLAG_TSYNC: Final = 1
SECCOMP_RET_ALLOW: Final = 0x7FFF0000
SECCOMP_RET_ERRNO: Final = 0x00050000

# Classic BPF (linux/filter.h): load a word, jump if equal, return a constant.
LOAD_WORD, JUMP_IF_EQUAL, RETURN = 0x20, 0x15, 0x06
OFFSET_OF_CALL_NUMBER: Final = 0

CALL_NUMBERS: Final = {
    "x86_64": {"seccomp": 317, "fsync": 74, "fdatasync": 75, "pwrite64": 18, "write": 1},
    "aarch64": {"seccomp": 277, "fsync": 82, "fdatasync": 83, "pwrite64": 68, "write": 64},
}


class Fault(Enum):
    """What the disk does from now on: the calls that fail, and how."""

    SYNC_FAILS = (("fsync", "fdatasync"), errno.EIO)
    DISK_IS_FULL = (("pwrite64",), errno.ENOSPC)
    WRITE_FAILS = (("pwrite64",), errno.EIO)


def break_disk(fault: Fault) -> None:
    """From now on, and in all threads, the fault's system calls fail. It can't be undone."""
    numbers = CALL_NUMBERS[platform.machine()]
    calls, error = fault.value
    program = _program([numbers[call] for call in calls], error)
    instructions = ctypes.create_string_buffer(program, len(program))
    header = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(instructions))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")
    installed = libc.syscall(
        ctypes.c_long(numbers["seccomp"]),
        ctypes.c_uint(SECCOMP_SET_MODE_FILTER),
        ctypes.c_uint(SECCOMP_FILTER_FLAG_TSYNC),
        ctypes.c_char_p(header),
    )
    if installed != 0:
        raise OSError(ctypes.get_errno(), "seccomp")


def _program(numbers: list[int], error: int) -> bytes:
    """A filter that fails the calls of these numbers and allows all others."""
    count = len(numbers)
    jumps = [
        _instruction(JUMP_IF_EQUAL, number, if_equal=count - place)
        for place, number in enumerate(numbers)
    ]
    return b"".join(
        [
            _instruction(LOAD_WORD, OFFSET_OF_CALL_NUMBER),
            *jumps,
            _instruction(RETURN, SECCOMP_RET_ALLOW),
            _instruction(RETURN, SECCOMP_RET_ERRNO | error),
        ]
    )


def _instruction(code: int, constant: int, *, if_equal: int = 0) -> bytes:
    return struct.pack("HBBI", code, if_equal, 0, constant)
