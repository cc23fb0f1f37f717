"""Paying with a voucher: for the amount keyed, by the number that stands on it, which pays once at
this till.
"""

from dataclasses import replace
from functools import partial
from typing import Final

from edge.checkout.asking import about, answered, ask, await_answer
from edge.checkout.effects import FindVoucher
from edge.checkout.goods.barcode import CodeFault, is_ascii_digits, parse
from edge.checkout.inputs import BarcodeScanned, Input, KeyPressed, VoucherAnswered
from edge.checkout.money import write_amount
from edge.checkout.payments.paying import next_tender, take
from edge.checkout.records import Tender, TenderKind
from edge.checkout.session import (
    Facts,
    Prompt,
    Session,
    State,
    Step,
    forget_entry,
    open_basket,
    refuse,
)
from edge.checkout.words.texts import Saying, Word
from edge.checkout.words.texts_payment import PaymentWord

# As long as any barcode that a shop prints itself.
MAX_VOUCHER_NUMBER: Final = 32


def ask_voucher(session: Session, cause: Input, facts: Facts) -> Step:
    """The keyed amount, or all that is due, is paid with a voucher. One that is worth more is keyed
    at what is due: it gives no change.
    """
    tender = next_tender(session, TenderKind.VOUCHER, facts.shop)
    if isinstance(tender, Saying):
        return refuse(session, tender)
    if tender.amount_minor == 0:
        return refuse(session, Word.REFUSED_AMOUNT)
    session = replace(forget_entry(session), state=State.TENDERING)
    return ask(session, WHICH_VOUCHER, replace(tender, kind=TenderKind.VOUCHER)), ()


def _key_number(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    return _find(session, session.entry, facts)


def _scan_number(session: Session, scanned: BarcodeScanned, facts: Facts) -> Step:
    return _find(session, scanned.code, facts)


def _find(session: Session, code: str, facts: Facts) -> Step:
    """The store knows the sales before this one; what this one has taken is in its basket."""
    number = code.upper()
    if not _is_number(number, facts):
        return refuse(forget_entry(session), PaymentWord.REFUSED_VOUCHER)
    taken = {
        tender.reference
        for tender in open_basket(session).tenders
        if tender.kind is TenderKind.VOUCHER
    }
    if number in taken:
        return refuse(forget_entry(session), PaymentWord.REFUSED_VOUCHER_TWICE)
    tender = replace(about(session, Tender), reference=number)
    return await_answer(session, FindVoucher(number), partial(_take, tender))


def _take(tender: Tender, session: Session, heard: VoucherAnswered, facts: Facts) -> Step:
    if heard.taken:
        return refuse(forget_entry(session), PaymentWord.REFUSED_VOUCHER_TWICE)
    return take(answered(session), tender, heard.at, facts)


def _is_number(number: str, facts: Facts) -> bool:
    """Letters, digits and dashes, and no card number."""
    plain = number.replace("-", "")
    if not (plain.isascii() and plain.isalnum() and len(number) <= MAX_VOUCHER_NUMBER):
        return False
    return (
        not is_ascii_digits(plain) or parse(plain, facts.shop.labels) is not CodeFault.CARD_NUMBER
    )


def _amount(session: Session, facts: Facts) -> str:
    return write_amount(about(session, Tender).amount_minor, facts.shop.currency)


WHICH_VOUCHER: Final = Prompt(
    PaymentWord.VOUCHER,
    PaymentWord.ASK_VOUCHER,
    _key_number,
    scan=_scan_number,
    detail=_amount,
)
