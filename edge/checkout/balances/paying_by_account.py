"""Paying from a member's accounts: MEMBER while paying lists them, a number keyed first is the part
that they shall pay.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from edge.checkout.asking import about, answered, ask, await_answer, chosen, open_question
from edge.checkout.balances.account_names import campaign_name, plan_name, reward_name
from edge.checkout.balances.accounts import AccountKind, civil_day
from edge.checkout.balances.couponing import show_account
from edge.checkout.balances.prepaid import takes_money_only
from edge.checkout.balances.rewarding import take_reward
from edge.checkout.balances.wallet import Choice, Counter, choices, unscanned
from edge.checkout.effects import FindMember
from edge.checkout.inputs import Input, Key, KeyPressed, MemberAnswered
from edge.checkout.loyalty import membering
from edge.checkout.loyalty.member_search import refuse_him
from edge.checkout.loyalty.members import ByNumber, MemberFound, MemberRefused
from edge.checkout.money import write_amount
from edge.checkout.payments.paying import due, keyed_amount, take
from edge.checkout.screens import ScreenRow
from edge.checkout.session import (
    Facts,
    Prompt,
    Session,
    Step,
    forget_entry,
    open_basket,
    refuse,
)
from edge.checkout.shop import Shop
from edge.checkout.words.texts import Word, text
from edge.checkout.words.texts_accounts import AccountWord
from edge.checkout.words.texts_members import MemberWord

KIND_WORDS: Final = {
    AccountKind.POINTS: Word.POINTS,
    AccountKind.STORED_VALUE: Word.STORED_VALUE,
    AccountKind.COUNT_CARD: Word.COUNT_CARD,
    AccountKind.COUPON: AccountWord.COUPON,
}


@dataclass(frozen=True, slots=True)
class Wallet:
    """What the member has to choose from, as the till holds it."""

    choices: tuple[Choice, ...]


def key_member(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """MEMBER while paying: what the sale's member can pay with; where there is none, who it is."""
    if facts.loyalty is None or open_basket(session).buyer is None:
        return membering.key_member(session, pressed, facts)
    return _open_wallet(session, facts, _anything)


def begin_rewards(session: Session, cause: Input, facts: Facts) -> Step:
    """What the member can have for points."""
    return _open_wallet(session, facts, _is_reward)


def begin_visits(session: Session, cause: Input, facts: Facts) -> Step:
    """The member's count cards for the services of the sale."""
    return _open_wallet(session, facts, _is_visit)


def _anything(choice: Choice) -> bool:
    return True


def _is_reward(choice: Choice) -> bool:
    return choice.reward is not None


def _is_visit(choice: Choice) -> bool:
    return choice.kind is AccountKind.COUNT_CARD


def _open_wallet(session: Session, facts: Facts, wanted: Callable[[Choice], bool]) -> Step:
    """The member's accounts are read anew, so that what was redeemed shows at once."""
    if facts.loyalty is None:
        return refuse(session, MemberWord.REFUSED_NO_MEMBERS)
    basket = open_basket(session)
    if basket.buyer is None:
        return refuse(session, AccountWord.REFUSED_NO_MEMBER)
    part_minor = keyed_amount(session, facts.shop)
    if isinstance(part_minor, Word) or part_minor == 0:
        return refuse(session, Word.REFUSED_AMOUNT)
    effect = FindMember(ByNumber(basket.buyer.member))
    then = partial(_open, part_minor=part_minor, wanted=wanted)
    return await_answer(forget_entry(session), effect, then)


def _open(
    session: Session,
    heard: MemberAnswered,
    facts: Facts,
    *,
    part_minor: int | None,
    wanted: Callable[[Choice], bool],
) -> Step:
    found = heard.answer
    if isinstance(found, MemberRefused):
        return refuse_him(session, found, facts)
    if not isinstance(found, MemberFound):
        return refuse(session, MemberWord.REFUSED_GONE)
    assert facts.loyalty is not None
    today = civil_day(heard.at, facts.shop.utc_offset_minutes)
    counter = Counter(open_basket(session), found, today, part_minor)
    listed = tuple(filter(wanted, choices(counter, facts.loyalty, facts.shop)))
    session = replace(session, member=found)
    if not listed:
        if any(map(wanted, unscanned(counter, facts.loyalty))):
            return refuse(session, AccountWord.REFUSED_NOT_SCANNED)
        return refuse(session, AccountWord.REFUSED_NOTHING_HERE)
    return ask(session, WALLET, Wallet(listed)), ()


def _take_chosen(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    listed = about(session, Wallet).choices
    place = None if session.quantity_milli else chosen(session, listed)
    session = forget_entry(session)
    if place is None:
        return refuse(session, Word.REFUSED_NO_ITEM)
    choice = listed[place]
    if choice.kind is AccountKind.COUPON:
        return show_account(answered(session), choice.account, pressed, facts)
    if choice.reward is not None and choice.reward.campaign:
        return take_reward(answered(session), choice, pressed, facts)
    return _take(session, choice, pressed, facts)


def _take(session: Session, choice: Choice, pressed: KeyPressed, facts: Facts) -> Step:
    tender, basket = choice.tender, open_basket(session)
    if tender is None and takes_money_only(basket, facts):
        return refuse(session, AccountWord.REFUSED_PREPAID)
    if tender is None:
        return refuse(session, AccountWord.REFUSED_ONLY, write_units(choice, facts.shop))
    is_part = tender.amount_minor < due(basket, facts.shop)
    if is_part and len(basket.tenders) + 1 >= facts.shop.limits.max_tenders:
        return refuse(session, Word.REFUSED_TENDERS)
    return take(answered(session), tender, pressed.at, facts)


def _leave(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    return answered(session), ()


def _rows(session: Session, facts: Facts) -> tuple[ScreenRow, ...]:
    marked = open_question(session).row
    listed = about(session, Wallet).choices
    return tuple(
        ScreenRow(
            f"{place + 1}. {_name(choice, session, facts)}",
            write_units(choice, facts.shop),
            _worth(choice, facts.shop),
            place == marked,
        )
        for place, choice in enumerate(listed)
    )


def _name(choice: Choice, session: Session, facts: Facts) -> str:
    language, reward = session.language, choice.reward
    if reward is not None:
        what = f"{reward_name(reward, facts, language)} {reward.points}"
        return text(AccountWord.REWARD, language, what)
    name, terms = text(KIND_WORDS[choice.kind], language), choice.account.ref.terms
    if choice.kind is AccountKind.COUNT_CARD:
        return f"{name} {plan_name(terms, facts, language)}"
    if choice.kind is AccountKind.COUPON:
        return f"{name} {campaign_name(terms, facts, language)}"
    return name


def write_units(choice: Choice, shop: Shop) -> str:
    """What the till still has of the account."""
    if choice.kind is AccountKind.STORED_VALUE:
        return write_amount(choice.here, shop.currency)
    return str(choice.here)


def _worth(choice: Choice, shop: Shop) -> str:
    return f"-{write_amount(choice.tender.amount_minor, shop.currency)}" if choice.tender else ""


def _sum(session: Session, facts: Facts) -> str:
    return write_amount(due(open_basket(session), facts.shop), facts.shop.currency)


WALLET: Final = Prompt(
    AccountWord.WALLET,
    AccountWord.ASK_WALLET,
    _take_chosen,
    keys={Key.MEMBER: _leave},
    rows=_rows,
    detail=_sum,
)
