"""How a sum is paid: what each payment settles, the change, and the rounding of cash."""

from edge.checkout.money import round_to_step
from edge.checkout.records import Tender, TenderKind
from edge.checkout.words.texts import Word


def take_cash(due_minor: int, tendered_minor: int | None, step_minor: int) -> Tender | Word:
    """A cash payment towards `due_minor`; None tenders the exact sum. Change and rounding come
    only with the payment that settles the rest; less than that is a part payment. What no coins
    add up to is refused.
    """
    cash_due_minor = round_to_step(due_minor, step_minor)
    if tendered_minor is None:
        tendered_minor = cash_due_minor
    if tendered_minor % step_minor:
        return Word.REFUSED_COINS
    if tendered_minor >= cash_due_minor:
        return Tender(TenderKind.CASH, due_minor, tendered_minor, tendered_minor - cash_due_minor)
    if tendered_minor == 0:
        return Word.REFUSED_AMOUNT
    # Both are multiples of the step, so a whole step is missing, and rounding takes half of one.
    assert tendered_minor < due_minor, "a part payment that pays all"
    return Tender(TenderKind.CASH, tendered_minor, tendered_minor, 0)


def take_card(due_minor: int, amount_minor: int | None, reference: str) -> Tender | Word:
    """A card payment; never more than is due, for a card gives no change."""
    if amount_minor is None:
        amount_minor = due_minor
    if amount_minor > due_minor:
        return Word.REFUSED_CARD_ABOVE_DUE
    if amount_minor == 0 and due_minor:
        return Word.REFUSED_AMOUNT
    return Tender(TenderKind.CARD, amount_minor, amount_minor, 0, reference)


def give_cash(total_minor: int, step_minor: int) -> Tender:
    """What the drawer pays out for a refund, rounded as cash is."""
    return Tender(TenderKind.CASH, total_minor, round_to_step(total_minor, step_minor), 0)
