"""Giving back a past sale: find it by its number, pick what comes back, pay out."""

from dataclasses import replace

from edge.checkout.effects import Beep, FindSale, Tone
from edge.checkout.goods.articles import read_code, read_gs1
from edge.checkout.goods.barcode import is_ascii_digits
from edge.checkout.goods.catalogue import Product
from edge.checkout.goods.gs1 import Gs1, gtin_codes, minor_of
from edge.checkout.inputs import BarcodeScanned, Input, KeyPressed, SaleFound
from edge.checkout.paper.receipt_writer import read_receipt_code
from edge.checkout.quantity import ONE_MILLI, amount_of, read_quantity
from edge.checkout.records import EntryKind, Sale, SoldLine
from edge.checkout.sale.returns import give_back, units_left
from edge.checkout.session import (
    Facts,
    PastSale,
    SearchPurpose,
    Session,
    State,
    Step,
    forget_entry,
    has_entry,
    refuse,
    say,
)
from edge.checkout.words.texts import Word


def ask_receipt(session: Session, chosen: Input, facts: Facts) -> Step:
    """Which receipt comes back? A number keyed before the menu answers at once."""
    if session.entry:
        return find(session, session.entry, SearchPurpose.REFUND)
    session = replace(forget_entry(session), state=State.ASK_RECEIPT, last_sale=None)
    return say(session, Word.ASK_NUMBER), ()


def find(session: Session, number: str, purpose: SearchPurpose) -> Step:
    """Look a past sale up by its receipt number; other keys wait until it is found."""
    if not is_ascii_digits(number) or int(number) == 0:
        return refuse(forget_entry(session), Word.REFUSED_NO_RECEIPT)
    session = replace(
        forget_entry(session),
        state=State.FINDING,
        came_from=session.state,
        purpose=purpose,
        notice=None,
        last_sale=None,
    )
    return session, (FindSale(int(number)),)


def key_number(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """The receipt number was keyed."""
    return find(session, session.entry, SearchPurpose.REFUND)


def scan_number(session: Session, scanned: BarcodeScanned, facts: Facts) -> Step:
    """The receipt's own code was scanned; another till's sale can't be given back here."""
    code = read_receipt_code(scanned.code)
    if code is None:
        return refuse(session, Word.REFUSED_NO_RECEIPT)
    device, number = code
    if device != facts.shop.device:
        return refuse(session, Word.REFUSED_OTHER_TILL, device)
    return find(session, str(number), SearchPurpose.REFUND)


def begin_picking(session: Session, found: SaleFound) -> Step:
    """The past sale is on the screen, nothing of it picked yet. Neither a refund can be given back
    nor a sale of which nothing is left.
    """
    if found.sale.kind is not EntryKind.SALE:
        return refuse(session, Word.REFUSED_NOT_A_SALE)
    if not any(units_left(line, found.refunded_milli) for line in found.sale.lines):
        return refuse(session, Word.REFUSED_ALL_BACK)
    past = PastSale(found, {})
    return replace(session, state=State.PICKING, past=past, selected=0, notice=None), ()


def past_sale(session: Session) -> PastSale:
    """The sale being given back; asking for it where there is none is a bug."""
    assert session.past is not None, f"no past sale in {session.state}"
    return session.past


def left_to_pick(past: PastSale, line: SoldLine) -> int:
    """The units of a sold line that are neither given back nor picked."""
    return units_left(line, past.found.refunded_milli) - past.picks.get(line.line, 0)


def scan_returned(session: Session, scanned: BarcodeScanned, facts: Facts) -> Step:
    """A scanned article is picked from the first line that has enough of it left, or several."""
    if session.entry:
        return refuse(session, Word.REFUSED_DIGITS)
    lines = _lines_of(past_sale(session).found.sale, scanned.code, scanned.gs1, facts)
    if not lines:
        return refuse(session, Word.REFUSED_NOT_ON_RECEIPT)
    return _pick_one_of(session, lines)


def _lines_of(sale: Sale, code: str, gs1: Gs1 | None, facts: Facts) -> list[SoldLine]:
    """The lines that were sold by that code, else those of its article. A label's price or weight
    is its own, so it only stands for the pack that was sold with it.
    """
    gs1 = read_gs1(code, gs1, facts)
    if gs1 is not None:
        return _lines_like(sale, gs1, facts)
    lines = [line for line in sale.lines if line.code == code]
    read = read_code(code, facts)
    if lines or not isinstance(read, Product):
        return lines
    return [line for line in sale.lines if line.plu == read.plu]


def _lines_like(sale: Sale, gs1: Gs1, facts: Facts) -> list[SoldLine]:
    """The lines of the pack that a GS1 code names: those with its batch, dates and number before
    others of the article.
    """
    product = facts.catalogue.find(gtin_codes(gs1.gtin))
    if product is None:
        return []
    lines = [
        line for line in sale.lines if line.plu == product.plu and _is_as_said(line, gs1, facts)
    ]
    return sorted(lines, key=lambda line: line.pack != gs1.pack)


def _is_as_said(line: SoldLine, gs1: Gs1, facts: Facts) -> bool:
    """Whether a line was sold at the price, or with the weight, of that label."""
    if gs1.price is not None:
        sold_minor = amount_of(line.price_minor, line.quantity_milli)
        return sold_minor == minor_of(gs1.price, facts.shop.currency)
    return gs1.weight_milli in (None, line.quantity_milli)


def pick_marked(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """ENTER picks one unit of the marked line, `n X ENTER` picks n; a keyed PLU or barcode picks
    like a scanned one.
    """
    past = past_sale(session)
    marked = past.found.sale.lines[session.selected]
    if not session.entry:
        return _pick_one_of(session, [marked])
    lines = _lines_of(past.found.sale, session.entry, None, facts)
    if lines:
        return _pick_one_of(session, lines)
    pieces = read_quantity(session.entry)
    may_be_pieces = pieces is not None and pieces <= left_to_pick(past, marked) * ONE_MILLI
    return refuse(session, Word.REFUSED_DIGITS if may_be_pieces else Word.REFUSED_NOT_ON_RECEIPT)


def _pick_one_of(session: Session, lines: list[SoldLine]) -> Step:
    """So many units as were keyed, of the first line that still has enough of them; where none
    has, of several.
    """
    past = past_sale(session)
    units = _units_keyed(session)
    if units is None:
        return refuse(session, Word.REFUSED_FRACTION)
    most = sum(left_to_pick(past, line) for line in lines)
    if not most:
        return refuse(session, Word.REFUSED_GIVEN_BACK)
    if units > most:
        return refuse(session, Word.REFUSED_ONLY_LEFT, str(most))
    for line in sorted(lines, key=lambda line: left_to_pick(past, line) < units):
        part = min(units, left_to_pick(past, line))
        session = _pick(session, line, part) if part else session
        units -= part
    return session, (Beep(Tone.GOOD),)


def pick_all(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """All that can still be given back is picked."""
    past = past_sale(session)
    picks = {
        line.line: units
        for line in past.found.sale.lines
        if (units := units_left(line, past.found.refunded_milli))
    }
    return replace(forget_entry(session), past=replace(past, picks=picks), notice=None), ()


def unpick(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """VOID takes the picks of the marked line back."""
    past = past_sale(session)
    line = past.found.sale.lines[session.selected]
    gone = {line.line, *(deposit.line for deposit in _deposits(past, line))}
    picks = {number: units for number, units in past.picks.items() if number not in gone}
    return replace(forget_entry(session), past=replace(past, picks=picks), notice=None), ()


def pick_up(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """The marker goes up a line."""
    return replace(session, selected=max(0, session.selected - 1), notice=None), ()


def pick_down(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """The marker goes down a line, and stays on the last one."""
    last = len(past_sale(session).found.sale.lines) - 1
    return replace(session, selected=min(last, session.selected + 1), notice=None), ()


def leave(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """CLEAR: first what was keyed, then the picks, then the refund itself."""
    if has_entry(session):
        return replace(forget_entry(session), notice=None), ()
    if session.past is not None and session.past.picks:
        return replace(session, past=replace(session.past, picks={}), notice=None), ()
    return replace(session, state=State.IDLE, past=None, selected=-1, notice=None), ()


def picked_refund(session: Session) -> Sale:
    """The refund of what is picked, still without its payment."""
    past = past_sale(session)
    return give_back(
        past.found.sale, past.found.refunded_milli, past.picks, session.next_receipt_no
    )


def _pick(session: Session, line: SoldLine, units: int) -> Session:
    past = past_sale(session)
    picks = {**past.picks, line.line: past.picks.get(line.line, 0) + units}
    for deposit in _deposits(past, line):
        room = min(units, left_to_pick(past, deposit))
        picks[deposit.line] = past.picks.get(deposit.line, 0) + room
    index = past.found.sale.lines.index(line)
    return replace(
        forget_entry(session), past=replace(past, picks=picks), selected=index, notice=None
    )


def _deposits(past: PastSale, line: SoldLine) -> list[SoldLine]:
    """What was charged for the bottles of a line: it comes back with them."""
    return [each for each in past.found.sale.lines if each.deposit_of == line.line]


def _units_keyed(session: Session) -> int | None:
    if session.quantity_milli is None:
        return 1
    units, fraction = divmod(session.quantity_milli, ONE_MILLI)
    return None if fraction else units
