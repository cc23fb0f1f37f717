"""`edge selftest` as a technician starts it: over real lines, a printer and a real broker."""

import json
import sqlite3
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from edge.checkout.instant import ClockQuality, Instant
from edge.checkout.records import Entry, EntryKind
from edge.ports import StoreRefused
from edge.selftest.box import session
from edge.selftest.run import Means, run_selftest
from edge.selftest.verdict import Outcome
from edge.settings import read_settings
from edge.store.tools import export, verify
from edge.uplink.settings import UplinkSettings
from edge.wire.topics import Channel, topic_of
from tests.support.broker import plain_broker, tls_broker
from tests.support.pki import make_authority
from tests.support.printer_rigs import PAPER_OUT
from tests.support.selftest import KEYS, Box

NOW = Instant(1_700_000_000_000, "boot", 0, ClockQuality.SYNCED)
PAPER_LOW = {4: 0x1E}
# What depends on the machine that the tests run on, and is judged by tests of its own.
OF_THE_MACHINE = {"disk.mount", "disk.space", "disk.wear", "disk.fsync", "clock.battery"}
QUESTIONS = {
    "screen.look",
    "keypad.keys",
    "customer.look",
    "scanner.scan",
    "receipts.readable",
    "drawer.kick",
}


@pytest.fixture
async def box(tmp_path: Path) -> AsyncIterator[Box]:
    box = Box(tmp_path)
    await box.plug()
    box.configure()
    await box.found()
    yield box
    await box.unplug()


def uplink(port: int, files: object) -> str:
    tls = ", ".join(f'{name} = "{getattr(files, name)}"' for name in ("ca", "cert", "key"))
    return (
        f'[uplink]\nhost = "127.0.0.1"\nport = {port}\nreply_timeout_s = 2.0\ntls = {{ {tls} }}\n'
    )


async def test_a_box_that_is_well_says_so_on_every_way(box: Box, tmp_path: Path) -> None:
    authority = make_authority(tmp_path)
    async with tls_broker(tmp_path, authority.broker()) as broker:
        box.configure(uplink(broker.port, authority.client("till-07")))
        done = await box.unattended()
    assert done.named("failed") - OF_THE_MACHINE == set(), done.said
    assert done.status == int(bool(done.named("failed")))
    assert done.named("not_asked") == QUESTIONS
    assert done.complaints == ""
    assert done.outcome("broker.session") == done.outcome("broker.certificate") == "passed"
    assert (done.report["recorded"], done.report["printed"]) == (True, True)
    page, report = box.printer.reader.papers
    assert box.printer.reader.complaints == []
    assert any("收款机自检，谢谢惠顾。￥" in line for line in page.text)
    assert any("Спасибо" in line for line in page.text)
    assert any("Łódź" in line for line in page.text)
    assert page.qr_codes == ["edge selftest till-07"]
    assert report.text[0].strip() == "Self-test"
    assert sum(line.startswith("broker.session") for line in report.text) == 1
    assert box.printer.reader.pulses == []


async def test_it_is_on_record_and_the_chain_is_whole(box: Box) -> None:
    done = await box.unattended()
    assert verify(box.store).ok
    (line,) = [line for line in export(box.store) if '"selftest.run"' in line]
    assert '"name":"receipts.page"' in line
    assert f'"failed":{done.report["failed"]}' in line


async def test_a_printer_without_paper_fails_with_what_to_do(box: Box) -> None:
    box.printer.reader.status.update(PAPER_OUT)
    done = await box.unattended()
    assert done.status == 1
    assert done.named("failed") - OF_THE_MACHINE == {"receipts.status"}
    assert "put a new roll in" in done.detail("receipts.status")
    assert done.outcome("receipts.page") == "skipped"
    assert done.report["printed"] is False
    assert box.printer.reader.papers == []


async def test_little_paper_is_said_and_is_no_failure(box: Box) -> None:
    box.printer.reader.status.update(PAPER_LOW)
    done = await box.unattended()
    assert done.outcome("receipts.status") == done.outcome("receipts.page") == "passed"
    assert "little paper" in done.detail("receipts.status")


async def test_a_disk_that_takes_no_record_is_found_and_everything_else_is_too(box: Box) -> None:
    """The report is said, printed and written."""
    done = await box.unattended(full_at_bytes=4000)
    assert done.status == 1, done.complaints
    assert "Traceback" not in done.complaints
    assert done.named("failed") - OF_THE_MACHINE == {"disk.journal"}
    assert "nothing of this is on record" in done.detail("disk.journal")
    assert (done.report["recorded"], done.report["printed"]) == (False, True)
    _, report = box.printer.reader.papers
    assert any(line.startswith("disk.journal") for line in report.text)
    assert any("disk.journal" in line for line in done.said)
    assert '"selftest.run"' not in "".join(export(box.store))


async def test_a_disk_that_fails_once_the_record_is_made_is_found_too(box: Box) -> None:
    """The log has room for the record, but there is none to put the log away."""
    done = await box.unattended(full_at_bytes=6000)
    assert done.status == 1, done.complaints
    assert done.named("failed") - OF_THE_MACHINE == {"disk.journal"}
    assert (done.report["recorded"], done.report["printed"]) == (True, True)
    assert '"selftest.run"' in "".join(export(box.store))


async def test_a_store_that_the_disk_lets_nobody_open_reaches_the_report(box: Box) -> None:
    """What a crash left open is settled at opening, which writes."""
    pulse = Entry(EntryKind.DRAWER_NO_SALE, {"reason": "keypad"})
    async with box.opened() as store:
        await store.commit(NOW, [pulse], ends_basket=False, opens_drawer=True, prints_receipt=False)
    done = await box.unattended(full_at_bytes=0)
    assert done.status == 1, done.complaints
    assert done.named("failed") - OF_THE_MACHINE == {"disk.journal"}
    assert (done.report["recorded"], done.report["printed"]) == (False, True)


async def test_root_makes_no_store_that_the_daemon_could_not_write(box: Box) -> None:
    box.store.unlink()
    settings = read_settings(box.config)
    with pytest.raises(StoreRefused, match="sudo -u edge"):
        await run_selftest(settings, Means(print, user_id=0))
    assert not box.store.exists()
    result = await run_selftest(settings, Means(print, user_id=1000))
    assert result.json["recorded"] is True


async def test_a_report_that_can_t_be_written_leaves_what_was_found(box: Box) -> None:
    box.report = box.folder / "nowhere" / "report.json"
    done = await box.unattended()
    assert (done.status, done.report) == (1, {})
    assert "can't be written" in done.complaints
    assert '"selftest.run"' in "".join(export(box.store))


async def test_a_scanner_that_is_not_there_is_missed_by_name(box: Box) -> None:
    box.scanner.unplug()
    done = await box.unattended()
    assert done.status == 1
    assert done.named("failed") - OF_THE_MACHINE == {"scanner.connected"}
    assert f"nothing at {box.folder}/scanner" in done.detail("scanner.connected")
    assert done.outcome("scanner.scan") == "skipped"


async def test_a_port_and_a_name_server_that_hang_are_found_and_left_behind(box: Box) -> None:
    (box.folder / "hung").touch()
    device = '[[devices]]\ndriver = "scanner_serial"\nname = "second"\n'
    reopen = "reopen = { open_timeout_ms = 100 }\n"
    broker = '[uplink]\nhost = "broker.shop.example"\n'
    box.configure(broker, more=f'{device}path = "{box.folder}/hung"\n{reopen}')
    done = await box.unattended(program="tests.support.hung_edge")
    assert done.named("failed") - OF_THE_MACHINE == {"second.connected", "broker.session"}
    assert done.status == 1
    assert done.report["recorded"]
    assert done.complaints == ""


async def test_a_printer_that_is_not_there_is_missed_once_and_nothing_is_sent_to_it(
    box: Box,
) -> None:
    await box.printer.unplug()
    done = await box.unattended()
    assert done.named("failed") - OF_THE_MACHINE == {"receipts.connected"}
    assert done.outcome("receipts.page") == "skipped"
    assert done.report["printed"] is False
    assert not [line for line in done.said if line.startswith("receipts")]


async def test_another_box_s_certificate_is_no_good(box: Box, tmp_path: Path) -> None:
    authority = make_authority(tmp_path)
    async with tls_broker(tmp_path, authority.broker()) as broker:
        box.configure(uplink(broker.port, authority.client("till-08")))
        done = await box.unattended()
    assert done.status == 1
    assert done.outcome("broker.certificate") == "failed"
    assert "till-08" in done.detail("broker.certificate")
    # Whose it is would be thrown off the broker.
    assert done.outcome("broker.session") == "failed"
    assert "is for till-08" in done.detail("broker.session")


async def test_a_certificate_that_the_broker_does_not_know_is_no_good(
    box: Box, tmp_path: Path
) -> None:
    ours, foreign = (make_authority(tmp_path, name) for name in ("ours", "foreign"))
    async with tls_broker(tmp_path, ours.broker()) as broker:
        files = foreign.client("till-07").model_copy(update={"ca": ours.ca})
        box.configure(uplink(broker.port, files))
        done = await box.unattended()
    assert done.status == 1
    assert done.outcome("broker.certificate") == "passed"
    assert done.outcome("broker.session") == "failed"
    assert f"127.0.0.1:{broker.port}" in done.detail("broker.session")


async def test_the_broker_is_asked_for_what_is_the_box_s_own(tmp_path: Path) -> None:
    log = tmp_path / "broker.log"
    said = f"log_dest file {log}\nlog_type all\n"
    async with plain_broker(tmp_path, said) as broker:
        verdict = await session(UplinkSettings(host="127.0.0.1", port=broker.port), "till-07")
    assert verdict.outcome is Outcome.PASSED
    topic = topic_of("till-07", Channel.ACK)
    asked = [line for line in log.read_text(encoding="utf-8").splitlines() if topic in line]
    assert any(line.startswith("till-07 ") for line in asked), asked


async def test_while_the_daemon_has_the_store_it_says_how_to_stop_it(box: Box) -> None:
    await box.unattended()
    holder = sqlite3.connect(box.store, isolation_level=None)
    try:
        holder.execute("PRAGMA locking_mode = EXCLUSIVE")
        holder.execute("BEGIN EXCLUSIVE")
        done = await box.unattended()
    finally:
        holder.close()
    assert done.status == 2
    assert "systemctl stop edge" in done.complaints
    assert done.report == {}


async def test_settings_that_are_refused_and_a_store_of_another_till_are_said(box: Box) -> None:
    await box.unattended()
    text = box.config.read_text(encoding="utf-8")
    box.config.write_text(text.replace("till-07", "till-08"), encoding="utf-8")
    done = await box.unattended()
    assert done.status == 2
    assert str(box.store) in done.complaints
    box.config.write_text(text.replace("[store]", "[stoer]"), encoding="utf-8")
    done = await box.unattended()
    assert (done.status, "is not a setting" in done.complaints) == (2, True)


# --- with somebody there


class Hands:
    """A technician: does what is said, by the till's keypad or by the terminal."""

    def __init__(self, box: Box, *, by_keypad: bool, keys: str = KEYS) -> None:
        self.box = box
        self.by_keypad = by_keypad
        self.keys = keys
        self.asked: list[str] = []
        self.says_no_to = ""
        self.glass_when_asked = ("", "")

    async def __call__(self, line: str, write: Callable[[str], None]) -> None:
        if line.endswith("[y/n]"):
            self.asked.append(line)
            if "customer" in line:
                await self.box.customer.changes.until(
                    lambda: self.box.glass.text[0] == "0123456789ABCDEFGHIJ"
                )
                self.glass_when_asked = self.box.glass.text
            no = bool(self.says_no_to) and self.says_no_to in line
            if self.by_keypad:
                self.box.keypad.send(b"L" if no else b"E")
            else:
                write("n" if no else "y")
        elif line.startswith("Press each key"):
            # Once: a CLEAR that is left over would be a no to the next question.
            self.box.keypad.send(self.keys.encode())
            self.keys = ""
        elif line.startswith("Scan any"):
            self.box.scanner.send(b"5901234123457\r")


@pytest.mark.parametrize("by_keypad", [True, False])
async def test_a_technician_is_walked_through_every_device(box: Box, *, by_keypad: bool) -> None:
    hands = Hands(box, by_keypad=by_keypad)
    done = await box.attended(hands)
    assert done.named("failed") - OF_THE_MACHINE == set(), done.said
    assert done.named("not_asked") == set()
    assert done.named("passed") >= QUESTIONS
    assert len(hands.asked) == 4
    assert hands.glass_when_asked == ("0123456789ABCDEFGHIJ", "自检 SELFTEST ¥12.50")
    assert len(box.printer.reader.pulses) == 1
    kinds = [json.loads(line)["kind"] for line in export(box.store)]
    assert kinds == ["epoch.opened", "drawer.no_sale", "selftest.run"]
    assert "5901234123457" not in "".join(export(box.store))


async def test_what_the_technician_denies_has_failed(box: Box) -> None:
    hands = Hands(box, by_keypad=False)
    hands.says_no_to = "drawer"
    done = await box.attended(hands)
    assert done.status == 1
    assert done.named("failed") - OF_THE_MACHINE == {"drawer.kick"}
    assert "24 V" in done.detail("drawer.kick")


async def test_a_shop_in_chinese_is_asked_in_chinese(box: Box) -> None:
    box.configure(language="zh")
    done = await box.unattended()
    assert any(line.startswith("未询问") for line in done.said)
    assert box.printer.reader.papers[1].text[0].strip() == "自检"
    assert done.detail("screen.connected") == "connected"
