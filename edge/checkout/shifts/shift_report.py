"""X and Z reports as paper."""

from collections.abc import Iterable
from typing import Final

from edge.checkout.instant import Instant
from edge.checkout.money import write_amount, write_percent
from edge.checkout.paper.receipt import Align, Columns, Element, Feed, Qr, Receipt, Rule, Text
from edge.checkout.paper.receipt_writer import TENDER_WORDS, write_time
from edge.checkout.paper.slip import Slip
from edge.checkout.records import EntryKind, Promise, TenderKind
from edge.checkout.session import Facts
from edge.checkout.shifts.shift import (
    ClosedShift,
    JournalPlace,
    Shift,
    ShiftReport,
    ShiftState,
    closed_from,
    report_from,
    write_x_no,
)
from edge.checkout.shifts.shift_totals import (
    LEFT,
    OPENED,
    PREPAID_TENDERS,
    Figure,
    ShiftTotals,
    parts_of,
)
from edge.checkout.shop import Shop
from edge.checkout.words.texts import Saying, Word, text
from edge.checkout.words.texts_shift import ShiftWord

CODE_PREFIX: Final = "ETZ1"
# As much of the hash as a person compares; its code holds all of it.
SHOWN_HASH_DIGITS: Final = 16

DRAWER_ROWS: Final = (
    (EntryKind.SALE, ShiftWord.CASH_SALES),
    (EntryKind.REFUND, ShiftWord.CASH_REFUNDS),
    (EntryKind.CASH_PAID_IN, ShiftWord.PAID_IN),
    (EntryKind.CASH_PAID_OUT, ShiftWord.PAID_OUT),
)
# What is paid for in advance: the figure, its row, whether it comes in or goes back.
PREPAID_ROWS: Final = (
    (Figure.PROMISED, Promise.TOP_UP, +1, ShiftWord.TOP_UPS),
    (Figure.REFUND_PROMISED, Promise.TOP_UP, -1, ShiftWord.TOP_UPS_BACK),
    (Figure.PROMISED, Promise.COUNT_CARD, +1, ShiftWord.COUNT_CARDS),
    (Figure.REFUND_PROMISED, Promise.COUNT_CARD, -1, ShiftWord.COUNT_CARDS_BACK),
)
BONUS_ROWS: Final = (
    (Figure.BONUS, "", +1, ShiftWord.BONUS),
    (Figure.REFUND_BONUS, "", -1, ShiftWord.BONUS_BACK),
)
DEPOSIT_ROWS: Final = (
    (Figure.PROMISED, Promise.DEPOSIT, +1, ShiftWord.DEPOSITS),
    (Figure.REFUND_PROMISED, Promise.DEPOSIT, -1, ShiftWord.DEPOSITS_BACK),
)
MONEY: Final = tuple(kind for kind in TenderKind if kind not in PREPAID_TENDERS)
# By rate: what was sold, what was given back, and what of either is no turnover.
TAX_ROWS: Final = (
    (ShiftWord.NET, Figure.NET, Figure.REFUND_NET),
    (ShiftWord.TAX, Figure.TAX, Figure.REFUND_TAX),
)
PROMISED_TAX_ROWS: Final = (
    (ShiftWord.PROMISED_NET, Figure.PROMISED_NET, Figure.REFUND_PROMISED_NET),
    (ShiftWord.PROMISED_TAX, Figure.PROMISED_TAX, Figure.REFUND_PROMISED_TAX),
)
COUNTED_WITH_AMOUNT: Final = (
    (Figure.LINE_VOIDED, ShiftWord.LINES_VOIDED),
    (Figure.PAYMENT_VOIDED, ShiftWord.PAYMENTS_VOIDED),
    (Figure.CANCELLED, ShiftWord.CANCELLED),
)
COUNTED: Final = (
    (Figure.PRICE_CHANGED, ShiftWord.PRICES_CHANGED),
    (Figure.NO_SALE, ShiftWord.NO_SALES),
    (Figure.COPY, ShiftWord.COPIES),
    (Figure.REPORTED, ShiftWord.REPORTS),
)


def x_slip(slip: Slip, made_at: Instant, facts: Facts, copy: bool) -> Receipt:
    """The paper of an X record."""
    return write_x(report_from(slip.body), made_at, facts.shop, copy=copy)


def z_slip(slip: Slip, made_at: Instant, facts: Facts, copy: bool) -> Receipt:
    """The paper of a Z record."""
    return write_z(closed_from(slip.body), made_at, facts.shop, copy=copy)


def write_x(report: ShiftReport, at: Instant, shop: Shop, *, copy: bool) -> Receipt:
    """An X report: how it stands, without closing anything."""
    state = report.state
    title = _word(ShiftWord.X_TITLE, shop, write_x_no(state.x_no))
    elements = [*_head(title, report, at, shop, copy=copy), *_body(report, shop), Feed()]
    return Receipt(state.x_no, copy, tuple(elements))


def write_z(closed: ClosedShift, at: Instant, shop: Shop, *, copy: bool) -> Receipt:
    """A Z report, with its place in the journal to read and to scan."""
    report = closed.report
    title = _word(ShiftWord.Z_TITLE, shop, str(closed.z_no))
    elements = [
        *_head(title, report, at, shop, copy=copy),
        *_body(report, shop),
        *_count(closed, shop),
        Rule(),
        *_journal(report.state.head, shop),
        Qr(z_code(closed, shop.device)),
        Feed(),
    ]
    return Receipt(closed.z_no, copy, tuple(elements))


def z_code(closed: ClosedShift, device: str) -> str:
    """What a Z's QR code says: till, number, and the last record that it covers with its hash."""
    head = closed.report.state.head
    return f"{CODE_PREFIX}:{device}:{closed.z_no}:{head.epoch}/{head.seq}:{head.hash}"


def report_rows(report: ShiftReport, shop: Shop) -> tuple[Columns, ...]:
    """The report's lines, without head and rules: what a screen shows of it."""
    return tuple(element for element in _body(report, shop) if isinstance(element, Columns))


def _word(word: Saying, shop: Shop, detail: str = "") -> str:
    return text(word, shop.language, detail)


def _amount(minor: int, shop: Shop) -> str:
    return write_amount(minor, shop.currency)


def _head(
    title: str, report: ShiftReport, at: Instant, shop: Shop, *, copy: bool
) -> Iterable[Element]:
    yield Text(shop.name, Align.CENTRE, bold=True, large=True)
    yield from (Text(line, Align.CENTRE) for line in shop.header)
    yield Text(title, Align.CENTRE, bold=True, large=True)
    if copy:
        yield Text(_word(Word.COPY, shop), Align.CENTRE, bold=True, large=True)
    yield Columns(f"{_word(ShiftWord.TILL, shop)} {shop.device}", write_time(at, shop))
    if report.staff:
        yield Text(_word(ShiftWord.BY, shop, report.staff))
    if report.state.shift is not None:
        yield from _opening(report.state.shift, at, shop)
    yield Rule()


def _opening(shift: Shift, at: Instant, shop: Shop) -> Iterable[Element]:
    opened_at = Instant(shift.opened_at_ms, at.boot, at.mono_ms, at.quality)
    by = f" {_word(ShiftWord.BY, shop, shift.opened_by)}" if shift.opened_by else ""
    yield Columns(f"{_word(ShiftWord.SINCE, shop)}{by}", write_time(opened_at, shop))


def _body(report: ShiftReport, shop: Shop) -> list[Element]:
    totals = report.state.totals
    return [
        *_sales(report, shop),
        Rule(),
        *_turnover(totals, shop),
        *_prepaid(totals, shop),
        Rule(),
        *_tenders(totals, shop),
        Rule(),
        *_taxes(totals, shop),
        Rule(),
        *_events(totals, shop),
        *_open_ends(report, shop),
        *_float(report.state, shop),
        *_drawer(totals, shop),
    ]


def _sales(report: ShiftReport, shop: Shop) -> Iterable[Element]:
    state = report.state
    if state.last_receipt_no:
        numbers = f"{state.first_receipt_no} - {state.last_receipt_no}"
        yield Columns(_word(ShiftWord.RECEIPTS, shop), numbers)
    sales, refunds = state.totals.of(Figure.SALE), state.totals.of(Figure.REFUND)
    yield Columns(_word(ShiftWord.SALES, shop, str(sales.times)), _amount(sales.amount_minor, shop))
    yield Columns(
        _word(ShiftWord.REFUNDS, shop, str(refunds.times)), _amount(-refunds.amount_minor, shop)
    )
    yield _sum(ShiftWord.IN_ALL, sales.amount_minor - refunds.amount_minor, shop)


def _sum(word: ShiftWord, minor: int, shop: Shop) -> Columns:
    return Columns(_word(word, shop), f"{shop.currency.sign}{_amount(minor, shop)}", bold=True)


def _turnover(totals: ShiftTotals, shop: Shop) -> Iterable[Element]:
    for word, all_of_it, promised, sign in (
        (ShiftWord.GOODS, Figure.SALE, Figure.PROMISED, +1),
        (ShiftWord.GOODS_BACK, Figure.REFUND, Figure.REFUND_PROMISED, -1),
    ):
        minor = totals.sum_minor(all_of_it) - totals.sum_minor(promised)
        yield Columns(_word(word, shop), _amount(sign * minor, shop))
    yield _sum(ShiftWord.TURNOVER, parts_of(totals).turnover_minor, shop)


def _prepaid(totals: ShiftTotals, shop: Shop) -> Iterable[Element]:
    """What is no turnover: with the turnover it is all that was sold."""
    if prepaid := _rows(PREPAID_ROWS, totals, shop):
        yield from prepaid
        yield _sum(ShiftWord.PREPAID_SOLD, parts_of(totals).prepaid_sold_minor, shop)
    yield from _rows(BONUS_ROWS, totals, shop)
    yield from _rows(DEPOSIT_ROWS, totals, shop)


def _rows(
    rows: tuple[tuple[Figure, str, int, ShiftWord], ...], totals: ShiftTotals, shop: Shop
) -> list[Columns]:
    """Those of which there is any."""
    return [
        Columns(_word(word, shop, str(tally.times)), _amount(sign * tally.amount_minor, shop))
        for figure, name, sign, word in rows
        if (tally := totals.of(figure, name)).times
    ]


def _tenders(totals: ShiftTotals, shop: Shop) -> Iterable[Element]:
    yield from _paid(MONEY, totals, shop)
    rounding_minor = totals.sum_minor(Figure.ROUNDING) - totals.sum_minor(Figure.REFUND_ROUNDING)
    if rounding_minor:
        yield Columns(_word(Word.ROUNDING, shop), _amount(rounding_minor, shop))
    if prepaid := _paid(PREPAID_TENDERS, totals, shop):
        yield from prepaid
        yield _sum(ShiftWord.PREPAID_SPENT, parts_of(totals).prepaid_spent_minor, shop)


def _paid(kinds: tuple[TenderKind, ...], totals: ShiftTotals, shop: Shop) -> list[Columns]:
    """What was taken in so, and below it what was given back."""
    rows = []
    for figure, sign in ((Figure.TAKEN, 1), (Figure.GIVEN, -1)):
        for kind, tally in totals.rows(figure):
            if kind not in kinds:
                continue
            name = _word(TENDER_WORDS[TenderKind(kind)], shop)
            if figure is Figure.GIVEN and kind != TenderKind.WITHHELD:
                name = _word(ShiftWord.GIVEN, shop, name)
            rows.append(Columns(f"{name} {tally.times}", _amount(sign * tally.amount_minor, shop)))
    return rows


def _taxes(totals: ShiftTotals, shop: Shop) -> Iterable[Element]:
    """Each rate's net and tax, less what was given back: of the turnover, then of the rest."""
    rates = {name for figure in (Figure.NET, Figure.REFUND_NET) for name, _ in totals.rows(figure)}
    for rate in sorted(rates):
        code, _, rate_bp = rate.partition(" ")
        name = f"{code} {write_percent(int(rate_bp))}"
        rest_minor = [_left(totals, rate, sold, back) for _, sold, back in PROMISED_TAX_ROWS]
        for (word, sold, back), rest in zip(TAX_ROWS, rest_minor, strict=True):
            minor = _left(totals, rate, sold, back) - rest
            yield Columns(_word(word, shop, name), _amount(minor, shop))
        for (word, _, _), rest in zip(PROMISED_TAX_ROWS, rest_minor, strict=True):
            if rest:
                yield Columns(_word(word, shop, name), _amount(rest, shop))


def _left(totals: ShiftTotals, rate: str, sold: Figure, returned: Figure) -> int:
    return totals.of(sold, rate).amount_minor - totals.of(returned, rate).amount_minor


def _events(totals: ShiftTotals, shop: Shop) -> Iterable[Element]:
    off = totals.rows(Figure.DISCOUNT)
    if off:
        uses = str(sum(tally.times for _, tally in off))
        minor = totals.sum_minor(Figure.DISCOUNT)
        yield Columns(_word(ShiftWord.DISCOUNTS, shop, uses), _amount(-minor, shop))
    for figure, word in COUNTED_WITH_AMOUNT:
        times = sum(tally.times for _, tally in totals.rows(figure))
        if times:
            minor = totals.sum_minor(figure)
            yield Columns(_word(word, shop, str(times)), _amount(minor, shop))
    for figure, word in COUNTED:
        if totals.of(figure).times:
            yield Columns(_word(word, shop), str(totals.of(figure).times))
    for number, tally in totals.rows(Figure.STAFF):
        yield Columns(
            f"{_word(ShiftWord.STAFF, shop, number)}: {tally.times}",
            _amount(tally.amount_minor, shop),
        )


def _open_ends(report: ShiftReport, shop: Shop) -> Iterable[Element]:
    if report.held:
        yield Text(_word(ShiftWord.HELD, shop, ", ".join(map(str, report.held))), bold=True)
    if report.unknown:
        yield Text(_word(ShiftWord.UNKNOWN, shop, ", ".join(report.unknown)), bold=True)


def _float(state: ShiftState, shop: Shop) -> Iterable[Element]:
    """What the drawer began with. Of a shift it is what was keyed at the opening, less the cash in
    it that came since the last Z: that stands in the rows behind this as well.
    """
    yield Text(_word(ShiftWord.DRAWER, shop), bold=True)
    begun_minor = sum(state.totals.of(Figure.DRAWER, why).amount_minor for why in (LEFT, OPENED))
    float_minor = state.shift.float_minor if state.shift is not None else begun_minor
    yield Columns(_word(ShiftWord.FLOAT_LINE, shop), _amount(float_minor, shop))
    if before_minor := begun_minor - float_minor:
        yield Columns(_word(ShiftWord.FLOAT_COUNTED_BELOW, shop), _amount(before_minor, shop))


def _drawer(totals: ShiftTotals, shop: Shop) -> Iterable[Element]:
    for cause, word in DRAWER_ROWS:
        tally = totals.of(Figure.DRAWER, cause)
        if tally.times:
            yield Columns(_word(word, shop, str(tally.times)), _amount(tally.amount_minor, shop))
    yield Columns(_word(ShiftWord.EXPECTED, shop), _amount(totals.drawer_minor, shop), bold=True)


def _count(closed: ClosedShift, shop: Shop) -> Iterable[Element]:
    for each in closed.count.pieces:
        yield Columns(
            f"  {_amount(each.face_minor, shop)} × {each.pieces}",
            _amount(each.face_minor * each.pieces, shop),
        )
    counted_minor = closed.count.counted_minor
    yield Columns(_word(ShiftWord.COUNTED, shop), _amount(counted_minor, shop), bold=True)
    over_minor = closed.over_short_minor
    word = ShiftWord.SHORT if over_minor < 0 else ShiftWord.OVER
    yield Columns(_word(word, shop), _amount(abs(over_minor), shop), bold=True, large=True)
    yield Columns(_word(ShiftWord.LEFT_IN_DRAWER, shop), _amount(closed.left_minor, shop))
    yield Columns(
        _word(ShiftWord.TAKEN_OUT, shop), _amount(counted_minor - closed.left_minor, shop)
    )


def _journal(head: JournalPlace, shop: Shop) -> Iterable[Element]:
    yield Columns(_word(ShiftWord.JOURNAL, shop), f"{head.epoch}/{head.seq}")
    yield Text(head.hash[:SHOWN_HASH_DIGITS])
