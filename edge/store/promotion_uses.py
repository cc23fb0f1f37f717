"""How often promotions were used at this till: in all, on a day, by a member."""

import sqlite3
from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from edge.checkout.promotions.outcome import Lane
from edge.checkout.promotions.uses import MemberUses, PromotionUses

_EPOCH: Final = datetime(1970, 1, 1)  # noqa: DTZ001 - the shop's civil time has no zone
_A_DAY: Final = timedelta(days=1)


def project_uses(conn: sqlite3.Connection, position: int, body: Mapping[str, Any]) -> None:
    """Carry a sale's promotions into the tables. A refund gives no use back."""
    used = uses_of(body)
    conn.executemany(
        "INSERT INTO promotion_use VALUES (?, ?) ON CONFLICT (promotion)"
        " DO UPDATE SET uses = uses + excluded.uses",
        used.items(),
    )
    receipt_no, member = body["receipt_no"], body.get("member", "")
    conn.executemany(
        "INSERT INTO promotion_receipt SELECT ?, ?, ?, at, ? FROM journal WHERE position = ?",
        [(receipt_no, promotion, member, uses, position) for promotion, uses in used.items()],
    )


def uses_of(body: Mapping[str, Any]) -> Mapping[str, int]:
    """What a sale's record says was used, by promotion; what a person took off is none."""
    return {
        each["id"]: each["uses"]
        for each in body.get("promotions", ())
        if each["lane"] != Lane.MANUAL
    }


def civil_day(utc_ms: int, utc_offset_minutes: int) -> date:
    """The shop's day at an instant."""
    return (_EPOCH + timedelta(milliseconds=utc_ms, minutes=utc_offset_minutes)).date()


def load(conn: sqlite3.Connection, utc_ms: int, utc_offset_minutes: int) -> PromotionUses:
    """The uses in all, and those of the day of `utc_ms`."""
    day = civil_day(utc_ms, utc_offset_minutes)
    counted = conn.execute(
        "SELECT promotion, sum(uses) FROM promotion_receipt WHERE at >= ? AND at < ?"
        " GROUP BY promotion",
        (_begins_ms(day, utc_offset_minutes), _begins_ms(day + _A_DAY, utc_offset_minutes)),
    )
    return PromotionUses(
        in_all=dict(conn.execute("SELECT promotion, uses FROM promotion_use").fetchall()),
        by_day={day: dict(counted.fetchall())},
    )


def of_member(
    conn: sqlite3.Connection, member: str, day: date, utc_offset_minutes: int
) -> Mapping[str, MemberUses]:
    """What the member used here, in all and on a day of the shop's."""
    begins_ms = _begins_ms(day, utc_offset_minutes)
    ends_ms = _begins_ms(day + _A_DAY, utc_offset_minutes)
    in_all: Counter[str] = Counter()
    on_day: Counter[str] = Counter()
    rows = conn.execute(
        "SELECT promotion, at, uses FROM promotion_receipt WHERE member = ? AND member <> ''",
        (member,),
    )
    for promotion, at, uses in rows:
        in_all[promotion] += uses
        if begins_ms <= at < ends_ms:
            on_day[promotion] += uses
    return {
        promotion: MemberUses(in_all=uses, today=on_day[promotion])
        for promotion, uses in in_all.items()
    }


def _begins_ms(day: date, utc_offset_minutes: int) -> int:
    begins = datetime(day.year, day.month, day.day) - _EPOCH  # noqa: DTZ001 - as above
    return int(begins.total_seconds()) * 1000 - utc_offset_minutes * 60_000
