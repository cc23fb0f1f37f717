"""The box's side of the broker, for as long as the daemon runs."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from random import Random

import structlog

from edge.checkout.inputs import UplinkChanged
from edge.checkout.troubles import UplinkTrouble
from edge.ports import Clock, Inbox, OutboxStore, StoreError
from edge.summed_lines import LOG_WINDOW_MS, SummedLines
from edge.uplink.session import Box, HealthReport, Refusal, Session
from edge.uplink.settings import UplinkSettings
from edge.uplink.window import Place
from edge.wire.certificates import foreign_certificate
from edge.wire.codec import encode
from edge.wire.connection import LastWords, Terms, connected
from edge.wire.errors import CertificateRefusedError, LinkError, TakenOverError
from edge.wire.messages import Will
from edge.wire.topics import Channel, checked_device, topic_of

# The broker publishes a will when its delay is over or the session ends, whichever is first.
SESSION_OUTLIVES_WILL_S = 60
# Beyond this, doubling has long met its cap.
MAX_DOUBLINGS = 16
# Another box under our name comes back within `reconnect_cap_ms` and the time a connect takes: who
# has been left alone for twice as long is alone.
ALONE_AFTER_CAPS = 2


class MqttUplink:
    """Connects, serves, and connects anew with full jitter; a new client for every connection.

    Raises WireError when `device` is no device id.
    """

    name = "uplink"

    def __init__(
        self,
        settings: UplinkSettings,
        device: str,
        *,
        store: OutboxStore,
        clock: Clock,
        inbox: Inbox,
        versions: Mapping[str, str],
        health: HealthReport | None = None,
        random: Random | None = None,
    ) -> None:
        self._settings = settings
        self._device = checked_device(device)
        self._store = store
        self._clock = clock
        self._inbox = inbox
        self._box = Box(self._device, dict(versions), health)
        self._random = random or Random()
        self._log = structlog.get_logger().bind(room="uplink")
        self._changed = asyncio.Event()
        self._lines = SummedLines(clock)
        self._online: bool | None = None
        self._troubles: dict[UplinkTrouble, str] = {}
        self._told: tuple[bool, tuple[UplinkTrouble, ...]] | None = None
        self.refusals: Counter[Refusal] = Counter()

    def wake(self) -> None:
        """The journal has grown; send it when there is a network."""
        self._tell_cashier()
        self._changed.set()

    @property
    def trouble(self) -> str:
        """Why headquarters gets nothing until somebody acts, in words; empty while all is well or
        only the network is away.
        """
        return "; ".join(self._troubles[each] for each in UplinkTrouble if each in self._troubles)

    async def run(self) -> None:
        """Until cancelled. Returns only when the store takes no more: what headquarters has can't
        be noted then, and selling has stopped as well.
        """
        summing = asyncio.ensure_future(self._lines.sum_up(self._sum_up))
        try:
            await self._keep_connected()
        finally:
            summing.cancel()
            await asyncio.wait((summing,))

    async def _keep_connected(self) -> None:
        failures = 0
        while True:
            began_ms = self._clock.now().mono_ms
            try:
                await self._connect_and_serve()
            except LinkError as error:
                self._heed(error)
                self._tell(online=False, reason=str(error))
            except StoreError as error:
                self._tell(online=False, reason=str(error))
                self._log.error("uplink_stopped", reason=str(error))
                return
            if self._clock.now().mono_ms - began_ms >= self._settings.stable_after_ms:
                failures = 0
            await self._clock.sleep_ms(self._pause_ms(failures))
            failures += 1

    async def _connect_and_serve(self) -> None:
        await self._check_certificate()
        async with connected(self._settings, self._terms()) as connection:
            noticing = asyncio.ensure_future(self._notice_to_be_alone())
            try:
                await self._session().serve(connection, self._let_in)
            finally:
                noticing.cancel()
                await asyncio.wait((noticing,))

    async def _check_certificate(self) -> None:
        """Raises LinkError for another till's: the two would throw each other off the broker."""
        tls = self._settings.tls
        if tls is None:
            return
        foreign = await asyncio.to_thread(foreign_certificate, tls.cert, self._device)
        if foreign:
            self._notice(UplinkTrouble.FOREIGN_CERTIFICATE, foreign, "certificate_refused")
            raise LinkError(foreign)
        self._is_over(UplinkTrouble.FOREIGN_CERTIFICATE, "certificate_replaced")

    def _let_in(self) -> None:
        self._is_over(UplinkTrouble.NOT_LET_IN, "certificate_taken")
        self._tell(online=True, reason="")

    async def _notice_to_be_alone(self) -> None:
        if UplinkTrouble.SHARED_NAME in self._troubles:
            await self._clock.sleep_ms(ALONE_AFTER_CAPS * self._settings.reconnect_cap_ms)
            self._is_over(UplinkTrouble.SHARED_NAME, "name_shared_no_more")
            self._tell_cashier()

    def _heed(self, error: LinkError) -> None:
        """What heals by itself is no trouble."""
        match error:
            case CertificateRefusedError():
                trouble, event = UplinkTrouble.NOT_LET_IN, "certificate_refused"
                self._notice(trouble, str(error), event)
            case TakenOverError():
                why = (
                    f"another box connects as {self._device} too, and each throws the other off"
                    " the broker: take the one off the line that is not this till"
                )
                self._notice(UplinkTrouble.SHARED_NAME, why, "name_shared")

    def _session(self) -> Session:
        return Session(
            self._settings,
            self._box,
            store=self._store,
            clock=self._clock,
            log=self._log,
            changed=self._changed,
            refusals=self.refusals,
            tell_fork=self._tell_fork,
        )

    def _terms(self) -> Terms:
        """The session at the broker outlives a short absence, so that the will stays unsaid."""
        will = Will(boot=self._clock.now().boot, reason="lost")
        delay_s = self._settings.will_delay_s
        return Terms(
            client_id=self._device,
            session_expiry_s=delay_s + SESSION_OUTLIVES_WILL_S,
            inbound_limit=self._settings.inbound_limit,
            will=LastWords(topic_of(self._device, Channel.STATE), encode(will), delay_s),
        )

    def _pause_ms(self, failures: int) -> int:
        """Full jitter: anything from nothing to the doubled limit, so that a fleet spreads out."""
        doubled_ms = self._settings.reconnect_base_ms * 2 ** min(failures, MAX_DOUBLINGS)
        return self._random.randint(0, min(doubled_ms, self._settings.reconnect_cap_ms))

    def _tell(self, *, online: bool, reason: str) -> None:
        """Changes alone: the log learns of each unless they are many, the cashier of the latest."""
        is_news = online != self._online
        self._online = online
        if is_news and self._lines.may_write():
            if online:
                self._log.info("uplink_connected", host=self._settings.host)
            else:
                self._log.warning("uplink_lost", reason=reason)
        self._tell_cashier()

    def _sum_up(self, unsaid: int) -> None:
        """A line for all that were too many, with how it is now."""
        self._log.warning(
            "uplink_flapping", online=bool(self._online), unsaid=unsaid, window_ms=LOG_WINDOW_MS
        )

    def _tell_fork(self, fork: Place | None) -> None:
        if fork is None:
            self._is_over(UplinkTrouble.QUARANTINED, "quarantine_over")
        else:
            why = (
                f"headquarters has quarantined this store: a copy of it has sold as {self._device}"
                f" too (from record {fork.epoch}/{fork.seq}); take the copy off the line, then"
                f" release the till at headquarters: edge hq release {self._device}"
            )
            self._notice(UplinkTrouble.QUARANTINED, why, "quarantined")
        self._tell_cashier()

    def _notice(self, trouble: UplinkTrouble, why: str, event: str) -> None:
        """What is known of it stays known while there is no network; it is logged once."""
        if self._troubles.get(trouble) != why:
            self._troubles[trouble] = why
            self._log.error(event, reason=why)

    def _is_over(self, trouble: UplinkTrouble, event: str) -> None:
        if self._troubles.pop(trouble, None) is not None:
            self._log.info(event)

    def _tell_cashier(self) -> None:
        """What a full inbox did not take is offered again at the next sale or change."""
        if self._online is None:
            return
        news = self._online, tuple(each for each in UplinkTrouble if each in self._troubles)
        if news != self._told and self._inbox.offer(UplinkChanged(self._clock.now(), *news)):
            self._told = news
