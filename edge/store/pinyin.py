"""The initials of Chinese names, worked out beside the till.

pypinyin knows which of its readings a character has in a word (银行 is yh), for which it takes half
a second and 58 MB. So a process of its own does it, when a file with names that nobody knows yet
is read, and takes the memory with it.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from edge.checkout.goods.search import LONGEST_INITIALS

# The largest catalogue takes 20 s here; a box is several times slower.
LONGEST_S: Final = 300
_KEPT: Final = re.compile(r"[a-z0-9]")


class PinyinError(Exception):
    """The initials can't be worked out; nothing is wrong with the names."""


def initials_of(names: Iterable[str]) -> Mapping[str, str]:
    """The initials of each name that is not plain ASCII: small letters and digits, in its order.
    Raises PinyinError when the process fails.
    """
    wanted = sorted({name for name in names if not name.isascii()})
    if not wanted:
        return {}
    try:
        child = subprocess.run(  # noqa: S603 - this interpreter, this module
            (sys.executable, "-m", __name__),
            input=json.dumps(wanted),
            capture_output=True,
            timeout=LONGEST_S,
            text=True,
            check=True,
        )
    except subprocess.CalledProcessError as error:
        reason = (error.stderr.strip().splitlines() or [f"exit status {error.returncode}"])[-1]
        raise PinyinError(reason) from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise PinyinError(str(error)) from error
    try:
        return dict(zip(wanted, json.loads(child.stdout), strict=True))
    except ValueError as error:
        raise PinyinError("the process answered something else") from error


def spelled(names: Sequence[str]) -> list[str]:
    """The initials of each name; letters and digits stand for themselves, all else is left out."""
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 - half a second, in the child alone

    def as_it_is(other: str) -> str:
        return "".join(_KEPT.findall(other.casefold()))

    return [
        "".join(lazy_pinyin(name, style=Style.FIRST_LETTER, errors=as_it_is))[:LONGEST_INITIALS]
        for name in names
    ]


if __name__ == "__main__":
    json.dump(spelled(json.load(sys.stdin)), sys.stdout)
