"""An e-receipt: who wants the receipt sent, and where to, goes on record; headquarters sends it."""

import re
from dataclasses import dataclass
from typing import Final

from edge.checkout.asking import about, answered, ask
from edge.checkout.inputs import BarcodeScanned, Input, KeyPressed, SaleFound
from edge.checkout.loyalty.loyalty import Loyalty
from edge.checkout.loyalty.members import Personal
from edge.checkout.loyalty.phones import PHONE_PLANS, PhonePlan, read_phone
from edge.checkout.records import Entry, EntryKind
from edge.checkout.sale.office import store
from edge.checkout.session import (
    Facts,
    Notice,
    Prompt,
    Session,
    State,
    Step,
    forget_entry,
    refuse,
)
from edge.checkout.words.texts_sending import SendingWord

# RFC 5321, 4.5.3.1: a path has at most 256 octets, two of them its brackets.
LONGEST_EMAIL: Final = 254
MAILTO: Final = "mailto:"
# One @ with something before it, and a host with a dot behind it; the mail server knows the rest.
EMAIL: Final = re.compile(r"[^@\s\x00-\x1f]{1,64}@[^@\s\x00-\x1f]+\.[^@\s.\x00-\x1f]+")


@dataclass(frozen=True, slots=True)
class Wanted:
    """The receipt that is to be sent, and the member whose sale it was, empty for nobody's."""

    receipt_no: int
    member: str


def ask_address(session: Session, found: SaleFound) -> Step:
    """Where does the receipt go?"""
    wanted = Wanted(found.sale.receipt_no, found.sale.member)
    return ask(session, TO_MEMBER if wanted.member else TO_ANYBODY, wanted), ()


def read_email(code: str) -> str | None:
    """The address in a scanned code, with or without `mailto:` (RFC 6068); None when it is none."""
    address = code[len(MAILTO) :].partition("?")[0] if code.lower().startswith(MAILTO) else code
    if len(address) > LONGEST_EMAIL or not EMAIL.fullmatch(address):
        return None
    return address


def _to_phone(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """ENTER: to the phone number that was keyed, or to the member."""
    wanted = about(session, Wanted)
    if not session.entry:
        if not wanted.member:
            return refuse(session, SendingWord.REFUSED_NO_ADDRESS)
        return _note(session, wanted, pressed, facts, member=wanted.member)
    phone = read_phone(session.entry, _plan(facts.loyalty))
    if phone is None:
        return refuse(forget_entry(session), SendingWord.REFUSED_PHONE)
    return _note(session, wanted, pressed, facts, phone=phone)


def _to_email(session: Session, scanned: BarcodeScanned, facts: Facts) -> Step:
    """A scan: to the e-mail address that the customer shows as a code."""
    email = read_email(scanned.code)
    if email is None:
        return refuse(session, SendingWord.REFUSED_EMAIL)
    return _note(session, about(session, Wanted), scanned, facts, email=email)


def _plan(loyalty: Loyalty | None) -> PhonePlan:
    return loyalty.phones if loyalty is not None else PHONE_PLANS["CN"]


def _note(
    session: Session,
    wanted: Wanted,
    cause: Input,
    facts: Facts,
    *,
    member: str = "",
    phone: str = "",
    email: str = "",
) -> Step:
    entry = Entry(
        EntryKind.RECEIPT_REQUESTED,
        {
            "receipt_no": wanted.receipt_no,
            "member": member,
            "person": Personal(phone=phone, email=email),
        },
    )
    notice = Notice(SendingWord.NOTED, str(wanted.receipt_no))
    return store(answered(session), entry, cause, then=State.IDLE, notice=notice)


def _number(session: Session, facts: Facts) -> str:
    return str(about(session, Wanted).receipt_no)


TO_ANYBODY: Final = Prompt(
    SendingWord.TITLE, SendingWord.ASK_ADDRESS, _to_phone, scan=_to_email, detail=_number
)
TO_MEMBER: Final = Prompt(
    SendingWord.TITLE, SendingWord.ASK_ADDRESS_OR_MEMBER, _to_phone, scan=_to_email, detail=_number
)
