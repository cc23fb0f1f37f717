"""aiomqtt's client, with what it keeps to itself: that a connection has ended, and why."""

import asyncio
import logging
import ssl
from typing import Any, Final

import aiomqtt
from paho.mqtt.client import Client as PahoClient
from paho.mqtt.client import DisconnectFlags
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from edge.wire.errors import CertificateRefusedError, LinkError, TakenOverError

# MQTT 5, table 3-10: another client has connected with our client id.
SESSION_TAKEN_OVER: Final = 0x8E
# What the broker's TLS alert (RFC 8446 section 6.2, by OpenSSL's names) says of our certificate.
# Mosquitto, which is on OpenSSL, says `expired` of its own revocation list too, and under TLS 1.2
# lets the handshake fail when it wants a certificate and gets none.
REFUSALS: Final = {
    "SSLV3_ALERT_BAD_CERTIFICATE": "damaged, or not valid yet",
    "SSLV3_ALERT_UNSUPPORTED_CERTIFICATE": "not made for a client",
    "SSLV3_ALERT_CERTIFICATE_REVOKED": "revoked",
    "SSLV3_ALERT_CERTIFICATE_EXPIRED": "expired",
    "SSLV3_ALERT_CERTIFICATE_UNKNOWN": "it does not say why",
    "TLSV1_ALERT_UNKNOWN_CA": "of an authority that it does not know",
    "TLSV1_ALERT_ACCESS_DENIED": "no access",
    "TLSV13_ALERT_CERTIFICATE_REQUIRED": "none that it can read was sent",
    "SSLV3_ALERT_HANDSHAKE_FAILURE": "none that it can read was sent",
}


class _TlsSocket(ssl.SSLSocket):
    """Is closed when its handshake fails: paho would leave it to the garbage collector."""

    def do_handshake(self, block: bool = False) -> None:
        try:
            super().do_handshake(block)
        except OSError:
            self.close()
            raise


class Client(aiomqtt.Client):
    """Gives a connect up when the broker hangs up, where aiomqtt waits for its time-out: a loss
    before the broker's answer is none to it. Under TLS 1.3 a certificate is refused just then.
    """

    def __init__(self, host: str, port: int, tls: ssl.SSLContext | None, **settings: Any) -> None:
        self._socket_error: OSError | None = None
        self._ended: ReasonCode | None = None
        # paho says why a socket failed to its log alone: each client has one of its own.
        log = logging.Logger("mqtt", logging.WARNING)  # noqa: LOG001 - shared, it could not tell
        log.parent = logging.getLogger("mqtt")
        log.addFilter(self._hear)
        if tls is not None:
            tls.sslsocket_class = _TlsSocket
        super().__init__(host, port, tls_context=tls, logger=log, **settings)

    @property
    def has_ended(self) -> bool:
        """True also of a loss right behind the broker's answer, which aiomqtt forgets."""
        return self._ended is not None

    @property
    def end(self) -> str:
        """Why the connection is over, in words."""
        return str(self._socket_error or self._ended)

    def error(self, text: str, cause: BaseException | None = None) -> LinkError:
        """An error to raise, of the kind that the broker told us; `cause` is what a handshake
        failed with.
        """
        if self._ended is not None and self._ended.value == SESSION_TAKEN_OVER:
            return TakenOverError(text)
        failed = self._socket_error or cause
        reason = REFUSALS.get(failed.reason or "") if isinstance(failed, ssl.SSLError) else None
        if reason is not None:
            return CertificateRefusedError(f"the broker refused our certificate ({reason})")
        return LinkError(text)

    def _hear(self, record: logging.LogRecord) -> bool:
        """Keeps a socket's error; what else is logged goes on."""
        said = record.args if isinstance(record.args, tuple) else ()
        errors = [each for each in said if isinstance(each, OSError)]
        self._socket_error = errors[0] if errors else self._socket_error
        return not errors

    def _on_disconnect(
        self,
        client: PahoClient,
        userdata: Any,
        flags: DisconnectFlags,
        reason_code: ReasonCode,
        properties: Properties | None = None,
    ) -> None:
        super()._on_disconnect(client, userdata, flags, reason_code, properties)
        self._ended = self._ended or reason_code
        _mark_read(self._disconnected)
        # A connect that fails while it sends does so in its thread.
        self._loop.call_soon_threadsafe(self._give_up)

    def _give_up(self) -> None:
        if not self._connected.done():
            hung_up = aiomqtt.MqttError(f"the broker hung up before it answered: {self.end}")
            self._connected.set_exception(hung_up)
            _mark_read(self._connected)


def _mark_read(future: asyncio.Future[None]) -> None:
    """Nobody has to read it any more: asyncio complains of errors that nobody has read, and this
    one is kept.
    """
    if future.done() and not future.cancelled():
        future.exception()
