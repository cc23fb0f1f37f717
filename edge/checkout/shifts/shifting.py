"""Open a shift, report on it, count the drawer and close it, from the keypad."""

from dataclasses import dataclass, replace
from functools import partial

from edge.checkout.asking import (
    about,
    answered,
    ask,
    await_answer,
    end_question,
    open_question,
)
from edge.checkout.effects import ReadShift, StoreEntries
from edge.checkout.inputs import Input, Key, KeyPressed, SaleStored, ShiftRead
from edge.checkout.money import read_amount, write_amount
from edge.checkout.paper.slip import Slip
from edge.checkout.people.lifting import may
from edge.checkout.people.staff import Permission
from edge.checkout.records import Entry, EntryKind
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
    has_entry,
    refuse,
)
from edge.checkout.shifts.counting import Counting
from edge.checkout.shifts.shift import (
    MAX_COUNTED_MINOR,
    MAX_PIECES,
    MAX_REPORTS,
    CashCount,
    ClosedShift,
    ShiftReport,
    ShiftState,
    closed_entry,
    denominations,
    opened_entry,
    reported_entry,
    write_x_no,
)
from edge.checkout.shifts.shift_report import report_rows
from edge.checkout.shifts.shift_totals import COUNTING
from edge.checkout.words.texts import Word, text
from edge.checkout.words.texts_shift import ShiftWord


@dataclass(frozen=True, slots=True)
class Counted:
    """The drawer as it was counted, and how much of it stays for the next shift."""

    count: CashCount
    left_minor: int


def lacks_shift(session: Session, facts: Facts) -> bool:
    """Whether the shop sells in shifts alone, and none is open."""
    return facts.shop.shift.required and not session.shift_no


def _keyed_minor(session: Session, facts: Facts, most_minor: int) -> int | None:
    """The amount that was keyed, None when it is none or more than `most_minor`."""
    if session.quantity_milli is not None:
        return None
    shop = facts.shop
    keyed_minor = read_amount(session.entry, shop.currency, minor_first=shop.minor_first)
    return keyed_minor if keyed_minor is not None and keyed_minor <= most_minor else None


def _store(
    session: Session, entry: Entry, cause: Input, storing: Storing, *, opens_drawer: bool
) -> Step:
    effect = StoreEntries(
        at=cause.at,
        entries=(entry,),
        ends_basket=False,
        opens_drawer=opens_drawer,
        prints_receipt=storing.slip is not None,
    )
    session = replace(forget_entry(session), state=State.STORING, storing=storing, notice=None)
    return session, (effect,)


# --- opening


def begin_open(session: Session, chosen: Input, facts: Facts) -> Step:
    """The cash that was keyed opens a shift; without it the till asks what is in the drawer."""
    if session.shift_no:
        return refuse(forget_entry(session), ShiftWord.REFUSED_OPEN)
    return await_answer(session, ReadShift(), _hear_opening)


def _hear_opening(session: Session, answer: ShiftRead, facts: Facts) -> Step:
    if has_entry(session):
        return _open_keyed(session, answer, facts, answer.state)
    return ask(session, FLOAT, about=answer.state), ()


def _offered_minor(session: Session, state: ShiftState, facts: Facts) -> int | None:
    """What was counted and left, with what has moved since; a drawer holds no less than nothing.
    None where cash has moved, for whoever is not to know how much before it is counted.
    """
    if state.has_moved_cash and not may(session, facts, Permission.X_REPORT):
        return None
    return max(0, state.expected_minor)


def _enter_float(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """ENTER opens with the cash that was keyed, or with what is offered."""
    state = about(session, ShiftState)
    if has_entry(session):
        return _open_keyed(session, pressed, facts, state)
    offered_minor = _offered_minor(session, state, facts)
    if offered_minor is None:
        return refuse(session, ShiftWord.REFUSED_UNCOUNTED)
    return _open(session, pressed, facts, state, offered_minor)


def _open_keyed(session: Session, cause: Input, facts: Facts, state: ShiftState) -> Step:
    float_minor = _keyed_minor(session, facts, facts.shop.shift.max_float_minor)
    if float_minor is None:
        return refuse(forget_entry(session), ShiftWord.REFUSED_FLOAT)
    return _open(session, cause, facts, state, float_minor)


def _open(
    session: Session, cause: Input, facts: Facts, state: ShiftState, float_minor: int
) -> Step:
    currency = facts.shop.currency.code
    entry = opened_entry(state, float_minor, currency, session.duty.signed_on)
    notice = Notice(ShiftWord.OPENED, str(state.z_no))
    storing = Storing(State.IDLE, notice, after=partial(_has_shift, state.z_no))
    if session.asking is not None:
        session = answered(session)
    return _store(session, entry, cause, storing, opens_drawer=True)


def _has_shift(shift_no: int, session: Session, answer: SaleStored, facts: Facts) -> Step:
    return replace(session, shift_no=shift_no), ()


def _float_rows(session: Session, facts: Facts) -> tuple[ScreenRow, ...]:
    offered_minor = _offered_minor(session, about(session, ShiftState), facts)
    if offered_minor is None:
        return ()
    amount = write_amount(offered_minor, facts.shop.currency)
    return (ScreenRow(text(ShiftWord.EXPECTED, session.language), "", amount, selected=True),)


def _shift_number(session: Session, facts: Facts) -> str:
    return str(about(session, ShiftState).z_no)


def _count_float(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """SUBTOTAL counts what is in the drawer instead of keying its sum."""
    return _open_to_count(answered(session), pressed, about(session, ShiftState))


# --- the X report


def begin_report(session: Session, chosen: Input, facts: Facts) -> Step:
    """How the shift stands goes on record, on paper and on the screen."""
    return await_answer(session, ReadShift(), _report)


def _report(session: Session, answer: ShiftRead, facts: Facts) -> Step:
    if answer.state.reports >= MAX_REPORTS:
        return refuse(session, ShiftWord.REFUSED_REPORTS)
    report = _report_of(session, answer.state, facts)
    entry = reported_entry(report)
    storing = Storing(
        State.IDLE, slip=Slip(entry.kind, entry.body), after=partial(_show_report, report)
    )
    return _store(session, entry, answer, storing, opens_drawer=False)


def _report_of(session: Session, state: ShiftState, facts: Facts) -> ShiftReport:
    return ShiftReport(
        state,
        facts.shop.currency.code,
        staff=session.duty.signed_on,
        held=tuple(held.number for held in session.held),
        unknown=tuple(watch.payment.id for watch in session.payments.watches),
    )


def _show_report(report: ShiftReport, session: Session, answer: SaleStored, facts: Facts) -> Step:
    return ask(session, REPORT, about=report), ()


def _report_rows(session: Session, facts: Facts) -> tuple[ScreenRow, ...]:
    shop = replace(facts.shop, language=session.language)
    marked = open_question(session).row
    return tuple(
        ScreenRow(row.left, "", row.right, place == marked)
        for place, row in enumerate(report_rows(about(session, ShiftReport), shop))
    )


def _report_number(session: Session, facts: Facts) -> str:
    return write_x_no(about(session, ShiftReport).state.x_no)


def _leave_report(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """ENTER: it was read."""
    return forget_entry(end_question(session)), ()


# --- counting the drawer


def begin_close(session: Session, chosen: Input, facts: Facts) -> Step:
    """The drawer opens, on record, and is counted; what should be in it nobody says before."""
    return _open_to_count(session, chosen, None)


def _open_to_count(session: Session, cause: Input, opening: ShiftState | None) -> Step:
    entry = Entry(EntryKind.DRAWER_NO_SALE, {"reason": COUNTING})
    storing = Storing(State.IDLE, after=partial(_ask_count, opening))
    return _store(session, entry, cause, storing, opens_drawer=True)


def _ask_count(
    opening: ShiftState | None, session: Session, answer: SaleStored, facts: Facts
) -> Step:
    shop = facts.shop
    faces = denominations(shop.currency, shop.cash_step_minor, shop.shift)
    return ask(session, COUNT, about=Counting(faces, (None,) * len(faces), opening=opening)), ()


def _enter_pieces(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """ENTER: so many of the marked face, and on to the next one; behind the last one it is done."""
    counting, row = about(session, Counting), open_question(session).row
    if row == len(counting.faces):
        return _end_count(session, pressed, facts)
    if has_entry(session):
        pieces = _keyed_pieces(session)
        if pieces is None:
            return refuse(session, ShiftWord.REFUSED_PIECES)
        counting = counting.with_pieces(row, pieces)
    return ask(session, COUNT, about=counting, row=row + 1), ()


def _keyed_pieces(session: Session) -> int | None:
    entry = session.entry
    if session.quantity_milli is not None or not entry.isdecimal() or int(entry) > MAX_PIECES:
        return None
    return int(entry)


def _key_sum(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """CASH: the number is the whole sum, counted by hand or by a machine."""
    sum_minor = _keyed_minor(session, facts, MAX_COUNTED_MINOR)
    if sum_minor is None:
        return refuse(session, ShiftWord.REFUSED_PIECES)
    counting = replace(about(session, Counting), keyed_minor=sum_minor)
    return ask(session, COUNT, about=counting, row=len(counting.faces)), ()


def _end_count(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """SUBTOTAL: everything was counted; a shift opens with it, or what stays is asked."""
    if has_entry(session):
        return refuse(session, Word.REFUSED_UNUSED)
    counting = about(session, Counting)
    if counting.opening is None:
        return ask(session, LEFT, about=counting), ()
    counted_minor = counting.count.counted_minor
    if counted_minor > facts.shop.shift.max_float_minor:
        return refuse(session, ShiftWord.REFUSED_FLOAT)
    return _open(session, pressed, facts, counting.opening, counted_minor)


def _take_back(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """CLEAR: the keyed sum goes, or one counted face at a time, and then the count is left."""
    counting, row = about(session, Counting), open_question(session).row
    if counting.keyed_minor is not None:
        return ask(session, COUNT, about=replace(counting, keyed_minor=None), row=row), ()
    place = counting.counted_by(row)
    if place is None:
        return end_question(session), ()
    return ask(session, COUNT, about=counting.with_pieces(place, None), row=place), ()


def _count_rows(session: Session, facts: Facts) -> tuple[ScreenRow, ...]:
    counting, marked = about(session, Counting), open_question(session).row
    currency = facts.shop.currency
    rows = []
    for place, (face, pieces) in enumerate(zip(counting.faces, counting.pieces, strict=True)):
        number = sum_of = ""
        if pieces is not None and counting.keyed_minor is None:
            number, sum_of = f"× {pieces}", write_amount(face * pieces, currency)
        rows.append(ScreenRow(write_amount(face, currency), number, sum_of, place == marked))
    counted = write_amount(counting.count.counted_minor, currency)
    label = text(ShiftWord.COUNTED, session.language)
    return (*rows, ScreenRow(label, "", counted, marked == len(rows)))


# --- closing


def _count_again(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """Back to what was counted, with nothing of it lost."""
    counting = about(session, Counting)
    return ask(session, COUNT, about=counting, row=len(counting.faces)), ()


def _enter_left(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """ENTER: what was keyed stays in the drawer, or all of it; then the Z is made of what the
    journal says by then.
    """
    count = about(session, Counting).count
    left_minor: int | None = count.counted_minor
    if has_entry(session):
        left_minor = _keyed_minor(session, facts, count.counted_minor)
    if left_minor is None:
        return refuse(forget_entry(session), ShiftWord.REFUSED_LEFT)
    return await_answer(
        forget_entry(session), ReadShift(), partial(_close, Counted(count, left_minor))
    )


def _close(counted: Counted, session: Session, answer: ShiftRead, facts: Facts) -> Step:
    """Whatever is over or short goes on record and on paper; it never stands in the way."""
    report = _report_of(session, answer.state, facts)
    closed = ClosedShift(report, counted.count, counted.left_minor)
    entry = closed_entry(closed)
    storing = Storing(
        State.IDLE,
        _difference(closed, facts),
        slip=Slip(entry.kind, entry.body),
        after=partial(_has_shift, 0),
    )
    return _store(answered(session), entry, answer, storing, opens_drawer=False)


def _difference(closed: ClosedShift, facts: Facts) -> Notice:
    over_minor = closed.over_short_minor
    if not over_minor:
        return Notice(ShiftWord.CLOSED_EVEN, str(closed.z_no))
    word = ShiftWord.CLOSED_OVER if over_minor > 0 else ShiftWord.CLOSED_SHORT
    return Notice(word, write_amount(abs(over_minor), facts.shop.currency))


def _counted_sum(session: Session, facts: Facts) -> str:
    return write_amount(about(session, Counting).count.counted_minor, facts.shop.currency)


FLOAT = Prompt(
    ShiftWord.FLOAT,
    ShiftWord.ASK_FLOAT,
    _enter_float,
    keys={Key.SUBTOTAL: _count_float},
    rows=_float_rows,
    detail=_shift_number,
)
REPORT = Prompt(
    ShiftWord.REPORT,
    ShiftWord.ASK_READ,
    _leave_report,
    rows=_report_rows,
    detail=_report_number,
)
COUNT = Prompt(
    ShiftWord.COUNT,
    ShiftWord.ASK_PIECES,
    _enter_pieces,
    keys={Key.SUBTOTAL: _end_count, Key.CASH: _key_sum},
    rows=_count_rows,
    leave=_take_back,
)
LEFT = Prompt(
    ShiftWord.KEEP,
    ShiftWord.ASK_LEFT,
    _enter_left,
    keys={Key.UP: _count_again},
    detail=_counted_sum,
    leave=_count_again,
)
