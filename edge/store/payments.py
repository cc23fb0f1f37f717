"""What became of each payment by code, as the journal leaves it."""

import sqlite3
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, TypeAlias

from edge.checkout.payments.payment import (
    OpenPayment,
    PaymentBooks,
    PaymentOutcome,
    PaymentPhase,
    payment_from,
)
from edge.checkout.records import EntryKind, TenderKind

Body: TypeAlias = Mapping[str, Any]
Projection: TypeAlias = Callable[[sqlite3.Connection, int, str, Body], None]

# What a payment becomes by its outcome, from whichever of the states before; one that lapsed is
# closed by any, for nothing of it can be used any more.
_SETTLED: Final[Mapping[str, str]] = {
    PaymentOutcome.APPROVED.value: "approved",
    PaymentOutcome.DECLINED.value: "closed",
    PaymentOutcome.REVERSED.value: "closed",
}
_REFUNDED: Final[Mapping[str, str]] = {
    PaymentOutcome.REVERSED.value: "done",
    PaymentOutcome.DECLINED.value: "refused",
}
_REFUND_PHASES: Final[Mapping[str, PaymentPhase]] = {
    "sent": PaymentPhase.REFUNDING,
    "refused": PaymentPhase.REFUSED,
}


def load(conn: sqlite3.Connection) -> PaymentBooks:
    """What is open, oldest first, and what the next id is made of."""
    payments = conn.execute(
        "SELECT position, intent, amount_minor, currency, receipt_no, terminal, state FROM payment"
        " WHERE state IN ('sent', 'reversing', 'approved', 'lapsed')"
    ).fetchall()
    refunds = conn.execute(
        "SELECT payment_refund.position, payment_refund.refund, payment_refund.intent,"
        " payment_refund.amount_minor, payment.currency, payment_refund.receipt_no,"
        " payment.terminal, payment_refund.state"
        " FROM payment_refund JOIN payment USING (intent) WHERE payment_refund.state <> 'done'"
    ).fetchall()
    (epoch,) = conn.execute("SELECT coalesce(max(epoch), 0) FROM epoch").fetchone()
    (sent,) = conn.execute(
        "SELECT (SELECT count(*) FROM payment) + (SELECT count(*) FROM payment_refund)"
    ).fetchone()
    found = [(place, _payment(*rest)) for place, *rest in payments]
    found += [(place, _refund(*rest)) for place, *rest in refunds]
    return PaymentBooks(epoch, sent, tuple(each for _, each in sorted(found, key=_place)))


def terminals_of(conn: sqlite3.Connection, intents: Iterable[str]) -> Mapping[str, str]:
    """Which terminal took each of these payments, whatever became of them."""
    find = "SELECT intent, terminal FROM payment WHERE intent = ?"
    return dict(row for intent in intents for row in conn.execute(find, (intent,)))


def _place(found: tuple[int, OpenPayment]) -> int:
    return found[0]


def _payment(
    intent: str, amount_minor: int, currency: str, receipt_no: int, terminal: str, state: str
) -> OpenPayment:
    phase = PaymentPhase(state)
    return OpenPayment(intent, amount_minor, currency, receipt_no, terminal, phase)


def _refund(
    refund: str,
    intent: str,
    amount_minor: int,
    currency: str,
    receipt_no: int,
    terminal: str,
    state: str,
) -> OpenPayment:
    phase = _REFUND_PHASES[state]
    return OpenPayment(intent, amount_minor, currency, receipt_no, terminal, phase, refund)


def lapse(conn: sqlite3.Connection) -> None:
    """What is open may have paid a sale in the lost part of a restored journal: it is asked for,
    and never taken back by itself.
    """
    conn.execute(
        "UPDATE payment SET state = 'lapsed' WHERE state IN ('sent', 'reversing', 'approved')"
    )


def use(conn: sqlite3.Connection, body: Body) -> None:
    """A sale is paid with payments that are approved, each once. Asserts it."""
    for tender in body["tenders"]:
        if tender["kind"] != TenderKind.MOBILE:
            continue
        used = conn.execute(
            "UPDATE payment SET state = 'used'"
            " WHERE intent = ? AND state = 'approved' AND amount_minor = ?",
            (tender["reference"], tender["amount_minor"]),
        ).rowcount
        assert used == 1, "paid with a payment that is not approved"


def _begin(conn: sqlite3.Connection, position: int, kind: str, body: Body) -> None:
    sent = payment_from(EntryKind(kind), body)
    conn.execute(
        "INSERT INTO payment VALUES (?, ?, ?, ?, ?, ?, 'sent', '')",
        (
            *(sent.intent_id, position, sent.receipt_no),
            *(sent.amount_minor, sent.currency, sent.terminal),
        ),
    )


def _reverse(conn: sqlite3.Connection, _position: int, _kind: str, body: Body) -> None:
    changed = conn.execute(
        "UPDATE payment SET state = 'reversing' WHERE intent = ? AND state IN ('sent', 'approved')",
        (body["intent"],),
    ).rowcount
    assert changed == 1, "taken back, and not open"


def _settle(conn: sqlite3.Connection, _position: int, _kind: str, body: Body) -> None:
    changed = conn.execute(
        "UPDATE payment SET reference = ?,"
        " state = CASE state WHEN 'lapsed' THEN 'closed' ELSE ? END"
        " WHERE intent = ? AND state IN ('sent', 'reversing', 'approved', 'lapsed')",
        (body["reference"], _SETTLED[body["outcome"]], body["intent"]),
    ).rowcount
    assert changed == 1, "settled, and not open"


def _begin_refund(conn: sqlite3.Connection, position: int, kind: str, body: Body) -> None:
    sent = payment_from(EntryKind(kind), body)
    conn.execute(
        "INSERT INTO payment_refund VALUES (?, ?, ?, ?, ?, 'sent', '')",
        (sent.refund_id, sent.intent_id, position, sent.receipt_no, sent.amount_minor),
    )
    paid_minor, gone_minor = conn.execute(
        "SELECT amount_minor, (SELECT sum(amount_minor) FROM payment_refund"
        "  WHERE payment_refund.intent = payment.intent AND state <> 'refused')"
        " FROM payment WHERE intent = ? AND state IN ('approved', 'used')",
        (sent.intent_id,),
    ).fetchone() or (0, 0)
    assert gone_minor <= paid_minor, "more goes back than was paid"
    assert paid_minor > 0, "a refund of what was not paid"


def _settle_refund(conn: sqlite3.Connection, _position: int, _kind: str, body: Body) -> None:
    changed = conn.execute(
        "UPDATE payment_refund SET reference = ?, state = ? WHERE refund = ? AND state <> 'done'",
        (body["reference"], _REFUNDED[body["outcome"]], body["refund"]),
    ).rowcount
    assert changed == 1, "given back, and not open"
    # What no sale has is over once all of it has gone back.
    conn.execute(
        "UPDATE payment SET state = 'closed' WHERE intent = ? AND state = 'approved'"
        " AND amount_minor = (SELECT coalesce(sum(amount_minor), 0) FROM payment_refund"
        "  WHERE payment_refund.intent = payment.intent AND state = 'done')",
        (body["intent"],),
    )


PROJECTIONS: Final[Mapping[str, Projection]] = {
    EntryKind.PAYMENT_SENT: _begin,
    EntryKind.PAYMENT_REVERSING: _reverse,
    EntryKind.PAYMENT_SETTLED: _settle,
    EntryKind.PAYMENT_REFUND_SENT: _begin_refund,
    EntryKind.PAYMENT_REFUND_SETTLED: _settle_refund,
}
