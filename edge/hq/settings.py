"""What headquarters' ingest has to be told."""

from pydantic import Field

from edge.wire.connection import Endpoint
from edge.wire.topics import DEVICE_ID


class IngestSettings(Endpoint):
    """The broker as ingest sees it. `name` is its client id; each worker has one of its own, equal
    to the common name of its certificate.
    """

    name: str = Field(default="hq", pattern=f"^{DEVICE_ID.pattern}$")
    # Batches that wait for the database: 32 MiB at most. What does not fit is lost here and sent
    # again by its till, which was told nothing.
    inbound_limit: int = Field(default=512, ge=8, le=4096)
    # A broker restart takes about a second; after a minute of failures it is not coming back soon.
    reconnect_base_ms: int = Field(default=500, ge=10, le=60_000)
    reconnect_cap_ms: int = Field(default=30_000, ge=10, le=600_000)
    # A connection that lasted this long was a good one: the next one is tried at once again. Two
    # workers with one name throw each other out within seconds and have to slow down.
    stable_after_ms: int = Field(default=30_000, ge=0, le=3_600_000)
