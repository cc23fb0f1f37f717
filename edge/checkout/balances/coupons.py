"""Coupons: terms that become a promotion on a coupon, and a counter of one that is redeemed.

What a coupon takes off is worked out by the promotions engine, from the promotion that
`promotion_of` makes of its terms; what stands here is whether it may be used at all.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, TypeAlias

from edge.checkout.balances.accounts import NEVER, Account, AccountKind, AccountRef, Cause
from edge.checkout.balances.ledger import Ledger
from edge.checkout.promotions.conditions import Condition, HasCoupon, SpendAtLeast, Window
from edge.checkout.promotions.promotion import (
    Gift,
    Limits,
    OrderAmount,
    OrderPercent,
    PercentOff,
    Promotion,
)
from edge.checkout.promotions.sale import CivilTime
from edge.checkout.promotions.selection import EVERYTHING, Selection

# --- terms


@dataclass(frozen=True, slots=True)
class MoneyCoupon:
    """So much off the sum of the goods."""

    off_minor: int


@dataclass(frozen=True, slots=True)
class PercentCoupon:
    """`rate_bp` off the sum of the goods, at most `most_minor`."""

    rate_bp: int
    most_minor: int | None = None


@dataclass(frozen=True, slots=True)
class ItemCoupon:
    """`rate_bp` off one unit of the goods."""

    rate_bp: int


@dataclass(frozen=True, slots=True)
class GiftCoupon:
    """So many units of the goods for nothing, beside whatever is bought."""

    units: int = 1


Worth: TypeAlias = MoneyCoupon | PercentCoupon | ItemCoupon | GiftCoupon


@dataclass(frozen=True, slots=True)
class CouponTerms:
    """A campaign's terms. `first` and `last` are civil days, both good; an issued coupon is good
    for `valid_days` besides (0: as long as the campaign). Coupons that are not `single_use` have no
    counter: whoever has the code may use it, once a sale. A coupon without names is called by its
    campaign. A sale of `issue_from_minor` or more brings one (0: none does).
    """

    campaign: str
    worth: Worth
    where: Selection = EVERYTHING
    spend_minor: int = 0
    first: date = date.min
    last: date = NEVER
    valid_days: int = 0
    single_use: bool = True
    group: str = ""
    priority: int = 0
    name_en: str = ""
    name_zh: str = ""
    issue_from_minor: int = 0


_ONE_UNIT: Final = Limits(per_sale=1)


def promotion_of(terms: CouponTerms) -> Promotion:
    """The promotion that gives what the coupon promises, when the campaign is among the request's
    coupons. Its id is the campaign's, so that the discount names it.
    """
    conditions: list[Condition] = [HasCoupon(terms.campaign)]
    window = Window(_midnight(terms.first), _midnight_after(terms.last))
    if window != Window():
        conditions.append(window)
    if terms.spend_minor:
        # What must be spent is spent on anything, the coupon's own goods or not.
        conditions.append(SpendAtLeast(terms.spend_minor))
    worth, limits = terms.worth, Limits()
    benefit: OrderAmount | OrderPercent | PercentOff | Gift
    if isinstance(worth, MoneyCoupon):
        benefit = OrderAmount(worth.off_minor)
    elif isinstance(worth, PercentCoupon):
        benefit = OrderPercent(worth.rate_bp, worth.most_minor)
    elif isinstance(worth, ItemCoupon):
        benefit, limits = PercentOff(worth.rate_bp), _ONE_UNIT
    else:
        benefit = Gift(worth.units)
    return Promotion(
        f"coupon:{terms.campaign}",
        benefit,
        terms.where,
        tuple(conditions),
        limits,
        terms.group,
        terms.priority,
    )


def _midnight(day: date) -> CivilTime | None:
    return None if day == date.min else CivilTime(day, 0)


def _midnight_after(day: date) -> CivilTime | None:
    return None if day == NEVER else CivilTime(day + timedelta(days=1), 0)


# --- issuing and redeeming


def coupon_ref(number: str, campaign: str, owner: str = "") -> AccountRef:
    """The account of one coupon."""
    return AccountRef(AccountKind.COUPON, number, owner, campaign)


def good_until(terms: CouponTerms, today: date | None) -> date:
    """The last day of a coupon that is issued today."""
    if not terms.valid_days or today is None:
        return terms.last
    return min(terms.last, today + timedelta(days=terms.valid_days))


def issue(ledger: Ledger, terms: CouponTerms, number: str, cause: Cause, owner: str = "") -> Ledger:
    """The coupon as a counter of one. `owner` binds it to a member."""
    ref = coupon_ref(number, terms.campaign, owner)
    return ledger.credit(ref, 1, good_until(terms, ledger.today), cause)


def issued_by(
    campaigns: Iterable[CouponTerms], paid_minor: int, today: date | None
) -> CouponTerms | None:
    """The campaign whose coupon a sale of that sum brings: of several the one that asks most."""
    reached = [
        each
        for each in campaigns
        if 0 < each.issue_from_minor <= paid_minor and (today is None or today <= each.last)
    ]
    return max(reached, key=lambda each: (each.issue_from_minor, each.campaign), default=None)


class CouponRefusal(StrEnum):
    """Why a coupon is not taken."""

    NOT_HERE = "not_here"
    GONE = "gone"
    NOT_YET = "not_yet"
    EXPIRED = "expired"
    UNKNOWN_CAMPAIGN = "unknown_campaign"
    NOT_THE_OWNER = "not_the_owner"
    SAME_CAMPAIGN = "same_campaign"


@dataclass(frozen=True, slots=True)
class Presented:
    """A coupon in the basket: the engine is told its campaign, the ledger its account. `ref` is
    None for a code that has no counter.
    """

    campaign: str
    ref: AccountRef | None


def present(
    account: Account | None,
    campaigns: Mapping[str, CouponTerms],
    today: date | None,
    *,
    member: str = "",
    beside: frozenset[str] = frozenset(),
) -> Presented | CouponRefusal:
    """Whether a coupon may go into the basket. `account` is what this till holds of it, None when
    it never had it: then it may be good elsewhere, or once the till is online. `beside` are the
    campaigns that are in the basket already: one coupon of each.
    """
    if account is None:
        return CouponRefusal.NOT_HERE
    terms = campaigns.get(account.ref.terms)
    if terms is None:
        return CouponRefusal.UNKNOWN_CAMPAIGN
    if account.ref.owner not in ("", member):
        return CouponRefusal.NOT_THE_OWNER
    if account.held == 0:
        return CouponRefusal.GONE
    if account.available(today) == 0:
        return CouponRefusal.EXPIRED
    refusal = _refusal_of(terms, today, beside)
    return refusal or Presented(terms.campaign, account.ref)


def present_open(
    campaign: str,
    campaigns: Mapping[str, CouponTerms],
    today: date | None,
    *,
    beside: frozenset[str] = frozenset(),
) -> Presented | CouponRefusal:
    """The same for a code of a campaign whose coupons are not counted; a counted one needs its own
    number.
    """
    terms = campaigns.get(campaign)
    if terms is None or terms.single_use:
        return CouponRefusal.UNKNOWN_CAMPAIGN
    return _refusal_of(terms, today, beside) or Presented(campaign, None)


def _refusal_of(
    terms: CouponTerms, today: date | None, beside: frozenset[str]
) -> CouponRefusal | None:
    if terms.campaign in beside:
        return CouponRefusal.SAME_CAMPAIGN
    if today is not None and today < terms.first:
        return CouponRefusal.NOT_YET
    if today is not None and today > terms.last:
        return CouponRefusal.EXPIRED
    return None
