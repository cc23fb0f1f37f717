"""Which tiers and segments members have been given, and not who has them."""

import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from edge.plain_words import counted
from edge.store.member_file import ImportedMember


@dataclass(frozen=True, slots=True)
class MemberLabels:
    """`tiers` says of each where it was given; `segments` are those that somebody is in."""

    tiers: Mapping[str, str]
    segments: frozenset[str]


def labels_in_file(members: Sequence[ImportedMember]) -> MemberLabels:
    """Of each tier, the first row that has it and how many more have."""
    times = Counter(each.member.tier for each in members)
    rows: dict[str, int] = {}
    for each in members:
        rows.setdefault(each.member.tier, each.row)
    return MemberLabels(
        {tier: _in_rows(row, times[tier] - 1) for tier, row in rows.items() if tier},
        frozenset(segment for each in members for segment in each.member.segments),
    )


def labels_in_store(conn: sqlite3.Connection) -> MemberLabels:
    """Of each tier, how many have it."""
    tiers = conn.execute("SELECT tier, count(*) FROM member WHERE tier <> '' GROUP BY tier")
    given = {tier: counted(number, "member") for tier, number in tiers}
    segments = conn.execute("SELECT DISTINCT segments FROM member WHERE segments <> ''")
    return MemberLabels(given, frozenset(each for (cell,) in segments for each in cell.split()))


def _in_rows(first: int, others: int) -> str:
    return f"row {first}, tier" + (f", and {counted(others, 'row')} more" if others else "")
