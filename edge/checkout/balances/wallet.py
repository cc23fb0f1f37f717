"""What a member can pay with from his accounts: points, stored value, visits, rewards, each worked
out for what is due, and never more than this till holds.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from edge.checkout.balances.account_booking import visits_ref
from edge.checkout.balances.accounts import Account, AccountKind
from edge.checkout.balances.points import (
    PointsQuote,
    PointsRefused,
    Reward,
    quote_money,
    quote_reward,
)
from edge.checkout.balances.prepaid import goods_due
from edge.checkout.balances.stored_value import CountPlan, payable_minor
from edge.checkout.loyalty.loyalty import Loyalty
from edge.checkout.loyalty.members import MemberFound
from edge.checkout.money import take_runs
from edge.checkout.quantity import whole_units
from edge.checkout.records import SoldLine, Tender, TenderKind
from edge.checkout.sale.basket import Basket
from edge.checkout.sale.pricing import finish
from edge.checkout.shop import Shop

# A row for each; more than a member has in hand at a counter.
MOST_CHOICES: Final = 32


@dataclass(frozen=True, slots=True)
class Counter:
    """Where a member stands with his sale: the basket, what he has, and what part of the sum he
    wants to pay now, None for as much as there is.
    """

    basket: Basket
    found: MemberFound
    today: date | None
    part_minor: int | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to pay with, or a coupon to show or to be had. `here` are the units that the till
    still has of the account; `tender` is None where none of them fits what is due.
    """

    kind: AccountKind
    account: Account
    here: int
    tender: Tender | None = None
    reward: Reward | None = None


def choices(counter: Counter, loyalty: Loyalty, shop: Shop) -> tuple[Choice, ...]:
    """What there is to choose from: money first, then goods, then coupons."""
    found = counter.found
    points = found.account(found.member.points)
    value = found.account(found.member.stored_value)
    due_minor = max(0, goods_due(counter.basket, loyalty, shop))
    wanted_minor = due_minor if counter.part_minor is None else min(due_minor, counter.part_minor)
    listed: list[Choice] = []
    if loyalty.money is not None and (points.held or points.debt):
        listed.append(_points(counter, points, loyalty, due_minor))
    if value.held:
        listed.append(_value(counter, value, wanted_minor))
    free = _free_units(counter.basket, loyalty, finish(counter.basket, shop).lines)
    for account in found.of_kind(AccountKind.COUNT_CARD):
        listed += _visits(counter, account, loyalty.plans, free, due_minor)
    for reward in loyalty.rewards:
        listed += _reward(counter, points, reward, free, due_minor)
    listed += [
        Choice(AccountKind.COUPON, account, account.available(counter.today))
        for account in found.of_kind(AccountKind.COUPON)
        if account.available(counter.today) and account.ref.terms in loyalty.campaigns
    ]
    return tuple(listed[:MOST_CHOICES])


def left_here(account: Account, tenders: Iterable[Tender], today: date | None) -> int:
    """What can still be redeemed here, after the payments that the basket has already."""
    taken = sum(tender.units for tender in tenders if tender.account == account.ref.id)
    return max(0, account.available(today) - taken)


def _points(counter: Counter, points: Account, loyalty: Loyalty, due_minor: int) -> Choice:
    assert loyalty.money is not None
    here = left_here(points, counter.basket.tenders, counter.today)
    asked = None
    if counter.part_minor is not None:
        asked = counter.part_minor // loyalty.money.step_minor * loyalty.money.step_points
    quote = quote_money(loyalty.money, here, due_minor, asked)
    return Choice(AccountKind.POINTS, points, here, _tender(TenderKind.POINTS, points, quote))


def _value(counter: Counter, value: Account, wanted_minor: int) -> Choice:
    here = left_here(value, counter.basket.tenders, counter.today)
    pays_minor = value_pays(value, counter.basket.tenders, wanted_minor, counter.today)
    quote = PointsQuote(pays_minor, pays_minor)
    tender = _tender(TenderKind.STORED_VALUE, value, quote)
    return Choice(AccountKind.STORED_VALUE, value, here, tender)


def value_pays(
    account: Account, tenders: Iterable[Tender], wanted_minor: int, today: date | None
) -> int:
    """What of the sum an account of money pays: never more than it has left."""
    return min(payable_minor(account, wanted_minor, today), left_here(account, tenders, today))


@dataclass(frozen=True, slots=True)
class Units:
    """What of a line no visit and no reward has paid for yet."""

    line: SoldLine
    taken: int
    free: int

    def less(self, units: int) -> "Units":
        return Units(self.line, self.taken + units, self.free - units)

    def worth_minor(self, units: int) -> int:
        """What so many of the free ones cost."""
        return sum(count * each for count, each in take_runs(self.line.paid, self.taken, units))


def _free_units(basket: Basket, loyalty: Loyalty, lines: tuple[SoldLine, ...]) -> list[Units]:
    """By line, after what the basket's visits and rewards pay for, in their order."""
    free = [Units(line, 0, whole_units(line.quantity_milli, line.unit)) for line in lines]
    member = basket.buyer.member if basket.buyer is not None else ""
    services = {visits_ref(member, plan).id: plan.services for plan in loyalty.plans}
    rewards = {reward.id: reward for reward in loyalty.rewards}
    for tender in basket.tenders:
        if tender.account in services:
            free = _take_units(free, services[tender.account], tender.units)
        elif tender.kind is TenderKind.POINTS and tender.reference in rewards:
            free = _take_units(free, (rewards[tender.reference].plu,), 1)
    return free


def _take_units(free: list[Units], plus: tuple[str, ...], units: int) -> list[Units]:
    """Without so many units of these articles, the first ones first."""
    left: list[Units] = []
    for each in free:
        taken = min(units, each.free) if each.line.plu in plus else 0
        units -= taken
        left.append(each.less(taken))
    return left


def _visits(
    counter: Counter,
    account: Account,
    plans: tuple[CountPlan, ...],
    free: list[Units],
    due_minor: int,
) -> list[Choice]:
    """A count card pays for units of its services, as many as it has visits for."""
    plan = next((each for each in plans if each.id == account.ref.terms), None)
    if plan is None or any(each.account == account.ref.id for each in counter.basket.tenders):
        return []
    here = account.available(counter.today)
    left, worth_minor = here, 0
    for each in free:
        units = min(left, each.free) if each.line.plu in plan.services else 0
        left -= units
        worth_minor += each.worth_minor(units)
    visits = here - left
    if not visits:
        return []
    fits = worth_minor <= due_minor
    quote = PointsQuote(visits, worth_minor) if fits else PointsQuote(0, 0)
    tender = _tender(TenderKind.COUNT_CARD, account, quote)
    return [Choice(AccountKind.COUNT_CARD, account, here, tender)]


def _reward(
    counter: Counter,
    points: Account,
    reward: Reward,
    free: list[Units],
    due_minor: int,
) -> list[Choice]:
    """Points for one unit of an article that is in the basket, or for a coupon."""
    here = left_here(points, counter.basket.tenders, counter.today)
    if not here:
        return []
    if reward.campaign:
        return [Choice(AccountKind.POINTS, points, here, reward=reward)]
    units = next((each for each in free if each.free and each.line.plu == reward.plu), None)
    had = any(tender.reference == reward.id for tender in counter.basket.tenders)
    if units is None or had:
        return []
    unit_minor = units.worth_minor(1)
    quote = quote_reward(reward, here, unit_minor)
    if unit_minor > due_minor:
        quote = PointsQuote(0, 0)
    tender = _tender(TenderKind.POINTS, points, quote, reward.id)
    return [Choice(AccountKind.POINTS, points, here, tender, reward)]


def _tender(
    kind: TenderKind,
    account: Account,
    quote: PointsQuote | PointsRefused,
    reference: str = "",
) -> Tender | None:
    if isinstance(quote, PointsRefused) or not (quote.points and quote.worth_minor):
        return None
    minor = quote.worth_minor
    return Tender(kind, minor, minor, 0, reference, account.ref.id, quote.points)
