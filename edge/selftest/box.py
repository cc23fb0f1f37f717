"""The box's clock and its certificate, and whether the broker lets it in."""

import contextlib
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from edge.checkout.instant import Instant
from edge.selftest.verdict import Verdict, failed, judge_battery, judge_certificate, passed, skipped
from edge.selftest.words import SelftestWord as W
from edge.uplink.settings import UplinkSettings
from edge.wire.certificates import certificate_problems, common_name, foreign_certificate
from edge.wire.connection import Terms, connected
from edge.wire.errors import LinkError
from edge.wire.topics import Channel, topic_of

RTC: Final = "sys/class/rtc/rtc0/since_epoch"
# What comes in during a subscription: the retained answer, and what a session had waiting.
INBOUND_LIMIT: Final = 64
MS_PER_S: Final = 1000


def battery(now: Instant, root: Path) -> Verdict:
    """The battery clock against the system's."""
    drift_s = None
    with contextlib.suppress(OSError, ValueError):
        drift_s = int((root / RTC).read_text(encoding="ascii")) - int(time.time())
    return judge_battery(drift_s, now.quality)


def certificate(uplink: UplinkSettings, device: str, now: Instant) -> Verdict:
    """Whose it is, and for how long. Blocks."""
    from cryptography import x509  # noqa: PLC0415 - a box without an uplink does not pay for it

    if uplink.tls is None:
        return skipped(W.NO_CERTIFICATE)
    problems = certificate_problems(uplink.tls)
    if problems:
        return failed(W.SAYS, next(iter(problems.values())))
    found = x509.load_pem_x509_certificate(uplink.tls.cert.read_bytes())
    left = found.not_valid_after_utc - datetime.fromtimestamp(now.utc_ms / MS_PER_S, UTC)
    return judge_certificate(common_name(found), device, left.days, now.quality)


async def session(uplink: UplinkSettings, device: str) -> Verdict:
    """Connect as the device does, and hear what is its own; nothing is published. The daemon is
    stopped, so nobody is thrown out; what the broker keeps of its session, headquarters says again.
    """
    where = f"{uplink.host}:{uplink.port}"
    if uplink.tls and (foreign := foreign_certificate(uplink.tls.cert, device)):
        return failed(W.SAYS, foreign)
    try:
        async with connected(uplink, Terms(device, 0, INBOUND_LIMIT)) as connection:
            await connection.subscribe(topic_of(device, Channel.ACK))
    except LinkError as error:
        return failed(W.SAYS, f"{where}: {error}")
    return passed(W.BROKER, where)
