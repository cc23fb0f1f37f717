"""The session as the cashier and the customer see it."""

from edge.checkout.asking import open_question
from edge.checkout.effects import ShowScreens
from edge.checkout.goods.low_stock import low_after
from edge.checkout.instant import ClockQuality
from edge.checkout.loyalty.member_views import told_rows
from edge.checkout.menu import TASKS
from edge.checkout.money import write_amount
from edge.checkout.paper.receipt_writer import TENDER_WORDS
from edge.checkout.paper.width import centre, clip, display_width, pad_right
from edge.checkout.payments.mobile_start import pending
from edge.checkout.payments.paying import due
from edge.checkout.people.staffing import shown
from edge.checkout.quantity import ONE_MILLI, whole_units, write_quantity
from edge.checkout.records import EntryKind, Sale, SoldLine
from edge.checkout.sale.basket import Basket, BasketKind, Line
from edge.checkout.sale.pricing import basket_total, line_amount
from edge.checkout.sale.returning import left_to_pick, past_sale, picked_refund
from edge.checkout.screens import CashierScreen, CustomerScreen, NoticeTone, ScreenRow
from edge.checkout.session import Facts, Notice, Session, State, Stocking
from edge.checkout.shop import Language, Shop, product_name
from edge.checkout.words.texts import Saying, Word, text
from edge.checkout.words.texts_goods import GoodsWord
from edge.checkout.words.texts_members import MemberWord
from edge.checkout.words.texts_payment import PaymentWord
from edge.checkout.words.texts_staff import StaffWord
from edge.checkout.words.texts_training import TrainingWord

# More rows than any cashier's screen has; a driver shows those that fit.
ROWS_IN_SIGHT = 14
PAID_IN_SIGHT = 6
CUSTOMER_COLUMNS = 20

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
PAYING = frozenset({State.TENDERING, State.CARD_APPROVAL, State.STORING})
# Where the open basket is nobody's to see.
HIDDEN = frozenset({State.STOPPED, State.SIGNED_OFF})


def show(session: Session, facts: Facts) -> ShowScreens:
    """Both screens, for the session as it is."""
    return ShowScreens(_cashier(session, facts), _customer(session, facts.shop))


def _cashier(session: Session, facts: Facts) -> CashierScreen:
    label, total = _total(session, facts.shop)
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
    )


def _notice_text(notice: Notice | None, language: Language) -> str:
    return text(notice.word, language, notice.detail) if notice else ""


def _hint(session: Session) -> Notice | None:
    """How to answer the question that is open."""
    if session.state is State.SIGNED_OFF:
        return Notice(StaffWord.ASK_SIGN_ON)
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
    return f"{write_quantity(session.quantity_milli)} × {session.entry}".rstrip()


def _status(session: Session, facts: Facts) -> tuple[str, ...]:
    status = [text(Word.DEVICE_LOST, session.language, name) for name in session.lost_devices]
    if session.duty.signed_on:
        status.append(shown(facts, session.duty.signed_on))
    if not session.online:
        status.append(text(Word.OFFLINE, session.language))
    if session.held:
        status.append(text(Word.HELD_COUNT, session.language, str(len(session.held))))
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


def _total(session: Session, shop: Shop) -> tuple[Word | None, str]:
    if session.state in HIDDEN:
        return None, ""
    if session.storing is not None and session.storing.sale is not None:
        return _sum_under_way(session.storing.sale, shop)
    if session.state is State.PICKING:
        total_minor = picked_refund(session).total_minor
        return Word.TO_GIVE_BACK, write_amount(total_minor, shop.currency)
    if session.basket is not None:
        return _basket_total(session.basket, shop)
    if session.last_sale is not None:
        sale = session.last_sale
        if sale.kind is EntryKind.REFUND:
            return Word.GIVEN_BACK, write_amount(sale.total_minor, shop.currency)
        if sale.change_minor:
            return Word.CHANGE, write_amount(sale.change_minor, shop.currency)
        return Word.TOTAL, write_amount(sale.total_minor, shop.currency)
    return None, ""


def _sum_under_way(sale: Sale, shop: Shop) -> tuple[Word, str]:
    word = Word.TO_GIVE_BACK if sale.kind is EntryKind.REFUND else Word.TOTAL
    return word, write_amount(sale.total_minor, shop.currency)


def _basket_total(basket: Basket, shop: Shop) -> tuple[Word, str]:
    if basket.kind is BasketKind.RETURN:
        return Word.TO_GIVE_BACK, write_amount(basket_total(basket, shop), shop.currency)
    if basket.tenders:
        return Word.TO_PAY, write_amount(due(basket, shop), shop.currency)
    return Word.TOTAL, write_amount(basket_total(basket, shop), shop.currency)


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
        return told_rows(last, shop, session.language) if last is not None else ()
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


def _customer(session: Session, shop: Shop) -> CustomerScreen:
    if session.state is State.STOPPED:
        return CustomerScreen(" " * CUSTOMER_COLUMNS, " " * CUSTOMER_COLUMNS)
    basket = session.basket
    if basket is None or not basket.lines or session.state is State.SIGNED_OFF:
        return _customer_between_sales(session, shop)
    word, total = _total(session, shop)
    if _is_paying(session) and word is not None:
        return CustomerScreen(_pieces_or_savings(basket, shop), _labelled_sum(word, total, shop))
    line = basket.lines[basket.article(-1)]
    amount = write_amount(line_amount(line) - basket.off_minor(line), shop.currency)
    how = ""
    if line.quantity_milli != ONE_MILLI:
        price = write_amount(line.price_minor, shop.currency)
        how = f"{write_quantity(line.quantity_milli)}x{price}"
    name = product_name(line.product, shop.language)
    return CustomerScreen(pad_right(name, CUSTOMER_COLUMNS), beside(how, amount, CUSTOMER_COLUMNS))


def _is_paying(session: Session) -> bool:
    if session.state is State.ASKING:
        return open_question(session).under is State.TENDERING
    return session.state in PAYING


def _pieces_or_savings(basket: Basket, shop: Shop) -> str:
    off_minor = sum(basket.deal.off_by_line.values())
    if off_minor:
        saved = write_amount(off_minor, shop.currency)
        return beside(text(Word.SAVED, shop.language), saved, CUSTOMER_COLUMNS)
    items = text(Word.ITEMS, shop.language, str(_pieces(basket)))
    return pad_right(items, CUSTOMER_COLUMNS)


def _pieces(basket: Basket) -> int:
    articles = (line for line in basket.lines if not line.of_line)
    return sum(whole_units(line.quantity_milli, line.product.unit) for line in articles)


def _customer_between_sales(session: Session, shop: Shop) -> CustomerScreen:
    word, total = _total(session, shop)
    if word is None or session.basket is not None:
        buyer = session.basket.buyer if session.basket is not None else None
        welcome = text(TrainingWord.STATUS if shop.training else Word.WELCOME, shop.language)
        if buyer is not None:
            welcome = f"{welcome} {buyer.masked_name}"
        return CustomerScreen(
            centre(shop.name, CUSTOMER_COLUMNS), centre(welcome, CUSTOMER_COLUMNS)
        )
    return CustomerScreen(_labelled_sum(word, total, shop), _farewell(session, shop))


def _farewell(session: Session, shop: Shop) -> str:
    """A member's points, else thanks."""
    sale = session.last_sale
    told = sale.told if sale is not None else None
    if told is not None:
        earned = text(MemberWord.POINTS_NOW, shop.language, f"+{told.earned}")
        return beside(earned, str(told.here), CUSTOMER_COLUMNS)
    thanks = text(Word.THANKS, shop.language) if sale is not None else ""
    return pad_right(thanks, CUSTOMER_COLUMNS)


def _labelled_sum(word: Word, total: str, shop: Shop) -> str:
    return beside(text(word, shop.language), f"{shop.currency.sign}{total}", CUSTOMER_COLUMNS)


def beside(left: str, right: str, columns: int) -> str:
    """Both in one line, the right one whole and at the edge."""
    right = clip(right, columns)
    room = columns - display_width(right)
    return pad_right(clip(left, max(0, room - 1)), room) + right
