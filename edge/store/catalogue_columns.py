"""The columns that a catalogue file may have besides those that it must: what a cell says, and why
it can't be taken.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final

from edge.checkout.goods.catalogue import with_ancestors
from edge.checkout.goods.search import LONGEST_INITIALS
from edge.checkout.money import MAX_AMOUNT_MINOR
from edge.checkout.shop import Limits

# Prices of a list stand in a column of their own, `price_minor:gold`. As edge.toml names them.
PRICE_COLUMN: Final = re.compile(r"price_minor:([A-Za-z0-9._-]{1,16})")
# A shop has prices for members, for staff, for trade; each costs every article a number.
MOST_PRICE_LISTS: Final = 8
# What names it in a promotion may be as long.
LONGEST_NAME: Final = 64
# Each is looked up in the index of promotions at every scan.
MOST_NAMES: Final = 16
OLDEST_AGE: Final = 99

_INITIALS: Final = re.compile(rf"[a-z0-9]{{1,{LONGEST_INITIALS}}}")


def amount(cell: str) -> int:
    """Minor units. Raises ValueError."""
    return _whole(cell, MAX_AMOUNT_MINOR, "no whole number of minor units")


def _whole(cell: str, most: int, fault: str) -> int:
    if not (cell.isascii() and cell.isdecimal() and len(cell) <= len(str(most))):
        raise ValueError(fault)
    value = int(cell)
    if value > most:
        raise ValueError(fault)
    return value


def _yes(cell: str) -> bool:
    if cell not in {"yes", "no"}:
        raise ValueError("neither yes nor no")
    return cell == "yes"


def _names(cell: str) -> list[str]:
    names = cell.split()
    if len(names) > MOST_NAMES:
        raise ValueError(f"{len(names)} names, {MOST_NAMES} are the limit")
    for name in names:
        if len(name) > LONGEST_NAME or not name.isprintable():
            raise ValueError(f"a name of more than {LONGEST_NAME} characters, or one not printable")
    return names


def _tags(cell: str) -> frozenset[str]:
    return frozenset(_names(cell))


def _categories(cell: str) -> frozenset[str]:
    paths = _names(cell)
    if not all(all(path.split("/")) for path in paths):
        raise ValueError("no name before, after or between slashes")
    categories = with_ancestors(paths)
    if len(categories) > MOST_NAMES:
        raise ValueError(f"{len(categories)} with those above them, {MOST_NAMES} are the limit")
    return categories


def _initials(cell: str) -> str:
    if not _INITIALS.fullmatch(cell):
        raise ValueError(f"not 1 to {LONGEST_INITIALS} small letters and digits")
    return cell


def _code(cell: str) -> str:
    return cell


# An empty cell is the field's default. The names are those of Product's fields, and `initials`.
OPTIONAL: Final[Mapping[str, Callable[[str], object]]] = {
    "categories": _categories,
    "tags": _tags,
    "discountable": _yes,
    "earns_points": _yes,
    "open_price": _yes,
    "min_age": partial(_whole, most=OLDEST_AGE, fault=f"no age up to {OLDEST_AGE}"),
    "is_service": _yes,
    "deposit_plu": _code,
    "low_stock_milli": partial(
        _whole, most=Limits().max_quantity_milli, fault="no whole number of thousandths in range"
    ),
    "initials": _initials,
}


def header_fault(columns: Sequence[str]) -> str | None:
    """Why these can't be a file's further columns, None when they can."""
    seen: set[str] = set()
    for column in columns:
        if column not in OPTIONAL and not PRICE_COLUMN.fullmatch(column):
            known = ", ".join((*OPTIONAL, "price_minor:LIST"))
            return f"{column[:LONGEST_NAME]!r} is no column; behind unit may stand {known}"
        if column in seen:
            return f"{column} stands there twice"
        seen.add(column)
    if len(seen - OPTIONAL.keys()) > MOST_PRICE_LISTS:
        return f"more than {MOST_PRICE_LISTS} price lists"
    return None
