"""Points for a coupon: both move at once, on record, and the coupon is printed with its code."""

from dataclasses import replace
from functools import partial
from typing import Final

from edge.checkout.asking import await_answer
from edge.checkout.balances.account_booking import REWARD
from edge.checkout.balances.account_names import campaign_name
from edge.checkout.balances.accounts import Cause, NotEnough, civil_day
from edge.checkout.balances.coupon_paper import coupon_elements, coupon_worth
from edge.checkout.balances.coupons import CouponTerms, good_until, issue
from edge.checkout.balances.ledger import open_ledger
from edge.checkout.balances.wallet import Choice
from edge.checkout.devices import Kind
from edge.checkout.effects import DrawCoupon, StoreEntries
from edge.checkout.inputs import CouponDrawn, KeyPressed
from edge.checkout.instant import Instant
from edge.checkout.loyalty.member_numbers import coupon_counter, coupon_number
from edge.checkout.loyalty.told import IssuedCoupon
from edge.checkout.paper.receipt import Align, Element, Receipt, Text
from edge.checkout.paper.slip import Slip
from edge.checkout.records import Entry, EntryKind
from edge.checkout.session import Facts, Notice, Session, State, Step, Storing, refuse
from edge.checkout.shop import has_device
from edge.checkout.words.texts import Word, text
from edge.checkout.words.texts_accounts import AccountWord

# Not of a sale.
NO_RECEIPT: Final = 0


def take_reward(session: Session, choice: Choice, pressed: KeyPressed, facts: Facts) -> Step:
    """The coupon's number is drawn first."""
    assert choice.reward is not None
    if not has_device(facts.shop, Kind.PRINTER):
        return refuse(session, Word.REFUSED_NO_PRINTER)
    if choice.reward.points > choice.here:
        return refuse(session, AccountWord.REFUSED_ONLY, str(choice.here))
    return await_answer(session, DrawCoupon(), partial(_store, choice=choice))


def _store(session: Session, drawn: CouponDrawn, facts: Facts, *, choice: Choice) -> Step:
    loyalty, reward = facts.loyalty, choice.reward
    assert loyalty is not None
    assert reward is not None
    terms = loyalty.campaigns[reward.campaign]
    number = coupon_number(loyalty.till, drawn.counter, drawn.salt)
    today = civil_day(drawn.at, facts.shop.utc_offset_minutes)
    cause = Cause(f"{REWARD}{reward.id}", NO_RECEIPT)
    ledger = open_ledger((choice.account,), today).redeem(choice.account.ref, reward.points, cause)
    if isinstance(ledger, NotEnough):
        return refuse(session, AccountWord.REFUSED_ONLY, str(ledger.available))
    ledger = issue(ledger, terms, number, cause, choice.account.ref.owner)
    printed = coupon_printed(number, terms, facts, drawn.at)
    storing = Storing(
        session.state,
        Notice(AccountWord.COUPON_ISSUED, campaign_name(reward.campaign, facts, session.language)),
        slip=Slip(printed.kind, printed.body),
    )
    effect = StoreEntries(
        drawn.at, (*ledger.entries, printed), ends_basket=False, prints_receipt=True
    )
    return replace(session, state=State.STORING, storing=storing, notice=None), (effect,)


def coupon_printed(number: str, terms: CouponTerms, facts: Facts, at: Instant) -> Entry:
    """That a coupon was printed, with all that stands on it."""
    last = good_until(terms, civil_day(at, facts.shop.utc_offset_minutes))
    return Entry(
        EntryKind.COUPON_PRINTED,
        {
            "number": coupon_counter(number),
            "coupon": number,
            "name": campaign_name(terms.campaign, facts, facts.shop.language),
            "last_day": last.isoformat(),
            "worth": coupon_worth(terms, facts.shop),
        },
    )


def write_coupon(slip: Slip, printed_at: Instant, facts: Facts, copy: bool) -> Receipt:
    """The coupon as paper. Older records don't say what it gives."""
    shop, body = facts.shop, slip.body
    elements: list[Element] = [Text(shop.name, Align.CENTRE, bold=True, large=True)]
    if copy:
        elements.append(Text(text(Word.COPY, shop.language), Align.CENTRE))
    number, name, last_day = (str(body[key]) for key in ("coupon", "name", "last_day"))
    coupon = IssuedCoupon(number, "", name, last_day, str(body.get("worth", "")))
    elements += coupon_elements(coupon, shop.language)
    return Receipt(slip.number, copy, tuple(elements))
