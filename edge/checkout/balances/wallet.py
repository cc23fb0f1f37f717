"""What a member can pay with from his accounts: points, stored value, visits, rewards, each worked
out for what is due, and never more than this till holds.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from edge.checkout.balances.accounts import Account, AccountKind
from edge.checkout.balances.points import (
    PointsQuote,
    PointsRefused,
    Reward,
    quote_money,
    quote_reward,
)
from edge.checkout.balances.prepaid import goods_due
from edge.checkout.balances.stored_value import payable_minor
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
    lines = finish(counter.basket, shop).lines
    for account in found.of_kind(AccountKind.COUNT_CARD):
        listed += _visits(counter, account, loyalty, lines, due_minor)
    for reward in loyalty.rewards:
        listed += _reward(counter, points, reward, lines, due_minor)
    listed += [
        Choice(AccountKind.COUPON, account, account.available(counter.today))
        for account in found.of_kind(AccountKind.COUPON)
        if account.available(counter.today) and account.ref.terms in loyalty.campaigns
    ]
    return tuple(listed[:MOST_CHOICES])


def unscanned(counter: Counter, loyalty: Loyalty) -> tuple[Choice, ...]:
    """What the member has points or visits for, of articles that are not in his sale."""
    found, tenders, today = counter.found, counter.basket.tenders, counter.today
    scanned = {line.product.plu for line in counter.basket.lines}
    points = found.account(found.member.points)
    here = left_here(points, tenders, today)
    rewards = tuple(
        Choice(AccountKind.POINTS, points, here, reward=reward)
        for reward in loyalty.rewards
        if not reward.campaign and reward.points <= here and reward.plu not in scanned
    )
    visits = tuple(
        Choice(AccountKind.COUNT_CARD, account, here)
        for account in found.of_kind(AccountKind.COUNT_CARD)
        if (here := left_here(account, tenders, today))
        and not scanned.issuperset(_services(account, loyalty))
    )
    return rewards + visits


def _services(account: Account, loyalty: Loyalty) -> Collection[str]:
    """What a count card's visits are for; nothing where its plan is gone."""
    return next((each.services for each in loyalty.plans if each.id == account.ref.terms), ())


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
class Pieces:
    """Pieces of a line, counted from 0, that cost something and that no visit and no reward has
    paid for yet.
    """

    line: SoldLine
    places: tuple[int, ...]

    def first(self, units: int) -> "Pieces":
        return Pieces(self.line, self.places[:units])

    @property
    def worth_minor(self) -> int:
        return sum(_cost(self.line, place) for place in self.places)

    @property
    def covers(self) -> tuple[tuple[int, int, int], ...]:
        """As a payment for them names them."""
        runs: list[tuple[int, int, int]] = []
        for place in self.places:
            if runs and place == runs[-1][1] + runs[-1][2]:
                runs[-1] = (self.line.line, runs[-1][1], runs[-1][2] + 1)
            else:
                runs.append((self.line.line, place, 1))
        return tuple(runs)


def _cost(line: SoldLine, place: int) -> int:
    ((_, minor),) = take_runs(line.paid, place, 1)
    return minor


def _free_pieces(line: SoldLine, tenders: Iterable[Tender]) -> Pieces:
    covered = {
        place
        for tender in tenders
        for number, first, units in tender.covers
        if number == line.line
        for place in range(first, first + units)
    }
    places = range(whole_units(line.quantity_milli, line.unit))
    return Pieces(line, tuple(at for at in places if at not in covered and _cost(line, at)))


def _visits(
    counter: Counter, account: Account, loyalty: Loyalty, lines: Iterable[SoldLine], due_minor: int
) -> list[Choice]:
    """A count card pays for units of its services, as many as it has visits for."""
    tenders, services = counter.basket.tenders, _services(account, loyalty)
    if any(each.account == account.ref.id for each in tenders):
        return []
    here = left = account.available(counter.today)
    paid: list[Pieces] = []
    for line in lines:
        if line.plu in services:
            paid.append(_free_pieces(line, tenders).first(left))
            left -= len(paid[-1].places)
    if left == here:
        return []
    worth_minor = sum(each.worth_minor for each in paid)
    fits = worth_minor <= due_minor
    quote = PointsQuote(here - left, worth_minor) if fits else PointsQuote(0, 0)
    tender = _tender(TenderKind.COUNT_CARD, account, quote, pieces=paid)
    return [Choice(AccountKind.COUNT_CARD, account, here, tender)]


def _reward(
    counter: Counter,
    points: Account,
    reward: Reward,
    lines: Iterable[SoldLine],
    due_minor: int,
) -> list[Choice]:
    """Points for one unit of an article that is in the basket, or for a coupon."""
    tenders = counter.basket.tenders
    here = left_here(points, tenders, counter.today)
    if not here:
        return []
    if reward.campaign:
        return [Choice(AccountKind.POINTS, points, here, reward=reward)]
    free = (_free_pieces(line, tenders).first(1) for line in lines if line.plu == reward.plu)
    piece = next((each for each in free if each.places), None)
    had = any(tender.reference == reward.id for tender in tenders)
    if piece is None or had:
        return []
    quote = quote_reward(reward, here, piece.worth_minor)
    if piece.worth_minor > due_minor:
        quote = PointsQuote(0, 0)
    tender = _tender(TenderKind.POINTS, points, quote, reward.id, [piece])
    return [Choice(AccountKind.POINTS, points, here, tender, reward)]


def _tender(
    kind: TenderKind,
    account: Account,
    quote: PointsQuote | PointsRefused,
    reference: str = "",
    pieces: Iterable[Pieces] = (),
) -> Tender | None:
    if isinstance(quote, PointsRefused) or not (quote.points and quote.worth_minor):
        return None
    minor = quote.worth_minor
    covers = tuple(cover for each in pieces for cover in each.covers)
    return Tender(kind, minor, minor, 0, reference, account.ref.id, quote.points, covers)
