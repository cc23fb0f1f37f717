"""A coupon as it stands on paper, by itself or under a receipt."""

from typing import Final

from edge.checkout.balances.accounts import NEVER
from edge.checkout.paper.receipt import Align, Element, Feed, Qr, Text
from edge.checkout.shop import Language
from edge.checkout.words.texts import text
from edge.checkout.words.texts_accounts import AccountWord

_NEVER: Final = NEVER.isoformat()


def coupon_elements(number: str, name: str, last_day: str, language: Language) -> list[Element]:
    """Its name, its last day (ISO 8601) if it has one, its number and the same as a QR code."""
    until = [] if last_day == _NEVER else [_line(AccountWord.GOOD_UNTIL, language, last_day)]
    return [
        Feed(),
        Text(text(AccountWord.YOUR_COUPON, language), Align.CENTRE),
        Text(name, Align.CENTRE, bold=True),
        *until,
        Qr(number),
        Text(number, Align.CENTRE),
    ]


def _line(word: AccountWord, language: Language, detail: str) -> Text:
    return Text(text(word, language, detail), Align.CENTRE)
