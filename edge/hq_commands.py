"""`edge hq`: headquarters' side on the command line."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from edge.plain_words import counted, in_words, one_line

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import TextIO

    from edge.hq.alarms import Alarm
    from edge.hq.reports import DeviceFigures
    from edge.hq.settings import IngestSettings

WELL: Final = 0
FINDING: Final = 1
REFUSED: Final = 2


def add_hq(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Put the command and its verbs among the others."""
    hq = commands.add_parser("hq", help="headquarters' side")
    verbs = hq.add_subparsers(required=True, metavar="VERB")
    ingest = verbs.add_parser("ingest", help="take the tills' journals in, until stopped")
    ingest.add_argument("--database", default="sqlite:///hq.db", metavar="URL")
    ingest.add_argument("--broker", default="127.0.0.1:1883", metavar="HOST:PORT")
    ingest.add_argument("--name", default="hq", help="client id and certificate's common name")
    for name in ("ca", "cert", "key"):
        ingest.add_argument(f"--tls-{name}", type=Path, metavar="PEM")
    ingest.set_defaults(command=_ingest)
    alarms = verbs.add_parser("alarms", help="what needs somebody's eye, and who is in quarantine")
    alarms.add_argument("--database", default="sqlite:///hq.db", metavar="URL")
    alarms.add_argument("--json", action="store_true", help="as one JSON list")
    alarms.set_defaults(command=_alarms)
    release = verbs.add_parser("release", help="take a device in quarantine in again")
    release.add_argument("device", metavar="DEVICE")
    release.add_argument("--database", default="sqlite:///hq.db", metavar="URL")
    release.set_defaults(command=_release)
    fleet = verbs.add_parser("fleet", help="every box: whether it is there, and how it says it is")
    fleet.add_argument("--database", default="sqlite:///hq.db", metavar="URL")
    fleet.add_argument("--json", action="store_true", help="as one JSON list")
    fleet.set_defaults(command=_fleet)
    report = verbs.add_parser("report", help="figures over what the tills reported")
    reports = report.add_subparsers(required=True, metavar="REPORT")
    sales = reports.add_parser("sales", help="sales and refunds, in all and by till")
    sales.add_argument("--database", default="sqlite:///hq.db", metavar="URL")
    sales.add_argument("--currency", metavar="CODE", help="which one, where tills have several")
    sales.add_argument("--json", action="store_true", help="as one JSON object")
    sales.set_defaults(command=_sales)
    shifts = reports.add_parser("shifts", help="every Z report, held against its records")
    shifts.add_argument("--database", default="sqlite:///hq.db", metavar="URL")
    shifts.add_argument("--json", action="store_true", help="as one JSON list")
    shifts.set_defaults(command=_shifts)


def _ingest(options: argparse.Namespace) -> int:
    import asyncio

    from edge.hq.database import DatabaseError
    from edge.hq.ingest_service import run_ingest
    from edge.log import configure_logging

    try:
        settings = _ingest_settings(options)
        configure_logging()
        asyncio.run(_until_stopped(run_ingest(settings, options.database)))
    except (DatabaseError, ValueError) as error:
        return _refused(str(error))
    return WELL


async def _until_stopped(work: "Coroutine[None, None, None]") -> None:
    """Until SIGTERM or SIGINT, which end it in order."""
    import asyncio
    import signal
    from contextlib import suppress

    working = asyncio.ensure_future(work)
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, working.cancel)
    with suppress(asyncio.CancelledError):
        await working


def _ingest_settings(options: argparse.Namespace) -> "IngestSettings":
    """Raises ValueError for an address, a name or a set of certificates that can't be used."""
    from pydantic import ValidationError

    from edge.hq.settings import IngestSettings
    from edge.wire.connection import TlsFiles

    host, _, port = options.broker.rpartition(":")
    # A URL's way to write an IPv6 address beside a port: RFC 3986, section 3.2.2.
    host = host.removeprefix("[").removesuffix("]")
    if not host or not port.isdecimal():
        raise ValueError(f"--broker {options.broker}: is not HOST:PORT")
    files = (options.tls_ca, options.tls_cert, options.tls_key)
    if any(files) and not all(files):
        raise ValueError("--tls-ca, --tls-cert and --tls-key go together")
    tls = TlsFiles(ca=files[0], cert=files[1], key=files[2]) if all(files) else None
    try:
        return IngestSettings(host=host, port=int(port), name=options.name, tls=tls)
    except ValidationError as error:
        first = error.errors()[0]
        named = first["loc"] == ("name",)
        option = f"--name {options.name}" if named else f"--broker {options.broker}"
        raise ValueError(f"{option}: {in_words(first, {})}") from None


def _sales(options: argparse.Namespace) -> int:
    import asyncio

    from edge.hq.database import DatabaseError, existing_database
    from edge.hq.reports import MixedCurrenciesError, SalesReport, sales_report

    async def report() -> SalesReport:
        async with existing_database(options.database) as engine:
            return await sales_report(engine, options.currency)

    try:
        figures = asyncio.run(report())
    except (DatabaseError, MixedCurrenciesError) as error:
        return _refused(str(error))
    if options.json:
        print(json.dumps(figures))
        return WELL
    for device, each in figures["devices"].items():
        _say(f"{device}: {_sold(each, figures['currency'])}")
    _say(f"in all: {_sold(figures, figures['currency'])}")
    return WELL


def _sold(figures: "DeviceFigures", code: str) -> str:
    """Counts and money, as people read them; of what is no turnover what there is."""
    sales, refunds = counted(figures["sales"], "sale"), counted(figures["refunds"], "refund")
    parts = {
        "prepaid sold": figures["prepaid_sold_minor"],
        "bonus on top": figures["prepaid_bonus_minor"],
        "prepaid spent": figures["prepaid_spent_minor"],
        "deposits taken": figures["deposits_taken_minor"],
        "deposits returned": figures["deposits_returned_minor"],
    }
    rest = "".join(f", {name} {_money(minor, code)}" for name, minor in parts.items() if minor)
    return (
        f"{sales} of {_money(figures['sales_minor'], code)},"
        f" {refunds} of {_money(figures['refunds_minor'], code)}:"
        f" turnover {_money(figures['turnover_minor'], code)}{rest}"
    )


def _money(minor: int, code: str) -> str:
    from edge.checkout.money import CURRENCIES, write_amount

    currency = CURRENCIES.get(code)
    return f"{write_amount(minor, currency)} {code}" if currency else str(minor)


def _shifts(options: argparse.Namespace) -> int:
    """FINDING when a Z does not agree with its records."""
    import asyncio

    from edge.hq.database import DatabaseError, existing_database
    from edge.hq.shift_reports import ZReport, z_reports

    async def report() -> list[ZReport]:
        async with existing_database(options.database) as engine:
            return await z_reports(engine)

    try:
        found = asyncio.run(report())
    except DatabaseError as error:
        return _refused(str(error))
    if options.json:
        print(json.dumps(found))
    else:
        for z in found:
            over_minor = z["over_short_minor"]
            cash = _money(abs(over_minor), z["currency"])
            _say(
                f"{z['device']}: Z {z['z_no']}, {counted(z['sales'], 'sale')},"
                f" {counted(z['refunds'], 'refund')},"
                f" turnover {_money(z['turnover_minor'], z['currency'])},"
                f" cash {cash} {'short' if over_minor < 0 else 'over'}: {z['problem'] or 'agrees'}"
            )
        _say(f"in all: {counted(len(found), 'Z report')}")
    return FINDING if any(z["problem"] for z in found) else WELL


def _fleet(options: argparse.Namespace) -> int:
    """FINDING when a box tells of something that somebody has to look at."""
    import asyncio

    from edge.hq.database import DatabaseError, existing_database
    from edge.hq.device_health import BoxHealth, fleet_health
    from edge.wire.findings import written

    async def fleet() -> list[BoxHealth]:
        async with existing_database(options.database) as engine:
            return await fleet_health(engine)

    try:
        boxes = asyncio.run(fleet())
    except DatabaseError as error:
        return _refused(str(error))
    if options.json:
        print(json.dumps(boxes))
    else:
        for box in boxes:
            state = "online" if box["online"] else "offline"
            found = box["findings"]
            told = (
                f"last said {written(box['received_at'])}: {', '.join(found) or 'well'}"
                if box["received_at"]
                else ", ".join(("has not told how it is", *found))
            )
            _say(f"{box['device']}: {state}: {told}")
        _say(f"in all: {counted(len(boxes), 'box', 'boxes')}")
    return FINDING if any(box["findings"] for box in boxes) else WELL


def _alarms(options: argparse.Namespace) -> int:
    """FINDING when an alarm is open."""
    import asyncio
    import time

    from edge.hq.alarms import list_alarms
    from edge.hq.database import DatabaseError, existing_database

    async def alarms() -> "list[Alarm]":
        async with existing_database(options.database) as engine:
            return await list_alarms(engine, time.time_ns() // 1_000_000)

    try:
        found = asyncio.run(alarms())
    except DatabaseError as error:
        return _refused(str(error))
    if options.json:
        print(json.dumps(found))
    else:
        for alarm in found:
            _say(_written_alarm(alarm))
        is_open = sum(alarm["open"] for alarm in found)
        _say(f"in all: {counted(len(found), 'alarm')}, {is_open} open")
    return FINDING if any(alarm["open"] for alarm in found) else WELL


def _written_alarm(alarm: "Alarm") -> str:
    from datetime import UTC, datetime

    last = datetime.fromtimestamp(alarm["last_at"] / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S")
    state = " (in quarantine)" if alarm["quarantined"] else ""
    seen = f"{counted(alarm['times'], 'time')}, last {last}"
    return f"{alarm['device']}{state}: {alarm['kind']}, {seen}: {alarm['detail']}"


def _release(options: argparse.Namespace) -> int:
    import asyncio

    from edge.hq.cursors import release_device
    from edge.hq.database import DatabaseError, existing_database

    async def release() -> bool:
        async with existing_database(options.database) as engine:
            return await release_device(engine, options.device)

    try:
        released = asyncio.run(release())
    except DatabaseError as error:
        return _refused(str(error))
    if not released:
        _say(f"{options.device}: is not in quarantine", sys.stderr)
        return FINDING
    _say(f"{options.device}: released; what it sends is taken in again")
    return WELL


def _refused(line: str) -> int:
    _say(line, sys.stderr)
    return REFUSED


def _say(line: str, to: "TextIO | None" = None) -> None:
    """A line for people; boxes, and who tampers with one, wrote parts of it."""
    print(one_line(line), file=to)
