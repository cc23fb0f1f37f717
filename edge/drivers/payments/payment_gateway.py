"""Payments by the customer's code through a gateway: signed JSON over HTTPS, docs/payments.md."""

import asyncio
import json
import secrets
import ssl
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field

from edge.checkout.payments.payment import (
    PaymentAnswer,
    PaymentIntent,
    PaymentOutcome,
    PaymentRefund,
)
from edge.drivers.living import LivingDevice
from edge.drivers.payments.payment_answers import (
    Body,
    GatewayAnswer,
    GatewayRefundAnswer,
    NoAnswerError,
    NotSentError,
    Question,
    State,
    Terms,
    check_answer,
    check_refund,
    read_reply,
    refunded,
    settled,
    unanswered,
)
from edge.drivers.payments.payment_signing import SigningKey, read_key
from edge.drivers.payments.payment_troubles import PaymentTroubles
from edge.drivers.settings import DeviceModel, SettingsModel, Surroundings
from edge.ports import DeviceError

if TYPE_CHECKING:
    from edge.drivers.payments.payment_http import GatewayHttp

# Bits of a nonce that nobody guesses and that no two requests share.
NONCE_BYTES = 16
# What is being paid, asked or taken back at a till at one time is a handful; an entry is 200 bytes.
REMEMBERED_INTENTS = 1_000
PAYMENTS = "/v1/payments"


FilePath = Annotated[Path, Field(strict=False)]


class GatewayTimeoutSettings(SettingsModel):
    """How long the gateway may take. A customer stands there: 15 s in all, then the till asks."""

    connect_ms: int = Field(
        default=3_000, ge=10, le=60_000, description="two lost packets and a handshake of TLS"
    )
    write_ms: int = Field(
        default=3_000, ge=10, le=60_000, description="a request is one packet; it need not wait"
    )
    read_ms: int = Field(
        default=10_000,
        ge=10,
        le=60_000,
        description="a gateway asks the customer's bank in 1 to 5 s",
    )
    pool_ms: int = Field(
        default=1_000, ge=10, le=60_000, description="four requests are under way: something hangs"
    )
    total_ms: int = Field(
        default=15_000, ge=10, le=120_000, description="bounds an answer that drips byte by byte"
    )


class PaymentGatewaySettings(DeviceModel):
    """`key_file` holds 64 hex digits, readable by the till's user alone; `key_id` is the gateway's
    name for that key. Without `ca_file` the system's authorities are trusted.
    """

    driver: Literal["payment_gateway"]
    url: str = Field(pattern=r"^https://[A-Za-z0-9.-]+(:[0-9]{1,5})?$", max_length=255)
    merchant: str = Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")
    device: str = Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")
    key_id: str = Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")
    key_file: FilePath
    ca_file: FilePath | None = None
    timeouts: GatewayTimeoutSettings = GatewayTimeoutSettings()

    def with_paths_from(self, folder: Path) -> Self:
        """With its files where edge.toml, which lies in that folder, says."""
        ca_file = self.ca_file and folder / self.ca_file
        return self.model_copy(update={"key_file": folder / self.key_file, "ca_file": ca_file})

    def problems(self) -> tuple[str, ...]:
        """Why key or authorities can't be used; nothing when they can."""
        problems = []
        for read in (_read_key, _read_authorities):
            try:
                read(self)
            except DeviceError as error:
                problems.append(str(error))
        return tuple(problems)


@dataclass(frozen=True, slots=True)
class _Session:
    """What is needed to ask: the way to the gateway, and the key."""

    http: "GatewayHttp"
    key: SigningKey

    async def close(self) -> None:
        await self.http.close()


class GatewayTerminal(LivingDevice[_Session]):
    """READY means that it can ask, not that the gateway answers: that shows with each payment.

    What was sent is never sent again: the till asks how it stands. A payment of which nothing has
    left the till is DECLINED at once, so that a shop without a network takes cash at once.
    """

    def __init__(self, settings: PaymentGatewaySettings, around: Surroundings) -> None:
        super().__init__(settings, around)
        self.troubles = PaymentTroubles(settings.name)
        self._settings = settings
        self._clock = around.clock
        self._session: _Session | None = None
        self._terms: OrderedDict[str, Terms] = OrderedDict()
        self._paying: set[str] = set()

    async def pay(self, intent: PaymentIntent) -> PaymentAnswer:
        intent_id = intent.intent_id
        assert intent_id not in self._terms, "an intent is paid once"
        self._remember(intent)
        self._paying.add(intent_id)
        try:
            answer = await self._ask("POST", PAYMENTS, intent_id, self._pay_body(intent))
            return settled(answer)
        except NotSentError as trouble:
            self.troubles.met(trouble)
            return unanswered(intent_id, PaymentOutcome.DECLINED, trouble.detail)
        except NoAnswerError as trouble:
            return self._unknown(intent_id, trouble)
        finally:
            self._paying.discard(intent_id)

    async def query(self, intent_id: str) -> PaymentAnswer:
        if intent_id in self._paying:
            return unanswered(intent_id, PaymentOutcome.UNKNOWN, "being_sent")
        try:
            answer = await self._ask("GET", f"{PAYMENTS}/{intent_id}", intent_id)
            if answer.state is State.UNKNOWN:
                # The request to pay may still be on its way: only a closed intent is declined. A
                # reversal would not do here, for one that comes late takes back what was approved.
                answer = await self._ask("POST", f"{PAYMENTS}/{intent_id}/close", intent_id)
            return settled(answer)
        except NoAnswerError as trouble:
            return self._unknown(intent_id, trouble)

    async def reverse(self, intent_id: str) -> PaymentAnswer:
        try:
            path = f"{PAYMENTS}/{intent_id}/reverse"
            return settled(await self._ask("POST", path, intent_id))
        except NoAnswerError as trouble:
            return self._unknown(intent_id, trouble)

    async def refund(self, refund: PaymentRefund) -> PaymentAnswer:
        path = f"{PAYMENTS}/{refund.intent_id}/refunds"
        body = self._body(
            refund_id=refund.refund_id,
            amount_minor=refund.amount_minor,
            currency=refund.currency,
        )
        try:
            answer = await self._exchange("POST", path, body, GatewayRefundAnswer)
            check_refund(answer, refund)
        except NoAnswerError as trouble:
            return self._unknown(refund.intent_id, trouble, refund.refund_id)
        self.troubles.over()
        return refunded(answer)

    async def _ask(
        self, method: Literal["GET", "POST"], path: str, intent_id: str, body: bytes = b""
    ) -> GatewayAnswer:
        """A signed answer about this intent. Raises NoAnswerError."""
        answer = await self._exchange(method, path, body, GatewayAnswer)
        check_answer(answer, intent_id, self._terms.get(intent_id))
        self.troubles.over()
        return answer

    async def _exchange(
        self, method: Literal["GET", "POST"], path: str, body: bytes, model: type[Body]
    ) -> Body:
        """A signed answer to this request. Raises NoAnswerError."""
        session = self._session
        if session is None:
            raise NotSentError("not_ready")
        question = Question(method, path, secrets.token_hex(NONCE_BYTES))
        headers = self._signed_headers(session.key, question, body)
        reply = await session.http.exchange(method, path, headers, body)
        return read_reply(reply, question, session.key, model)

    def _signed_headers(self, key: SigningKey, question: Question, body: bytes) -> dict[str, str]:
        at = self._clock.now().utc_ms
        signature = key.sign_request(question.method, question.path, at, question.nonce, body)
        return {
            "Content-Type": "application/json",
            "Edge-Key": key.key_id,
            "Edge-Timestamp": str(at),
            "Edge-Nonce": question.nonce,
            "Edge-Signature": signature,
        }

    def _pay_body(self, intent: PaymentIntent) -> bytes:
        return self._body(
            intent_id=intent.intent_id,
            merchant=self._settings.merchant,
            device=self._settings.device,
            amount_minor=intent.amount_minor,
            currency=intent.currency,
            payment_code=intent.payment_code,
        )

    def _body(self, **fields: str | int) -> bytes:
        body = {**fields, "at": self._clock.now().utc_ms}
        return json.dumps(body, separators=(",", ":")).encode()

    def _unknown(
        self, intent_id: str, trouble: NoAnswerError, refund_id: str = ""
    ) -> PaymentAnswer:
        self.troubles.met(trouble)
        return unanswered(intent_id, PaymentOutcome.UNKNOWN, trouble.detail, refund_id)

    def _remember(self, intent: PaymentIntent) -> None:
        self._terms[intent.intent_id] = Terms(intent.amount_minor, intent.currency)
        if len(self._terms) > REMEMBERED_INTENTS:
            self._terms.popitem(last=False)

    async def _open(self) -> _Session:
        return await asyncio.to_thread(_open_session, self._settings)

    async def _serve(self, session: _Session) -> None:
        self._session = session
        try:
            await asyncio.Event().wait()
        finally:
            self._session = None


def _open_session(settings: PaymentGatewaySettings) -> _Session:
    """Reads key and authorities, on a thread, for both are files. Raises DeviceError."""
    # httpx takes 40 ms and 5 MB, which only a till with a gateway pays for.
    from edge.drivers.payments.payment_http import GatewayHttp, HttpTimeouts  # noqa: PLC0415

    key, tls = _read_key(settings), _read_authorities(settings)
    return _Session(GatewayHttp(settings.url, tls, HttpTimeouts(**dict(settings.timeouts))), key)


def _read_key(settings: PaymentGatewaySettings) -> SigningKey:
    return read_key(settings.key_file, settings.key_id)


def _read_authorities(settings: PaymentGatewaySettings) -> ssl.SSLContext:
    from edge.drivers.payments.payment_http import tls_context  # noqa: PLC0415 - it brings httpx

    try:
        return tls_context(str(settings.ca_file) if settings.ca_file else None)
    except OSError as error:
        raise DeviceError(f"CA file {settings.ca_file}: can't be used: {error}") from error
