"""How a till is: its devices, store, network, clock and memory, for the technician and for HQ."""

import asyncio
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final, Protocol

from edge import __version__
from edge.checkout.device_news import trouble_of
from edge.checkout.devices import TillDevice
from edge.checkout.inputs import DeviceState
from edge.checkout.session import Session
from edge.ports import Clock, JournalHead, StoreError
from edge.wire.messages import MAX_PATH, MAX_REASON, DeviceHealth, Health, StoreHealth

MS_PER_S: Final = 1000
# proc(5): the second number is the resident set, in pages.
STATM: Final = Path("/proc/self/statm")
# A card that tidies itself up is silent for a second; whoever asks waits for ten.
DISK_ANSWERS_S: Final = 3.0
SILENT: Final = "the disk does not answer"


class BoxHealth(Health):
    """What is told at the box itself, where there may be no headquarters to be offline from, or
    one that hears nothing of it: `uplink_trouble` says why, in words, until somebody acts. `edge`
    is the version of the daemon that runs, which headquarters has from its birth.
    """

    edge: str
    has_uplink: bool
    uplink_trouble: str = ""


class Journal(Protocol):
    """What a store knows of its journal. Both raise StoreError."""

    async def journal_head(self) -> JournalHead: ...

    async def unsent_records(self) -> int:
        """How many headquarters has not acknowledged."""


class TillHealth:
    """Looks when asked. A store that takes no more, or can't be reached, is part of what is told:
    nothing is raised, and its last known figures stand beside it.
    """

    def __init__(
        self,
        devices: Sequence[TillDevice],
        store: Path,
        *,
        clock: Clock,
        journal: Journal,
        session: Callable[[], Session],
        lost_inputs: Callable[[], int],
        reasons: Mapping[str, str],
        has_uplink: bool = True,
        uplink_trouble: Callable[[], str] = str,
    ) -> None:
        self._devices = devices
        self._clock = clock
        self._journal = journal
        self._session = session
        self._lost_inputs = lost_inputs
        self._reasons = reasons
        self._has_uplink = has_uplink
        self._uplink_trouble = uplink_trouble
        self._started_ms = clock.now().mono_ms
        path = str(store)[-MAX_PATH:]
        self._store = StoreHealth(path=path, epoch=0, last_seq=0, unsent=0, free_bytes=0)
        self._looking: asyncio.Task[StoreHealth] | None = None

    async def report(self) -> Health:
        """How it is now."""
        self._store = await self._store_health()
        now, session = self._clock.now(), self._session()
        return Health(
            at=now.utc_ms,
            boot=now.boot,
            clock=now.quality.value,
            uptime_s=(now.mono_ms - self._started_ms) // MS_PER_S,
            memory_bytes=resident_bytes(),
            online=session.online,
            lost_inputs=self._lost_inputs(),
            unprinted=len(session.unprinted),
            store=self._store,
            devices=tuple(_device(each, session, self._reasons) for each in self._devices),
        )

    async def answer(self) -> object:
        """The same as JSON values, for the control socket."""
        report = await self.report()
        trouble = self._uplink_trouble()
        told = BoxHealth(
            **dict(report),
            edge=__version__,
            has_uplink=self._has_uplink,
            uplink_trouble=trouble,
        )
        return told.model_dump(mode="json")

    async def _store_health(self) -> StoreHealth:
        """What the one look that is under way sees: a disk that hangs keeps it, and whoever asks
        meanwhile takes neither a thread nor a place in the store's queue.
        """
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        looking = self._looking
        await asyncio.wait((looking,), timeout=DISK_ANSWERS_S)
        if not looking.done():
            return self._store.model_copy(update={"failure": SILENT})
        return looking.result()

    async def _look(self) -> StoreHealth:
        before = self._store
        try:
            head = await self._journal.journal_head()
            return StoreHealth(
                path=before.path,
                epoch=head.epoch,
                last_seq=head.last_seq,
                unsent=await self._journal.unsent_records(),
                # A disk that hangs must not hold up the loop.
                free_bytes=await asyncio.to_thread(free_bytes, Path(before.path).parent),
            )
        except StoreError as error:
            return before.model_copy(update={"failure": error.failure.value})
        except OSError as error:
            return before.model_copy(update={"failure": error.strerror or "unreachable"})


def _device(device: TillDevice, session: Session, reasons: Mapping[str, str]) -> DeviceHealth:
    """One that hangs on another is as that one is."""
    heard_of = device.on or device.name
    reason = reasons.get(heard_of, "").removeprefix(f"{heard_of}: ")[:MAX_REASON]
    reason = "".join(each if each.isprintable() else " " for each in reason)
    seen = next((each for each in session.devices if each.name == heard_of), None)
    if seen is None:
        return DeviceHealth(
            name=device.name,
            kind=device.kind.value,
            state=DeviceState.OPENING.value,
            since=0,
            reason=reason,
        )
    trouble = trouble_of(device, seen)
    return DeviceHealth(
        name=device.name,
        kind=device.kind.value,
        state=seen.state.value,
        since=seen.since.utc_ms,
        trouble=trouble.value if trouble is not None else "",
        reason=reason,
    )


def resident_bytes() -> int:
    """How much memory the process holds, 0 where the kernel does not say."""
    try:
        pages = int(STATM.read_text().split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def free_bytes(folder: Path) -> int:
    """What the daemon's user may still write there. Raises OSError."""
    disk = os.statvfs(folder)
    return disk.f_bavail * disk.f_frsize
