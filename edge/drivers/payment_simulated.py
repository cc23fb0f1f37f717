"""A payment terminal without a gateway, for the demo, replay and tests; it keeps the same contract.

What becomes of a payment is scripted, or follows from the code's last digit, as with the test
cards of acquirers.
"""

from collections import OrderedDict, deque
from dataclasses import dataclass, replace
from typing import Literal

from pydantic import Field

from edge.drivers.settings import DeviceModel, Surroundings
from edge.drivers.simulated import KEPT, SimulatedDevice
from edge.ports import PaymentAnswer, PaymentIntent, PaymentOutcome

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
        elif booking.state is PaymentOutcome.APPROVED and booking.plan.reversible:
            booking = replace(booking, state=PaymentOutcome.REVERSED, reversals=1)
        self._book(intent_id, booking)
        return self._answer(intent_id)

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


def _silence(intent_id: str, outcome: PaymentOutcome, detail: str) -> PaymentAnswer:
    return PaymentAnswer(intent_id, outcome, amount_minor=0, reference="", detail=detail)
