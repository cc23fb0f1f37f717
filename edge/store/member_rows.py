"""The members of this store: found by key, written by the journal's records."""

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any, Final

from edge.checkout.loyalty.member_numbers import (
    CARD_FIRST,
    COUPON_FIRST,
    card_counter,
    coupon_counter,
)
from edge.checkout.loyalty.members import (
    MOST_HITS,
    ByCard,
    ByNumber,
    ByPhone,
    ByTail,
    Member,
    MemberAnswer,
    MemberFound,
    MemberMissing,
    MemberRefusal,
    MemberRefused,
    MemberTrade,
    SeveralMembers,
    member_from,
    summary,
)
from edge.checkout.records import EntryKind
from edge.store import accounts, journal

_COLUMNS: Final = "number, card, revision, phone, name, birthday, consent, tier, segments, blocked"
_UPSERT: Final = (
    f"INSERT INTO member ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - ours
    " ON CONFLICT (number) DO UPDATE SET card = excluded.card, revision = excluded.revision,"
    " phone = excluded.phone, name = excluded.name, birthday = excluded.birthday,"
    " consent = excluded.consent, tier = excluded.tier, segments = excluded.segments,"
    " blocked = excluded.blocked"
)


def find(conn: sqlite3.Connection, query: ByPhone | ByTail | ByCard | ByNumber) -> MemberAnswer:
    """Who is asked for, as the till and the cashier may know it."""
    if isinstance(query, ByCard):
        return _find_card(conn, query)
    if isinstance(query, ByNumber):
        return _answer(conn, _select(conn, "number = ?", query.number))
    if isinstance(query, ByTail):
        return _answer(conn, _select(conn, "substr(phone, -4) = ?", query.tail))
    return _answer(conn, _select(conn, "phone = ?", query.phone))


def load(conn: sqlite3.Connection, number: str) -> Member | None:
    """A member, blocked or not."""
    return next(iter(_select(conn, "number = ?", number)), None)


def trade(conn: sqlite3.Connection, number: str) -> MemberTrade:
    """What headquarters said that a member bought, and what was bought here since."""
    known = conn.execute(
        "SELECT purchases - base_purchases, spent_minor - base_spent_minor"
        " FROM member WHERE number = ?",
        (number,),
    ).fetchone() or (0, 0)
    here = conn.execute(
        "SELECT purchases, spent_minor FROM member_trade WHERE number = ?", (number,)
    ).fetchone() or (0, 0)
    return MemberTrade(known[0] + here[0], known[1] + here[1])


def member_of_receipt(conn: sqlite3.Connection, receipt_no: int) -> str:
    """Whose sale or refund it is, empty for nobody's."""
    row = conn.execute(
        "SELECT number FROM member_receipt WHERE receipt_no = ?", (receipt_no,)
    ).fetchone()
    return str(row[0]) if row is not None else ""


def next_card(conn: sqlite3.Connection, till: int) -> int:
    """The counter of the next card that the till gives out. Cards that headquarters knows count as
    well: a restored store has forgotten some of its own.
    """
    low, high = f"{CARD_FIRST}{till:03d}", f"{CARD_FIRST}{till:03d}:"
    newest = [
        conn.execute(query, (low, high)).fetchone()[0]
        for query in (
            "SELECT max(card) FROM issued_card WHERE card >= ? AND card < ?",
            "SELECT max(card) FROM member WHERE card >= ? AND card < ?",
            "SELECT max(number) FROM member WHERE number >= ? AND number < ?",
        )
    ]
    return 1 + max((card_counter(card) for card in newest if card), default=0)


def next_coupon(conn: sqlite3.Connection, till: int) -> int:
    """The counter of the next coupon that the till gives out."""
    prefix = f"coupon:{COUPON_FIRST}{till:03d}"
    (newest,) = conn.execute(
        "SELECT max(account) FROM account WHERE account >= ? AND account < ?",
        (prefix, f"{prefix}:"),
    ).fetchone()
    return 1 + coupon_counter(newest.partition(":")[2]) if newest else 1


def write(conn: sqlite3.Connection, member: Member) -> None:
    """Put the member in place of what was known; headquarters' figures stay."""
    conn.execute(_UPSERT, row_of(member))


def row_of(member: Member) -> tuple[str | int, ...]:
    """The member's columns in their order."""
    return (
        *(member.number, member.card, member.revision, member.phone, member.name),
        *(member.birthday, int(member.consent), member.tier, " ".join(member.segments)),
        int(member.blocked),
    )


def project_member(
    conn: sqlite3.Connection, position: int, kind: str, body: Mapping[str, Any]
) -> None:
    """Carry a member's record into the tables. Asserts that a number is given out once, and that
    revisions rise.
    """
    member = member_from(body)
    row = conn.execute(
        "SELECT revision FROM member_change WHERE number = ?", (member.number,)
    ).fetchone()
    is_new = kind == EntryKind.MEMBER_ENROLLED
    assert not (is_new and row), "a member's number is given out once"
    assert row is None or row[0] < member.revision, "a member's revisions rise"
    conn.execute(
        "INSERT INTO member_change VALUES (?, ?, ?) ON CONFLICT (number)"
        " DO UPDATE SET revision = excluded.revision, position = excluded.position",
        (member.number, member.revision, position),
    )
    if kind in (EntryKind.MEMBER_ENROLLED, EntryKind.MEMBER_CARD_REPLACED):
        if body["old_card"]:
            conn.execute(
                "INSERT INTO issued_card VALUES (?, ?, 1)"
                " ON CONFLICT (card) DO UPDATE SET replaced = 1",
                (body["old_card"], member.number),
            )
        conn.execute("INSERT INTO issued_card VALUES (?, ?, 0)", (member.card, member.number))
    write(conn, member)


def project_bought(
    conn: sqlite3.Connection, _position: int, _kind: str, body: Mapping[str, Any]
) -> None:
    _trade(conn, body, 1, body["amount_minor"])


def project_returned(
    conn: sqlite3.Connection, _position: int, _kind: str, body: Mapping[str, Any]
) -> None:
    _trade(conn, body, -body["purchases"], -body["amount_minor"])


def _trade(
    conn: sqlite3.Connection, body: Mapping[str, Any], purchases: int, amount_minor: int
) -> None:
    # The key makes a second count of the same receipt fail.
    conn.execute("INSERT INTO member_receipt VALUES (?, ?)", (body["receipt_no"], body["member"]))
    conn.execute(
        "INSERT INTO member_trade VALUES (?, ?, ?) ON CONFLICT (number) DO UPDATE"
        " SET purchases = purchases + excluded.purchases,"
        " spent_minor = spent_minor + excluded.spent_minor",
        (body["member"], purchases, amount_minor),
    )


def latest_changes(conn: sqlite3.Connection) -> list[Member]:
    """The till's last word about each member of whom it has one."""
    positions = conn.execute("SELECT position FROM member_change ORDER BY number").fetchall()
    return [member_from(journal.record_at(conn, position).body) for (position,) in positions]


def _find_card(conn: sqlite3.Connection, query: ByCard) -> MemberAnswer:
    row = conn.execute(
        "SELECT number FROM issued_card WHERE card = ? AND replaced", (query.card,)
    ).fetchone()
    if row is not None:
        return MemberRefused(MemberRefusal.CARD_REPLACED, row[0])
    hits = _select(conn, "card = ?", query.card)
    if not hits and query.or_phone:
        hits = _select(conn, "phone = ?", query.or_phone)
    return _answer(conn, hits)


def _select(conn: sqlite3.Connection, condition: str, value: str) -> list[Member]:
    rows = conn.execute(
        f"SELECT {_COLUMNS} FROM member WHERE {condition} ORDER BY number LIMIT ?",  # noqa: S608 - ours
        (value, MOST_HITS + 1),
    ).fetchall()
    return [_member(row) for row in rows]


def _member(row: Sequence[Any]) -> Member:
    number, card, revision, phone, name, birthday, consent, tier, segments, blocked = row
    return Member(
        *(number, card, revision, phone, name, birthday, bool(consent), tier),
        tuple(segments.split()),
        bool(blocked),
    )


def _answer(conn: sqlite3.Connection, hits: Sequence[Member]) -> MemberAnswer:
    if not hits:
        return MemberMissing()
    if len(hits) > 1:
        shown = tuple(summary(member) for member in hits[:MOST_HITS])
        return SeveralMembers(shown, more=len(hits) > MOST_HITS)
    (member,) = hits
    if member.blocked:
        return MemberRefused(MemberRefusal.BLOCKED, member.number)
    return MemberFound(member, trade(conn, member.number), accounts.of_owner(conn, member.number))
