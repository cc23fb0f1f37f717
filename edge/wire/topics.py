"""Where on the broker each message goes: `v1/d/{device}/...`.

The device id is the client certificate's common name; the broker's access list holds a box to the
topics of its own name.
"""

import re
from enum import StrEnum

from edge.wire.errors import WireError

# Ids stand in topics, file names and certificates: nothing that any of them treats specially.
DEVICE_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")

# MQTT 5, section 4.8.2: the workers of one share name divide the batches between them.
INGEST_JOURNALS = "$share/ingest/v1/d/+/up/journal"
INGEST_HEALTH = "$share/ingest/v1/d/+/up/health"
# Not shared: a shared subscription is not sent what is retained (MQTT 5, section 4.8.2).
ALL_STATES = "v1/d/+/state"


class Channel(StrEnum):
    """What a device's topic carries; the value is its tail."""

    STATE = "state"
    JOURNAL = "up/journal"
    HEALTH = "up/health"
    ACK = "down/ack"


def checked_device(device: str) -> str:
    """The id itself. Raises WireError when it can't stand in a topic."""
    if DEVICE_ID.fullmatch(device) is None:
        raise WireError(f"not a device id (1 to 64 of A-Z a-z 0-9 _ -): {device[:64]!r}")
    return device


def topic_of(device: str, channel: Channel) -> str:
    """Raises WireError for an id that can't stand in a topic."""
    return f"v1/d/{checked_device(device)}/{channel.value}"


def parse_topic(topic: str) -> tuple[str, Channel]:
    """The device and what the topic carries. Raises WireError for any other topic."""
    parts = topic.split("/", 3)
    if len(parts) != 4 or parts[:2] != ["v1", "d"]:  # noqa: PLR2004 - v1, d, device, tail
        raise WireError(f"not a device's topic: {topic[:128]!r}")
    try:
        channel = Channel(parts[3])
    except ValueError:
        raise WireError(f"nothing is carried on {topic[:128]!r}") from None
    return checked_device(parts[2]), channel
