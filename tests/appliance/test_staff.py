"""People through the whole appliance: the staff file, real PINs, the command line."""

import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from edge.__main__ import main
from edge.checkout.inputs import Key
from edge.pins import Argon2PinChecker, hash_pin
from edge.settings import SettingsRefused
from edge.staff_commands import make_pin
from edge.store import tools
from tests.support.house import Counter, counter, simulated_settings
from tests.support.playbook import keys_of

PINS = {"12": ("Anna", "cashier", "1234"), "7": ("Ben", "supervisor", "70707")}


@pytest.fixture(scope="module")
def staff_file() -> str:
    return "".join(
        f'[[people]]\nnumber = "{number}"\nname = "{name}"\nrole = "{role}"\n'
        f'pin = "{hash_pin(pin)}"\n'
        for number, (name, role, pin) in PINS.items()
    )


def settings(folder: Path, text: str | None) -> Any:
    if text is not None:
        (folder / "staff.toml").write_text(text, encoding="utf-8")
    return simulated_settings(folder, shop={"staff": "staff.toml"})


async def press(till: Counter, keys: str) -> None:
    for key in keys_of(keys):
        till.press(Key(key))


async def sign_on(till: Counter, number: str = "12") -> None:
    await press(till, f"{number} ENTER {PINS[number][2]} ENTER")
    await till.until(lambda: till.notice.startswith("Signed on"))


async def kinds(till: Counter) -> list[str]:
    return [each.kind for each in await till.house.store.journal_after(0, 0, 100)]


# --- the adapter


async def test_a_pin_is_right_and_every_other_one_wrong() -> None:
    checker = Argon2PinChecker()
    made = hash_pin("1234")
    assert await checker.check(made, "1234")
    assert not await checker.check(made, "1235")
    assert not await checker.check(made, "")
    assert not await checker.check("no hash", "1234")
    assert hash_pin("1234") != made


async def test_another_tool_s_hash_is_checked_by_its_own_parameters() -> None:
    """From the tests of the reference implementation (phc-winner-argon2, test.c)."""
    foreign = (
        "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
    )
    assert await Argon2PinChecker().check(foreign, "password")


def test_a_check_takes_no_longer_than_a_key_is_held_down() -> None:
    made = hash_pin("1234")
    began = time.perf_counter()
    hash_pin("1234")
    assert time.perf_counter() - began < 2, made


# --- the command line


def test_the_command_prints_a_hash_that_holds(capsys: pytest.CaptureFixture[str]) -> None:
    asked: list[str] = []

    def ask(prompt: str) -> str:
        asked.append(prompt)
        return "2468"

    assert make_pin(ask) == 0
    printed = capsys.readouterr().out.strip()
    assert printed.startswith("$argon2id$v=19$m=12288,t=3,p=1$")
    assert asked == ["PIN (4 to 8 digits): ", "The same again: "]


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        (["123"], "a PIN has 4 to 8 digits, and nothing else"),
        (["12ab"], "a PIN has 4 to 8 digits, and nothing else"),
        (["1234", "1235"], "these are two different PINs"),
        ([], "no PIN was given"),
    ],
)
def test_what_is_no_pin_is_refused(
    answers: list[str], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def ask(_prompt: str) -> str:
        if not answers:
            raise EOFError
        return answers.pop(0)

    assert make_pin(ask) == 2
    captured = capsys.readouterr()
    assert (captured.out, captured.err.strip()) == ("", reason)


def edge(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error", "-m", "edge", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_staff_file_is_checked(tmp_path: Path, staff_file: str) -> None:
    path = tmp_path / "staff.toml"
    path.write_text(staff_file + staff_file, encoding="utf-8")
    refused = edge("staff", "check", path)
    assert refused.returncode == 2
    assert refused.stderr.splitlines()[0] == f"{path}: people 3, number: 12 stands in row 1 already"
    path.write_text(staff_file, encoding="utf-8")
    assert edge("staff", "check", path).stdout == f"{path}: well; 2 people, 2 of them active\n"
    path.chmod(0o644)
    assert edge("staff", "check", path).stderr == (
        f"{path}: everybody may read it and try PINs without a lock: chmod o-r\n"
    )
    path.chmod(0o640)
    assert edge("staff", "check", path).stderr == ""
    gone = edge("staff", "check", tmp_path / "none.toml")
    assert (gone.returncode, gone.stderr) == (
        2,
        f"{tmp_path / 'none.toml'}: can't be read: No such file or directory\n",
    )


def test_check_config_says_who_may_read_the_staff_file_and_finds_it_well(
    tmp_path: Path, staff_file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    staff, config = tmp_path / "staff.toml", tmp_path / "edge.toml"
    staff.write_text(staff_file, encoding="utf-8")
    config.write_text(
        '[device]\nid = "till-1"\n[store]\npath = "till.db"\n[shop]\nname = "Kiosk"\n'
        'currency = "USD"\ntaxes = [{ code = "A", rate_bp = 0 }]\nstaff = "staff.toml"\n',
        encoding="utf-8",
    )
    staff.chmod(0o644)
    assert main(["check-config", "--config", str(config)]) == 0
    assert capsys.readouterr().err.startswith(f"{staff}: everybody may read it")
    staff.chmod(0o600)
    assert main(["check-config", "--config", str(config)]) == 0
    assert str(staff) not in capsys.readouterr().err


# --- the appliance


@pytest.mark.parametrize(("mode", "warned"), [(0o644, True), (0o600, False)])
async def test_the_log_says_that_everybody_may_read_the_staff_file(
    tmp_path: Path, staff_file: str, mode: int, warned: bool
) -> None:
    config = settings(tmp_path, staff_file)
    (tmp_path / "staff.toml").chmod(mode)
    with capture_logs() as logs:
        async with counter(config):
            pass
    assert ("staff_readable_by_all" in [line["event"] for line in logs]) is warned


async def test_a_sale_by_somebody_with_a_supervisor_s_leave(
    tmp_path: Path, staff_file: str
) -> None:
    async with counter(settings(tmp_path, staff_file)) as till:
        assert till.title == "Signed off"
        await press(till, "12 ENTER 0000 ENTER")
        await till.until(lambda: till.notice == "Wrong PIN - key it again")
        await press(till, "1234 ENTER")
        await till.until(lambda: till.notice == "Signed on: 12 Anna")
        till.scan("Tea")
        await press(till, "400 MENU 15 7 ENTER 70707 ENTER")
        await till.until(lambda: till.notice == "Price is now 4.00")
        await press(till, "CASH")
        await till.until_event("store.settle_effect ends", 2)
        assert await kinds(till) == [
            "epoch.opened",
            "catalogue.loaded",
            "staff.loaded",
            "staff.refused",
            "staff.signed_on",
            "permission.lifted",
            "price.overridden",
            "sale",
        ]
        sale = (await till.house.store.journal_after(0, 0, 100))[-1]
        assert sale.body["staff"] == "12"
    assert tools.verify(tmp_path / "till.db").ok


async def test_no_log_shows_a_pin_or_a_name(
    tmp_path: Path, staff_file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    async with counter(settings(tmp_path, staff_file)) as till:
        await sign_on(till)
    async with counter(settings(tmp_path, staff_file + "[[people]]\n")) as till:
        await sign_on(till)
    captured = capsys.readouterr()
    assert "staff_refused" in captured.out + captured.err
    for secret in ("1234", "Anna", "argon2id$"):
        assert secret not in captured.out + captured.err


async def test_the_till_knows_its_people_when_the_file_is_gone(
    tmp_path: Path, staff_file: str
) -> None:
    async with counter(settings(tmp_path, staff_file)) as till:
        await sign_on(till)
    (tmp_path / "staff.toml").unlink()
    async with counter(settings(tmp_path, None)) as till:
        assert till.title == "Signed off"
        await sign_on(till, "7")
        assert (await kinds(till)).count("staff.loaded") == 1


async def test_no_till_opens_for_everybody_because_its_staff_file_is_broken(
    tmp_path: Path,
) -> None:
    with pytest.raises(SettingsRefused, match="people: is missing"):
        async with counter(settings(tmp_path, "")):
            pass
    (tmp_path / "staff.toml").unlink()
    with pytest.raises(SettingsRefused, match="can't be read: No such file"):
        async with counter(settings(tmp_path, None)):
            pass


async def test_the_lock_outlives_the_daemon(tmp_path: Path, staff_file: str) -> None:
    async with counter(settings(tmp_path, staff_file)) as till:
        await press(till, "12 ENTER" + " 0000 ENTER" * 5)
        await till.until(lambda: till.notice == "12 is locked - MENU 66, or wait")
    async with counter(settings(tmp_path, staff_file)) as till:
        await press(till, "12 ENTER")
        await till.until(lambda: till.notice == "12 is locked - MENU 66, or wait")


async def test_without_staff_nobody_signs_on(tmp_path: Path) -> None:
    async with counter(simulated_settings(tmp_path)) as till:
        assert till.title == "Ready"
        await till.sell("Tea")


async def test_people_in_the_store_that_can_t_be_read_are_taken_from_the_file_anew(
    tmp_path: Path, staff_file: str
) -> None:
    config = settings(tmp_path, staff_file)
    async with counter(config) as till:
        await sign_on(till)
    with closing(sqlite3.connect(config.store.path)) as conn, conn:
        conn.execute("UPDATE staff_list SET body = '{}'")
    file = tmp_path / "staff.toml"
    away = file.rename(tmp_path / "away.toml")
    with pytest.raises(SettingsRefused, match="can't be read"):
        async with counter(config):
            pass
    away.rename(file)
    async with counter(config) as till:
        assert set(till.house.store.people().staff().by_number) == set(PINS)
