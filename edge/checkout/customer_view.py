"""The session as the customer sees it: what was rung up last, what there is to pay, and between
sales the shop's name and what headquarters has to say.
"""

from collections.abc import Mapping
from typing import Final

from edge.checkout.asking import open_question
from edge.checkout.balances.accounts import AccountKind
from edge.checkout.loyalty.member_views import balance_left
from edge.checkout.money import write_amount
from edge.checkout.paper.width import display_width, wrap
from edge.checkout.quantity import ONE_MILLI, whole_units, write_quantity
from edge.checkout.sale.basket import Basket
from edge.checkout.sale.pricing import line_amount
from edge.checkout.screens import CUSTOMER_COLUMNS, CustomerLine, CustomerScreen, lay_line
from edge.checkout.session import Facts, Session, State
from edge.checkout.shop import Language, Shop, product_name
from edge.checkout.shown_sum import shown_sum
from edge.checkout.words.texts import Saying, Word, text
from edge.checkout.words.texts_accounts import AccountWord
from edge.checkout.words.texts_members import MemberWord
from edge.checkout.words.texts_training import TrainingWord

PAYING = frozenset({State.TENDERING, State.CARD_APPROVAL, State.STORING})
BLANK = CustomerLine("")
_SHORT_NAMES: Final[Mapping[str, Saying]] = {
    AccountKind.STORED_VALUE: Word.STORED_VALUE,
    AccountKind.COUNT_CARD: MemberWord.VISITS,
    AccountKind.COUPON: AccountWord.COUPON,
}

Lines = tuple[CustomerLine, CustomerLine]


def customer_screen(session: Session, facts: Facts) -> CustomerScreen:
    """In the shop's language, and in plain English beside it where that is not ASCII."""
    shop = facts.shop
    if session.state is State.STOPPED:
        return _screen((BLANK, BLANK), (BLANK, BLANK))
    lines, plain = (_lines(session, shop, each) for each in (shop.language, Language.ENGLISH))
    idle = _idle(facts, shop) if _is_between_sales(session) else ()
    return _screen(lines, plain, idle)


def _screen(lines: Lines, plain: Lines, idle: tuple[CustomerScreen, ...] = ()) -> CustomerScreen:
    upper, lower = (lay_line(line, CUSTOMER_COLUMNS) for line in lines)
    is_plain = upper.isascii() and lower.isascii()
    return CustomerScreen(upper, lower, None if is_plain else plain, idle)


def _is_between_sales(session: Session) -> bool:
    is_empty = session.basket is None or (not session.basket.lines and not session.basket.buyer)
    return is_empty and session.past is None and session.storing is None


def _lines(session: Session, shop: Shop, language: Language) -> Lines:
    basket = session.basket
    if basket is None or not basket.lines or session.state is State.SIGNED_OFF:
        return _between_sales(session, shop, language)
    word, total = shown_sum(session, shop)
    if _is_paying(session) and word is not None:
        return _pieces_or_savings(basket, shop, language), _sum(word, total, shop, language)
    line = basket.lines[basket.article(-1)]
    amount = write_amount(line_amount(line) - basket.off_minor(line), shop.currency)
    how = ""
    if line.quantity_milli != ONE_MILLI:
        price = write_amount(line.price_minor, shop.currency)
        how = f"{write_quantity(line.quantity_milli)}x{price}"
    return CustomerLine(product_name(line.product, language)), CustomerLine(how, amount)


def _is_paying(session: Session) -> bool:
    if session.state is State.ASKING:
        return open_question(session).under is State.TENDERING
    return session.state in PAYING


def _pieces_or_savings(basket: Basket, shop: Shop, language: Language) -> CustomerLine:
    off_minor = sum(basket.deal.off_by_line.values())
    if off_minor:
        return CustomerLine(text(Word.SAVED, language), write_amount(off_minor, shop.currency))
    return CustomerLine(text(Word.ITEMS, language, str(_pieces(basket))))


def _pieces(basket: Basket) -> int:
    articles = (line for line in basket.lines if not line.of_line)
    return sum(whole_units(line.quantity_milli, line.product.unit) for line in articles)


def _between_sales(session: Session, shop: Shop, language: Language) -> Lines:
    word, total = shown_sum(session, shop)
    if word is None or session.basket is not None:
        return _welcome(session.basket, shop, language)
    return _sum(word, total, shop, language), _farewell(session, shop, language)


def _welcome(basket: Basket | None, shop: Shop, language: Language) -> Lines:
    buyer = basket.buyer if basket is not None else None
    welcome = text(TrainingWord.STATUS if shop.training else Word.WELCOME, language)
    if buyer is not None:
        welcome = f"{welcome} {buyer.masked_name}"
    return CustomerLine(shop.name, is_centred=True), CustomerLine(welcome, is_centred=True)


def _farewell(session: Session, shop: Shop, language: Language) -> CustomerLine:
    """How a member's points moved, else what is left of another account, else thanks."""
    sale = session.last_sale
    if sale is None:
        return BLANK
    told = sale.told
    if told is not None and (told.moved or not sale.balances):
        moved = text(MemberWord.POINTS_NOW, language, f"{told.moved:+d}")
        return CustomerLine(moved, str(told.here))
    if sale.balances:
        balance = sale.balances[0]
        name = text(_SHORT_NAMES[balance.kind], language)
        return CustomerLine(name, balance_left(balance, shop, language))
    return CustomerLine(text(Word.THANKS, language))


def _sum(word: Word, total: str, shop: Shop, language: Language) -> CustomerLine:
    return CustomerLine(text(word, language), f"{shop.currency.sign}{total}")


def _idle(facts: Facts, shop: Shop) -> tuple[CustomerScreen, ...]:
    """The shop's name, then each message, over and over; none where nobody has anything to say."""
    if not facts.idle_messages:
        return ()
    welcome, plain = (_welcome(None, shop, each) for each in (shop.language, Language.ENGLISH))
    said = (_message(message, shop) for message in facts.idle_messages)
    return (_screen(welcome, plain), *(_screen(lines, lines) for lines in said))


def _message(message: str, shop: Shop) -> Lines:
    """Over both lines, or under the shop's name where it fits into one."""
    if display_width(message) <= CUSTOMER_COLUMNS:
        upper, lower = shop.name, message
    else:
        upper, lower = (*wrap(message, CUSTOMER_COLUMNS), "")[:2]
    return CustomerLine(upper, is_centred=True), CustomerLine(lower, is_centred=True)
