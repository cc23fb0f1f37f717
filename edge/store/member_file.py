"""Members from a CSV file, taken whole or refused whole. No error shows what stands in a cell."""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from edge.checkout.loyalty.birthdays import read_birthday
from edge.checkout.loyalty.member_numbers import is_card
from edge.checkout.loyalty.members import Member, MemberTrade, is_name
from edge.checkout.loyalty.phones import PhonePlan, read_phone
from edge.checkout.money import MAX_AMOUNT_MINOR
from edge.store import member_rows
from edge.store.shop_bytes import csv_rows, read_within, text_of

COLUMNS: Final = (
    *("number", "card", "revision", "phone", "name", "birthday", "consent", "tier", "segments"),
    *("blocked", "purchases", "spent_minor"),
)

# The members that one shop needs, several times over; a row is some 120 bytes.
LARGEST_FILE_BYTES: Final = 64 * 1024 * 1024
MOST_MEMBERS: Final = 250_000
LISTED_ERRORS: Final = 20
LONGEST_TIER: Final = 16
LONGEST_SEGMENTS: Final = 200
_COUNT_DIGITS: Final = 12
_FLAGS: Final = {"0": False, "1": True}


class MembersRefused(ValueError):  # noqa: N818 - a refusal: the members before stay
    """Members that can't be taken; a line for each of the first errors, with file, row, column and
    reason.
    """


@dataclass(frozen=True, slots=True)
class ImportedMember:
    """A member with headquarters' figures, and the row of the file; 0: of none."""

    member: Member
    trade: MemberTrade
    row: int = field(default=0, compare=False)


@dataclass(slots=True)
class _Reader:
    """One file being read: who stands in it, what is wrong with it, whose number is taken."""

    path: Path
    plan: PhonePlan
    members: list[ImportedMember] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    rows_of: dict[str, int] = field(default_factory=dict)

    def refuse(self, row: int, column: str, reason: str) -> None:
        self.errors.append(f"{self.path}: row {row}, {column}: {reason}")

    def read(self, row: int, cells: Sequence[str]) -> None:
        """Take one row; its faults go to `errors`."""
        if len(cells) != len(COLUMNS):
            self.refuse(row, "columns", f"{len(cells)} cells, {len(COLUMNS)} are wanted")
            return
        cell = dict(zip(COLUMNS, cells, strict=True))
        faults = len(self.errors)
        for column, (is_good, wanted) in self.checks().items():
            if not is_good(cell[column]):
                self.refuse(row, column, wanted)
        for column in ("number", "card"):
            first = self.rows_of.setdefault(f"{column} {cell[column]}", row)
            if first != row:
                self.refuse(row, column, f"stands in row {first} already")
        if len(self.errors) == faults:
            self.members.append(_imported(cell, row))

    def checks(self) -> Mapping[str, tuple[Callable[[str], bool], str]]:
        """Column -> whether a cell is good, and what it must be."""
        return {
            "number": (is_card, "is no member's number: ten digits that begin with 9, and hold"),
            "card": (is_card, "is no card's number: ten digits that begin with 9, and hold"),
            "revision": (_is_count, "is no whole number"),
            "phone": (self.is_phone, "is neither empty nor + and a number of this country's plan"),
            "name": (is_name, "is too long or can't be printed"),
            "birthday": (_is_birthday, "is neither empty nor MM-DD nor YYYY-MM-DD"),
            "consent": (_is_flag, "is neither 0 nor 1"),
            "tier": (lambda text: _is_words(text, LONGEST_TIER), "is too long or can't be printed"),
            "segments": (
                lambda text: _is_words(text, LONGEST_SEGMENTS),
                "are too long or can't be printed",
            ),
            "blocked": (_is_flag, "is neither 0 nor 1"),
            "purchases": (_is_count, "is no whole number"),
            "spent_minor": (_is_count, "is no whole number of minor units"),
        }

    def is_phone(self, text: str) -> bool:
        return not text or (text.startswith("+") and read_phone(text, self.plan) == text)


def read_members(path: Path, plan: PhonePlan) -> tuple[ImportedMember, ...]:
    """The members of a UTF-8 CSV file with the header `COLUMNS`; segments are separated by blanks.
    Rows count from 1, the header's.

    Raises MembersRefused, OSError.
    """
    reader = _Reader(path, plan)
    text = text_of(read_within(path, LARGEST_FILE_BYTES, MembersRefused), path, MembersRefused)
    for row, cells in enumerate(csv_rows(text, path, MembersRefused), start=1):
        if row == 1:
            if tuple(cells) != COLUMNS:
                raise MembersRefused(f"{path}: row 1: the header is not {','.join(COLUMNS)}")
        elif len(reader.members) == MOST_MEMBERS:
            reader.refuse(row, "rows", f"{MOST_MEMBERS} members are the limit")
        elif cells:
            reader.read(row, cells)
        if len(reader.errors) >= LISTED_ERRORS:
            break
    if reader.errors:
        raise MembersRefused("\n".join(reader.errors[:LISTED_ERRORS]))
    if not reader.members:
        raise MembersRefused(f"{path}: no members in it")
    return tuple(reader.members)


def write(conn: sqlite3.Connection, members: Sequence[ImportedMember]) -> None:
    """Put the members in place of all that were there, and this till's later changes on them."""
    conn.execute("DELETE FROM member")
    # In key order: the b-tree is filled from left to right.
    ordered = sorted(members, key=lambda each: each.member.number)
    conn.executemany(
        "INSERT INTO member (number, card, revision, phone, name, birthday, consent, tier,"
        " segments, blocked, purchases, spent_minor) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (*member_rows.row_of(each.member), each.trade.purchases, each.trade.spent_minor)
            for each in ordered
        ),
    )
    conn.execute(
        "UPDATE member SET base_purchases = here.purchases, base_spent_minor = here.spent_minor"
        " FROM member_trade AS here WHERE here.number = member.number"
    )
    revisions = {each.member.number: each.member.revision for each in members}
    for changed in member_rows.latest_changes(conn):
        if changed.revision > revisions.get(changed.number, 0):
            member_rows.write(conn, changed)


def _imported(cell: Mapping[str, str], row: int) -> ImportedMember:
    member = Member(
        number=cell["number"],
        card=cell["card"],
        revision=int(cell["revision"]),
        phone=cell["phone"],
        name=cell["name"],
        birthday=cell["birthday"],
        consent=_FLAGS[cell["consent"]],
        tier=cell["tier"],
        segments=tuple(cell["segments"].split()),
        blocked=_FLAGS[cell["blocked"]],
    )
    trade = MemberTrade(int(cell["purchases"]), int(cell["spent_minor"]))
    return ImportedMember(member, trade, row)


def _is_count(text: str) -> bool:
    digits = text.isascii() and text.isdecimal() and len(text) <= _COUNT_DIGITS
    return digits and int(text) <= MAX_AMOUNT_MINOR


def _is_flag(text: str) -> bool:
    return text in _FLAGS


def _is_birthday(text: str) -> bool:
    return not text or read_birthday(text, None) == text


def _is_words(text: str, most: int) -> bool:
    return len(text) <= most and text.isprintable()
