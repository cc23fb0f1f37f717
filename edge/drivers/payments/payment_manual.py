"""A payment terminal that stands beside the till with no wire between them: the cashier charges on
it, reads what it says and keys its approval code.

It vouches for what the cashier said and for nothing else. What it can't know, and what only a hand
on the terminal can do, it answers UNKNOWN with the detail `by_hand`: somebody settles that.
"""

import asyncio
from collections import OrderedDict
from typing import Literal

from edge.checkout.payments.payment import (
    BY_HAND,
    PaymentAnswer,
    PaymentIntent,
    PaymentOutcome,
    PaymentRefund,
)
from edge.drivers.living import LivingDevice
from edge.drivers.settings import DeviceModel, Surroundings

# A day's payments at a busy till; of what is older the journal knows, and whoever reads it.
REMEMBERED_PAYMENTS = 1_000


class PaymentManualSettings(DeviceModel):
    """Nothing is connected, so there is nothing to set."""

    driver: Literal["payment_manual"]


class _Nothing:
    """What is opened where there is no wire."""

    async def close(self) -> None:
        """Nothing to give back."""


class ManualTerminal(LivingDevice[_Nothing]):
    """Always READY: whether the terminal works, the cashier sees."""

    def __init__(self, settings: PaymentManualSettings, around: Surroundings) -> None:
        super().__init__(settings, around)
        self._approved: OrderedDict[str, PaymentAnswer] = OrderedDict()

    async def pay(self, intent: PaymentIntent) -> PaymentAnswer:
        """Approved, as the cashier read it; `payment_code` is the approval code, which stays the
        first one that was said for this intent.
        """
        answer = PaymentAnswer(
            intent_id=intent.intent_id,
            outcome=PaymentOutcome.APPROVED,
            amount_minor=intent.amount_minor,
            reference=intent.payment_code,
            detail="",
            currency=intent.currency,
        )
        answer = self._approved.setdefault(intent.intent_id, answer)
        if len(self._approved) > REMEMBERED_PAYMENTS:
            self._approved.popitem(last=False)
        return answer

    async def query(self, intent_id: str) -> PaymentAnswer:
        return self._approved.get(intent_id) or _by_hand(intent_id)

    async def reverse(self, intent_id: str) -> PaymentAnswer:
        # Whoever voids it does so on the terminal; that it was approved says no more from now on.
        self._approved.pop(intent_id, None)
        return _by_hand(intent_id)

    async def refund(self, refund: PaymentRefund) -> PaymentAnswer:
        return _by_hand(refund.intent_id, refund.refund_id)

    async def _open(self) -> _Nothing:
        return _Nothing()

    async def _serve(self, _nothing: _Nothing) -> None:
        await asyncio.get_running_loop().create_future()


def _by_hand(intent_id: str, refund_id: str = "") -> PaymentAnswer:
    outcome = PaymentOutcome.UNKNOWN
    return PaymentAnswer(intent_id, outcome, 0, reference="", detail=BY_HAND, refund_id=refund_id)
