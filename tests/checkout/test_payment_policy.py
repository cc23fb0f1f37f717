"""When to ask again, when to take it back, when to leave it: pure, so every case is a table."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edge.checkout.payments.payment import OpenPayment, PaymentAnswer, PaymentOutcome, PaymentPhase
from edge.checkout.payments.payment_policy import (
    Move,
    Next,
    Patience,
    Phase,
    after,
    begun,
    credible,
    reversing,
)

PATIENCE = Patience()
APPROVED, DECLINED = PaymentOutcome.APPROVED, PaymentOutcome.DECLINED
PENDING, REVERSED = PaymentOutcome.PENDING, PaymentOutcome.REVERSED
UNKNOWN = PaymentOutcome.UNKNOWN
FINAL = [APPROVED, DECLINED, REVERSED]
# Those that settle nothing, and how long each took to come.
ANSWERS = [
    (outcome, took_ms) for outcome in (PENDING, UNKNOWN) for took_ms in (0, 20, 700, 4_000, 15_000)
]


@pytest.mark.parametrize("outcome", FINAL)
@pytest.mark.parametrize("begin", [begun, reversing])
def test_a_final_answer_settles_it(begin: object, outcome: PaymentOutcome) -> None:
    assert after(begin(0), outcome, 1_000, PATIENCE)[1] == Next(Move.SETTLE)


def test_a_customer_who_confirms_is_asked_after_at_an_even_pace_for_a_minute() -> None:
    course, now_ms, queries = begun(0), 0, 0
    while True:
        course, move = after(course, PENDING, now_ms, PATIENCE)
        if move.move is not Move.QUERY:
            break
        assert move.wait_ms == 1_500
        queries += 1
        now_ms += move.wait_ms
    assert (move, course.phase) == (Next(Move.REVERSE), Phase.REVERSING)
    assert (now_ms, queries) == (60_000, 40)


def test_in_the_dark_it_asks_ever_more_rarely_for_half_a_minute() -> None:
    course, now_ms, waits = begun(0), 0, []
    while True:
        course, move = after(course, UNKNOWN, now_ms, PATIENCE)
        if move.move is not Move.QUERY:
            break
        waits.append(move.wait_ms)
        now_ms += move.wait_ms
    assert waits[:5] == [500, 1_000, 2_000, 4_000, 4_000]
    assert set(waits[3:]) == {4_000}
    assert move == Next(Move.REVERSE)
    assert 30_000 <= now_ms <= 34_000


def test_a_word_from_the_gateway_starts_the_dark_anew_but_not_the_minute() -> None:
    course, _ = after(begun(0), UNKNOWN, 20_000, PATIENCE)
    course, move = after(course, PENDING, 40_000, PATIENCE)
    assert move == Next(Move.QUERY, 1_500)
    course, move = after(course, UNKNOWN, 59_000, PATIENCE)
    assert move == Next(Move.QUERY, 500)
    assert after(course, UNKNOWN, 60_000, PATIENCE)[1] == Next(Move.REVERSE)


def test_a_reversal_is_tried_ever_more_rarely_and_then_left_as_unknown() -> None:
    course, now_ms, waits = reversing(0), 0, []
    while True:
        course, move = after(course, UNKNOWN, now_ms, PATIENCE)
        if move.move is not Move.REVERSE:
            break
        waits.append(move.wait_ms)
        now_ms += move.wait_ms
    assert waits[:8] == [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]
    assert move == Next(Move.LEAVE)
    assert 300_000 <= now_ms <= 330_000


def test_once_it_takes_back_it_never_asks_again() -> None:
    """A reversal may be on its way, and "approved" in answer to a query would not last."""
    course = reversing(0)
    for outcome in (PENDING, UNKNOWN):
        assert after(course, outcome, 0, PATIENCE)[1].move is Move.REVERSE


@settings(deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(ANSWERS), max_size=150))
def test_whatever_comes_it_ends_within_the_limits(
    answers: list[tuple[PaymentOutcome, int]],
) -> None:
    """Each call takes up to 15 s. After at most 75 s it takes back, after at most 6 minutes more
    it leaves it.
    """
    course, now_ms, reversed_at_ms, move = begun(0), 0, None, Next(Move.QUERY)
    for outcome, took_ms in answers:
        now_ms += move.wait_ms + took_ms
        course, move = after(course, outcome, now_ms, PATIENCE)
        if move.move is Move.REVERSE and reversed_at_ms is None:
            reversed_at_ms = now_ms
        if move.move is Move.LEAVE:
            break
    if reversed_at_ms is not None:
        assert reversed_at_ms <= 60_000 + 15_000 + 4_000
        assert now_ms - reversed_at_ms <= 300_000 + 30_000 + 15_000
    else:
        assert now_ms < 60_000 or not answers


OPEN = OpenPayment("a", 1250, "CNY", 7, "mobile", PaymentPhase.SENT)
REFUND = replace(OPEN, amount_minor=300, phase=PaymentPhase.REFUNDING, refund_id="r")
GOOD = PaymentAnswer("a", APPROVED, 1250, "gw-1", "", "CNY")
GIVEN_BACK = PaymentAnswer("a", REVERSED, 300, "gw-2", "", "CNY", "r")


@pytest.mark.parametrize(
    ("answer", "payment"),
    [
        (GOOD, OPEN),
        (GIVEN_BACK, REFUND),
        # Who never saw a payment names no amount.
        (PaymentAnswer("a", DECLINED, 0, "", "not_known"), OPEN),
        (PaymentAnswer("a", UNKNOWN, 0, "", "no_answer"), OPEN),
        (PaymentAnswer("a", UNKNOWN, 0, "", "no_answer", refund_id="r"), REFUND),
    ],
)
def test_an_answer_about_the_payment_counts(answer: PaymentAnswer, payment: OpenPayment) -> None:
    assert credible(answer, payment) is answer


@pytest.mark.parametrize(
    ("answer", "payment", "detail"),
    [
        (replace(GOOD, intent_id="b"), OPEN, "other_intent"),
        (GOOD, REFUND, "other_intent"),
        (GIVEN_BACK, OPEN, "other_intent"),
        (replace(GIVEN_BACK, refund_id="s"), REFUND, "other_intent"),
        (replace(GOOD, amount_minor=1251), OPEN, "other_amount"),
        (replace(GOOD, currency="EUR"), OPEN, "other_amount"),
        (replace(GIVEN_BACK, amount_minor=1250), REFUND, "other_amount"),
        (replace(GOOD, amount_minor=0, currency=""), OPEN, "names_no_amount"),
    ],
)
def test_an_answer_about_anything_else_is_no_answer(
    answer: PaymentAnswer, payment: OpenPayment, detail: str
) -> None:
    refused = credible(answer, payment)
    assert (refused.outcome, refused.detail) == (UNKNOWN, detail)
    assert (refused.amount_minor, refused.currency, refused.reference) == (0, "", "")
    assert (refused.intent_id, refused.refund_id) == (payment.intent_id, payment.refund_id)
