"""The box's side of the broker, for as long as the daemon runs."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from random import Random

import structlog

from edge.checkout.inputs import UplinkChanged
from edge.ports import Clock, Inbox, OutboxStore, StoreError
from edge.summed_lines import LOG_WINDOW_MS, SummedLines
from edge.uplink.session import Box, HealthReport, Refusal, Session
from edge.uplink.settings import UplinkSettings
from edge.uplink.window import Place
from edge.wire.certificates import foreign_certificate
from edge.wire.codec import encode
from edge.wire.connection import LastWords, Terms, connected
from edge.wire.errors import LinkError
from edge.wire.messages import Will
from edge.wire.topics import Channel, checked_device, topic_of

# The broker publishes a will when its delay is over or the session ends, whichever is first.
SESSION_OUTLIVES_WILL_S = 60
# Beyond this, doubling has long met its cap.
MAX_DOUBLINGS = 16


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
        self._fork: Place | None = None
        self._foreign = ""
        self._told: tuple[bool, bool] | None = None
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
        if self._foreign or self._fork is None:
            return self._foreign
        epoch, seq = self._fork
        return (
            f"headquarters has quarantined this store: a copy of it has sold as {self._device} too"
            f" (from record {epoch}/{seq}); take the copy off the line, then release the till at"
            f" headquarters: edge hq release {self._device}"
        )

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
            await self._session().serve(connection, lambda: self._tell(online=True, reason=""))

    async def _check_certificate(self) -> None:
        """Raises LinkError for another till's: the two would throw each other off the broker."""
        tls, before = self._settings.tls, self._foreign
        if tls is not None:
            self._foreign = await asyncio.to_thread(foreign_certificate, tls.cert, self._device)
        if self._foreign:
            if self._foreign != before:
                self._log.error("certificate_refused", reason=self._foreign)
            raise LinkError(self._foreign)

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
        """What is known of it stays known while there is no network."""
        if fork == self._fork:
            return
        self._fork = fork
        if fork is None:
            self._log.info("quarantine_over")
        else:
            self._log.error("quarantined", fork=f"{fork.epoch}/{fork.seq}")
        self._tell_cashier()

    def _tell_cashier(self) -> None:
        """What a full inbox did not take is offered again at the next sale or change."""
        if self._online is None:
            return
        news = self._online, self._fork is not None
        if news != self._told and self._inbox.offer(UplinkChanged(self._clock.now(), *news)):
            self._told = news
