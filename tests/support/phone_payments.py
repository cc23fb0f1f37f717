"""A till with a phone's payment under way."""

from edge.checkout.payments.payment import AskMove, PaymentOutcome
from tests.support.playbook import COLA_EAN13, Till

APPROVED, DECLINED = PaymentOutcome.APPROVED, PaymentOutcome.DECLINED
PENDING, REVERSED = PaymentOutcome.PENDING, PaymentOutcome.REVERSED
UNKNOWN = PaymentOutcome.UNKNOWN
CODE = "284712345678901234"
INTENT = "till-1-0-1-boot"


def asked(keys: str = "MOBILE") -> Till:
    """A till that asks for the code of a payment for a cola of 3.50."""
    return Till().scan(COLA_EAN13).press(keys).stored()


def waiting(keys: str = "MOBILE") -> Till:
    """A till that waits for the customer."""
    return asked(keys).scan(CODE)


def left(keys: str = "MOBILE") -> Till:
    """A till whose cashier has left a payment to be taken back; the reversal is under way."""
    till = waiting(keys).press("CLEAR CLEAR")
    till.asks.pop(0)
    return till


def moves(till: Till) -> list[tuple[AskMove, str]]:
    return [(each.move, each.payment.id) for each in till.asks]


def sold(till: Till) -> Till:
    """Everything is stored that the terminal's answer made the till store."""
    return till.settled()
