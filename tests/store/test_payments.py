"""What a start finds of payments by code: all that are not settled, and none twice."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from edge.checkout.payments.payment import (
    OpenPayment,
    PaymentBooks,
    PaymentOutcome,
    PaymentPhase,
    payment_entry,
    reversing_entry,
    unknown_entry,
)
from edge.checkout.records import Entry, sale_entry
from edge.store import tools
from edge.store.till_store import TillStore
from tests.support.payments import approved, open_payment, paid_with, refund_of, settled
from tests.support.store import SteppedClock, record, sale, sell, till

Step = Entry | Callable[[TillStore], Awaitable[object]]
APPROVED, DECLINED = PaymentOutcome.APPROVED, PaymentOutcome.DECLINED
REVERSED = PaymentOutcome.REVERSED
SENT = open_payment()
REFUND = refund_of(SENT, "till-07-1-2-boota", 300)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "till.db"


async def found(
    path: Path, *steps: Entry | Callable[[TillStore], Awaitable[object]]
) -> PaymentBooks:
    """What the next start finds after these records, each committed on its own."""
    clock = SteppedClock()
    async with till(path, clock=clock) as store:
        for step in steps:
            if isinstance(step, Entry):
                await record(store, clock, step)
            else:
                await step(store)
    async with till(path, clock=clock) as store:
        books = store.state().payments
    assert tools.verify(path).problems == ()
    return books


async def new_epoch(store: TillStore) -> None:
    await store.open_new_epoch(SteppedClock().now())


def phases(books: PaymentBooks) -> dict[str, PaymentPhase]:
    return {payment.id: payment.phase for payment in books.open}


async def test_a_new_store_has_no_payments(path: Path) -> None:
    assert await found(path) == PaymentBooks(epoch=1, sent=0, open=())


@pytest.mark.parametrize(
    ("steps", "phase"),
    [
        ([payment_entry(SENT)], PaymentPhase.SENT),
        ([payment_entry(SENT), unknown_entry(SENT, "no_answer")], PaymentPhase.SENT),
        ([payment_entry(SENT), reversing_entry(SENT)], PaymentPhase.REVERSING),
        ([*approved(SENT)], PaymentPhase.APPROVED),
        ([*approved(SENT), reversing_entry(SENT)], PaymentPhase.REVERSING),
        (
            [payment_entry(SENT), reversing_entry(SENT), settled(SENT, APPROVED)],
            PaymentPhase.APPROVED,
        ),
        ([payment_entry(SENT), new_epoch], PaymentPhase.LAPSED),
        ([payment_entry(SENT), reversing_entry(SENT), new_epoch], PaymentPhase.LAPSED),
        ([*approved(SENT), new_epoch], PaymentPhase.LAPSED),
    ],
)
async def test_what_is_not_settled_is_found_at_the_next_start(
    path: Path, steps: list[Step], phase: PaymentPhase
) -> None:
    books = await found(path, *steps)
    assert books.open == (replace(SENT, phase=phase),)
    assert books.sent == 1


async def sold(store: TillStore) -> None:
    await sell(store, SteppedClock(), paid_with(sale(1), SENT))


@pytest.mark.parametrize(
    "steps",
    [
        [payment_entry(SENT), settled(SENT, DECLINED)],
        [payment_entry(SENT), reversing_entry(SENT), settled(SENT, REVERSED)],
        [*approved(SENT), sold],
        [*approved(SENT), payment_entry(REFUND), settled(REFUND, REVERSED), sold],
        [payment_entry(SENT), new_epoch, settled(SENT, APPROVED)],
        [payment_entry(SENT), new_epoch, settled(SENT, DECLINED)],
    ],
)
async def test_what_is_settled_is_not(path: Path, steps: list[Step]) -> None:
    assert (await found(path, *steps)).open == ()


async def test_refunds_are_found_until_they_went_back(path: Path) -> None:
    paid = [*approved(SENT), sold]
    books = await found(path, *paid, payment_entry(REFUND))
    assert books == PaymentBooks(1, 2, (REFUND,))


async def test_a_refund_that_was_refused_is_found_until_the_customer_has_the_money(
    path: Path, tmp_path: Path
) -> None:
    refused = [*approved(SENT), sold, payment_entry(REFUND), settled(REFUND, DECLINED)]
    books = await found(path, *refused)
    assert books.open == (replace(REFUND, phase=PaymentPhase.REFUSED),)
    other = tmp_path / "other.db"
    assert (await found(other, *refused, settled(REFUND, REVERSED, "cash"))).open == ()


async def test_a_payment_that_no_sale_has_is_over_once_all_of_it_went_back(
    path: Path, tmp_path: Path
) -> None:
    part = refund_of(SENT, "part", 400)
    rest = refund_of(SENT, "rest", 595)
    steps = [*approved(SENT), payment_entry(part), settled(part, REVERSED)]
    assert phases(await found(path, *steps)) == {SENT.id: PaymentPhase.APPROVED}
    all_of_it = [*steps, payment_entry(rest), settled(rest, REVERSED)]
    assert (await found(tmp_path / "all.db", *all_of_it)).open == ()


async def test_they_come_in_the_order_in_which_they_were_begun(path: Path) -> None:
    second, third = open_payment("b", receipt_no=2), open_payment("a", receipt_no=3)
    books = await found(
        path,
        *approved(SENT),
        sold,
        payment_entry(second),
        payment_entry(REFUND),
        payment_entry(third),
    )
    assert [payment.id for payment in books.open] == ["b", REFUND.id, "a"]
    assert books.sent == 4


async def test_a_sale_is_found_with_the_terminal_that_took_its_payment(path: Path) -> None:
    clock = SteppedClock()
    async with till(path, clock=clock) as store:
        await record(store, clock, *approved(SENT))
        await record(store, clock, payment_entry(open_payment("other")))
        await sold(store)
        found = await store.find_sale(1, clock.now())
    assert found is not None
    assert found.terminals == {SENT.intent_id: "mobile"}


def twice(store: TillStore) -> Awaitable[object]:
    return record(store, SteppedClock(), sale_entry(paid_with(sale(2), SENT)))


@pytest.mark.parametrize(
    ("steps", "reason"),
    [
        ([sold], "not approved"),
        ([payment_entry(SENT), sold], "not approved"),
        ([*approved(SENT), reversing_entry(SENT), sold], "not approved"),
        ([*approved(SENT), sold, twice], "not approved"),
        ([*approved(open_payment(amount_minor=994)), sold], "not approved"),
        ([*approved(SENT), sold, reversing_entry(SENT)], "not open"),
        ([payment_entry(SENT), settled(SENT, DECLINED), settled(SENT, APPROVED)], "not open"),
        ([payment_entry(SENT), payment_entry(REFUND)], "was not paid"),
        ([*approved(SENT), payment_entry(refund_of(SENT, "r", 996))], "more goes back"),
        (
            [*approved(SENT), payment_entry(REFUND), payment_entry(refund_of(SENT, "r", 696))],
            "more goes back",
        ),
        (
            [*approved(SENT), *2 * [payment_entry(REFUND), settled(REFUND, REVERSED)]],
            "UNIQUE",
        ),
        (
            [*approved(SENT), payment_entry(REFUND), *2 * [settled(REFUND, REVERSED)]],
            "not open",
        ),
    ],
)
def test_what_must_not_be_is_not_stored(path: Path, steps: list[Step], reason: str) -> None:
    with pytest.raises(Exception, match=reason):
        asyncio.run(found(path, *steps))


async def test_a_refund_that_was_refused_leaves_room_for_another(path: Path) -> None:
    other = refund_of(SENT, "r", 995)
    steps = [payment_entry(REFUND), settled(REFUND, DECLINED), payment_entry(other)]
    assert phases(await found(path, *approved(SENT), sold, *steps)) == {
        REFUND.id: PaymentPhase.REFUSED,
        "r": PaymentPhase.REFUNDING,
    }


def test_a_payment_says_what_a_terminal_is_asked() -> None:
    payment: OpenPayment = REFUND
    assert (payment.refund.refund_id, payment.refund.intent_id) == (REFUND.id, SENT.id)
    assert (payment.refund.amount_minor, payment.refund.currency) == (300, "GBP")
