"""Birthdays, and the segments that a member is in on a day, as promotions ask for them."""

from calendar import isleap
from datetime import date, timedelta
from typing import Final

from edge.checkout.goods.barcode import is_ascii_digits
from edge.checkout.loyalty.members import Member, MemberTrade

BIRTHDAY_DAY: Final = "birthday-day"
BIRTHDAY_WEEK: Final = "birthday-week"
BIRTHDAY_MONTH: Final = "birthday-month"
FIRST_PURCHASE: Final = "first-purchase"
# Nobody is given them: whoever is in one today is in it.
DAY_SEGMENTS: Final = frozenset({BIRTHDAY_DAY, BIRTHDAY_WEEK, BIRTHDAY_MONTH, FIRST_PURCHASE})

_LEAP_YEAR: Final = 2000
_OLDEST: Final = 1900
_MM_DD, _YYYY_MM_DD = 4, 8


def read_birthday(text: str, today: date | None) -> str | None:
    """`MM-DD` for four keyed digits, `YYYY-MM-DD` for eight, separators or none; None when there is
    no such day, or it is still to come.
    """
    digits = text.replace("-", "").replace(".", "").replace("/", "")
    if not is_ascii_digits(digits) or len(digits) not in (_MM_DD, _YYYY_MM_DD):
        return None
    month, day = int(digits[-4:-2]), int(digits[-2:])
    year = int(digits[:-4] or _LEAP_YEAR)
    try:
        born = date(year, month, day)
    except ValueError:
        return None
    if len(digits) == _MM_DD:
        return f"{month:02d}-{day:02d}"
    if year < _OLDEST or (today is not None and born > today):
        return None
    return born.isoformat()


def birthday_in(birthday: str, year: int) -> date:
    """The day on which a birthday is kept in a year: the last of February where a leap day is
    missing, so that it stays in its month.
    """
    month, day = int(birthday[-5:-3]), int(birthday[-2:])
    is_missing = (month, day) == (2, 29) and not isleap(year)
    return date(year, month, 28 if is_missing else day)


def segments(member: Member, trade: MemberTrade, today: date | None) -> frozenset[str]:
    """The member's own segments, and those of the day. A birthday's week is Monday to Sunday;
    without a trusted day nobody has a birthday.
    """
    found = set(member.segments)
    if trade.purchases == 0:
        found.add(FIRST_PURCHASE)
    if member.birthday and today is not None:
        monday = today - timedelta(days=today.weekday())
        # A week may begin in one year and end in the next.
        days = {birthday_in(member.birthday, year) for year in (monday.year, monday.year + 1)}
        if today in days:
            found.add(BIRTHDAY_DAY)
        if any(monday <= day <= monday + timedelta(days=6) for day in days):
            found.add(BIRTHDAY_WEEK)
        if int(member.birthday[-5:-3]) == today.month:
            found.add(BIRTHDAY_MONTH)
    return frozenset(found)
