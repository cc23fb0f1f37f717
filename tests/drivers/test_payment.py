"""What every payment terminal does, over HTTPS, simulated or without a wire; and what those do that
can be asked.
"""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from edge.checkout.inputs import DeviceState
from edge.checkout.payments.payment import PaymentOutcome
from edge.drivers.payments.payment_manual import REMEMBERED_PAYMENTS
from tests.support.payment_rigs import (
    CODE,
    KnownRig,
    PaymentRig,
    gateway_rig,
    intent,
    manual_rig,
    part_of,
    simulated_rig,
)
from tests.support.pki import Authority, make_authority

ID = intent().intent_id
APPROVED, DECLINED = PaymentOutcome.APPROVED, PaymentOutcome.DECLINED
PENDING, REVERSED = PaymentOutcome.PENDING, PaymentOutcome.REVERSED
UNKNOWN = PaymentOutcome.UNKNOWN


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("pki"))


@pytest.fixture(params=["gateway", "simulated"])
async def rig(
    request: pytest.FixtureRequest, authority: Authority, tmp_path: Path
) -> AsyncIterator[PaymentRig]:
    made = gateway_rig(authority, tmp_path) if request.param == "gateway" else simulated_rig()
    async with made as rig:
        yield rig


@pytest.fixture(params=["gateway", "simulated", "manual"])
async def any_rig(
    request: pytest.FixtureRequest, authority: Authority, tmp_path: Path
) -> AsyncIterator[KnownRig]:
    made = {
        "gateway": lambda: gateway_rig(authority, tmp_path),
        "simulated": simulated_rig,
        "manual": manual_rig,
    }[request.param]()
    async with made as rig:
        yield rig


# --- every terminal


async def test_what_is_approved_names_what_for_and_has_a_reference(any_rig: KnownRig) -> None:
    any_rig.approve()
    answer = await any_rig.terminal.pay(intent(amount_minor=1250))
    assert (answer.intent_id, answer.outcome, answer.refund_id) == (ID, APPROVED, "")
    assert (answer.amount_minor, answer.currency) == (1250, "CNY")
    assert answer.reference


async def test_what_was_approved_is_said_again_when_it_is_asked_for(any_rig: KnownRig) -> None:
    any_rig.approve()
    answer = await any_rig.terminal.pay(intent())
    for _ in range(2):
        assert await any_rig.terminal.query(ID) == answer


async def test_payments_do_not_mix(any_rig: KnownRig) -> None:
    for intent_id, amount_minor in (("a", 100), ("b", 200)):
        any_rig.approve()
        await any_rig.terminal.pay(intent(intent_id, amount_minor))
    answers = [await any_rig.terminal.query(intent_id) for intent_id in ("b", "a")]
    assert [(each.intent_id, each.amount_minor) for each in answers] == [("b", 200), ("a", 100)]


async def test_of_what_it_never_saw_nothing_is_said_to_be_charged_or_given_back(
    any_rig: KnownRig,
) -> None:
    terminal = any_rig.terminal
    for answer in (
        await terminal.query("never-1"),
        await terminal.reverse("never-2"),
        await terminal.refund(part_of("r1", intent_id="never-3")),
    ):
        assert answer.outcome in {UNKNOWN, DECLINED}
        assert answer.detail


async def test_a_reversal_and_a_refund_may_be_asked_for_as_often_as_need_be(
    any_rig: KnownRig,
) -> None:
    any_rig.approve()
    await any_rig.terminal.pay(intent())
    refunds = [await any_rig.terminal.refund(part_of("r1", 500)) for _ in range(3)]
    assert len(set(refunds)) == 1
    assert (refunds[0].intent_id, refunds[0].refund_id) == (ID, "r1")
    any_rig.approve()
    await any_rig.terminal.pay(intent("till-001-2"))
    reversals = [await any_rig.terminal.reverse("till-001-2") for _ in range(3)]
    assert len(set(reversals)) == 1


# --- one that has no wire


async def test_without_a_wire_what_went_back_nobody_but_people_know() -> None:
    async with manual_rig() as rig:
        assert rig.terminal.state is DeviceState.READY
        await rig.terminal.pay(intent())
        back = await rig.terminal.reverse(ID)
        refund = await rig.terminal.refund(part_of("r1"))
        after = await rig.terminal.query(ID)
    for answer in (back, refund, after):
        assert (answer.outcome, answer.detail) == (UNKNOWN, "by_hand")
        assert (answer.amount_minor, answer.reference) == (0, "")


async def test_without_a_wire_the_first_word_counts() -> None:
    async with manual_rig() as rig:
        first = await rig.terminal.pay(replace(intent(), payment_code="123456"))
        assert first.reference == "123456"
        assert await rig.terminal.pay(replace(intent(), payment_code="999999")) == first


async def test_without_a_wire_a_day_s_payments_are_remembered() -> None:
    async with manual_rig() as rig:
        for number in range(REMEMBERED_PAYMENTS + 1):
            await rig.terminal.pay(intent(f"till-001-{number}"))
        assert (await rig.terminal.query("till-001-0")).outcome is UNKNOWN
        assert (await rig.terminal.query("till-001-1")).outcome is APPROVED


# --- those that can be asked


def test_no_text_of_an_intent_holds_the_code() -> None:
    asked = intent()
    assert asked.payment_code == CODE
    assert CODE not in f"{asked!r} {asked!s} {[asked]}"


async def test_an_approved_payment_is_charged_once_and_says_what_for(rig: PaymentRig) -> None:
    rig.plan(APPROVED)
    answer = await rig.terminal.pay(intent(amount_minor=1250))
    assert (answer.intent_id, answer.outcome) == (ID, APPROVED)
    assert (answer.amount_minor, answer.currency) == (1250, "CNY")
    assert ID in answer.reference
    assert (rig.charges(ID), rig.net(ID)) == (1, 1)


async def test_a_declined_payment_is_not_charged(rig: PaymentRig) -> None:
    rig.plan(DECLINED)
    assert (await rig.terminal.pay(intent())).outcome is DECLINED
    assert (await rig.terminal.query(ID)).outcome is DECLINED
    assert rig.charges(ID) == 0


async def test_a_customer_who_confirms_late_is_charged_then(rig: PaymentRig) -> None:
    rig.plan(APPROVED, pending_queries=2)
    assert (await rig.terminal.pay(intent())).outcome is PENDING
    assert (await rig.terminal.query(ID)).outcome is PENDING
    assert rig.charges(ID) == 0
    assert (await rig.terminal.query(ID)).outcome is APPROVED
    assert (await rig.terminal.query(ID)).outcome is APPROVED
    assert rig.charges(ID) == 1


async def test_a_lost_answer_is_unknown_until_it_is_asked_for(rig: PaymentRig) -> None:
    rig.plan(APPROVED, lose="answer")
    lost = await rig.terminal.pay(intent())
    assert (lost.outcome, lost.amount_minor) == (UNKNOWN, 0)
    assert lost.detail
    assert (await rig.terminal.query(ID)).outcome is APPROVED
    assert rig.charges(ID) == 1


async def test_a_payment_that_never_came_there_is_declined_when_it_is_asked_for(
    rig: PaymentRig,
) -> None:
    rig.plan(APPROVED, lose="request")
    assert (await rig.terminal.pay(intent())).outcome is UNKNOWN
    answer = await rig.terminal.query(ID)
    assert (answer.outcome, answer.detail) == (DECLINED, "not_known")
    assert rig.charges(ID) == 0


async def test_what_was_asked_for_before_it_came_is_never_charged(rig: PaymentRig) -> None:
    """The request to pay may overtake nothing: an intent that was declined stays so."""
    assert (await rig.terminal.query(ID)).outcome is DECLINED
    assert (await rig.terminal.pay(intent())).outcome is DECLINED
    assert rig.charges(ID) == 0


async def test_a_reversal_gives_back_once_however_often_it_is_asked_for(rig: PaymentRig) -> None:
    rig.plan(APPROVED)
    await rig.terminal.pay(intent())
    for _ in range(3):
        assert (await rig.terminal.reverse(ID)).outcome is REVERSED
    assert (await rig.terminal.query(ID)).outcome is REVERSED
    assert (rig.charges(ID), rig.net(ID)) == (1, 0)


async def test_a_pending_payment_that_is_reversed_is_never_charged(rig: PaymentRig) -> None:
    rig.plan(APPROVED, pending_queries=1)
    await rig.terminal.pay(intent())
    assert (await rig.terminal.reverse(ID)).outcome is REVERSED
    assert (await rig.terminal.query(ID)).outcome is REVERSED
    assert rig.charges(ID) == 0


async def test_reversing_what_never_came_there_closes_it(rig: PaymentRig) -> None:
    assert (await rig.terminal.reverse(ID)).outcome is DECLINED
    assert (await rig.terminal.pay(intent())).outcome is DECLINED
    assert rig.charges(ID) == 0


async def test_reversing_what_was_declined_changes_nothing(rig: PaymentRig) -> None:
    rig.plan(DECLINED)
    await rig.terminal.pay(intent())
    assert (await rig.terminal.reverse(ID)).outcome is DECLINED


async def test_what_can_not_be_taken_back_any_more_stays_approved(rig: PaymentRig) -> None:
    rig.plan(APPROVED, reversible=False)
    await rig.terminal.pay(intent())
    assert (await rig.terminal.reverse(ID)).outcome is APPROVED
    assert (rig.charges(ID), rig.net(ID)) == (1, 1)


async def test_parts_go_back_until_nothing_is_left(rig: PaymentRig) -> None:
    rig.plan(APPROVED)
    await rig.terminal.pay(intent(amount_minor=1250))
    first = await rig.terminal.refund(part_of("r1", 500))
    assert (first.intent_id, first.refund_id, first.outcome) == (ID, "r1", REVERSED)
    assert (first.amount_minor, first.currency) == (500, "CNY")
    assert rig.kept_minor(ID) == 750
    assert (await rig.terminal.refund(part_of("r2", 750))).outcome is REVERSED
    assert rig.kept_minor(ID) == 0


async def test_a_refund_goes_back_once_however_often_it_is_asked_for(rig: PaymentRig) -> None:
    rig.plan(APPROVED)
    await rig.terminal.pay(intent(amount_minor=1250))
    for _ in range(3):
        assert (await rig.terminal.refund(part_of("r1", 500))).outcome is REVERSED
    assert rig.kept_minor(ID) == 750


async def test_all_refunds_together_are_never_more_than_was_paid(rig: PaymentRig) -> None:
    rig.plan(APPROVED)
    await rig.terminal.pay(intent(amount_minor=1250))
    await rig.terminal.refund(part_of("r1", 1000))
    for _ in range(2):
        refused = await rig.terminal.refund(part_of("r2", 251))
        assert (refused.outcome, refused.detail) == (DECLINED, "too_much")
    assert (await rig.terminal.refund(part_of("r3", 250))).outcome is REVERSED
    assert rig.kept_minor(ID) == 0


async def test_another_amount_under_a_known_refund_is_no_answer(rig: PaymentRig) -> None:
    rig.plan(APPROVED)
    await rig.terminal.pay(intent(amount_minor=1250))
    await rig.terminal.refund(part_of("r1", 500))
    other = await rig.terminal.refund(part_of("r1", 700))
    assert (other.outcome, other.detail, other.refund_id) == (UNKNOWN, "other_amount", "r1")
    assert rig.kept_minor(ID) == 750


async def test_what_was_not_charged_is_not_given_back(rig: PaymentRig) -> None:
    rig.plan(DECLINED)
    await rig.terminal.pay(intent())
    assert (await rig.terminal.refund(part_of("r1"))).outcome is DECLINED
    assert (await rig.terminal.refund(part_of("r2", intent_id="never"))).outcome is DECLINED
    assert rig.kept_minor(ID) == 0


async def test_what_went_back_in_part_is_not_taken_back_as_a_whole(rig: PaymentRig) -> None:
    rig.plan(APPROVED)
    await rig.terminal.pay(intent(amount_minor=1250))
    await rig.terminal.refund(part_of("r1", 500))
    assert (await rig.terminal.reverse(ID)).outcome is APPROVED
    assert rig.kept_minor(ID) == 750


async def test_without_a_network_a_refund_is_unknown_and_asked_for_again(rig: PaymentRig) -> None:
    rig.plan(APPROVED)
    await rig.terminal.pay(intent(amount_minor=1250))
    await rig.cut()
    lost = await rig.terminal.refund(part_of("r1"))
    assert (lost.outcome, lost.intent_id, lost.refund_id) == (UNKNOWN, ID, "r1")
    await rig.mend()
    assert (await rig.terminal.refund(part_of("r1"))).outcome is REVERSED
    assert rig.kept_minor(ID) == 750


async def test_without_a_network_a_payment_is_declined_at_once_and_the_past_is_unknown(
    rig: PaymentRig,
) -> None:
    """Nothing has left the till, so cash can be taken; what was sent before stays open."""
    rig.plan(APPROVED)
    await rig.terminal.pay(intent("till-001-1"))
    await rig.cut()
    answer = await rig.terminal.pay(intent("till-001-2"))
    assert (answer.outcome, answer.detail) == (DECLINED, "not_sent")
    assert (await rig.terminal.query("till-001-1")).outcome is UNKNOWN
    assert (await rig.terminal.reverse("till-001-1")).outcome is UNKNOWN
    await rig.mend()
    assert (await rig.terminal.query("till-001-1")).outcome is APPROVED
    assert (rig.charges("till-001-1"), rig.charges("till-001-2")) == (1, 0)


async def test_intents_do_not_mix(rig: PaymentRig) -> None:
    rig.plan(APPROVED)
    rig.plan(DECLINED)
    await rig.terminal.pay(intent("a", 100))
    await rig.terminal.pay(intent("b", 200))
    await rig.terminal.reverse("b")
    answers = [await rig.terminal.query(intent_id) for intent_id in ("a", "b")]
    assert [answer.outcome for answer in answers] == [APPROVED, DECLINED]
    assert [answer.amount_minor for answer in answers] == [100, 200]
    assert (rig.net("a"), rig.net("b")) == (1, 0)


async def test_a_simulated_payment_follows_the_last_digit_of_its_code() -> None:
    seen = {}
    async with simulated_rig() as rig:
        for digit in "0123456789":
            asked = replace(intent(f"till-001-{digit}"), payment_code=f"{CODE[:-1]}{digit}")
            seen[digit] = (await rig.terminal.pay(asked)).outcome
    expected = dict.fromkeys("0789", APPROVED)
    expected |= {"1": DECLINED, "2": PENDING, "3": PENDING, "4": UNKNOWN, "5": UNKNOWN}
    assert seen == expected | {"6": UNKNOWN}
