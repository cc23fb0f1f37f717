"""What went wrong between till and gateway: counted always, logged once."""

from collections import Counter

import structlog

from edge.drivers.payments.payment_answers import NoAnswerError, NotSentError

# About twenty kinds are ours and a few are a gateway's; a gateway that invents more is one kind.
MAX_KINDS = 64
OTHER = "other"


class PaymentTroubles:
    """`counts` by kind since the start. A kind is logged when it is first met, and again only
    after the gateway has answered well in between.
    """

    def __init__(self, device: str) -> None:
        self.counts: Counter[str] = Counter()
        self._told: set[str] = set()
        self._log = structlog.get_logger().bind(device=device)

    def met(self, trouble: NoAnswerError) -> None:
        known = trouble.detail in self.counts or len(self.counts) < MAX_KINDS
        kind = trouble.detail if known else OTHER
        self.counts[kind] += 1
        if kind in self._told:
            return
        self._told.add(kind)
        cause = trouble.cause if isinstance(trouble, NotSentError) else ""
        self._log.warning("payment_unanswered", kind=kind, count=self.counts[kind], cause=cause)

    def over(self) -> None:
        """The gateway has answered."""
        if self._told:
            self._log.info("payment_answered_again", after=sorted(self._told))
            self._told.clear()
