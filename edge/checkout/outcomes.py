"""What the world answers: stored, failed, found, printed, plugged in or gone."""

from dataclasses import replace

from edge.checkout.balances.prepaid import can_be_finished
from edge.checkout.devices import Kind
from edge.checkout.effects import (
    Beep,
    DropReceipt,
    Effect,
    OpenDrawer,
    PrintReceipt,
    Restart,
    Tone,
    WakeUplink,
)
from edge.checkout.inputs import (
    DeviceChanged,
    InboxOverflowed,
    Input,
    KeyPressed,
    PendingReceipt,
    ReceiptFailed,
    ReceiptPrinted,
    SaleFound,
    SaleMissing,
    SaleStored,
    Started,
    StoreFailed,
    StoreFailure,
    UplinkChanged,
)
from edge.checkout.loyalty.attaching import rejoin
from edge.checkout.money import write_amount
from edge.checkout.paper.sending import ask_address
from edge.checkout.paper.slip import ONLY_OFFERED
from edge.checkout.paper.slip_writer import write_paper
from edge.checkout.people.duty import duty_from
from edge.checkout.people.lifting import lift, may
from edge.checkout.people.staff import Permission
from edge.checkout.sale.basket import Basket, BasketKind
from edge.checkout.sale.deal import reprice
from edge.checkout.sale.office import store_cancelled, store_copy
from edge.checkout.sale.pricing import is_taxable, paid_so_far
from edge.checkout.sale.returning import begin_picking
from edge.checkout.sale.selling import key_enter
from edge.checkout.screens import NoticeTone
from edge.checkout.session import (
    LOST_STATES,
    MAX_PENDING_RECEIPTS,
    DeviceSeen,
    Facts,
    Notice,
    SearchPurpose,
    Session,
    State,
    Step,
    Storing,
    forget_entry,
    has_entry,
    refuse,
    say,
    sound_alarm,
)
from edge.checkout.shifts import drawer
from edge.checkout.shop import has_device
from edge.checkout.words.texts import Word

FAILURES = {StoreFailure.DISK_FULL: Word.DISK_FULL, StoreFailure.IO_ERROR: Word.DISK_FAILED}


def started(session: Session, came_up: Started, facts: Facts) -> Step:
    """The store is open: an open basket is back, and unprinted receipts are offered; where no
    printer is named any more they stay pending in the store. A basket that can't be sold any more,
    for a tax that is gone or for accounts that paid, ends on record.
    """
    pending = came_up.pending_receipts if has_device(facts.shop, Kind.PRINTER) else ()
    session = replace(
        session,
        state=State.IDLE,
        next_receipt_no=came_up.next_receipt_no,
        shift_no=came_up.shift_no,
        unprinted=pending[-MAX_PENDING_RECEIPTS:],
        held=came_up.held,
        duty=duty_from(came_up.duty, came_up.at),
    )
    draft = came_up.draft
    if draft is None:
        return session, ()
    if not (is_taxable(draft, facts.shop) and can_be_finished(draft, facts)):
        return store_cancelled(session, draft, came_up, _lost(draft, facts))
    if draft.kind is BasketKind.RETURN:
        state = State.RETURNING
    else:
        state = State.TENDERING if draft.tenders else State.SELLING
    # After a new epoch the number that the basket had may be another sale's.
    basket = replace(draft, receipt_no=came_up.next_receipt_no)
    if not basket.tenders:
        basket = reprice(basket, facts, came_up.at)
    session = say(replace(session, state=state, basket=basket), Word.RESTORED)
    return rejoin(session, came_up, facts)


def _lost(draft: Basket, facts: Facts) -> Notice:
    paid_minor = paid_so_far(draft)
    if not paid_minor:
        return Notice(Word.REFUSED_DRAFT, tone=NoticeTone.ALARM)
    paid = write_amount(paid_minor, facts.shop.currency)
    return Notice(Word.REFUSED_DRAFT_PAID, paid, NoticeTone.ALARM)


def offer_copy(session: Session) -> Session:
    """With the newest unprinted receipt offered on the screen, for its customer still stands there,
    when there is nothing else on it but receipts and copies that are done with.
    """
    if not (session.unprinted and is_at_rest(session) and _is_free(session)):
        return session
    number = _offered(session).label
    offer = Notice(Word.RECEIPT_PENDING, number, NoticeTone.ALARM)
    return replace(session, notice=offer, alarm=None)


def _is_free(session: Session) -> bool:
    """Whether the screen says nothing, or what an offer says as well or better."""
    shown = session.alarm or session.notice
    if shown is None or shown.word in {Word.RECEIPT_FAILED, Word.RECEIPT_PENDING}:
        return True
    return shown.word is Word.COPY_PRINTING and not session.printing


def _offered(session: Session) -> PendingReceipt:
    """The one that failed last; the older ones follow."""
    return session.unprinted[-1]


def is_at_rest(session: Session) -> bool:
    """Between customers, with nothing keyed."""
    return session.state is State.IDLE and not has_entry(session)


def _is_offered(session: Session) -> bool:
    return session.notice is not None and session.notice.word is Word.RECEIPT_PENDING


def _is_rest_asked(session: Session) -> bool:
    return session.notice is not None and session.notice.word is Word.RECEIPTS_REST


def _rest(session: Session) -> tuple[PendingReceipt, ...]:
    """The unprinted ones that can be had again, as a receipt by its number."""
    return tuple(each for each in session.unprinted if each.paper.kind not in ONLY_OFFERED)


def take_offer(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """ENTER prints the copy that the screen offers, or has the rest offered one by one; without an
    offer it sells what was keyed.
    """
    if _is_rest_asked(session):
        return replace(session, notice=None), ()
    if not _is_offered(session):
        if session.entry and not may(session, facts, Permission.SELL):
            return lift(session, pressed, Permission.SELL, pressed.key.value)
        return key_enter(session, pressed, facts)
    return store_copy(session, _offered(session), pressed)


def decline_offer(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """CLEAR drops the receipt that the screen offers, and then, asked once more, all that can be
    printed by another way; without an offer it clears the screen.
    """
    cleared = replace(forget_entry(session), notice=None, last_sale=None)
    dropped: tuple[PendingReceipt, ...] = ()
    if _is_rest_asked(session):
        dropped = _rest(session)
    elif _is_offered(session):
        dropped = (_offered(session),)
    for each in dropped:
        cleared = _without(cleared, each.effect_id)
    if _is_offered(session) and (more := len(_rest(cleared))) > 1:
        asked = Notice(Word.RECEIPTS_REST, str(more), NoticeTone.ALARM)
        cleared = replace(cleared, notice=asked)
    return cleared, tuple(DropReceipt(each.effect_id) for each in dropped)


def stored(session: Session, answer: SaleStored, facts: Facts) -> Step:
    """It is on disk: only now the drawer opens, the receipt is printed, the uplink wakes."""
    storing = session.storing
    assert storing is not None, "an answer to nothing"
    session = replace(session, state=storing.then, storing=None, notice=storing.notice)
    if storing.notice is not None and storing.notice.tone is NoticeTone.ALARM:
        session = replace(session, notice=None, alarm=storing.notice)
    effects: list[Effect] = []
    if answer.drawer_effect is not None:
        session = drawer.commanded(session, answer.drawer_effect, facts)
        effects.append(OpenDrawer(answer.drawer_effect))
    if storing.sale is not None:
        session = replace(
            session,
            next_receipt_no=storing.sale.receipt_no + 1,
            basket=None,
            past=None,
            selected=-1,
            last_sale=storing.sale,
        )
    elif storing.then is State.IDLE:
        session = replace(session, basket=None, selected=-1)
    if answer.receipt_effect is not None:
        session, printing = _print(session, storing, answer, facts)
        effects += printing
    elif (storing.sale or storing.slip) and session.notice is None:
        # On record, and that it is on no paper is no alarm: the shop has no printer.
        session = say(session, Word.NOT_PRINTED)
    effects.append(WakeUplink())
    if storing.after is not None:
        session, more = storing.after(session, answer, facts)
        effects += more
    return session, tuple(effects)


def _print(
    session: Session, storing: Storing, answer: SaleStored, facts: Facts
) -> tuple[Session, list[Effect]]:
    assert answer.receipt_effect is not None
    effects: list[Effect] = []
    if storing.copy_of is not None:
        old = storing.copy_of
        receipt = replace(old, effect_id=answer.receipt_effect)
        offered = [each for each in session.unprinted if _is_same(each, old)]
        effects += [DropReceipt(each.effect_id) for each in offered]
        others = tuple(each for each in session.unprinted if each not in offered)
        session = replace(session, unprinted=others)
    else:
        paper = storing.sale or storing.slip
        assert paper is not None, "a receipt of nothing"
        receipt = PendingReceipt(answer.receipt_effect, paper, answer.at)
    document = write_paper(receipt, facts, copy=storing.copy_of is not None)
    effects.append(PrintReceipt(answer.receipt_effect, document))
    return replace(session, printing=(*session.printing, receipt)), effects


def _is_same(one: PendingReceipt, other: PendingReceipt) -> bool:
    """Whether both are the same paper, printed at different times."""
    return (type(one.paper), one.paper.kind, one.number) == (
        type(other.paper),
        other.paper.kind,
        other.number,
    )


def _without(session: Session, effect_id: int) -> Session:
    return replace(
        session,
        printing=tuple(each for each in session.printing if each.effect_id != effect_id),
        unprinted=tuple(each for each in session.unprinted if each.effect_id != effect_id),
    )


def store_failed(session: Session, answer: StoreFailed, facts: Facts) -> Step:
    """Nothing can be stored any more, so nothing is sold until a restart has checked the disk."""
    alarm = Notice(FAILURES[answer.failure], tone=NoticeTone.ALARM)
    session = replace(
        session, state=State.STOPPED, storing=None, deferred=(), notice=None, alarm=alarm
    )
    return session, (Beep(Tone.REFUSED),)


def restart(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """The way back from a failed disk: the daemon leaves and is started anew."""
    return session, (Restart(),)


def defer(session: Session, cause: Input, facts: Facts) -> Step:
    """While the disk answers, scans and keys wait in order, as many as the limit lets."""
    if len(session.deferred) >= facts.shop.limits.max_deferred:
        return refuse(session, Word.REFUSED_BUSY)
    return replace(session, deferred=(*session.deferred, cause)), ()


def found(session: Session, answer: SaleFound, facts: Facts) -> Step:
    """The past sale is there: give it back, or print its copy."""
    session = replace(session, state=session.came_from)
    if session.purpose is SearchPurpose.SEND:
        return ask_address(session, answer)
    if session.purpose is SearchPurpose.COPY:
        pending = PendingReceipt(0, answer.sale, answer.sold_at)
        return store_copy(session, pending, answer)
    return begin_picking(session, answer)


def missing(session: Session, answer: SaleMissing, facts: Facts) -> Step:
    """No such receipt; the cashier may key another number."""
    return refuse(replace(session, state=session.came_from), Word.REFUSED_NO_RECEIPT)


def receipt_printed(session: Session, answer: ReceiptPrinted, facts: Facts) -> Step:
    """The receipt is on paper."""
    return _without(session, answer.effect_id), ()


def receipt_failed(session: Session, answer: ReceiptFailed, facts: Facts) -> Step:
    """The receipt is not on paper; its copy is offered as soon as the till is idle."""
    failed = tuple(each for each in session.printing if each.effect_id == answer.effect_id)
    assert failed, f"receipt {answer.effect_id} was not being printed"
    session = _without(session, answer.effect_id)
    unprinted = (*session.unprinted, *failed)[-MAX_PENDING_RECEIPTS:]
    session = replace(session, unprinted=unprinted)
    if is_at_rest(session) and session.alarm is not None:
        # The offer follows by itself once the alarm that stands has been read.
        return session, (Beep(Tone.REFUSED),)
    return sound_alarm(session, Word.RECEIPT_FAILED, failed[0].label)


def device_changed(session: Session, change: DeviceChanged, facts: Facts) -> Step:
    """The status line names the devices that are lost."""
    others = tuple(each for each in session.devices if each.name != change.device)
    before = next((each for each in session.devices if each.name == change.device), None)
    is_still_lost = change.device in session.lost_devices and change.state in LOST_STATES
    since = before.since if before is not None and is_still_lost else change.at
    # What is the matter with it may be heard before it is heard of.
    trouble = before.trouble if before and change.state not in LOST_STATES else None
    seen = DeviceSeen(change.device, change.state, since, trouble)
    return replace(session, devices=(*others, seen)), ()


def uplink_changed(session: Session, change: UplinkChanged, facts: Facts) -> Step:
    """The status line says whether HQ can be reached and takes records; selling does not care."""
    return replace(session, online=change.online, uplink_troubles=change.troubles), ()


def inbox_overflowed(session: Session, overflow: InboxOverflowed, facts: Facts) -> Step:
    """Some inputs did not fit: the cashier must know how many."""
    return sound_alarm(session, Word.LOST_INPUTS, str(overflow.lost))
