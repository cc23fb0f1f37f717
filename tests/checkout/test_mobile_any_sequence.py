"""Whatever is keyed, scanned, lost, held on the way or cut off: the gateway's books and the till's
journal agree, payment by payment, once everybody has answered.
"""

from collections import Counter

from hypothesis import example, given, settings
from hypothesis import strategies as st

from edge.checkout.effects import AskPayment, PayIntent
from edge.checkout.inputs import PaymentAnswered
from edge.checkout.payments.payment import AskMove, PaymentAnswer, PaymentOutcome, PaymentPhase
from edge.checkout.records import EntryKind, TenderKind
from edge.checkout.session import State
from tests.support.payment_books import books_of
from tests.support.payment_ledger import GatewayPlan, Ledger
from tests.support.walk import Walk

CODE = "284712345678901234"
Ask = PayIntent | AskPayment
OUTCOMES = {
    "closed": PaymentOutcome.DECLINED,
    "refunded": PaymentOutcome.REVERSED,
    **{each.value: each for each in PaymentOutcome},
}
# More answers than any patience has questions.
MOST_ANSWERS = 500


class GatewayWalk(Walk):
    """`!gateway` answers the first question that waits, `!lost` does what it asks and loses the
    answer, `!held` keeps the question on the way until `!release`, or for good.
    """

    def __init__(self, plans: list[GatewayPlan]) -> None:
        super().__init__()
        self.ledger = Ledger()
        self.ledger.plans.extend(plans)
        self.held: list[Ask] = []

    def _act(self, action: str) -> None:
        asks = self.till.asks
        if action == "!release":
            while self.held:
                self._carried_out(self.held.pop(0))
        elif not asks or action not in {"!gateway", "!lost", "!held"}:
            super()._act(action)
        elif action == "!gateway":
            self._answer(asks[0], self._carried_out(asks.pop(0)))
        else:
            asked = asks.pop(0)
            if action == "!held":
                self.held.append(asked)
            else:
                self._carried_out(asked)
            self._answer(asked, {"state": "unknown"})

    def _carried_out(self, asked: Ask) -> dict[str, object]:
        """What the gateway makes of it, by docs/payments.md."""
        ledger = self.ledger
        if isinstance(asked, PayIntent):
            body = {"intent_id": asked.intent.intent_id, "amount_minor": asked.intent.amount_minor}
            return ledger.pay({**body, "currency": asked.intent.currency})
        payment = asked.payment
        if asked.move is AskMove.REVERSE:
            return ledger.reverse(payment.intent_id)
        if asked.move is AskMove.REFUND:
            body = {"refund_id": payment.refund_id, "amount_minor": payment.amount_minor}
            return ledger.refund(payment.intent_id, {**body, "currency": payment.currency})
        answer = ledger.query(payment.intent_id)
        return ledger.close(payment.intent_id) if answer["state"] == "unknown" else answer

    def _answer(self, asked: Ask, said: dict[str, object]) -> None:
        of = asked.intent if isinstance(asked, PayIntent) else asked.payment
        refund_id = "" if isinstance(asked, PayIntent) else asked.payment.refund_id
        answer = PaymentAnswer(
            of.intent_id,
            OUTCOMES[str(said["state"])],
            said.get("amount_minor") or 0,
            str(said.get("reference", "")),
            str(said.get("reason", "")),
            said.get("currency") or "",
            refund_id,
        )
        payment_id = refund_id or of.intent_id
        self.till.feed(PaymentAnswered(self.till.now(), payment_id, asked.attempt, answer))

    def settle(self) -> None:
        """The box starts once more, everybody answers, and what is paid in part is paid in full."""
        self.act("!release", "!restart")
        self._all_answer()
        if self.till.state is State.TENDERING:
            self.act("CASH")
            self._all_answer()

    def _all_answer(self) -> None:
        for _ in range(MOST_ANSWERS):
            if not (self.till.waits_for_disk or self.till.asks):
                return
            self.act("!answer" if self.till.waits_for_disk else "!gateway")
        raise AssertionError("no end of questions")


def check(walk: GatewayWalk) -> None:
    """Charged once or not at all; and what stays charged is what was sold, less what came back, or
    the till knows that it owes it.
    """
    owed: Counter[str] = Counter()
    for entry in walk.till.journal:
        sign = {EntryKind.SALE: 1, EntryKind.REFUND: -1}.get(entry.kind, 0)
        for tender in entry.body["tenders"] if sign else ():
            if tender["kind"] == TenderKind.MOBILE:
                owed[tender["reference"]] += sign * tender["amount_minor"]
    assert set(owed) <= set(walk.ledger.accounts)
    open_ = books_of(walk.till.journal).open
    refused = [each for each in open_ if each.phase is PaymentPhase.REFUSED]
    for refund in refused:
        owed[refund.intent_id] += refund.amount_minor
    for intent, account in walk.ledger.accounts.items():
        assert account.charges <= 1
        assert walk.ledger.kept_minor(intent) == owed[intent]
    left = {each.id for each in open_} - {each.id for each in refused}
    assert left <= {each.intent_id for each in refused}


PLANS = st.builds(
    GatewayPlan,
    state=st.sampled_from(["approved", "approved", "declined"]),
    pending_queries=st.sampled_from([0, 0, 3]),
    reversible=st.sampled_from([True, True, False]),
    refundable=st.sampled_from([True, True, False]),
)
PAYS = ("scan 1001", "MOBILE", "!answer", f"scan {CODE}")
PAYS_PART = ("scan 1001", "100 MOBILE", "!answer", f"scan {CODE}")
SOLD = ("!answer", "!answer")
# Each is one or several actions: luck alone comes to a payment too seldom.
ACTIONS = (
    *(PAYS, PAYS, PAYS, PAYS_PART, PAYS_PART),
    *(("!gateway",), ("!gateway",), ("!gateway", *SOLD), ("!lost",), ("!held",), ("!release",)),
    *(("CLEAR",), ("CLEAR CLEAR",), ("VOID",), ("!gateway", "!answer", "VOID")),
    *(("CASH", "!answer"), ("100 CASH",), ("CARD ENTER",), ("scan 1001",), (f"scan {CODE}",)),
    *(("!answer",), ("!restart",), ("!disk_fails", "!restart"), ("MENU 54", "ENTER"), ("MENU 14",)),
    *(("1 MENU 11", "!answer", "ENTER SUBTOTAL ENTER", "!answer"), ("MENU 18",), ("MENU 19",)),
)


def sum_up(actions: list[tuple[str, ...]]) -> list[str]:
    return [each for action in actions for each in action]


@settings(max_examples=150)
@given(
    st.lists(st.sampled_from(ACTIONS), min_size=3, max_size=25).map(sum_up),
    st.lists(PLANS, max_size=6),
)
@example([*PAYS, "!gateway", "!answer", "!restart"], [])
@example([*PAYS, "!lost", "CLEAR CLEAR", "CASH", "!held", "!answer"], [])
@example([*PAYS, "!lost", "CLEAR CLEAR", "CASH", "!answer"], [GatewayPlan(reversible=False)])
@example([*PAYS, "!held", "!gateway", "!release", "!gateway"], [])
@example([*PAYS, "!gateway", "!disk_fails", "!restart", "!gateway"], [])
@example(
    [*PAYS, "!gateway", "!answer", "!answer", "1 MENU 11", "!answer", "SUBTOTAL SUBTOTAL ENTER"], []
)
def test_the_books_agree_whatever_happens(actions: list[str], plans: list[GatewayPlan]) -> None:
    walk = GatewayWalk(plans)
    walk.act(*actions)
    walk.settle()
    check(walk)
    assert CODE not in str(walk.till.journal)
