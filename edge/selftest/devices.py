"""The checks of devices, one function for each aspect. None of them raises for what devices do."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from edge.checkout.inputs import BarcodeScanned, DeviceState, Key, KeyPressed
from edge.checkout.instant import Instant
from edge.checkout.paper.receipt import Picture
from edge.checkout.records import Entry, EntryKind
from edge.checkout.screens import CustomerLine, CustomerScreen
from edge.checkout.troubles import Trouble
from edge.checkout.words.texts import Saying
from edge.ports import Clock, Committed, DeviceError, StoreError
from edge.selftest.bench import Answer, Happenings, Patience, Technician
from edge.selftest.paper import page
from edge.selftest.plan import Aspect, Check, Part
from edge.selftest.verdict import Outcome, Verdict, failed, passed, skipped
from edge.selftest.words import SelftestWord as W

CASHIER_PATTERN: Final = (
    "0123456789",
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "abcdefghijklmnopqrstuvwxyz",
    "收款机自检 合计 ¥12.50",
)
CUSTOMER_PATTERN: Final = CustomerScreen(
    "0123456789ABCDEFGHIJ",
    "自检 SELFTEST ¥12.50",
    (CustomerLine("0123456789ABCDEFGHIJ"), CustomerLine("SELFTEST", "¥12.50")),
)
# What the drawer's record says of why it opened.
REASON: Final = "selftest"
# How often it is looked whether a printer has answered.
STATUS_POLL_MS: Final = 50


class Journal(Protocol):
    """What a self-test needs of the till's store."""

    async def commit(
        self,
        at: Instant,
        entries: Sequence[Entry],
        *,
        ends_basket: bool,
        opens_drawer: bool,
        prints_receipt: bool,
    ) -> Committed:
        """Raises StoreError."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What the checks of devices work with. `hangs_on` names the device that another has no life
    without, as a drawer its printer.
    """

    devices: Mapping[str, Any]
    hangs_on: Mapping[str, str]
    happenings: Happenings
    technician: Technician
    patience: Patience
    store: Journal
    clock: Clock
    name: str
    logo: Picture | None

    def is_ready(self, device: str) -> bool:
        return self.happenings.states.get(self.plug_of(device)) is DeviceState.READY

    def plug_of(self, device: str) -> str:
        """The device that is plugged in: its own name, or that of what it hangs on."""
        return self.hangs_on.get(device, device)


async def connected(bench: Bench, check: Check) -> Verdict:
    if bench.is_ready(check.device):
        return passed(W.CONNECTED)
    plug = bench.plug_of(check.device)
    if plug != check.device:
        return skipped(W.HANGS_ON, plug)
    reason = bench.happenings.reasons.get(plug, "")
    return failed(W.NOT_CONNECTED, reason.removeprefix(f"{check.device}: ") or plug)


async def look(bench: Bench, check: Check) -> Verdict:
    if check.part is Part.CASHIER_DISPLAY:
        return await _asked(bench, W.SEE_CASHIER, W.SEEN, W.NOT_SEEN, CASHIER_PATTERN)
    bench.devices[check.device].show(CUSTOMER_PATTERN)
    return await _asked(bench, W.SEE_CUSTOMER, W.SEEN, W.NOT_SEEN)


async def keys(bench: Bench, check: Check) -> Verdict:
    """Until each of its keys was pressed, or none is for a while, or somebody says no. A keypad
    that has not all keys says which it has.
    """
    left = list(getattr(bench.devices[check.device], "keys", None) or Key)
    count = len(left)
    bench.technician.forget()
    while left:
        bench.technician.show(W.PRESS_EACH, " ".join(key.value for key in left))
        pressed = await bench.happenings.until(
            lambda: _pressed(bench, check.device), bench.patience.key_ms
        )
        if not isinstance(pressed, KeyPressed):
            missing = " ".join(key.value for key in left)
            return failed(W.KEYS_LACK, missing, pressed=count - len(left))
        if pressed.key in left:
            left.remove(pressed.key)
    return passed(W.KEYS_ALL, str(count), pressed=count)


async def scan(bench: Bench, check: Check) -> Verdict:
    """Any code that this scanner reads, whatever others do; only the length of it is kept, for it
    may be a card's.
    """
    bench.technician.forget()
    bench.technician.show(W.SCAN_ANY, check.device)
    scanned = await bench.happenings.until(
        lambda: _scanned(bench, check.device), bench.patience.scan_ms
    )
    if not isinstance(scanned, BarcodeScanned):
        return failed(W.NOT_SCANNED)
    return passed(W.SCANNED, str(len(scanned.code)), characters=len(scanned.code))


def _scanned(bench: Bench, scanner: str) -> BarcodeScanned | Answer | None:
    """The next code of that scanner, or NO: CLEAR on any keypad, or `n`."""
    while (heard := bench.happenings.next()) is not None:
        device, item = heard
        if isinstance(item, BarcodeScanned) and device == scanner:
            return item
        if isinstance(item, KeyPressed) and item.key is Key.CLEAR:
            return Answer.NO
    return _no(bench)


def _pressed(bench: Bench, keypad: str) -> KeyPressed | Answer | None:
    """The next key of that keypad, or NO: `n`, for CLEAR is one of those to be pressed."""
    return bench.happenings.take(KeyPressed, keypad) or _no(bench)


def _no(bench: Bench) -> Answer | None:
    return Answer.NO if bench.technician.says_no() else None


async def status(bench: Bench, check: Check) -> Verdict:
    """What the printer says of itself. Little paper is said, and stops nothing."""
    printer = bench.devices[check.device]
    if not hasattr(printer, "status"):
        return skipped(W.NO_STATUS)
    for _ in range(bench.patience.status_ms // STATUS_POLL_MS):
        if printer.status is not None:
            break
        await bench.clock.sleep_ms(STATUS_POLL_MS)
    if printer.status is None:
        return skipped(W.NEVER_ANSWERED)
    if printer.status.trouble is not None:
        return failed(W.SAYS, printer.status.trouble)
    low = printer.status.worst is Trouble.PAPER_LOW
    return passed(W.PAPER_LOW if low else W.PRINTER_READY)


async def printed(bench: Bench, check: Check) -> Verdict:
    """A printer that has something to say (no paper, cover open) has said it by its status; of one
    that never says anything only the paper tells.
    """
    printer = bench.devices[check.device]
    if _is_in_trouble(printer):
        return skipped(W.NOT_TRIED_IN_TROUBLE)
    job = f"selftest-page-{check.device}-{bench.clock.now().utc_ms}"
    try:
        await printer.print_receipt(job, page(bench.name, bench.logo))
    except DeviceError as error:
        return failed(W.SAYS, _without_name(error, check.device))
    # Simulated ones have no status to ask for.
    if getattr(printer, "status", True) is None:
        return Verdict(Outcome.NOT_ASKED, W.PAGE_UNANSWERED)
    return passed(W.PAGE_PRINTED)


async def readable(bench: Bench, check: Check) -> Verdict:
    if _is_in_trouble(bench.devices[check.device]):
        return skipped(W.NOT_TRIED_IN_TROUBLE)
    return await _asked(bench, W.PAGE_GOOD, W.PAGE_READABLE, W.PAGE_UNREADABLE)


def _is_in_trouble(printer: Any) -> bool:
    said = getattr(printer, "status", None)
    return said is not None and said.trouble is not None


async def sense(bench: Bench, check: Check) -> Verdict:
    """What the switch says of a drawer that nobody has touched."""
    is_open = getattr(bench.devices[check.device], "is_open", None)
    if is_open is None:
        return skipped(W.NO_SENSE)
    return failed(W.DRAWER_OPEN) if is_open else passed(W.DRAWER_SHUT)


async def kick(bench: Bench, check: Check) -> Verdict:
    """One pulse, and its record before it: none without. Then the drawer is shut again."""
    drawer = bench.devices[check.device]
    entry = Entry(EntryKind.DRAWER_NO_SALE, {"reason": REASON})
    try:
        await bench.store.commit(
            bench.clock.now(), [entry], ends_basket=False, opens_drawer=False, prints_receipt=False
        )
        await drawer.open()
    except StoreError:
        return skipped(W.NOT_OPENED_UNRECORDED)
    except DeviceError as error:
        return failed(W.SAYS, _without_name(error, check.device))
    if getattr(drawer, "is_open", None) is None:
        return await _asked(bench, W.DRAWER_OPENED, W.KICKED, W.NOT_KICKED)
    bench.technician.show(W.SHUT_DRAWER)
    # The switch tells the till's inbox; what it says to us is asked for, now and with each news.
    # One that is lost meanwhile says neither open nor shut.
    shut = await bench.happenings.until(
        lambda: True if drawer.is_open is False else None, bench.patience.shut_ms
    )
    return passed(W.KICKED) if shut else failed(W.NOT_SHUT)


async def weight(bench: Bench, check: Check) -> Verdict:
    """Whatever lies on it: that it can be asked, and answers in its own unit."""
    try:
        grams = await bench.devices[check.device].weigh()
    except DeviceError as error:
        return failed(W.SAYS, _without_name(error, check.device))
    return passed(W.WEIGHED, str(grams), grams=grams)


async def _asked(
    bench: Bench, question: Saying, good: Saying, bad: Saying, rows: tuple[str, ...] = ()
) -> Verdict:
    answer = await bench.technician.ask(question, bench.patience.answer_ms, rows)
    if answer is Answer.NONE:
        return failed(W.NO_ANSWER)
    return passed(good) if answer is Answer.YES else failed(bad)


def _without_name(error: DeviceError, device: str) -> str:
    """The check has the name already."""
    return str(error).removeprefix(f"{device}: ")


CHECKS: Final[Mapping[Aspect, Callable[[Bench, Check], Awaitable[Verdict]]]] = {
    Aspect.CONNECTED: connected,
    Aspect.LOOK: look,
    Aspect.KEYS: keys,
    Aspect.SCAN: scan,
    Aspect.STATUS: status,
    Aspect.PAGE: printed,
    Aspect.READABLE: readable,
    Aspect.WEIGHT: weight,
    Aspect.SENSE: sense,
    Aspect.KICK: kick,
}
