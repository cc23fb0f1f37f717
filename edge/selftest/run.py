"""A self-test from its settings to its report. It has store and devices for itself, so no daemon
runs beside it.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, NoReturn

from edge.checkout.inputs import StoreFailure
from edge.checkout.instant import Instant
from edge.checkout.paper.receipt_writer import write_time
from edge.checkout.records import Entry, JsonObject
from edge.checkout.shop import Shop
from edge.checkout.words.texts import text
from edge.clock import SystemClock
from edge.compose import BUILD_UTC_MS, shop_with_logo
from edge.drivers import registry
from edge.ports import Clock, DeviceError, Driver, StoreError, StoreRefused
from edge.selftest import box, disk
from edge.selftest.bench import USUAL_PATIENCE, Happenings, Patience, Technician, Typed
from edge.selftest.devices import CHECKS, Bench, Journal
from edge.selftest.paper import report_paper
from edge.selftest.plan import Aspect, Check, Part, plan
from edge.selftest.report import OUTCOME_WORDS, Report, as_json, entry, line, summary
from edge.selftest.verdict import NOT_ASKED, Finding, Verdict, failed, judge_clock, skipped
from edge.selftest.words import SelftestWord as W
from edge.settings import Settings
from edge.store.connection import StoreLive
from edge.store.till_store import open_store

ROOT: Final = Path("/")
SUPERUSER: Final = 0
JOURNAL: Final = Check(Part.DISK, Aspect.JOURNAL)


@dataclass(frozen=True, slots=True)
class Means:
    """What a self-test has from outside: a terminal to write to, the descriptor that a technician
    types at (None: nobody is asked), its patience, where /proc and /sys are, how a disk syncs, and
    as whom it runs.
    """

    say: Callable[[str], None]
    typed: int | None = None
    patience: Patience = USUAL_PATIENCE
    root: Path = ROOT
    sync: Callable[[int], None] = os.fsync
    user_id: int = field(default_factory=os.geteuid)


@dataclass(frozen=True, slots=True)
class Result:
    report: Report
    json: JsonObject


class NoJournal:
    """Stands in for the journal of a disk that takes none."""

    def __init__(self, error: StoreError) -> None:
        self._error = error

    async def commit(
        self,
        at: Instant,  # noqa: ARG002 - as the port has it
        entries: Sequence[Entry],  # noqa: ARG002 - likewise
        *,
        ends_basket: bool,  # noqa: ARG002 - likewise
        opens_drawer: bool,  # noqa: ARG002 - likewise
        prints_receipt: bool,  # noqa: ARG002 - likewise
    ) -> NoReturn:
        """Raises StoreError, with what the disk said."""
        raise self._error


async def run_selftest(settings: Settings, means: Means) -> Result:
    """Every check of the plan, then the record, the paper and the summary; what the disk does to
    the record is a finding. Raises StoreRefused (StoreLive while a daemon runs).
    """
    path = settings.store.path
    if means.user_id == SUPERUSER and not path.exists():
        # It would be root's, and the daemon could not write it.
        raise StoreRefused(path, "not there, and root makes none: sudo -u edge edge selftest ...")
    clock = SystemClock(BUILD_UTC_MS)
    shop = await shop_with_logo(settings)
    store_at_path = open_store(
        path,
        clock=clock,
        device=shop.device,
        currency=settings.shop.currency,
        utc_offset_minutes=settings.shop.utc_offset_minutes,
    )
    result, failure = None, None
    try:
        async with store_at_path as store:
            clock.raise_floor(store.state().newest_utc_ms)
            result = await _with_devices(settings, means, shop, store, clock)
    except StoreRefused as refused:
        if isinstance(refused, StoreLive) or not disk.is_read_only(path):
            raise
        failure = StoreError(StoreFailure.IO_ERROR, str(refused))
    except StoreError as error:
        failure = error
    if failure is None:
        assert result is not None, "a store that was opened and closed was worked with"
        return result
    if result is None:
        return await _with_devices(settings, means, shop, NoJournal(failure), clock)
    return _spoiled(result, failure, means, shop)


def _spoiled(result: Result, error: StoreError, means: Means, shop: Shop) -> Result:
    """With what the disk did when the log was put away, after all was recorded and printed."""
    finding = Finding(JOURNAL, failed(W.SAYS, str(error)))
    means.say(line(finding, shop.language))
    report = replace(result.report, findings=(*result.report.findings, finding))
    is_recorded, is_printed = (bool(result.json[each]) for each in ("recorded", "printed"))
    return Result(report, as_json(report, recorded=is_recorded, printed=is_printed))


async def _with_devices(
    settings: Settings, means: Means, shop: Shop, store: Journal, clock: Clock
) -> Result:
    happenings = Happenings()
    built = registry.build(
        settings.devices, happenings.inbox_of(""), clock, own_inbox=happenings.inbox_of
    )
    typed = None if means.typed is None else Typed(means.typed, happenings)
    bench = Bench(
        devices={driver.name: driver for driver in built.all},
        hangs_on={device.name: device.on for device in shop.devices if device.on},
        happenings=happenings,
        technician=Technician(happenings, built.cashier_displays, means.say, typed, shop.language),
        patience=means.patience,
        store=store,
        clock=clock,
        name=shop.device,
        logo=shop.logo,
    )
    async with _running(bench.devices, typed):
        await happenings.settled(map(bench.plug_of, bench.devices), means.patience)
        checks = plan(shop.devices, has_uplink=settings.uplink is not None)
        findings = await _look(settings, means, bench, checks)
        report = Report(shop.device, clock.now(), typed is not None, findings)
        return await _file(report, bench, built, shop)


async def _look(
    settings: Settings, means: Means, bench: Bench, checks: tuple[Check, ...]
) -> tuple[Finding, ...]:
    findings: list[Finding] = []
    language = bench.technician.language
    for number, check in enumerate(checks, start=1):
        bench.technician.begin(f"{number}/{len(checks)}", check.name)
        finding = Finding(check, await _verdict(settings, means, bench, check))
        findings.append(finding)
        outcome = text(OUTCOME_WORDS[finding.verdict.outcome], language)
        bench.technician.report(check.name, outcome, line(finding, language))
    return tuple(findings)


async def _verdict(settings: Settings, means: Means, bench: Bench, check: Check) -> Verdict:
    if not check.device:
        return await _of_the_box(settings, means, bench.clock, check)
    if check.aspect is not Aspect.CONNECTED and not bench.is_ready(check.device):
        return skipped(W.NOT_TRIED)
    if check.needs_hands and not bench.technician.is_asked:
        return NOT_ASKED
    return await CHECKS[check.aspect](bench, check)


async def _of_the_box(settings: Settings, means: Means, clock: Clock, check: Check) -> Verdict:
    """What blocks is done on a thread."""
    folder, root, now = settings.store.path.parent, means.root, clock.now()
    if check.part is Part.BROKER:
        uplink, device = settings.uplink, settings.device.id
        assert uplink is not None, "the plan has a broker where the settings have one"
        if check.aspect is Aspect.CERTIFICATE:
            return await asyncio.to_thread(box.certificate, uplink, device, now)
        return await box.session(uplink, device)
    blocking: Mapping[Aspect, Callable[[], Verdict]] = {
        Aspect.QUALITY: lambda: judge_clock(now.quality),
        Aspect.BATTERY: lambda: box.battery(now, root),
        Aspect.FSYNC: lambda: disk.fsync(folder, means.sync),
        Aspect.MOUNT: lambda: disk.mount(folder, root),
        Aspect.WEAR: lambda: disk.wear(folder, root),
        Aspect.SPACE: lambda: disk.space(folder),
    }
    try:
        return await asyncio.to_thread(blocking[check.aspect])
    except OSError as error:
        return failed(W.DISK_SILENT, error.strerror or str(error))


async def _file(report: Report, bench: Bench, built: registry.Devices, shop: Shop) -> Result:
    """Onto the disk, then onto paper, then to the technician. A disk that does not take it is one
    finding more.
    """
    refused = await _record(report, bench)
    if refused is not None:
        report = replace(report, findings=(*report.findings, refused))
        outcome = text(OUTCOME_WORDS[refused.verdict.outcome], shop.language)
        bench.technician.report(refused.check.name, outcome, line(refused, shop.language))
    is_printed = await _print(report, bench, built, shop)
    bench.technician.say(summary(report, shop.language))
    return Result(report, as_json(report, recorded=refused is None, printed=is_printed))


async def _record(report: Report, bench: Bench) -> Finding | None:
    try:
        await bench.store.commit(
            bench.clock.now(),
            [entry(report)],
            ends_basket=False,
            opens_drawer=False,
            prints_receipt=False,
        )
    except StoreError as error:
        return Finding(JOURNAL, failed(W.NOT_RECORDED, str(error)))
    return None


async def _print(report: Report, bench: Bench, built: registry.Devices, shop: Shop) -> bool:
    """On the first printer that takes it."""
    receipt = report_paper(report, write_time(report.at, shop), shop.language)
    for printer in built.printers:
        if not bench.is_ready(printer.name):
            continue
        try:
            await printer.print_receipt(f"selftest-report-{report.at.utc_ms}", receipt)
        except DeviceError as error:
            bench.technician.say(str(error))
        else:
            return True
    return False


@asynccontextmanager
async def _running(drivers: Mapping[str, Driver], typed: Typed | None) -> AsyncIterator[None]:
    """The drivers' lives, for the length of the block. A bug in one ends the self-test."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(driver.run()) for driver in drivers.values()]
        if typed is not None:
            typed.begin()
        try:
            yield
        finally:
            if typed is not None:
                typed.end()
            for task in tasks:
                task.cancel()
