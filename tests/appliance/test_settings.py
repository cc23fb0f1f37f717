"""edge.toml: what is in it, and one line with file and key for everything that is wrong with it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from edge.__main__ import main
from edge.checkout.shop import Limits
from edge.settings import Settings, read_settings
from edge.settings_errors import PATTERNS
from tests.support.settings import ROOT, SETTINGS, check, complaints, written


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return written(tmp_path)


def test_good_settings_are_well(folder: Path) -> None:
    done = check(folder / "edge.toml")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{folder}/edge.toml: well; 2 devices, store {folder}/till.db\n"
    assert sorted(path.name for path in folder.iterdir()) == ["edge.toml", "shelf.csv"]


def test_a_shop_without_printer_or_drawer_is_warned_and_well(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = folder / "edge.toml"
    config.write_text(SETTINGS[: SETTINGS.index("[[devices]]")], encoding="utf-8")
    assert main(["check-config", "--config", str(config)]) == 0
    said = capsys.readouterr()
    assert said.err.splitlines() == [
        "devices: no printer: nothing is printed",
        "devices: no drawer: it opens with its key alone",
    ]
    assert "well; 0 devices" in said.out


def test_two_paths_to_one_node_are_warned_of(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config, link = folder / "edge.toml", folder / "link"
    link.symlink_to("gun")
    scanners = "".join(
        f'[[devices]]\ndriver = "scanner_serial"\nname = "{name}"\npath = "{folder}/{name}"\n'
        for name in ("gun", "link")
    )
    config.write_text(SETTINGS + scanners, encoding="utf-8")
    assert main(["check-config", "--config", str(config)]) == 0
    said = capsys.readouterr()
    assert said.err == f"devices: gun and link are all at {folder}/gun\n"


def test_the_core_knows_whether_there_is_a_headquarters(folder: Path) -> None:
    config = folder / "edge.toml"
    assert not read_settings(config).shop_facts().has_uplink
    config.write_text(SETTINGS + '[uplink]\nhost = "b.example"\n', encoding="utf-8")
    assert read_settings(config).shop_facts().has_uplink


def test_a_typo_is_one_line_with_file_and_key_and_exit_status_2(folder: Path) -> None:
    config = folder / "edge.toml"
    config.write_text(SETTINGS.replace("currency", "curency"), encoding="utf-8")
    done = check(config)
    assert (done.returncode, done.stdout) == (2, "")
    assert sorted(done.stderr.splitlines()) == [
        f"{config}: shop.curency: is not a setting",
        f"{config}: shop.currency: is missing",
    ]


def test_the_daemon_refuses_the_same_settings_in_the_same_words(folder: Path) -> None:
    config = folder / "edge.toml"
    config.write_text(SETTINGS.replace('path = "till.db"', "path = 7"), encoding="utf-8")
    command = [sys.executable, "-W", "error", "-m", "edge", "run", "--config", str(config)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == check(config).stderr
    assert not (folder / "till.db").exists()


TWO_ALIKE = "".join(
    f"""[[devices]]
driver = "scanner_serial"
name = "{name}"
usb = {{ vendor = "067b", product = "2303" }}
"""
    for name in ("left", "right")
)
ON_ONE_PATH = """[[devices]]
driver = "scanner_serial"
name = "gun"
path = "/dev/ttyUSB0"
[[devices]]
driver = "keypad_evdev"
name = "pad"
path = "/dev//ttyUSB0"
"""
AT_ONE_ADDRESS = """[[devices]]
driver = "printer_network"
name = "kitchen"
host = "192.0.2.1"
port = 9100
"""
ON_ONE_LINE = """[[devices]]
driver = "drawer_gpio"
name = "left"
chip = "/dev/gpiochip0"
line = 17
[[devices]]
driver = "drawer_gpio"
name = "right"
chip = "/dev/gpiochip0"
line = 18
sense = { line = 17 }
"""
HOST = 'host = "192.0.2.1"'
PRINTER = "devices[0] (printer)"
PAGES = "devices[0].paper.code_pages (printer)"
LABELS = 'labels = [{{ layout = "{}", kind = "weight" }}]\n'
LAYOUT = "shop.labels[0].layout"
GUN = '[[devices]]\ndriver = "scanner_serial"\nname = "gun"\n'
USB = 'usb = { vendor = "067b", product = "2303" }\n'
# What is replaced by what, the key that is named, and a word of the reason.
WRONG = [
    ('id = "till-07"', 'id = "till 07"', "device.id", "'till 07' is not 1 to 64 letters"),
    ('id = "till-07"', 'id = ""', "device.id", "'' is not 1 to 64 letters, digits, - and _"),
    ('id = "till-07"', "", "device.id", "is missing"),
    ('id = "till-07"', "id = 7", "device.id", "string"),
    ('name = "Kiosk"', 'name = ""', "shop.name", "at least 1 character"),
    ('"USD"', '"XXX"', "shop.currency", "'XXX' is none of"),
    ("rate_bp = 0", "rate_bp = 0.5", "shop.taxes[0].rate_bp", "0.5 is not whole"),
    ("rate_bp = 0", "rate_bp = 13.0", "shop.taxes[0].rate_bp", "in hundredths of a percent: 13 %"),
    ("rate_bp = 0", "rate_bp = nan", "shop.taxes[0].rate_bp", "nan is not whole"),
    ("[store]", "cash_step_minor = 0.05\n[store]", "shop.cash_step_minor", "unit of the money"),
    ("[store]", "[limits]\nmax_held = 1.5\n[store]", "limits.max_held", "1.5 is not whole"),
    (
        "[store]",
        f"{LABELS.format('21IIIIIVVVVC')}[store]",
        LAYOUT,
        "is not the 13 signs of a label",
    ),
    ("[store]", f"{LABELS.format('31IIIIIVVVVVC')}[store]", LAYOUT, "such as 21IIIIIVVVVVC"),
    ("rate_bp = 0", "rate_bp = 10001", "shop.taxes[0].rate_bp", "10000"),
    ("rate_bp = 0", 'rate_bp = "0"', "shop.taxes[0].rate_bp", "is text: write 0 without quotes"),
    ("rate_bp = 0 }", "rate_bp = 0, name = 1 }", "shop.taxes[0].name", "is not a setting"),
    ("rate_bp = 0 }", 'rate_bp = 0 }, { code = "A", rate_bp = 1 }', "shop", "taxes name A twice"),
    ('[{ code = "A", rate_bp = 0 }]', "[]", "shop.taxes", "at least 1"),
    ("[store]", 'language = "fr"\n[store]', "shop.language", "'en' or 'zh'"),
    ("[store]", 'keyed_amounts = "cents"\n[store]', "shop.keyed_amounts", "'minor' or 'major'"),
    ("[store]", "utc_offset_minutes = 900\n[store]", "shop.utc_offset_minutes", "840"),
    ("[store]", "utc_offset_minutes = 8\n[store]", "shop.utc_offset_minutes", "UTC+8 is 480"),
    ("[store]", "utc_offset_minutes = -7\n[store]", "shop.utc_offset_minutes", "not hours"),
    ("[store]", f'footer = ["{"a" * 65}"]\n[store]', "shop.footer[0]", "at most 64 characters"),
    ("[store]", "[limits]\nmax_moved_minor = 0\n[store]", "limits.max_moved_minor", "greater"),
    ("[store]", "[stoer]", "stoer", "is not a setting"),
    ("[store]", "[drawer]\nwarn_after_ms = 4999\n[store]", "drawer.warn_after_ms", "at least 5000"),
    ("[store]", "[drawer]\nwarn_after_ms = 1\n[store]", "drawer.warn_after_ms", "0 warns of none"),
    ('path = "till.db"', "draft_interval_ms = 5000", "store.draft_interval_ms", "900"),
    (
        '"printer_network"',
        '"printer_netwrok"',
        PRINTER,
        "no driver is called 'printer_netwrok'; did you mean 'printer_network'?",
    ),
    ('"printer_network"', '"zzz"', PRINTER, "no driver is called 'zzz'; docs/devices.md lists"),
    ('driver = "printer_network"', "", PRINTER, "driver is missing"),
    ('"printer"', '"The printer"', "devices[0].name (The printer)", "lower-case letters, digits"),
    ('name = "printer"', 'name = ""', "devices[0].name", "lower-case letters, digits"),
    ('name = "printer"\n', "", "devices[0].name", "is missing"),
    ('name = "drawer"', 'name = "printer"', "devices", "two have the same name: printer"),
    ('host = "192.0.2.1"', 'hots = "192.0.2.1"', "devices[0].hots (printer)", "is not a setting"),
    ('host = "192.0.2.1"', "", "devices[0].host (printer)", "is missing"),
    ('host = "192.0.2.1"', 'host = "192.0.2.1"\nport = 0', "devices[0].port (printer)", "greater"),
    (HOST, f'{HOST}\nport = "9100"', "devices[0].port (printer)", "is text: write 9100 without"),
    (HOST, f'{HOST}\nport = "high"', "devices[0].port (printer)", "integer"),
    (HOST, f'{HOST}\npaper.code_pages = "x"', "devices[0].paper.code_pages (printer)", "no name"),
    (HOST, f"{HOST}\npaper.code_pages = {{ x = 1 }}", PAGES, "no name of a numbering"),
    (
        "[store]",
        f'{GUN}path = "/x"\nbaud = "9600"\n[store]',
        "devices[0].baud (gun)",
        "write 9600 ",
    ),
    ("[store]", f'{GUN}path = "/x"\nparity = "1"\n[store]', "devices[0].parity (gun)", "'none'"),
    ("[store]", f'{GUN}path = "/x"\n{USB}[store]', "devices[0] (gun)", "has both path and usb"),
    ("[store]", f"{GUN}[store]", "devices[0] (gun)", "path or usb is missing"),
    (
        "[store]",
        f"{GUN}{USB.replace('067b', '067B')}[store]",
        "devices[0].usb.vendor (gun)",
        "'067B' is not four lower-case hex digits",
    ),
    ('printer = "printer"', 'printer = "prnter"', "devices", "no ESC/POS printer is called"),
    ("[store]", f"{TWO_ALIKE}[store]", "devices", "one USB device may be left and right"),
    ("[store]", f"{ON_ONE_PATH}[store]", "devices", "gun and pad can't both have /dev/ttyUSB0"),
    (
        "[store]",
        f"{AT_ONE_ADDRESS}[store]",
        "devices",
        "kitchen and printer can't both have 192.0.2.1 port 9100",
    ),
    (
        "[store]",
        f"{ON_ONE_LINE}[store]",
        "devices",
        "left and right can't both have /dev/gpiochip0 line 17",
    ),
    ('host = "192.0.2.1"', 'host = "192.0.2..1"', "devices[0].host (printer)", "'' is not 1 to 63"),
    (
        'host = "192.0.2.1"',
        f'host = "{"a" * 64}.example"',
        "devices[0].host (printer)",
        "is not 1 to 63",
    ),
    (
        'host = "192.0.2.1"',
        'host = "2001:db8:1"',
        "devices[0].host (printer)",
        "is no IPv6 address",
    ),
    (HOST, 'host = "tcp://printer"', "devices[0].host (printer)", "host alone, without tcp://"),
    (HOST, 'host = "printer:9100"', "devices[0].host (printer)", "host alone, without :9100"),
    (
        "[[devices]]",
        '[uplink]\nhost = "mqtts://h:1"\n[[devices]]',
        "uplink.host",
        "without mqtts://",
    ),
    ("[[devices]]", '[uplink]\nhost = "b..example"\n[[devices]]', "uplink.host", "is no host"),
    ("[[devices]]", '[uplink]\nhost = "tills@home"\n[[devices]]', "uplink.host", "is no host"),
    ("[[devices]]", "[uplink]\nport = 8883\n[[devices]]", "uplink.host", "is missing"),
]


@pytest.mark.parametrize(("good", "wrong", "key", "reason"), WRONG)
def test_each_error_names_file_key_and_reason(
    folder: Path, good: str, wrong: str, key: str, reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    config = folder / "edge.toml"
    assert good in SETTINGS
    config.write_text(SETTINGS.replace(good, wrong, 1), encoding="utf-8")
    lines = complaints(config, capsys)
    (line,) = [line for line in lines if line.startswith(f"{config}: {key}: ")]
    assert reason in line
    assert all(line.startswith(f"{config}: ") for line in lines)


@pytest.mark.parametrize(
    "host", ["192.0.2.1", "2001:db8::1", "fe80::1%eth0", "printer", "b.example.", f"{'a' * 63}.x_y"]
)
def test_names_and_addresses_are_hosts(folder: Path, host: str) -> None:
    config = folder / "edge.toml"
    config.write_text(
        SETTINGS.replace("192.0.2.1", host) + f'[uplink]\nhost = "{host}"\n', encoding="utf-8"
    )
    assert main(["check-config", "--config", str(config)]) == 0


def test_every_pattern_of_the_settings_is_said_in_words() -> None:
    def patterns(schema: object) -> Iterator[str]:
        match schema:
            case {"pattern": str(pattern)}:
                yield pattern
            case dict():
                for each in schema.values():
                    yield from patterns(each)
            case list():
                for each in schema:
                    yield from patterns(each)

    assert set(patterns(Settings.model_json_schema())) == set(PATTERNS)


@pytest.mark.parametrize(
    ("wrong", "lines"),
    [
        (("[devices]", "[devices]"), (13, 17)),
        (("[[devices]]", "[ devices ] # mine"), (17,)),
        (("[devices]", "[[devices]]"), (13,)),
    ],
)
def test_devices_in_single_brackets_are_named_with_their_lines(
    folder: Path,
    wrong: tuple[str, str],
    lines: tuple[int, ...],
    capsys: pytest.CaptureFixture[str],
) -> None:
    config = folder / "edge.toml"
    before, *devices = SETTINGS.strip().split("[[devices]]")
    first, second = (head + body for head, body in zip(wrong, devices, strict=True))
    config.write_text(before + "\n" * 3 + first + second, encoding="utf-8")
    reason = "[devices] is a single table: write [[devices]], two brackets, above each device"
    assert complaints(config, capsys) == [f"{config}: line {line}: {reason}" for line in lines]


def test_devices_in_a_single_table_are_one_line(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = folder / "edge.toml"
    one = SETTINGS.partition("[[devices]]")[0] + '[devices]\ndriver = "drawer_simulated"\n'
    config.write_text(one, encoding="utf-8")
    assert complaints(config, capsys) == [
        f"{config}: devices: is a single table: write [[devices]], two brackets, above each device"
    ]


def test_what_is_wrong_in_two_ways_is_one_line_and_what_is_no_table_has_no_name(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = folder / "edge.toml"
    wrong = SETTINGS.replace(HOST, f"{HOST}\npaper.code_pages = 7")
    config.write_text(wrong, encoding="utf-8")
    (line,) = complaints(config, capsys)
    assert line.startswith(f"{config}: {PAGES}: is no name of a numbering")
    config.write_text("devices = [7]\n" + SETTINGS.partition("[[devices]]")[0], encoding="utf-8")
    (line,) = complaints(config, capsys)
    assert line.startswith(f"{config}: devices[0]: ")


def test_every_limit_of_the_core_is_a_setting(folder: Path) -> None:
    wanted = {field.name: getattr(Limits(), field.name) - 1 for field in fields(Limits)}
    config = folder / "edge.toml"
    table = "".join(f"{name} = {value}\n" for name, value in wanted.items())
    config.write_text(SETTINGS.replace("[store]", f"[limits]\n{table}[store]"), encoding="utf-8")
    assert read_settings(config).shop_facts().limits == Limits(**wanted)
    config.write_text(SETTINGS, encoding="utf-8")
    assert read_settings(config).shop_facts().limits == Limits()


def test_every_error_has_a_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = folder / "edge.toml"
    wrong = SETTINGS.replace("rate_bp = 0", "rate_bp = -1").replace("till-07", "?")
    config.write_text(wrong.replace('"USD"', "840"), encoding="utf-8")
    keys = [line.split(": ")[1] for line in complaints(config, capsys)]
    assert keys == ["device.id", "shop.currency", "shop.taxes[0].rate_bp"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"[device\n", "is not TOML: "),
        (b"[device]\nid = 1\nid = 2\n", "is not TOML: "),
        ('[device]\nid = "街"\n'.encode("gb18030"), "is not UTF-8 at byte 15"),
        (b"", "device: is missing"),
    ],
    ids=["cut short", "twice", "another encoding", "empty"],
)
def test_a_file_that_is_no_toml_says_so(
    folder: Path, content: bytes, reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    config = folder / "edge.toml"
    config.write_bytes(content)
    assert complaints(config, capsys)[0].startswith(f"{config}: {reason}")


def test_a_file_that_is_not_there_says_so(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    missing = folder / "egde.toml"
    assert complaints(missing, capsys) == [f"{missing}: can't be read: No such file or directory"]
    assert complaints(folder, capsys) == [f"{folder}: can't be read: Is a directory"]


# --- what good settings come to


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("denominations = [100, 100]", "shift.denominations: names a face twice"),
        ("denominations = [0]", "shift.denominations[0]: Input should be greater than"),
        ("max_float_minor = -1", "shift.max_float_minor: Input should be greater than"),
        ("requird = true", "shift.requird: is not a setting"),
    ],
)
def test_a_shift_that_can_t_be_is_one_line(
    folder: Path, capsys: pytest.CaptureFixture[str], line: str, reason: str
) -> None:
    config = folder / "edge.toml"
    config.write_text(f"{SETTINGS}[shift]\n{line}\n", encoding="utf-8")
    (complaint,) = complaints(config, capsys)
    assert complaint.startswith(f"{config}: {reason}")


@pytest.mark.parametrize(
    "line",
    [f"x = {'9' * 5_000}", f"x = {'[' * 5_000}{']' * 5_000}", f"x = {'[' * 90_000}"],
    ids=["number", "brackets", "open"],
)
def test_what_the_reader_itself_gives_up_on_is_one_line_without_its_content(
    folder: Path, capsys: pytest.CaptureFixture[str], line: str
) -> None:
    config = folder / "edge.toml"
    config.write_text(f"{line}\n{SETTINGS}", encoding="utf-8")
    assert complaints(config, capsys) == [f"{config}: a number too long, or brackets too deep"]


@pytest.mark.parametrize("depth", [100, 3_000])
def test_tables_in_tables_without_end_are_refused(
    folder: Path, capsys: pytest.CaptureFixture[str], depth: int
) -> None:
    config = folder / "edge.toml"
    config.write_text(f"{'.'.join('a' * depth)} = 1\n{SETTINGS}", encoding="utf-8")
    assert complaints(config, capsys) == [f"{config}: a: is not a setting"]
