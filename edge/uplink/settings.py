"""What the uplink has to be told: the `[uplink]` table of edge.toml."""

from pydantic import Field

from edge.wire.connection import Endpoint


class UplinkSettings(Endpoint):
    """The broker as the box sees it; without `tls` only for trying out on loopback."""

    # Half a second spreads a fleet after a broker's restart; a minute is soon enough for HQ, and
    # costs a mobile line little.
    reconnect_base_ms: int = Field(default=500, ge=10, le=60_000)
    reconnect_cap_ms: int = Field(default=60_000, ge=10, le=3_600_000)
    # A connection that lasted this long was a good one: the next one is tried at once again. Two
    # boxes with one certificate throw each other out within seconds and have to slow down.
    stable_after_ms: int = Field(default=30_000, ge=0, le=3_600_000)
    # Four batches hide the round trip of a mobile line, and are all that is sent twice.
    window_batches: int = Field(default=4, ge=1, le=4)
    # HQ commits a batch in some tens of milliseconds; ten seconds is a line's worst round trip and
    # a busy HQ. When HQ is away, asking every five minutes is enough: it calls when it is back.
    ack_timeout_ms: int = Field(default=10_000, ge=100, le=600_000)
    ack_timeout_cap_ms: int = Field(default=300_000, ge=100, le=3_600_000)
    # HQ answers each batch of a window that has lost its first; one of those is enough.
    nack_quiet_ms: int = Field(default=1_000, ge=0, le=60_000)
    # A network that blinks is not worth a word to HQ.
    will_delay_s: int = Field(default=60, ge=0, le=3600)
    # A fault is seen within two minutes; 600 bytes as often are 13 MB a month on a mobile line.
    health_every_ms: int = Field(default=120_000, ge=1_000, le=3_600_000)
    # Two may be lost before the last one counts no more.
    health_expires_s: int = Field(default=300, ge=10, le=86_400)
    # Answers that wait to be read: one a batch, a window of them, and what is retained.
    inbound_limit: int = Field(default=64, ge=16, le=1024)
    # A stop has to be over before the service manager loses patience.
    farewell_timeout_s: float = Field(default=2, gt=0, le=10)
