"""The session as the cashier and the customer see it."""

from edge.checkout.asking import open_question
from edge.checkout.customer_view import customer_screen
from edge.checkout.effects import ShowScreens
from edge.checkout.goods.low_stock import low_after
from edge.checkout.instant import ClockQuality
from edge.checkout.loyalty.member_views import told_rows
from edge.checkout.menu import TASKS
from edge.checkout.money import write_amount
from edge.checkout.paper.receipt_writer import TENDER_WORDS, receipt_code
from edge.checkout.paper.width import clip
from edge.checkout.payments.mobile_start import pending
from edge.checkout.people.staffing import shown
from edge.checkout.quantity import UNFIT_MILLI, write_quantity
from edge.checkout.records import EntryKind, SoldLine
from edge.checkout.sale.basket import Basket, Line
from edge.checkout.sale.pricing import line_amount
from edge.checkout.sale.returning import left_to_pick, past_sale
from edge.checkout.screens import CashierScreen, NoticeTone, ScreenQr, ScreenRow
from edge.checkout.session import Facts, Notice, Session, State, Stocking
from edge.checkout.shop import Language, Shop, product_name
from edge.checkout.shown_sum import shown_sum
from edge.checkout.words.texts import Saying, Word, text
from edge.checkout.words.texts_device_list import DeviceListWord
from edge.checkout.words.texts_devices import TROUBLE_WORDS
from edge.checkout.words.texts_drawer import DrawerWord
from edge.checkout.words.texts_goods import GoodsWord
from edge.checkout.words.texts_members import MemberWord
from edge.checkout.words.texts_payment import PaymentWord
from edge.checkout.words.texts_staff import StaffWord
from edge.checkout.words.texts_training import TrainingWord
from edge.checkout.words.texts_uplink import UPLINK_WORDS

# More rows than any cashier's screen has; a driver shows those that fit.
ROWS_IN_SIGHT = 14
PAID_IN_SIGHT = 6
# The status line is for other news too: two names of lost devices, as long as people call them.
LOST_IN_SIGHT = 2
LOST_NAME_COLUMNS = 16

TITLES: dict[State, Saying] = {
    State.STARTING: Word.STARTING,
    State.IDLE: Word.READY,
    State.SELLING: Word.SALE,
    State.TENDERING: Word.PAYMENT,
    State.CARD_APPROVAL: Word.CARD_PAYMENT,
    State.RETURNING: Word.RETURN,
    State.ASK_RECEIPT: Word.ASK_RECEIPT,
    State.FINDING: Word.WAIT,
    State.PICKING: Word.REFUND,
    State.STOCKING: Word.STOCK_IN,
    State.MENU: Word.MENU,
    State.SIGNED_OFF: StaffWord.SIGNED_OFF,
    State.STORING: Word.WAIT,
    State.STOPPED: Word.STOPPED,
}

STOCKING_TITLES: dict[Stocking, Saying] = {
    Stocking.IN: Word.STOCK_IN,
    Stocking.OUT: Word.STOCK_OUT,
    Stocking.COUNT: GoodsWord.STOCK_COUNT,
}


def show(session: Session, facts: Facts) -> ShowScreens:
    """Both screens, for the session as it is."""
    return ShowScreens(_cashier(session, facts), customer_screen(session, facts))


def _cashier(session: Session, facts: Facts) -> CashierScreen:
    label, total = shown_sum(session, facts.shop)
    notice = session.alarm or session.notice or _hint(session)
    return CashierScreen(
        title=_marked_title(session, facts),
        rows=_rows(session, facts),
        total_label=text(label, session.language) if label else "",
        total=total,
        entry=_entry(session),
        notice=_notice_text(notice, session.language),
        notice_tone=notice.tone if notice else NoticeTone.INFO,
        status=_status(session, facts),
        qr=_qr(session, facts) if facts.shop.screen_qr else None,
    )


def _qr(session: Session, facts: Facts) -> ScreenQr | None:
    """After a sale the code that its paper carries, which stays until the next thing is begun; and
    what an open question has for the customer.
    """
    if session.state is State.ASKING:
        code = open_question(session).prompt.qr
        return code(session, facts) if code else None
    sale, shop = session.last_sale, facts.shop
    if session.state is not State.IDLE or sale is None or sale.kind is not EntryKind.SALE:
        return None
    words = text(Word.RECEIPT_NO, shop.language)
    return ScreenQr(
        receipt_code(shop.device, sale.receipt_no), f"{words} {shop.device}-{sale.receipt_no}"
    )


def _notice_text(notice: Notice | None, language: Language) -> str:
    return text(notice.word, language, notice.detail) if notice else ""


def _hint(session: Session) -> Notice | None:
    """How to answer the question that is open, or to go on with a refund."""
    if session.state is State.SIGNED_OFF:
        return Notice(StaffWord.ASK_SIGN_ON)
    if session.state is State.PICKING:
        return Notice(Word.PICKED if past_sale(session).picks else Word.PICK_LINES)
    if session.state is not State.ASKING:
        return None
    return Notice(open_question(session).prompt.hint)


def _marked_title(session: Session, facts: Facts) -> str:
    title = _title(session, facts)
    if not facts.shop.training:
        return title
    return text(TrainingWord.TITLE, session.language, title)


def _title(session: Session, facts: Facts) -> str:
    shop = facts.shop
    if session.state is State.ASKING:
        prompt = open_question(session).prompt
        detail = prompt.detail(session, facts) if prompt.detail else ""
        return text(prompt.title, session.language, detail)
    detail = ""
    word: Saying = TITLES[session.state]
    if session.state is State.PICKING:
        detail = str(past_sale(session).found.sale.receipt_no)
    elif session.state is State.CARD_APPROVAL:
        detail = write_amount(session.card_minor, shop.currency)
    elif session.state is State.STOCKING:
        word = STOCKING_TITLES[session.stocking]
    elif session.state is State.RETURNING and _is_for_bottles(session):
        word = GoodsWord.BOTTLES
    return text(word, session.language, detail)


def _is_for_bottles(session: Session) -> bool:
    return session.basket is not None and session.basket.bottles


def _entry(session: Session) -> str:
    if session.state is State.MENU and session.menu_digits:
        return session.menu_digits
    if session.state is State.ASKING and open_question(session).prompt.secret:
        return "•" * len(session.entry)
    if session.quantity_milli is None:
        return session.entry
    is_unfit = session.quantity_milli == UNFIT_MILLI
    quantity = "?" if is_unfit else write_quantity(session.quantity_milli)
    return f"{quantity} × {session.entry}".rstrip()


def _status(session: Session, facts: Facts) -> tuple[str, ...]:
    status = _lost_devices(session)
    status += [
        text(TROUBLE_WORDS[trouble], session.language, name) for trouble, name in session.troubles
    ]
    if session.drawer.is_open:
        status.append(text(DrawerWord.IS_OPEN, session.language))
    if session.duty.signed_on:
        status.append(shown(facts, session.duty.signed_on))
    status += _headquarters(session, facts)
    if session.held:
        status.append(text(Word.HELD_COUNT, session.language, str(len(session.held))))
    if session.unprinted:
        waiting = str(len(session.unprinted))
        status.append(text(Word.UNPRINTED_COUNT, session.language, waiting))
    if is_open := len(pending(session)):
        status.append(text(PaymentWord.OPEN_COUNT, session.language, str(is_open)))
    if session.basket is not None and session.basket.buyer is not None:
        buyer = session.basket.buyer
        status.append(text(MemberWord.MEMBER, session.language, buyer.masked_name))
    if session.clock is ClockQuality.UNSET:
        status.append(text(Word.CLOCK_UNSET, session.language))
    if session.last_sale is not None:
        status += low_after(session.last_sale, session.language, facts)
    return tuple(status)


def _headquarters(session: Session, facts: Facts) -> list[str]:
    """That it can't be reached, and why it gets nothing: the last that was heard of it."""
    words: list[Saying] = [UPLINK_WORDS[trouble] for trouble in session.uplink_troubles]
    if facts.shop.has_uplink and not session.online:
        words.insert(0, Word.OFFLINE)
    return [text(word, session.language) for word in words]


def _lost_devices(session: Session) -> list[str]:
    """Their names; of many how many they are, and where they are named."""
    lost, language = session.lost_devices, session.language
    if len(lost) > LOST_IN_SIGHT:
        return [text(DeviceListWord.LOST_COUNT, language, str(len(lost)))]
    return [text(Word.DEVICE_LOST, language, clip(name, LOST_NAME_COLUMNS)) for name in lost]


def _rows(session: Session, facts: Facts) -> tuple[ScreenRow, ...]:
    shop = facts.shop
    if session.state is State.MENU:
        rows = tuple(
            ScreenRow(task.number, text(task.name, session.language), "", index == session.menu_row)
            for index, task in enumerate(TASKS)
        )
        return _in_sight(rows, session.menu_row)
    if session.state is State.ASKING:
        asking = open_question(session)
        if asking.prompt.rows is not None:
            return _in_sight(asking.prompt.rows(session, facts), asking.row)
    if session.state is State.PICKING:
        lines = past_sale(session).found.sale.lines
        first = _first_in_sight(len(lines), session.selected)
        return tuple(
            _sold_row(session, line, shop, selected=first + index == session.selected)
            for index, line in enumerate(lines[first : first + ROWS_IN_SIGHT])
        )
    if session.state is State.SIGNED_OFF:
        return ()
    if session.basket is None:
        last = session.last_sale
        return told_rows(last, facts, session.language) if last is not None else ()
    rows = _basket_rows(session, session.basket, shop)
    if session.storing is not None:
        return rows
    paid = _paid_rows(session.basket, session.language, shop)
    return (*rows[-(ROWS_IN_SIGHT - len(paid)) :], *paid)


def _paid_rows(basket: Basket, language: Language, shop: Shop) -> tuple[ScreenRow, ...]:
    """The payments so far, the last ones of many."""
    return tuple(
        ScreenRow(
            text(TENDER_WORDS[tender.kind], language),
            "",
            f"-{write_amount(tender.amount_minor, shop.currency)}",
        )
        for tender in basket.tenders[-PAID_IN_SIGHT:]
    )


def _in_sight(rows: tuple[ScreenRow, ...], marked: int) -> tuple[ScreenRow, ...]:
    first = _first_in_sight(len(rows), marked)
    return rows[first : first + ROWS_IN_SIGHT]


def _first_in_sight(rows: int, selected: int) -> int:
    """The first row shown, so that the marked one is in sight, and the last ones where it may."""
    if rows <= ROWS_IN_SIGHT or selected < 0:
        return max(0, rows - ROWS_IN_SIGHT)
    return min(max(0, selected - ROWS_IN_SIGHT // 2), rows - ROWS_IN_SIGHT)


def _basket_rows(session: Session, basket: Basket, shop: Shop) -> tuple[ScreenRow, ...]:
    selected = basket.article(session.selected)
    first = _first_in_sight(len(basket.lines), selected)
    return tuple(
        _row(
            line, basket.off_minor(line), session.language, shop, selected=first + index == selected
        )
        for index, line in enumerate(basket.lines[first : first + ROWS_IN_SIGHT])
    )


def _row(
    line: Line, off_minor: int, language: Language, shop: Shop, *, selected: bool
) -> ScreenRow:
    how = f"{write_quantity(line.quantity_milli)} × {write_amount(line.price_minor, shop.currency)}"
    if off_minor:
        how = f"{how} -{write_amount(off_minor, shop.currency)}"
    return ScreenRow(
        product_name(line.product, language),
        how,
        write_amount(line_amount(line) - off_minor, shop.currency),
        selected,
    )


def _sold_row(session: Session, line: SoldLine, shop: Shop, *, selected: bool) -> ScreenRow:
    past = past_sale(session)
    picked = past.picks.get(line.line, 0)
    left = left_to_pick(past, line)
    return ScreenRow(
        line.name,
        f"{picked} / {picked + left}",
        write_amount(line.paid_minor, shop.currency),
        selected,
    )
