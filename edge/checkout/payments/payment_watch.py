"""The payments and refunds that a till has an eye on: what is open, and what it has asked last."""

from dataclasses import dataclass, replace

from edge.checkout.payments.payment import OpenPayment, PaymentBooks, PaymentPhase
from edge.checkout.payments.payment_policy import Course, begun, reversing
from edge.checkout.records import Sale, TenderKind

# More than a gateway that is down for a whole evening leaves behind; each is asked for on its own.
MAX_OPEN_PAYMENTS = 50

# Those that are asked for by themselves, after a start and when the network is back.
ASKED_FOR = frozenset(
    {
        PaymentPhase.SENT,
        PaymentPhase.REVERSING,
        PaymentPhase.LAPSED,
        PaymentPhase.REFUNDING,
    }
)
TAKING_BACK = frozenset({PaymentPhase.REVERSING, PaymentPhase.REFUNDING})


@dataclass(frozen=True, slots=True)
class Watch:
    """An open payment. `attempt` is the number of the last question: an answer to an earlier one
    is not heard. `asked` says that there is such a question, or will be; `recorded`, that what
    began it is on disk, before which nobody may be asked; `no_terminal`, that the last answer was
    that the device that knows of it is not in the settings any more; `by_hand`, that people do on
    the terminal what is to be done.
    """

    payment: OpenPayment
    course: Course
    attempt: int = 0
    asked: bool = False
    recorded: bool = True
    no_terminal: bool = False
    by_hand: bool = False

    @property
    def is_for_people(self) -> bool:
        """Nobody can be asked: somebody looks into it and settles it."""
        return self.no_terminal or self.by_hand


@dataclass(frozen=True, slots=True)
class Payments:
    """Everything open, oldest first, and what the next id is made of."""

    epoch: int = 0
    sent: int = 0
    watches: tuple[Watch, ...] = ()

    @property
    def books(self) -> PaymentBooks:
        return PaymentBooks(self.epoch, self.sent, tuple(each.payment for each in self.watches))

    def find(self, payment_id: str) -> Watch | None:
        """The open payment or refund with this id."""
        return next((each for each in self.watches if each.payment.id == payment_id), None)

    def known(self, payment_id: str) -> Watch:
        """The same, of one that is open; asking for another one is a bug."""
        watch = self.find(payment_id)
        assert watch is not None, f"{payment_id} is not open"
        return watch

    def owed(self, intent_id: str) -> bool:
        """Whether a refund of that payment is open."""
        return any(
            each.payment.intent_id == intent_id and each.payment.refund_id for each in self.watches
        )

    def begin(self, payment: OpenPayment, now_ms: int) -> "Payments":
        """With one more, which goes on record now; nobody was asked about it yet."""
        watch = replace(watch_of(payment, now_ms), recorded=False)
        return replace(self, sent=self.sent + 1, watches=(*self.watches, watch))

    def on_record(self) -> "Payments":
        """The disk has taken what was on its way there."""
        watches = tuple(replace(watch, recorded=True) for watch in self.watches)
        return replace(self, watches=watches)

    def put(self, watch: Watch) -> "Payments":
        """With this one in its place."""
        watches = tuple(
            watch if each.payment.id == watch.payment.id else each for each in self.watches
        )
        return replace(self, watches=watches)

    def without(self, *payment_ids: str) -> "Payments":
        """Without those that are settled."""
        watches = tuple(each for each in self.watches if each.payment.id not in payment_ids)
        return replace(self, watches=watches)

    def used_in(self, sale: Sale) -> "Payments":
        """Without those that the stored sale is paid with."""
        return self.without(
            *(tender.reference for tender in sale.tenders if tender.kind is TenderKind.MOBILE)
        )


NO_PAYMENTS = Payments()


def watch_of(payment: OpenPayment, now_ms: int) -> Watch:
    """An open payment whose patience begins now."""
    begin = reversing if payment.phase in TAKING_BACK else begun
    return Watch(payment, begin(now_ms))


def payments_of(books: PaymentBooks, now_ms: int) -> Payments:
    """What a start makes of what the store holds."""
    watches = tuple(watch_of(payment, now_ms) for payment in books.open)
    return Payments(books.epoch, books.sent, watches)
