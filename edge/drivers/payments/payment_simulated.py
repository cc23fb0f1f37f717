"""A payment terminal without a gateway, for the demo, replay and tests; it keeps the same contract.

What becomes of a payment is scripted, or follows from the code's last digit, as with the test
cards of acquirers.
"""

from collections import OrderedDict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from pydantic import Field

from edge.checkout.payments.payment import (
    PaymentAnswer,
    PaymentIntent,
    PaymentOutcome,
    PaymentRefund,
)
from edge.drivers.settings import DeviceModel, Surroundings
from edge.drivers.simulated import KEPT, SimulatedDevice

# A day's payments at a busy till; what is older can't be asked for any more.
REMEMBERED_PAYMENTS = 1_000


class PaymentSimulatedSettings(DeviceModel):
    """`pending_queries`: how often a customer who is slow to confirm is asked after."""

    driver: Literal["payment_simulated"]
    pending_queries: int = Field(default=2, ge=0, le=1_000)


@dataclass(frozen=True, slots=True)
class Plan:
    """What will become of a payment: the `pending_queries`th query finds it confirmed. So many
    answers of the gateway get lost; a `lost_request` to pay never comes to it.
    """

    outcome: Literal[PaymentOutcome.APPROVED, PaymentOutcome.DECLINED] = PaymentOutcome.APPROVED
    pending_queries: int = 0
    lost_answers: int = 0
    lost_request: bool = False
    reversible: bool = True


APPROVE = Plan()
DECLINE = Plan(PaymentOutcome.DECLINED)
LOSE_THE_ANSWER = Plan(lost_answers=1)
LOSE_THE_REQUEST = Plan(lost_request=True)
LOSE_EVERYTHING = Plan(lost_answers=1_000_000)
NEVER_CONFIRM = Plan(pending_queries=1_000_000)


def plan_of(payment_code: str, pending_queries: int) -> Plan:
    """By the code's last digit: 1 declined, 2 slow to confirm, 3 never confirmed, 4 charged and
    the answer lost, 5 the request lost, 6 nothing is ever heard; approved otherwise.
    """
    return {
        "1": DECLINE,
        "2": Plan(pending_queries=pending_queries),
        "3": NEVER_CONFIRM,
        "4": LOSE_THE_ANSWER,
        "5": LOSE_THE_REQUEST,
        "6": LOSE_EVERYTHING,
    }.get(payment_code[-1], APPROVE)


@dataclass(frozen=True, slots=True)
class Booking:
    """A line of the simulated gateway's books. The code is not in them."""

    amount_minor: int
    currency: str
    state: PaymentOutcome
    plan: Plan
    charges: int = 0
    reversals: int = 0
    refunds: Mapping[str, int] = field(default_factory=dict)

    @property
    def left_minor(self) -> int:
        """What was charged and has not gone back."""
        charged_minor = self.amount_minor * (self.charges - self.reversals)
        return charged_minor - sum(self.refunds.values())


NEVER_SEEN = Booking(0, "", PaymentOutcome.DECLINED, APPROVE)


class SimulatedPayment(SimulatedDevice):
    """`plans` are used up first, one a payment; `books` are what the gateway would have."""

    def __init__(self, settings: PaymentSimulatedSettings, around: Surroundings) -> None:
        super().__init__(settings, around)
        self.plans: deque[Plan] = deque(maxlen=KEPT)
        self.books: OrderedDict[str, Booking] = OrderedDict()
        self._pending_queries = settings.pending_queries

    async def pay(self, intent: PaymentIntent) -> PaymentAnswer:
        if not self._plug.plugged.is_set():
            return _silence(intent.intent_id, PaymentOutcome.DECLINED, "not_sent")
        plan = self.plans.popleft() if self.plans else self._plan(intent)
        if plan.lost_request:
            return _silence(intent.intent_id, PaymentOutcome.UNKNOWN, "connection_lost")
        if intent.intent_id not in self.books:
            state = PaymentOutcome.PENDING
            self._book(intent.intent_id, Booking(intent.amount_minor, intent.currency, state, plan))
            self._confirm(intent.intent_id)
        return self._answer(intent.intent_id)

    async def query(self, intent_id: str) -> PaymentAnswer:
        if not self._plug.plugged.is_set():
            return _silence(intent_id, PaymentOutcome.UNKNOWN, "not_sent")
        if intent_id not in self.books:
            self._book(intent_id, NEVER_SEEN)
        self._confirm(intent_id)
        return self._answer(intent_id)

    async def reverse(self, intent_id: str) -> PaymentAnswer:
        if not self._plug.plugged.is_set():
            return _silence(intent_id, PaymentOutcome.UNKNOWN, "not_sent")
        booking = self.books.get(intent_id, NEVER_SEEN)
        if booking.state is PaymentOutcome.PENDING:
            booking = replace(booking, state=PaymentOutcome.REVERSED)
        elif self._reversible(booking):
            booking = replace(booking, state=PaymentOutcome.REVERSED, reversals=1)
        self._book(intent_id, booking)
        return self._answer(intent_id)

    async def refund(self, refund: PaymentRefund) -> PaymentAnswer:
        """`refunds` of the books keep what was declined as 0, so that it stays so."""
        if not self._plug.plugged.is_set():
            return _silence(refund.intent_id, PaymentOutcome.UNKNOWN, "not_sent", refund.refund_id)
        booking = self.books.get(refund.intent_id, NEVER_SEEN)
        refunds = booking.refunds
        if refund.refund_id not in refunds:
            fits = refund.amount_minor <= booking.left_minor
            refunds = {**refunds, refund.refund_id: refund.amount_minor if fits else 0}
            self._book(refund.intent_id, replace(booking, refunds=refunds))
        given_minor = refunds[refund.refund_id]
        if given_minor not in {0, refund.amount_minor}:
            return _silence(
                refund.intent_id, PaymentOutcome.UNKNOWN, "other_amount", refund.refund_id
            )
        return PaymentAnswer(
            intent_id=refund.intent_id,
            outcome=PaymentOutcome.REVERSED if given_minor else PaymentOutcome.DECLINED,
            amount_minor=refund.amount_minor,
            reference=f"sim-{refund.refund_id}"[:64],
            detail="" if given_minor else "too_much",
            currency=refund.currency,
            refund_id=refund.refund_id,
        )

    def _reversible(self, booking: Booking) -> bool:
        approved = booking.state is PaymentOutcome.APPROVED
        return approved and booking.plan.reversible and not any(booking.refunds.values())

    def _plan(self, intent: PaymentIntent) -> Plan:
        return plan_of(intent.payment_code, self._pending_queries)

    def _confirm(self, intent_id: str) -> None:
        """One look at the customer's phone."""
        booking = self.books[intent_id]
        plan = booking.plan
        if booking.state is not PaymentOutcome.PENDING:
            return
        if plan.pending_queries > 0:
            later = replace(plan, pending_queries=plan.pending_queries - 1)
            self._book(intent_id, replace(booking, plan=later))
            return
        charges = int(plan.outcome is PaymentOutcome.APPROVED)
        self._book(intent_id, replace(booking, state=plan.outcome, charges=charges))

    def _answer(self, intent_id: str) -> PaymentAnswer:
        booking = self.books[intent_id]
        lost = booking.plan.lost_answers
        if lost > 0:
            self._book(
                intent_id, replace(booking, plan=replace(booking.plan, lost_answers=lost - 1))
            )
            return _silence(intent_id, PaymentOutcome.UNKNOWN, "no_answer")
        seen = booking.currency != ""
        return PaymentAnswer(
            intent_id=intent_id,
            outcome=booking.state,
            amount_minor=booking.amount_minor,
            reference=f"sim-{intent_id}"[:64] if seen else "",
            detail="" if seen else "not_known",
            currency=booking.currency,
        )

    def _book(self, intent_id: str, booking: Booking) -> None:
        self.books[intent_id] = booking
        if len(self.books) > REMEMBERED_PAYMENTS:
            self.books.popitem(last=False)


def _silence(
    intent_id: str, outcome: PaymentOutcome, detail: str, refund_id: str = ""
) -> PaymentAnswer:
    return PaymentAnswer(intent_id, outcome, 0, reference="", detail=detail, refund_id=refund_id)
