"""A member as rows for the cashier: balances at this till, tier, next tier, birthday."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from edge.checkout.balances.account_names import campaign_name, plan_name
from edge.checkout.balances.accounts import NEVER, AccountKind
from edge.checkout.loyalty.birthdays import (
    BIRTHDAY_DAY,
    BIRTHDAY_MONTH,
    BIRTHDAY_WEEK,
    FIRST_PURCHASE,
    segments,
)
from edge.checkout.loyalty.loyalty import Loyalty
from edge.checkout.loyalty.members import MemberFound
from edge.checkout.loyalty.tiers import SOON_DAYS, Tier, next_tier, tier_of
from edge.checkout.loyalty.told import Balance, ToldPoints
from edge.checkout.money import write_amount
from edge.checkout.records import Sale
from edge.checkout.screens import ScreenRow
from edge.checkout.session import Facts
from edge.checkout.shop import Language, Shop, in_language
from edge.checkout.words.texts import text
from edge.checkout.words.texts_accounts import AccountWord
from edge.checkout.words.texts_members import MemberWord

# The nearest birthday is said, not what follows from it.
_HINTS: Final[Mapping[str, MemberWord]] = {
    BIRTHDAY_DAY: MemberWord.BIRTHDAY_TODAY,
    BIRTHDAY_WEEK: MemberWord.BIRTHDAY_WEEK,
    BIRTHDAY_MONTH: MemberWord.BIRTHDAY_MONTH,
}


_BALANCES: Final[Mapping[str, MemberWord]] = {
    AccountKind.STORED_VALUE: MemberWord.CARD_HERE,
    AccountKind.COUNT_CARD: MemberWord.VISITS_OF,
    AccountKind.COUPON: MemberWord.COUPON_OF,
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A member on the cashier's screen, as of the shop's day; None while nobody knows the day."""

    found: MemberFound
    today: date | None


def tier_name(tier: Tier, language: Language) -> str:
    return in_language(language, tier.name_en, tier.name_zh)


def member_rows(
    shown: Shown, marked: int, facts: Facts, language: Language
) -> tuple[ScreenRow, ...]:
    """What the cashier may tell the member of himself."""
    assert facts.loyalty is not None
    pairs = [
        *_standing(shown, facts.loyalty, facts.shop, language),
        *_points(shown, language),
        *_other_accounts(shown, facts, language),
    ]
    return tuple(
        ScreenRow(left, "", right, place == marked) for place, (left, right) in enumerate(pairs)
    )


def _standing(
    shown: Shown, loyalty: Loyalty, shop: Shop, language: Language
) -> list[tuple[str, str]]:
    member, trade = shown.found.member, shown.found.trade
    rows = [(text(MemberWord.CARD, language), member.card)]
    name = tier_name(tier_of(loyalty.tiers, member, trade), language)
    if name:
        rows.append((text(MemberWord.TIER, language), name))
    above = next_tier(loyalty.tiers, member, trade)
    if above is not None:
        label = text(MemberWord.TO_TIER, language, tier_name(above.tier, language))
        rows.append((label, write_amount(above.short_minor, shop.currency)))
    is_in = segments(member, trade, shown.today)
    hints = [word for segment, word in _HINTS.items() if segment in is_in][:1]
    if FIRST_PURCHASE in is_in:
        hints.append(MemberWord.FIRST_PURCHASE)
    return [*rows, *((text(hint, language), "") for hint in hints)]


def _points(shown: Shown, language: Language) -> list[tuple[str, str]]:
    points = shown.found.account(shown.found.member.points)
    rows = [(text(MemberWord.POINTS_HERE, language), str(points.available(shown.today)))]
    if points.debt:
        rows.append((text(MemberWord.POINTS_OWED, language), str(points.debt)))
    for lot in points.expiring(shown.today, SOON_DAYS):
        until = text(MemberWord.POINTS_EXPIRING, language, lot.expires_on.isoformat())
        rows.append((f"  {until}", str(lot.amount)))
    return rows


def _other_accounts(shown: Shown, facts: Facts, language: Language) -> list[tuple[str, str]]:
    found, today = shown.found, shown.today
    rows = []
    value_minor = found.account(found.member.stored_value).available(today)
    if value_minor:
        written = write_amount(value_minor, facts.shop.currency)
        rows.append((text(MemberWord.VALUE_HERE, language), written))
    for account in found.of_kind(AccountKind.COUNT_CARD):
        name = plan_name(account.ref.terms, facts, language)
        label = text(MemberWord.VISITS_OF, language, name)
        rows.append((label, str(account.available(today))))
    for account in found.of_kind(AccountKind.COUPON):
        last = max((lot.expires_on for lot in account.live(today)), default=None)
        if last is not None:
            until = "" if last == NEVER else last.isoformat()
            name = campaign_name(account.ref.terms, facts, language)
            rows.append((text(MemberWord.COUPON_OF, language, name), until))
    return rows


def told_rows(sale: Sale, facts: Facts, language: Language) -> tuple[ScreenRow, ...]:
    """What the customer is told after a sale, for the cashier to say, in the cashier's language."""

    def named(balance: Balance) -> Balance:
        if balance.kind == AccountKind.COUNT_CARD:
            return replace(balance, name=plan_name(balance.terms, facts, language))
        if balance.kind == AccountKind.COUPON:
            return replace(balance, name=campaign_name(balance.terms, facts, language))
        return balance

    said = replace(sale, balances=tuple(map(named, sale.balances)))
    pairs = told_pairs(said, facts.shop, language)
    return tuple(ScreenRow(left, "", right) for left, right in pairs)


def told_pairs(sale: Sale, shop: Shop, language: Language) -> list[tuple[str, str]]:
    """What a customer is told with a sale, as labels and figures; nothing where nothing is told."""
    told = sale.told
    return [
        *(_told_points(told, shop, language) if told is not None else []),
        *(_told_balance(balance, shop, language) for balance in sale.balances),
        *(_told_tier(told, shop, language) if told is not None else []),
    ]


def _told_balance(balance: Balance, shop: Shop, language: Language) -> tuple[str, str]:
    left = balance_left(balance, shop, language)
    if balance.kind == AccountKind.STORED_VALUE and not balance.name:
        return text(MemberWord.VALUE_HERE, language), left
    return text(_BALANCES[balance.kind], language, balance.name), left


def balance_left(balance: Balance, shop: Shop, language: Language) -> str:
    """What is left, as people say it."""
    if balance.kind == AccountKind.STORED_VALUE:
        return write_amount(balance.left, shop.currency)
    if balance.kind == AccountKind.COUPON:
        word = AccountWord.COUPON_GOOD_AGAIN if balance.left else AccountWord.COUPON_VOID
        return text(word, language)
    return str(balance.left)


def _told_points(told: ToldPoints, shop: Shop, language: Language) -> list[tuple[str, str]]:
    figures = (
        (MemberWord.POINTS_EARNED, told.earned),
        (MemberWord.POINTS_REDEEMED, told.redeemed),
        (MemberWord.POINTS_RETURNED, told.returned),
        (MemberWord.POINTS_TAKEN_BACK, told.taken_back),
        (MemberWord.POINTS_OWED, told.debt),
    )
    pairs = [(text(word, language), str(points)) for word, points in figures if points]
    pairs.append((text(MemberWord.POINTS_HERE, language), str(told.here)))
    for day, points in told.expiring:
        pairs.append((f"  {text(MemberWord.POINTS_EXPIRING, language, day)}", str(points)))
    if told.value_here_minor:
        amount = write_amount(told.value_here_minor, shop.currency)
        pairs.append((text(MemberWord.VALUE_HERE, language), amount))
    return pairs


def _told_tier(told: ToldPoints, shop: Shop, language: Language) -> list[tuple[str, str]]:
    if not told.next_tier:
        return []
    amount = write_amount(told.short_minor, shop.currency)
    return [(text(MemberWord.TO_TIER, language, told.next_tier), amount)]
