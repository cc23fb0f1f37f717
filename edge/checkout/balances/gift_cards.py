"""Gift cards: paying with one by its number, and what is on it. It is its bearer's money: whoever
has it may use it, and never more than is on it here.
"""

from dataclasses import dataclass
from functools import partial
from typing import Final

from edge.checkout.asking import about, answered, ask, await_answer
from edge.checkout.balances.accounts import Account, AccountKind, AccountRef, civil_day
from edge.checkout.balances.prepaid import goods_due, takes_money_only
from edge.checkout.balances.wallet import left_here
from edge.checkout.effects import FindAccount
from edge.checkout.inputs import AccountAnswered, BarcodeScanned, Input, KeyPressed
from edge.checkout.loyalty.member_numbers import is_card
from edge.checkout.money import write_amount
from edge.checkout.payments.paying import due, keyed_amount, take
from edge.checkout.records import Tender, TenderKind
from edge.checkout.session import Facts, Prompt, Session, Step, forget_entry, refuse, say
from edge.checkout.shop import Shop
from edge.checkout.words.texts import Word
from edge.checkout.words.texts_accounts import AccountWord
from edge.checkout.words.texts_members import MemberWord


@dataclass(frozen=True, slots=True)
class Part:
    """What the card shall pay; None for all that is due and on it."""

    minor: int | None


def begin_gift_card(session: Session, cause: Input, facts: Facts) -> Step:
    """The keyed amount, or all that is due, is paid with a gift card; without a sale, what is on
    it is told.
    """
    if facts.loyalty is None:
        return refuse(session, MemberWord.REFUSED_NO_MEMBERS)
    part_minor = keyed_amount(session, facts.shop)
    if isinstance(part_minor, Word) or part_minor == 0:
        return refuse(session, Word.REFUSED_AMOUNT)
    return ask(forget_entry(session), WHICH_CARD, Part(part_minor)), ()


def _enter(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    if session.quantity_milli is not None:
        return refuse(session, Word.REFUSED_QUANTITY)
    return _find(forget_entry(session), session.entry)


def _scan(session: Session, scanned: BarcodeScanned, facts: Facts) -> Step:
    return _find(session, scanned.code)


def _find(session: Session, number: str) -> Step:
    if not is_card(number):
        return refuse(session, AccountWord.REFUSED_NO_CARD)
    ref = AccountRef(AccountKind.STORED_VALUE, number)
    return await_answer(session, FindAccount(ref.id), partial(_hear, ref))


def _hear(ref: AccountRef, session: Session, answer: AccountAnswered, facts: Facts) -> Step:
    account = answer.account or Account(ref)
    basket = session.basket
    buyer = basket.buyer if basket is not None else None
    if account.ref.owner and (buyer is None or account.ref.owner != buyer.member):
        return refuse(session, AccountWord.REFUSED_MEMBERS_CARD)
    today = civil_day(answer.at, facts.shop.utc_offset_minutes)
    tenders = basket.tenders if basket is not None else ()
    here_minor = left_here(account, tenders, today)
    written = write_amount(here_minor, facts.shop.currency)
    if basket is None or not basket.lines:
        return say(answered(session), AccountWord.ON_CARD, written), ()
    if takes_money_only(basket, facts):
        return refuse(session, AccountWord.REFUSED_PREPAID)
    assert facts.loyalty is not None
    part_minor = about(session, Part).minor
    due_minor = goods_due(basket, facts.loyalty, facts.shop)
    if not here_minor or (part_minor is not None and min(part_minor, due_minor) > here_minor):
        return refuse(session, AccountWord.REFUSED_ONLY, written)
    wanted_minor = due_minor if part_minor is None else part_minor
    tender = _tender(account, min(wanted_minor, due_minor, here_minor))
    refusal = _refusal(tender, len(tenders), due(basket, facts.shop), facts.shop)
    if refusal is not None:
        return refuse(session, refusal)
    return take(answered(session), tender, answer.at, facts)


def _tender(account: Account, minor: int) -> Tender:
    return Tender(TenderKind.STORED_VALUE, minor, minor, 0, account=account.ref.id, units=minor)


def _refusal(tender: Tender, tenders: int, due_minor: int, shop: Shop) -> Word | None:
    if tender.amount_minor == 0:
        return Word.REFUSED_AMOUNT
    is_part = tender.amount_minor < due_minor
    return Word.REFUSED_TENDERS if is_part and tenders + 1 >= shop.limits.max_tenders else None


def _part(session: Session, facts: Facts) -> str:
    minor = about(session, Part).minor
    return write_amount(minor, facts.shop.currency) if minor is not None else ""


WHICH_CARD: Final = Prompt(
    AccountWord.GIFT_CARD,
    AccountWord.ASK_CARD,
    _enter,
    scan=_scan,
    detail=_part,
)
