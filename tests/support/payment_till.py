"""A till that pays by the policy: it journals first, asks, takes back, and may lose its power."""

from dataclasses import dataclass, field

from edge.checkout.payments.payment import (
    OpenPayment,
    PaymentAnswer,
    PaymentIntent,
    PaymentOutcome,
    PaymentPhase,
)
from edge.checkout.payments.payment_policy import (
    Course,
    Move,
    Next,
    Patience,
    Phase,
    after,
    begun,
    credible,
    reversing,
)
from edge.ports import PaymentTerminal

# What a call takes, so that time passes even where the policy does not wait.
CALL_MS = 1
# A few questions and a few reversals, so that every end is near.
SHORT = Patience(
    confirm_every_ms=10,
    confirm_within_ms=80,
    ask_first_ms=10,
    ask_cap_ms=20,
    ask_within_ms=50,
    reverse_first_ms=10,
    reverse_cap_ms=40,
    reverse_within_ms=60,
)


@dataclass(slots=True)
class Kept:
    """What the journal has of a payment: everything that a power cut leaves."""

    intent_id: str
    amount_minor: int
    currency: str
    reversing: bool = False
    outcome: PaymentOutcome = PaymentOutcome.UNKNOWN

    @property
    def payment(self) -> OpenPayment:
        phase = PaymentPhase.REVERSING if self.reversing else PaymentPhase.SENT
        return OpenPayment(self.intent_id, self.amount_minor, self.currency, 1, "mobile", phase)


@dataclass(slots=True)
class PayingTill:
    """Pays one intent, a step a call; `kept` is written before each step that it tells of."""

    terminal: PaymentTerminal
    patience: Patience = SHORT
    now_ms: int = 0
    kept: Kept | None = None
    course: Course | None = None
    next: Next = field(default=Next(Move.SETTLE))

    @property
    def over(self) -> bool:
        """Settled, or left as unknown."""
        return self.next.move in {Move.SETTLE, Move.LEAVE}

    async def pay(self, intent: PaymentIntent) -> None:
        self.kept = Kept(intent.intent_id, intent.amount_minor, intent.currency)
        self.course = begun(self.now_ms)
        self._follow(await self.terminal.pay(intent))

    def give_up(self) -> None:
        """The cashier takes the payment back."""
        if not self.over:
            self._reverse()

    def restart(self, terminal: PaymentTerminal) -> None:
        """What is unknown after a power cut is taken up as the journal has it."""
        assert self.kept is not None
        self.terminal = terminal
        if self.kept.outcome is PaymentOutcome.UNKNOWN:
            begin = reversing if self.kept.reversing else begun
            self.course = begin(self.now_ms)
            self.next = Next(Move.REVERSE if self.kept.reversing else Move.QUERY)

    async def step(self) -> None:
        assert self.kept is not None
        assert self.course is not None
        self.now_ms += self.next.wait_ms + CALL_MS
        if self.next.move is Move.QUERY:
            self._follow(await self.terminal.query(self.kept.intent_id))
        else:
            self._follow(await self.terminal.reverse(self.kept.intent_id))

    def _follow(self, answer: PaymentAnswer) -> None:
        assert self.kept is not None
        assert self.course is not None
        answer = credible(answer, self.kept.payment)
        self.course, self.next = after(self.course, answer.outcome, self.now_ms, self.patience)
        if self.next.move is Move.SETTLE:
            self.kept.outcome = answer.outcome
        elif self.course.phase is Phase.REVERSING:
            self.kept.reversing = True

    def _reverse(self) -> None:
        assert self.kept is not None
        self.kept.reversing = True
        self.course = reversing(self.now_ms)
        self.next = Next(Move.REVERSE)
