"""`edge selftest --unattended` on the box: everything that needs no hands, in order or not."""

from typing import Any, Final

from hil_tests.bench import Bench
from hil_tests.ports import Gear

# What a box that is in order need not have: a battery clock, a disk that tells its age, a switch in
# the drawer.
MAY_BE_SKIPPED: Final = {"clock.battery", "disk.wear", "drawer.sense"}
# What only somebody who is there can answer.
QUESTIONS: Final = {"keys", "look", "scan", "readable", "kick"}


def named(report: dict[str, Any], outcome: str) -> set[str]:
    return {check["name"] for check in report["checks"] if check["outcome"] == outcome}


async def test_a_box_in_order_passes_prints_its_page_and_is_on_record(till: Bench) -> None:
    assert await till.stop() == 0
    status, report = await till.selftest()
    assert status == 0, report
    assert named(report, "failed") == set()
    assert named(report, "skipped") <= MAY_BE_SKIPPED
    assert {name.partition(".")[2] for name in named(report, "not_asked")} <= QUESTIONS
    # The page with every character set, and the report; on neither stands a receipt's number.
    assert [paper.receipt_no for paper in till.papers] == [None, None]
    assert till.complaints == []
    assert till.pulses_ms == []
    assert (await till.kinds())[-1] == "selftest.run"


async def test_a_device_that_is_missing_is_found_and_named(till: Bench) -> None:
    assert await till.stop() == 0
    await till.unplug(Gear.SCANNER)
    status, report = await till.selftest()
    assert status == 1
    failed = [check for check in report["checks"] if check["outcome"] == "failed"]
    assert [check["name"] for check in failed] == ["scanner.connected"]
    assert "scanner" in failed[0]["detail"]


async def test_a_till_that_sells_is_not_disturbed(till: Bench) -> None:
    await till.put_in_basket("Pencil")
    status, said = await till.edge("selftest", "--unattended")
    assert status == 2
    assert "stop" in said
    till.press("CASH")
    await till.until_printed(1)
