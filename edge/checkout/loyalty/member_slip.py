"""A member's card as paper: its number, and the same as a QR code."""

from edge.checkout.instant import Instant
from edge.checkout.paper.receipt import Align, Element, Feed, Qr, Receipt, Text
from edge.checkout.paper.slip import Slip
from edge.checkout.session import Facts
from edge.checkout.words.texts import Word, text
from edge.checkout.words.texts_members import MemberWord


def write_card(slip: Slip, printed_at: Instant, facts: Facts, copy: bool) -> Receipt:
    """Nothing personal stands on it: it may be lost."""
    shop = facts.shop
    card = str(slip.body["card"])
    elements: list[Element] = [
        Text(shop.name, Align.CENTRE, bold=True, large=True),
        Text(text(MemberWord.MEMBER_CARD, shop.language), Align.CENTRE),
    ]
    if copy:
        elements.append(Text(text(Word.COPY, shop.language), Align.CENTRE))
    elements += [Feed(), Qr(card), Text(card, Align.CENTRE, bold=True)]
    return Receipt(slip.number, copy, tuple(elements))
