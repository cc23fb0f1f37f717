"""What the core asks of payment terminals, carried out: on record first, then asked."""

from collections.abc import Awaitable, Callable, Mapping

from edge.checkout.effects import AskPayment, PayIntent, RecordEntries, RecordLive, RemindWait
from edge.checkout.inputs import PaymentAnswered, WaitReminded
from edge.checkout.payments.payment import AskMove, OpenPayment, PaymentAnswer
from edge.ports import Clock, PaymentTerminals, SaleStore, Uplink


class PaymentAsks:
    """No method raises anything but StoreError; then nobody was asked."""

    def __init__(
        self, terminals: PaymentTerminals, store: SaleStore, uplink: Uplink, clock: Clock
    ) -> None:
        self._terminals = terminals
        self._store = store
        self._uplink = uplink
        self._clock = clock
        self._moves: Mapping[AskMove, Callable[[OpenPayment], Awaitable[PaymentAnswer]]] = {
            AskMove.QUERY: lambda payment: terminals.query(payment.terminal, payment.intent_id),
            AskMove.REVERSE: lambda payment: terminals.reverse(payment.terminal, payment.intent_id),
            AskMove.REFUND: lambda payment: terminals.refund(payment.terminal, payment.refund),
        }

    async def pay(self, effect: PayIntent) -> PaymentAnswered:
        """The payment is sent. Whoever is cancelled here leaves it for the next start to ask."""
        answer = await self._terminals.pay(effect.terminal, effect.intent)
        return PaymentAnswered(self._clock.now(), effect.intent.intent_id, effect.attempt, answer)

    async def ask(self, effect: AskPayment) -> PaymentAnswered:
        """What must be on disk before the question is there when it is asked."""
        if effect.first:
            await self.record(RecordEntries(effect.at, effect.first))
        answer = await self._moves[effect.move](effect.payment)
        return PaymentAnswered(self._clock.now(), effect.payment.id, effect.attempt, answer)

    async def remind(self, effect: RemindWait) -> WaitReminded:
        """At once: it has waited already."""
        return WaitReminded(self._clock.now(), effect.payment_id)

    async def record(self, effect: RecordEntries | RecordLive) -> None:
        """The entries are on disk, and the uplink knows."""
        await self._store.commit(
            effect.at,
            effect.entries,
            ends_basket=False,
            opens_drawer=False,
            prints_receipt=False,
        )
        self._uplink.wake()
