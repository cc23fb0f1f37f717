"""When a till asks again how a payment stands, when it takes it back, and when it stops asking.

Pure: outcomes and milliseconds in, the next move out.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from edge.checkout.payments.payment import OpenPayment, PaymentAnswer, PaymentOutcome, unanswered

# 2**16 times any first wait is above every cap, and no larger number is worth computing.
MAX_DOUBLINGS = 16


class Move(StrEnum):
    """What the till does next. LEAVE: the payment stays UNKNOWN, on record as such, until the
    network is back or somebody looks into it.
    """

    QUERY = "query"
    REVERSE = "reverse"
    SETTLE = "settle"
    LEAVE = "leave"


class Phase(StrEnum):
    """REVERSING begins with the first attempt to reverse and is never left: a reversal may be on
    its way, so that "approved" in answer to a query would not last.
    """

    ASKING = "asking"
    REVERSING = "reversing"


@dataclass(frozen=True, slots=True)
class Patience:
    """How long and how often, all in milliseconds of the monotonic clock."""

    # People look at the screen for a second; less is more load on the gateway for nothing.
    confirm_every_ms: int = 1_500
    # Codes expire within a minute, and confirming with a PIN takes 20 s.
    confirm_within_ms: int = 60_000
    # A gateway that lost one answer gives the next; one that is down is not helped by more.
    ask_first_ms: int = 500
    ask_cap_ms: int = 4_000
    # Who queues behind does not wait longer for an answer that may never come.
    ask_within_ms: int = 30_000
    # A reversal is not in the customer's way, and goes on in the background.
    reverse_first_ms: int = 500
    reverse_cap_ms: int = 30_000
    reverse_within_ms: int = 300_000


USUAL_PATIENCE: Final = Patience()


@dataclass(frozen=True, slots=True)
class Course:
    """Where a payment stands. Only the phase must survive a restart: `begun` or `reversing` with
    the new monotonic time goes on from there.
    """

    phase: Phase
    since_ms: int
    tries: int = 0
    in_the_dark_since_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Next:
    """The move, and how long to wait before it."""

    move: Move
    wait_ms: int = 0


def begun(now_ms: int) -> Course:
    """The payment was sent now, or is taken up again after a restart."""
    return Course(Phase.ASKING, now_ms)


def reversing(now_ms: int) -> Course:
    """The cashier or the policy takes it back from now on. Journaled before it is asked for."""
    return Course(Phase.REVERSING, now_ms)


def after(
    course: Course, outcome: PaymentOutcome, now_ms: int, patience: Patience
) -> tuple[Course, Next]:
    """What follows on an answer: to `pay` or `query` while asking, to `reverse` while reversing."""
    if outcome not in {PaymentOutcome.PENDING, PaymentOutcome.UNKNOWN}:
        return course, Next(Move.SETTLE)
    if course.phase is Phase.REVERSING:
        return _reverse_again(course, now_ms, patience)
    if outcome is PaymentOutcome.PENDING:
        course = replace(course, tries=0, in_the_dark_since_ms=None)
        wait_ms = patience.confirm_every_ms
    else:
        since_ms = course.in_the_dark_since_ms
        course = replace(course, in_the_dark_since_ms=now_ms if since_ms is None else since_ms)
        wait_ms = _doubling(patience.ask_first_ms, patience.ask_cap_ms, course.tries)
        course = replace(course, tries=course.tries + 1)
    if _out_of_patience(course, now_ms, patience):
        return reversing(now_ms), Next(Move.REVERSE)
    return course, Next(Move.QUERY, wait_ms)


def credible(answer: PaymentAnswer, payment: OpenPayment) -> PaymentAnswer:
    """The answer, or UNKNOWN when it is about another payment or other money than the journal has,
    or approves what it does not name. After a restart the journal alone knows.
    """
    if (answer.intent_id, answer.refund_id) != (payment.intent_id, payment.refund_id):
        return unanswered(payment, PaymentOutcome.UNKNOWN, "other_intent")
    named = (answer.amount_minor, answer.currency)
    if named == (payment.amount_minor, payment.currency):
        return answer
    if answer.currency:
        return unanswered(payment, PaymentOutcome.UNKNOWN, "other_amount")
    if answer.outcome is PaymentOutcome.APPROVED:
        return unanswered(payment, PaymentOutcome.UNKNOWN, "names_no_amount")
    return answer


def _reverse_again(course: Course, now_ms: int, patience: Patience) -> tuple[Course, Next]:
    if now_ms - course.since_ms >= patience.reverse_within_ms:
        return course, Next(Move.LEAVE)
    wait_ms = _doubling(patience.reverse_first_ms, patience.reverse_cap_ms, course.tries)
    return replace(course, tries=course.tries + 1), Next(Move.REVERSE, wait_ms)


def _out_of_patience(course: Course, now_ms: int, patience: Patience) -> bool:
    dark_since_ms = course.in_the_dark_since_ms
    in_the_dark = dark_since_ms is not None and now_ms - dark_since_ms >= patience.ask_within_ms
    return in_the_dark or now_ms - course.since_ms >= patience.confirm_within_ms


def _doubling(first_ms: int, cap_ms: int, tries: int) -> int:
    return min(cap_ms, first_ms << min(tries, MAX_DOUBLINGS))
