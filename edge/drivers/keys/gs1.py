"""GS1 codes, from a scanned text to what the pack says: element strings and Digital Link URIs.

biip knows the application identifiers; what they mean to a till is decided here. Pure.
"""

import calendar
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, urlsplit

from edge.checkout.goods.barcode import GTIN14, check_digit_holds, is_ascii_digits
from edge.checkout.goods.gs1 import Gs1, Gs1Price
from edge.checkout.records import Pack

if TYPE_CHECKING:
    from biip.gs1_element_strings import GS1ElementStrings

# FNC1 between element strings, as scanners send it: GS1 General Specifications, section 7.8.
GS: Final = "\x1d"
# AIM identifiers of symbols that hold element strings: GS1-128, DataMatrix, DataBar, QR, DotCode.
AIM_GS1: Final = ("]C1", "]d2", "]e0", "]Q3", "]J1")
# Those that may hold a URI: DataMatrix and QR of any text.
AIM_TEXT: Final = ("]d1", "]d2", "]Q1", "]Q3")
AIM_LENGTH: Final = 3
# A GTIN of any length within a URI (GS1 Digital Link: URI Syntax, section 4); a shorter number is
# somebody's page.
LINK: Final = re.compile(
    r"https?://[^/?#]+(?:/[^?#]*)?/01/([0-9]{8}|[0-9]{12,14})(?=[/?#]|$)", re.IGNORECASE
)
# Without an AIM identifier, what looks like a GTIN must be the beginning.
PLAIN_GTIN: Final = re.compile(r"01([0-9]{14})")
KG_DECIMALS: Final = 3
EXAMPLES: Final = (
    "0104006381333931310300125010A\x1d17261120",
    "https://id.gs1.org/01/04006381333931/10/A?17=261120",
)


def load() -> None:
    """Import and warm up biip: some 100 ms, which no scan should take."""
    for example in EXAMPLES:
        assert read(example, 0) is not None, example


def read(text: str, utc_ms: int) -> Gs1 | None:
    """What the code says, None for anything but a GS1 code of a trade item that is right in every
    part. Never raises. The moment tells the century of its dates.
    """
    if not text.isascii():
        return None
    aim = text[:AIM_LENGTH] if text.startswith("]") else ""
    text = text.removeprefix(aim)
    link = LINK.match(text) if not aim or aim in AIM_TEXT else None
    if link is not None:
        if not check_digit_holds(link[1]):
            return None
        elements = _of_link(text)
    else:
        if aim and aim not in AIM_GS1:
            return None
        text = text.strip(GS)
        plain = PLAIN_GTIN.match(text)
        if not aim and (plain is None or not check_digit_holds(plain[1])):
            return None
        elements = _of_message(text)
    return _item(elements, utc_ms) if elements is not None else None


def _of_link(text: str) -> Mapping[str, str] | None:
    # Here, because biip costs 100 ms that a box without such codes need not spend at start.
    from biip import ParseError  # noqa: PLC0415
    from biip.gs1_digital_link_uris import GS1DigitalLinkURI  # noqa: PLC0415

    try:
        if not _is_asked_once_each(urlsplit(text).query):
            return None
        return _once_each(GS1DigitalLinkURI.parse(text).element_strings)
    except (ParseError, ValueError):
        return None


def _is_asked_once_each(query: str) -> bool:
    """Whether no number of a link's query has two values, or none: biip takes the last one, and
    passes over what is empty.
    """
    said = {each for each in parse_qsl(query, keep_blank_values=True) if is_ascii_digits(each[0])}
    return len(said) == len(dict(said)) and all(value for _, value in said)


def _of_message(text: str) -> Mapping[str, str] | None:
    from biip import ParseError  # noqa: PLC0415 - as above
    from biip.gs1_messages import GS1Message  # noqa: PLC0415

    try:
        elements = GS1Message.parse(text).element_strings
    except (ParseError, ValueError):
        return None
    return _once_each(elements) if _are_separated(text, elements) else None


def _are_separated(text: str, elements: "GS1ElementStrings") -> bool:
    """Whether each element string of no fixed length ends at a GS: biip takes as much as fits and
    reads on within what was a longer value.
    """
    place = 0
    for element in elements:
        place += len(element)
        ends = place == len(text) or text[place] == GS
        if element.ai.separator_required and not ends:
            return False
        while text[place : place + 1] == GS:
            place += 1
    return True


def _once_each(elements: "GS1ElementStrings") -> Mapping[str, str] | None:
    """The values by application identifier, None when one of them has two."""
    values: dict[str, str] = {}
    for element in elements:
        value = element.value
        if not (value.isascii() and value.isprintable()):
            return None
        if values.setdefault(element.ai.ai, value) != value:
            return None
    return values


def _item(values: Mapping[str, str], utc_ms: int) -> Gs1 | None:
    gtin = values.get("01", "")
    if len(gtin) != GTIN14 or not is_ascii_digits(gtin) or not check_digit_holds(gtin):
        return None
    try:
        weights = {_grams(ai, value) for ai, value in values.items() if ai.startswith("310")}
        prices = {_price(ai, value) for ai, value in values.items() if ai[:3] in ("392", "393")}
        unit_prices = {_price(ai, value) for ai, value in values.items() if ai.startswith("395")}
        count = _number(values["30"]) if "30" in values else None
        pack = _pack(values, utc_ms)
    except ValueError:
        return None
    if len(weights) > 1 or len(prices) > 1 or len(unit_prices) > 1:
        return None
    weight_milli = next(iter(weights), None)
    return Gs1(
        gtin,
        weight_milli,
        next(iter(prices), None),
        count,
        pack,
        odd_weight=weights == {None},
        unit_price=next(iter(unit_prices), None),
    )


def _number(value: str) -> int:
    """Raises ValueError for anything but digits: biip lets a value be empty."""
    if not is_ascii_digits(value):
        raise ValueError(value)
    return int(value)


def _grams(ai: str, value: str) -> int | None:
    """Kilograms with as many decimals as the last digit of the identifier says, in thousandths;
    None when they are not whole. Raises ValueError.
    """
    decimals = int(ai[3])
    if decimals <= KG_DECIMALS:
        return _number(value.ljust(len(value) + KG_DECIMALS - decimals, "0"))
    grams, rest = divmod(_number(value), 10 ** (decimals - KG_DECIMALS))
    return None if rest else grams


def _price(ai: str, value: str) -> Gs1Price:
    """Raises ValueError."""
    has_currency = ai.startswith("393")
    currency, amount = (value[:3], value[3:]) if has_currency else ("", value)
    return Gs1Price(_number(amount), int(ai[3]), currency)


def _pack(values: Mapping[str, str], utc_ms: int) -> Pack:
    year = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=utc_ms)).year
    # A pack with several is sold up to the first of them.
    ends = [_day(values[ai], year) for ai in ("17", "16") if ai in values]
    if "7003" in values:
        ends.append(_minute(values["7003"], year))
    return Pack(
        batch=values.get("10", ""),
        serial=values.get("21", ""),
        expires=min(ends, key=_last_minute, default=""),
        best_before=_day(values["15"], year) if "15" in values else "",
    )


def _last_minute(end: str) -> str:
    """Up to when: a day without a time lasts to its end."""
    return end if "T" in end else f"{end}T23:59"


def _day(value: str, year: int) -> str:
    """YYMMDD in ISO 8601; a day of 00 is the month's last one. The century is the one that lies
    nearest: GS1 General Specifications, section 7.12. Raises ValueError.
    """
    short, month, day = int(value[:2]), int(value[2:4]), int(value[4:6])
    ahead = (short - year + 49) % 100 - 49
    full = year + ahead
    last = day or calendar.monthrange(full, month)[1]
    return date(full, month, last).isoformat()


def _minute(value: str, year: int) -> str:
    """YYMMDDHHMM in ISO 8601, to the minute. Raises ValueError."""
    minute = time(int(value[6:8]), int(value[8:10]))
    return f"{_day(value, year)}T{minute:%H:%M}"
