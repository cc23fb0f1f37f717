"""`edge staff`: a PIN's hash for the staff file, and whether the file can be used."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from edge.plain_words import counted

if TYPE_CHECKING:
    from collections.abc import Callable

WELL: Final = 0
REFUSED: Final = 2


def add_staff(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Put the command and its verbs among the others."""
    staff = commands.add_parser("staff", help="the people of a shop and their PINs")
    verbs = staff.add_subparsers(required=True, metavar="VERB")
    pin = verbs.add_parser("pin", help="read a PIN twice, print its hash for the staff file")
    pin.set_defaults(command=_pin)
    check = verbs.add_parser("check", help="explain every error of a staff file")
    check.add_argument("file", type=Path, metavar="STAFF.TOML")
    check.set_defaults(command=_check)


def _pin(_options: argparse.Namespace) -> int:
    from getpass import getpass

    return make_pin(getpass)


def make_pin(ask: "Callable[[str], str]") -> int:
    """0 with the hash on stdout; 2 with the reason on stderr. `ask` shows nothing of what is
    typed.
    """
    from edge.checkout.people.staff import LEAST_PIN, MOST_PIN, is_pin
    from edge.pins import hash_pin

    try:
        pin = ask(f"PIN ({LEAST_PIN} to {MOST_PIN} digits): ")
        if not is_pin(pin):
            return _refused(f"a PIN has {LEAST_PIN} to {MOST_PIN} digits, and nothing else")
        if ask("The same again: ") != pin:
            return _refused("these are two different PINs")
    except (EOFError, KeyboardInterrupt):
        return _refused("no PIN was given")
    print(hash_pin(pin))
    return WELL


def _check(options: argparse.Namespace) -> int:
    from edge.store.staff_file import StaffRefused, open_to_all, read_staff

    path: Path = options.file
    try:
        warning = open_to_all(path)
        people = read_staff(path).people
    except OSError as error:
        return _refused(f"{path}: can't be read: {error.strerror}")
    except StaffRefused as refused:
        return _refused(str(refused))
    if warning:
        print(warning, file=sys.stderr)
    active = sum(person.active for person in people)
    print(f"{path}: well; {counted(len(people), 'person', 'people')}, {active} of them active")
    return WELL


def _refused(text: str) -> int:
    print(text, file=sys.stderr)
    return REFUSED
