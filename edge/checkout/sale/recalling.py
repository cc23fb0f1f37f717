"""Hold and recall: a sale is set aside, and taken up again as it was. No balance moves."""

from dataclasses import replace

from edge.checkout.asking import answered, ask, chosen
from edge.checkout.effects import StoreEntries
from edge.checkout.inputs import Input, KeyPressed
from edge.checkout.loyalty.attaching import rejoin
from edge.checkout.money import write_amount
from edge.checkout.paper.receipt_writer import write_clock
from edge.checkout.records import Entry, EntryKind, JsonObject
from edge.checkout.sale.deal import reprice
from edge.checkout.sale.holding import HeldSale
from edge.checkout.sale.pricing import basket_total, is_taxable
from edge.checkout.screens import ScreenRow
from edge.checkout.session import (
    Facts,
    Notice,
    Prompt,
    Session,
    State,
    Step,
    Storing,
    forget_entry,
    open_basket,
    refuse,
)
from edge.checkout.shop import Shop
from edge.checkout.words.texts import Word, text


def hold(session: Session, cause: Input, facts: Facts) -> Step:
    """The basket is set aside under the lowest free number, on record."""
    basket = open_basket(session)
    assert not basket.tenders, "what is paid in part is being paid"
    if not basket.lines:
        return refuse(session, Word.REFUSED_EMPTY)
    if len(session.held) >= facts.shop.limits.max_held:
        return refuse(session, Word.REFUSED_HELD)
    taken = {held.number for held in session.held}
    number = min(set(range(1, len(taken) + 2)) - taken)
    held = HeldSale(number, basket, cause.at)
    effect = StoreEntries(
        at=cause.at,
        entries=(Entry(EntryKind.SALE_HELD, _body(held, facts)),),
        ends_basket=True,
        holds=held,
    )
    session = replace(
        forget_entry(session),
        state=State.STORING,
        held=(*session.held, held),
        storing=Storing(State.IDLE, Notice(Word.HELD, str(number)), ends_basket=True),
        notice=None,
    )
    return session, (effect,)


def _body(held: HeldSale, facts: Facts) -> JsonObject:
    return {
        "number": held.number,
        "lines": len(held.basket.lines),
        "total_minor": basket_total(held.basket, facts.shop),
    }


def begin_recall(session: Session, cause: Input, facts: Facts) -> Step:
    """Which of the held sales comes back? The only one does at once, as does one whose number was
    keyed.
    """
    if not session.held:
        return refuse(session, Word.REFUSED_NOTHING_HELD)
    if session.entry:
        for held in session.held:
            if str(held.number) == session.entry:
                return _recall(forget_entry(session), held, cause, facts)
        return refuse(forget_entry(session), Word.REFUSED_NO_ITEM)
    if len(session.held) == 1:
        return _recall(session, session.held[0], cause, facts)
    return ask(session, WHICH_HELD), ()


def _take_chosen(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    place = chosen(session, session.held)
    if place is None:
        return refuse(forget_entry(session), Word.REFUSED_NO_ITEM)
    return _recall(answered(session), session.held[place], pressed, facts)


def _recall(session: Session, held: HeldSale, cause: Input, facts: Facts) -> Step:
    if not is_taxable(held.basket, facts.shop):
        return refuse(session, Word.REFUSED_TAX_CODE)
    # Its number is the next one now: the one that it had may be another sale's.
    basket = replace(held.basket, receipt_no=session.next_receipt_no)
    basket = reprice(basket, facts, cause.at)
    effect = StoreEntries(
        at=cause.at,
        entries=(Entry(EntryKind.SALE_RECALLED, _body(held, facts)),),
        ends_basket=False,
        recalls=replace(held, basket=basket),
    )
    session = replace(
        session,
        state=State.STORING,
        basket=basket,
        held=tuple(each for each in session.held if each.number != held.number),
        storing=Storing(State.SELLING, Notice(Word.RECALLED, str(held.number)), after=rejoin),
        last_sale=None,
        notice=None,
    )
    return session, (effect,)


def _total(held: HeldSale, shop: Shop) -> str:
    """What it comes to; nothing where the shop has no tax any more for something in it."""
    if not is_taxable(held.basket, shop):
        return ""
    return write_amount(basket_total(held.basket, shop), shop.currency)


def _rows(session: Session, facts: Facts) -> tuple[ScreenRow, ...]:
    shop = facts.shop
    asking = session.asking
    return tuple(
        ScreenRow(
            f"{place}. {text(Word.SALE, session.language)} {held.number}",
            write_clock(held.held_at, shop),
            _total(held, shop),
            asking is not None and place - 1 == asking.row,
        )
        for place, held in enumerate(session.held, start=1)
    )


WHICH_HELD = Prompt(Word.HELD_SALES, Word.ASK_HELD, _take_chosen, rows=_rows)
