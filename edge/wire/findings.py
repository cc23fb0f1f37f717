"""What of a box's health somebody has to look at: the same for the technician and for HQ. Pure."""

from datetime import UTC, datetime
from typing import Final

from edge.plain_words import counted
from edge.wire.messages import DeviceHealth, Health

# The journal of some months, and room for SQLite to fold its log in.
LOW_DISK_BYTES: Final = 256 * 1024 * 1024
BYTES_PER_MIB: Final = 1024 * 1024
# One that is being opened has not said yet that it is away. Its settings let it try for a minute
# at most.
OPENED_WITHIN_S: Final = 90


def findings(health: Health) -> list[str]:
    """What is the matter, in words: store, disk, clock, papers, then the devices in their order."""
    store = health.store
    found = [
        (bool(store.failure), f"the store takes no more: {store.failure}"),
        (
            store.free_bytes < LOW_DISK_BYTES,
            f"{store.free_bytes // BYTES_PER_MIB} MiB of disk left",
        ),
        (health.clock == "unset", "its clock is not set"),
        (
            health.unprinted > 0,
            f"{counted(health.unprinted, 'paper is', 'papers are')} not printed",
        ),
        *((_is_away(each, health.uptime_s), _away(each)) for each in health.devices),
        *((bool(each.trouble), f"{each.name}: {each.trouble}") for each in health.devices),
    ]
    return [text for holds, text in found if holds]


def written(utc_ms: int) -> str:
    """A moment up to LAST_MOMENT_MS, for people."""
    return datetime.fromtimestamp(utc_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def _is_away(device: DeviceHealth, uptime_s: int) -> bool:
    if device.state == "opening":
        return uptime_s > OPENED_WITHIN_S
    return device.state != "ready"


def _away(device: DeviceHealth) -> str:
    if not device.since:
        return f"{device.name} was not heard of since the start"
    why = f": {device.reason}" if device.reason else ""
    return f"{device.name} is {device.state} since {written(device.since)}{why}"
