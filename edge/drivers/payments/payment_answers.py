"""What a payment gateway answers, believed only when it is signed and about what was asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from edge.checkout.money import MAX_AMOUNT_MINOR
from edge.checkout.payments.payment import PaymentAnswer, PaymentOutcome, PaymentRefund
from edge.drivers.payments.payment_signing import SigningKey, same_signature

MAX_REFERENCE = 64
MAX_REASON = 40


class NoAnswerError(Exception):
    """The gateway said nothing that counts; `detail` is why, in snake_case."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class NotSentError(NoAnswerError):
    """Not a byte of the request has left the till. `cause` is for the log."""

    def __init__(self, detail: str, cause: str = "") -> None:
        super().__init__(detail)
        self.cause = cause


class LostError(NoAnswerError):
    """The request may have been carried out."""


class GatewayRefusedError(LostError):
    """The gateway itself says, signed, that it did not carry out this very request."""


class AnswerRefusedError(LostError):
    """Something came that is no answer to what was asked."""


class State(StrEnum):
    """How the gateway's books have an intent. UNKNOWN: they have nothing under this id. CLOSED:
    they had nothing, and a payment that still comes under it is not taken.
    """

    APPROVED = "approved"
    DECLINED = "declined"
    PENDING = "pending"
    REVERSED = "reversed"
    UNKNOWN = "unknown"
    CLOSED = "closed"


NEVER_SEEN = frozenset({State.UNKNOWN, State.CLOSED})


class GatewayModel(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class GatewayAnswer(GatewayModel):
    """The body of an answer. Amount and currency are null where the gateway never saw the payment.
    `reason` has no digits and so can't hold a code.
    """

    intent_id: str = Field(max_length=64)
    state: State
    amount_minor: int | None = Field(ge=0, le=MAX_AMOUNT_MINOR, strict=True)
    currency: str | None = Field(pattern=r"^[A-Z]{3}$")
    reference: str = Field(default="", pattern=r"^[A-Za-z0-9._-]*$", max_length=MAX_REFERENCE)
    reason: str = Field(default="", pattern=r"^[a-z_]*$", max_length=MAX_REASON)


class RefundState(StrEnum):
    """How the gateway's books have a refund. DECLINED: nothing went back, and nothing will."""

    REFUNDED = "refunded"
    PENDING = "pending"
    DECLINED = "declined"


class GatewayRefundAnswer(GatewayModel):
    """The body of an answer about a refund; amount and currency are the refund's own."""

    intent_id: str = Field(max_length=64)
    refund_id: str = Field(max_length=64)
    state: RefundState
    amount_minor: int = Field(ge=0, le=MAX_AMOUNT_MINOR, strict=True)
    currency: str = Field(pattern=r"^[A-Z]{3}$")
    reference: str = Field(default="", pattern=r"^[A-Za-z0-9._-]*$", max_length=MAX_REFERENCE)
    reason: str = Field(default="", pattern=r"^[a-z_]*$", max_length=MAX_REASON)


class GatewayError(GatewayModel):
    """The body of a refused request."""

    error: str = Field(pattern=r"^[a-z_]+$", max_length=MAX_REASON)


REFUND_OUTCOMES: Mapping[RefundState, PaymentOutcome] = {
    RefundState.REFUNDED: PaymentOutcome.REVERSED,
    RefundState.PENDING: PaymentOutcome.PENDING,
    RefundState.DECLINED: PaymentOutcome.DECLINED,
}
Body = TypeVar("Body", bound=GatewayModel)


@dataclass(frozen=True, slots=True)
class Question:
    """What was sent: a signed answer is about this and nothing else."""

    method: Literal["GET", "POST"]
    path: str
    nonce: str


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP response as it came; nothing of it is checked yet."""

    status: int
    signature: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Terms:
    """What an answer must name."""

    amount_minor: int
    currency: str


def read_reply(reply: Reply, question: Question, key: SigningKey, model: type[Body]) -> Body:
    """The signed answer. Raises AnswerRefusedError, and GatewayRefusedError for a signed error."""
    if not reply.signature:
        unsigned = reply.status == HTTPStatus.OK
        raise AnswerRefusedError("unsigned" if unsigned else f"http_{reply.status}")
    expected = key.sign_answer(
        question.method, question.path, question.nonce, reply.status, reply.body
    )
    if not same_signature(reply.signature, expected):
        raise AnswerRefusedError("wrong_signature")
    try:
        if reply.status == HTTPStatus.OK:
            return model.model_validate_json(reply.body)
        refused = GatewayError.model_validate_json(reply.body)
    except ValidationError:
        raise AnswerRefusedError("unreadable") from None
    raise GatewayRefusedError(f"gateway_{refused.error}")


def check_answer(answer: GatewayAnswer, intent_id: str, terms: Terms | None) -> None:
    """Raises AnswerRefusedError for another intent, amount or currency. Without terms, as after a
    restart, amount and currency are left to whoever has the journal.
    """
    if answer.intent_id != intent_id:
        raise AnswerRefusedError("other_intent")
    nameless = answer.amount_minor is None or answer.currency is None
    if nameless and answer.state not in NEVER_SEEN:
        raise AnswerRefusedError("names_no_amount")
    if terms is None or nameless:
        return
    if answer.amount_minor != terms.amount_minor:
        raise AnswerRefusedError("other_amount")
    if answer.currency != terms.currency:
        raise AnswerRefusedError("other_currency")


def check_refund(answer: GatewayRefundAnswer, refund: PaymentRefund) -> None:
    """Raises AnswerRefusedError for another payment, refund, amount or currency."""
    if (answer.intent_id, answer.refund_id) != (refund.intent_id, refund.refund_id):
        raise AnswerRefusedError("other_intent")
    if answer.amount_minor != refund.amount_minor:
        raise AnswerRefusedError("other_amount")
    if answer.currency != refund.currency:
        raise AnswerRefusedError("other_currency")


def refunded(answer: GatewayRefundAnswer) -> PaymentAnswer:
    """The answer as the till's port has it."""
    return PaymentAnswer(
        intent_id=answer.intent_id,
        outcome=REFUND_OUTCOMES[answer.state],
        amount_minor=answer.amount_minor,
        reference=answer.reference,
        detail=answer.reason,
        currency=answer.currency,
        refund_id=answer.refund_id,
    )


def settled(answer: GatewayAnswer) -> PaymentAnswer:
    """The answer as the till's port has it. Raises AnswerRefusedError when it settles nothing."""
    if answer.state is State.UNKNOWN:
        raise AnswerRefusedError("not_known")
    if answer.state is State.CLOSED:
        return unanswered(answer.intent_id, PaymentOutcome.DECLINED, "not_known")
    return PaymentAnswer(
        intent_id=answer.intent_id,
        outcome=PaymentOutcome(answer.state.value),
        amount_minor=answer.amount_minor or 0,
        reference=answer.reference,
        detail=answer.reason,
        currency=answer.currency or "",
    )


def unanswered(
    intent_id: str, outcome: PaymentOutcome, detail: str, refund_id: str = ""
) -> PaymentAnswer:
    """What is known of an intent, or a refund, on which the gateway has nothing to say."""
    return PaymentAnswer(intent_id, outcome, 0, reference="", detail=detail, refund_id=refund_id)
