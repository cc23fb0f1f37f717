"""Stored value and gift cards are topped up by a line of a sale, which is neither discounted nor
counted, earns nothing and has no tax: the money is taxed when it buys something.
"""

from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from edge.checkout.asking import about, answered, ask, await_answer
from edge.checkout.balances.accounts import Account, AccountKind, AccountRef, civil_day
from edge.checkout.balances.ledger import Ledger, open_ledger
from edge.checkout.balances.stored_value import TopUpRefusal, top_up
from edge.checkout.effects import FindAccount, FindMember
from edge.checkout.goods.catalogue import Product
from edge.checkout.inputs import (
    AccountAnswered,
    BarcodeScanned,
    Input,
    KeyPressed,
    MemberAnswered,
)
from edge.checkout.loyalty.attaching import name_of
from edge.checkout.loyalty.loyalty import TOP_UP_PLU
from edge.checkout.loyalty.member_numbers import is_card
from edge.checkout.loyalty.member_search import refuse_him
from edge.checkout.loyalty.members import (
    ByCard,
    ByNumber,
    MemberFound,
    MemberMissing,
    MemberRefused,
)
from edge.checkout.money import MAX_AMOUNT_MINOR, read_amount, write_amount
from edge.checkout.quantity import ONE_MILLI
from edge.checkout.records import Unit
from edge.checkout.sale.basket import Basket, BasketKind
from edge.checkout.sale.deal import reprice
from edge.checkout.sale.pricing import basket_total
from edge.checkout.sale.selling import put_basket
from edge.checkout.session import (
    Facts,
    Prompt,
    Session,
    State,
    Step,
    forget_entry,
    refuse,
)
from edge.checkout.shop import Shop
from edge.checkout.words.texts import Saying, Word
from edge.checkout.words.texts_accounts import AccountWord
from edge.checkout.words.texts_members import MemberWord

# No article has this number: it has letters.

TOP_UP_REFUSALS: Final = {
    TopUpRefusal.TOO_LITTLE: AccountWord.REFUSED_TOO_LITTLE,
    TopUpRefusal.TOO_MUCH: AccountWord.REFUSED_TOO_MUCH,
    TopUpRefusal.HOLDS_TOO_MUCH: AccountWord.REFUSED_HOLDS_TOO_MUCH,
}


@dataclass(frozen=True, slots=True)
class Amount:
    """What is to be topped up."""

    minor: int


def top_up_article(shop: Shop) -> Product | None:
    """What a top-up is on a receipt, at the shop's rate of nothing; None where it has none."""
    untaxed = next((rate.code for rate in shop.tax_rates.values() if rate.rate_bp == 0), None)
    if untaxed is None:
        return None
    return Product(
        TOP_UP_PLU,
        AccountWord.TOP_UP.english,
        AccountWord.TOP_UP.chinese,
        0,
        untaxed,
        Unit.EACH,
        discountable=False,
        earns_points=False,
    )


def begin_top_up(session: Session, cause: Input, facts: Facts) -> Step:
    """The keyed amount goes onto a card, or onto the sale's member."""
    if facts.loyalty is None:
        return refuse(session, MemberWord.REFUSED_NO_MEMBERS)
    if not session.entry:
        return refuse(session, Word.REFUSED_NUMBER_FIRST)
    shop = facts.shop
    minor = read_amount(session.entry, shop.currency, minor_first=shop.minor_first)
    if not minor or session.quantity_milli is not None:
        return refuse(session, Word.REFUSED_AMOUNT)
    if top_up_article(shop) is None:
        return refuse(session, Word.REFUSED_TAX_CODE)
    return ask(forget_entry(session), ONTO_WHAT, Amount(minor)), ()


def _enter(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    if session.quantity_milli is not None:
        return refuse(session, Word.REFUSED_QUANTITY)
    if session.entry:
        return _onto(forget_entry(session), session.entry)
    buyer = session.basket.buyer if session.basket is not None else None
    if buyer is None:
        return refuse(session, AccountWord.REFUSED_NO_CARD)
    return await_answer(session, FindMember(ByNumber(buyer.member)), _hear_member)


def _scan(session: Session, scanned: BarcodeScanned, facts: Facts) -> Step:
    return _onto(session, scanned.code)


def _onto(session: Session, number: str) -> Step:
    if not is_card(number):
        return refuse(session, AccountWord.REFUSED_NO_CARD)
    return await_answer(session, FindMember(ByCard(number)), partial(_hear_card, number))


def _hear_member(session: Session, heard: MemberAnswered, facts: Facts) -> Step:
    answer = heard.answer
    if isinstance(answer, MemberRefused):
        return refuse_him(session, answer, facts)
    if not isinstance(answer, MemberFound):
        return refuse(session, MemberWord.REFUSED_GONE)
    member = answer.member
    return _add(session, answer.account(member.stored_value), name_of(member), heard, facts)


def _hear_card(number: str, session: Session, heard: MemberAnswered, facts: Facts) -> Step:
    """A card that is no member's is a gift card."""
    if not isinstance(heard.answer, MemberMissing):
        return _hear_member(session, heard, facts)
    ref = AccountRef(AccountKind.STORED_VALUE, number)
    return await_answer(session, FindAccount(ref.id), partial(_hear_account, ref))


def _hear_account(ref: AccountRef, session: Session, heard: AccountAnswered, facts: Facts) -> Step:
    return _add(session, heard.account or Account(ref), f"*{ref.holder[-4:]}", heard, facts)


def _add(session: Session, account: Account, whose: str, cause: Input, facts: Facts) -> Step:
    """The line that tops the account up and says whose it is, whoever's the sale becomes; or why
    there can't be one.
    """
    amount_minor = about(session, Amount).minor
    basket = session.basket or Basket(BasketKind.SALE, session.next_receipt_no)
    today = civil_day(cause.at, facts.shop.utc_offset_minutes)
    ledger = _topped_up(basket, open_ledger((account,), today), account.ref, amount_minor, facts)
    if isinstance(ledger, Saying):
        return refuse(session, ledger)
    article = top_up_article(facts.shop)
    assert article is not None
    article = replace(
        article,
        name_en=f"{article.name_en} {whose}",
        name_zh=f"{article.name_zh} {whose}",
        price_minor=amount_minor,
    )
    fuller = basket.add(article, TOP_UP_PLU, ONE_MILLI, amount_minor)
    *lines, line = fuller.lines
    line = replace(line, holder=account.ref.holder, owner=account.ref.owner)
    fuller = reprice(replace(fuller, lines=(*lines, line)), facts, cause.at)
    if basket_total(fuller, facts.shop) > MAX_AMOUNT_MINOR:
        return refuse(session, Word.REFUSED_TOTAL)
    balance_minor = ledger.account(account.ref).available(today)
    balance = write_amount(balance_minor, facts.shop.currency)
    session = replace(answered(session), state=State.SELLING, selected=-1, last_sale=None)
    return put_basket(session, fuller, facts, AccountWord.TOPS_UP, balance)


def _topped_up(
    basket: Basket, ledger: Ledger, ref: AccountRef, amount_minor: int, facts: Facts
) -> Ledger | Saying:
    """The account with money and bonus on it, or why not."""
    assert facts.loyalty is not None
    if len(basket.lines) >= facts.shop.limits.max_lines:
        return Word.REFUSED_LINES
    if any(line.holder == ref.holder for line in basket.lines):
        return AccountWord.REFUSED_TOPPED_UP
    rule, number = facts.loyalty.top_up, basket.next_number
    after = top_up(ledger, ref, rule, amount_minor, number, basket.receipt_no)
    return TOP_UP_REFUSALS[after] if isinstance(after, TopUpRefusal) else after


def _amount(session: Session, facts: Facts) -> str:
    return write_amount(about(session, Amount).minor, facts.shop.currency)


ONTO_WHAT: Final = Prompt(
    AccountWord.TOP_UP_OF,
    AccountWord.ASK_ONTO_WHAT,
    _enter,
    scan=_scan,
    detail=_amount,
)
