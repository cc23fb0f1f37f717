"""Draw the two papers of a self-test side by side: the page of character sets, and a report."""

from pathlib import Path
from typing import Final

from PIL import Image

from edge.checkout.devices import Kind, TillDevice
from edge.checkout.instant import ClockQuality, Instant
from edge.checkout.shop import Language
from edge.drivers.printers.receipt_picture import beside, draw_receipt
from edge.selftest.paper import page, report_paper
from edge.selftest.plan import Aspect, Part, plan
from edge.selftest.report import Report
from edge.selftest.verdict import (
    Finding,
    Verdict,
    failed,
    judge_battery,
    judge_certificate,
    judge_clock,
    judge_fsync,
    judge_life_time,
    judge_mount,
    judge_space,
    passed,
    skipped,
)
from edge.selftest.words import SelftestWord as W

PICTURE: Final = Path(__file__).parents[1] / "docs/pictures/selftest.png"
COLUMNS: Final = 48
DEVICES: Final = (
    TillDevice("screen", Kind.CASHIER_DISPLAY),
    TillDevice("keypad", Kind.KEYPAD),
    TillDevice("customer", Kind.CUSTOMER_DISPLAY),
    TillDevice("scanner", Kind.SCANNER),
    TillDevice("receipts", Kind.PRINTER),
    TillDevice("drawer", Kind.DRAWER),
)
SYNCED: Final = ClockQuality.SYNCED
FOUND: Final[dict[tuple[Part, Aspect], Verdict]] = {
    (Part.CLOCK, Aspect.QUALITY): judge_clock(SYNCED),
    (Part.CLOCK, Aspect.BATTERY): judge_battery(1, SYNCED),
    (Part.DISK, Aspect.FSYNC): judge_fsync([3_800] * 98 + [21_000] * 2),
    (Part.DISK, Aspect.MOUNT): judge_mount("ext4", frozenset({"rw", "noatime"})),
    (Part.DISK, Aspect.WEAR): judge_life_time("0x01 0x01"),
    (Part.DISK, Aspect.SPACE): judge_space(5_400 * 1024 * 1024),
    (Part.BROKER, Aspect.CERTIFICATE): judge_certificate("till-001", "till-001", 811, SYNCED),
    (Part.BROKER, Aspect.SESSION): passed(W.BROKER, "hq.example:8883"),
    (Part.KEYPAD, Aspect.KEYS): failed(W.KEYS_LACK, "VOID"),
    (Part.SCANNER, Aspect.SCAN): passed(W.SCANNED, "13"),
    (Part.PRINTER, Aspect.STATUS): passed(W.PRINTER_READY),
    (Part.PRINTER, Aspect.PAGE): passed(W.PAGE_PRINTED),
    (Part.PRINTER, Aspect.READABLE): passed(W.PAGE_READABLE),
    (Part.DRAWER, Aspect.SENSE): skipped(W.NO_SENSE),
    (Part.DRAWER, Aspect.KICK): passed(W.KICKED),
}


def main() -> None:
    findings = tuple(
        Finding(check, FOUND.get((check.part, check.aspect), passed(W.CONNECTED)))
        for check in plan(DEVICES, has_uplink=True)
    )
    at = Instant(1_760_000_000_000, "picture", 0, SYNCED)
    report = Report("till-001", at, is_attended=True, findings=findings)
    papers = (
        page("till-001", None),
        report_paper(report, "2025-10-09 16:53", Language.ENGLISH),
    )
    drawn = beside([draw_receipt(paper, COLUMNS) for paper in papers])
    drawn.quantize(4, dither=Image.Dither.NONE).save(PICTURE, optimize=True)
    print(PICTURE.name, drawn.size)


if __name__ == "__main__":
    main()
