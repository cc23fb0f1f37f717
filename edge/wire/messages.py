"""The messages between box and headquarters. Each has a version; AsyncAPI is made from these."""

from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from edge.checkout.canonical import LARGEST_INTEGER

# A record is about 1 KiB, so a full batch is about 15 KiB when compressed, and half a minute of a
# busy till is one message.
MAX_BATCH_RECORDS = 100
# Names of parts and their versions: a dozen today, with room.
MAX_VERSIONS = 32
# A box has no more devices in its settings.
MAX_DEVICES = 32
# PATH_MAX of Linux is 4096, and nobody reads more than this of one.
MAX_PATH = 512
# What a driver says, as its log line does: a path, what the kernel said, and what to do.
MAX_REASON = 200
# The end of the year 9999, the last one that can be written as a date.
LAST_MOMENT_MS = 253_402_300_799_999

Whole: TypeAlias = Annotated[int, Field(ge=0, le=LARGEST_INTEGER)]
Moment: TypeAlias = Annotated[int, Field(ge=0, le=LAST_MOMENT_MS)]
Seconds: TypeAlias = Annotated[int, Field(ge=0, le=LAST_MOMENT_MS // 1000)]
Place: TypeAlias = Annotated[int, Field(ge=1, le=LARGEST_INTEGER)]
Sha256: TypeAlias = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Sha256OrNone: TypeAlias = Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")]
# PostgreSQL stores no NUL in text.
Name: TypeAlias = Annotated[str, Field(max_length=128, pattern=r"^[^\x00]*$")]


class Message(BaseModel):
    """Unknown fields, other types and changes after the check are refused: what nobody here knows
    may be money.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Notice(Message):
    """How something is or how far it has come, and nothing that anybody is given by it: a box of
    itself, headquarters of a journal. Unknown fields are ignored, for boxes and headquarters are
    not updated at once, and the older of two would not hear the other. What changes a meaning gets
    another `v`.
    """

    model_config = ConfigDict(extra="ignore")


class Record(Message):
    """One link of the journal's chain, as the store keeps it."""

    epoch: Place
    seq: Place
    at: Whole = Field(description="UTC milliseconds")
    boot: Name
    mono_ms: Whole
    clock: Name
    kind: Name
    body: dict[str, Any]
    prev: Sha256 = Field(description="hash of the record before, over epochs; zeros at the start")
    hash: Sha256 = Field(description="SHA-256 of the canonical JSON of all other fields")


class Birth(Notice):
    """A box is connected. Retained; headquarters answers with how far it has the journal."""

    v: Literal[1] = 1
    status: Literal["online"] = "online"
    boot: Name
    epoch: Whole = Field(description="of the journal's last record, 0 when it is empty")
    last_seq: Whole
    acked_epoch: Whole = Field(description="how far the box knows its journal acknowledged")
    acked_through: Whole
    versions: dict[Name, Name] = Field(max_length=MAX_VERSIONS)
    clock: Name = Field(description="quality: synced, floor or unset")


class Will(Notice):
    """A box is gone: `lost` is the broker's word, `stopped` its own. Retained."""

    v: Literal[1] = 1
    status: Literal["offline"] = "offline"
    boot: Name
    reason: Literal["lost", "stopped"]


class DeviceHealth(Notice):
    """A device of the box and how it is."""

    name: Name
    kind: Name = Field(description="scanner, printer, ...")
    state: Name = Field(description="absent, opening, ready or faulted")
    since: Moment = Field(description="UTC milliseconds; 0 when nothing was heard of it yet")
    trouble: Name = Field(default="", description="of one that is there: paper_out, ...")
    reason: Annotated[str, Field(max_length=MAX_REASON, pattern=r"^[^\x00]*$")] = Field(
        default="", description="why one is not there now, in its driver's words"
    )


class StoreHealth(Notice):
    """The journal and the disk under it."""

    path: Annotated[str, Field(max_length=MAX_PATH, pattern=r"^[^\x00]*$")]
    epoch: Whole
    last_seq: Whole
    unsent: Whole = Field(description="records that headquarters has not acknowledged")
    free_bytes: Whole
    failure: Name = Field(default="", description="why it takes no more; empty while it does")


class Health(Notice):
    """How a box is. Sent now and then while it is connected; the newest one counts."""

    v: Literal[1] = 1
    at: Moment = Field(description="UTC milliseconds")
    boot: Name
    clock: Name = Field(description="quality: synced, floor or unset")
    uptime_s: Seconds = Field(description="of the daemon")
    memory_bytes: Whole
    online: bool
    lost_inputs: Whole = Field(description="scans and keys that found no room since the start")
    unprinted: Whole = Field(description="papers that are still offered to the cashier")
    store: StoreHealth
    devices: tuple[DeviceHealth, ...] = Field(max_length=MAX_DEVICES)


class JournalBatch(Message):
    """The records `from` to `to` of one epoch, without a hole."""

    v: Literal[1] = 1
    epoch: Place
    first: Place = Field(alias="from")
    last: Place = Field(alias="to")
    records: tuple[Record, ...] = Field(min_length=1, max_length=MAX_BATCH_RECORDS)

    @model_validator(mode="after")
    def _holds_what_it_says(self) -> Self:
        places = [(record.epoch, record.seq) for record in self.records]
        if places != [(self.epoch, seq) for seq in range(self.first, self.first + len(places))]:
            raise ValueError("records are not from..to of the epoch, in order")
        if self.last != self.first + len(places) - 1:
            raise ValueError("`to` is not the last record's place")
        return self


class _Answer(Notice):
    v: Literal[1] = 1
    epoch: Whole = Field(description="the last record that headquarters has; 0 is none")
    through: Whole
    hash: Sha256OrNone = Field(
        description="of that record, so that nobody takes another journal's answer as his own"
    )


class Ack(_Answer):
    """Everything up to here is committed at headquarters."""

    status: Literal["ack"] = "ack"


class Nack(_Answer):
    """What came does not follow on this: send from here."""

    status: Literal["nack"] = "nack"


class Quarantine(_Answer):
    """Two journals claim the same place: nothing is taken until somebody has looked at it."""

    status: Literal["quarantined"] = "quarantined"
    fork_epoch: Place
    fork_seq: Place


Answer: TypeAlias = Annotated[Ack | Nack | Quarantine, Field(discriminator="status")]
State: TypeAlias = Annotated[Birth | Will, Field(discriminator="status")]


def batch_reader() -> TypeAdapter[JournalBatch]:
    return TypeAdapter(JournalBatch)


def answer_reader() -> TypeAdapter[Ack | Nack | Quarantine]:
    return TypeAdapter(Answer)


def health_reader() -> TypeAdapter[Health]:
    return TypeAdapter(Health)


def state_reader() -> TypeAdapter[Birth | Will]:
    return TypeAdapter(State)
