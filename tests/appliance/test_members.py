"""Members through the whole appliance: keys, scanner, files, and a real store over restarts."""

import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from edge.checkout.balances.accounts import AccountKind, AccountRef
from edge.checkout.inputs import Key
from edge.checkout.loyalty.member_numbers import card_number
from edge.clock import VirtualClock
from edge.settings import Settings, SettingsRefused
from edge.shop_members import check_leases, check_members
from edge.store.lease_file import LARGEST_FILE_BYTES
from edge.store.member_file import COLUMNS
from edge.wire.member_codes import member_code
from tests.support.house import Counter, counter, simulated_settings
from tests.support.left_behind import left_behind
from tests.support.loyalty import FORGERS_KEY, HQ_KEY, PUBLIC_KEY
from tests.support.playbook import keys_of

PHONE = "13812345678"
NOW_MS = 1_767_240_000_000
SOON_S = NOW_MS // 1000 + 3_600
TILL = 7
CARD = card_number(TILL, 1)
HEAD_OFFICES = card_number(900, 1)
NAME, BIRTHDAY = "王小明", "1990-02-28"


def shop(folder: Path, **loyalty: Any) -> Settings:
    rules = {
        "till": TILL,
        "points": {"minor_per_point": 100},
        "hq_public_keys": [PUBLIC_KEY.hex()],
        **loyalty,
    }
    return simulated_settings(folder, loyalty=rules)


@asynccontextmanager
async def running(settings: Settings, utc_ms: int = NOW_MS) -> AsyncIterator[Counter]:
    async with counter(settings, clock=VirtualClock(utc_ms)) as till:
        yield till


async def keyed(till: Counter, keys: str, notice: str) -> None:
    """The keys, and what the screen says once the store has answered."""
    for key in keys_of(keys):
        till.press(key)
    await till.until(lambda: till.notice == notice)


async def shown(till: Counter, code: str, notice: str) -> None:
    till.scanner.scan(code)
    await till.until(lambda: till.notice == notice)


def members_csv(folder: Path, *rows: str) -> str:
    (folder / "members.csv").write_text("\n".join([",".join(COLUMNS), *rows]), encoding="utf-8")
    return "members.csv"


def row_of(number: str, phone: str = f"+86{PHONE}", points: str = "") -> str:
    return f"{number},{number},1,{phone},{NAME},{BIRTHDAY},1,gold,,0,3,70000{points}"


def lease_line(amount: int, lease: str = "L-1", expires_on: str = "2027-12-31") -> str:
    return json.dumps(
        {
            "v": 1,
            "lease": lease,
            "device": "till-07",
            "epoch": 1,
            "kind": "points",
            "holder": HEAD_OFFICES,
            "owner": HEAD_OFFICES,
            "terms": "",
            "amount": amount,
            "expires_on": expires_on,
        }
    )


def held(folder: Path, number: str) -> int:
    """What of a member's points stands in the stopped till's store."""
    account = AccountRef(AccountKind.POINTS, number, number).id
    with closing(sqlite3.connect(folder / "till.db")) as conn:
        (amount,) = conn.execute(
            "SELECT coalesce(sum(amount), 0) FROM account_lot WHERE account = ?", (account,)
        ).fetchone()
    return int(amount)


def kinds(folder: Path) -> list[str]:
    return [kind for kind, _ in left_behind(folder / "till.db").bodies]


async def test_who_is_enrolled_at_the_till_earns_and_is_known_after_a_restart(
    tmp_path: Path,
) -> None:
    async with running(shop(tmp_path)) as till:
        await keyed(till, f"{PHONE} MEMBER", "ENTER: enrol - CLEAR: no")
        await keyed(till, "ENTER", f"Enrolled, card {CARD}")
        await till.sell("Tea")
        assert till.rows == ["Points earned", "Points to use here"]
        assert till.pole.screen.lower.split() == ["Points", "+4", "4"]
    assert held(tmp_path, CARD) == 4
    async with running(shop(tmp_path)) as till:
        await shown(till, CARD, "Member *0012")
        till.press(Key.MEMBER)
        await till.until(lambda: "Points to use here" in till.rows)


async def test_a_basket_that_comes_back_has_its_member(tmp_path: Path) -> None:
    async with running(shop(tmp_path)) as till:
        await keyed(till, f"{PHONE} MEMBER", "ENTER: enrol - CLEAR: no")
        await keyed(till, "ENTER", f"Enrolled, card {CARD}")
        till.scan("Tea")
        await till.until(lambda: till.rows == ["Tea"])
        await till.until_event("store.save_draft ends")
    async with running(shop(tmp_path)) as till:
        await till.until(lambda: till.notice == "Basket is back after a restart")
        till.press(Key.CASH)
        await till.until(lambda: till.printer.printed == 1)
    assert held(tmp_path, CARD) == 4


async def test_headquarters_members_and_leases_are_in_force_from_the_start(tmp_path: Path) -> None:
    (tmp_path / "leases.jsonl").write_text(lease_line(120), encoding="utf-8")
    files = {"members": members_csv(tmp_path, row_of(HEAD_OFFICES)), "leases": "leases.jsonl"}
    settings = shop(tmp_path, hq_public_keys=[], **files)
    for _ in range(2):
        async with running(settings) as till:
            await shown(till, HEAD_OFFICES, "Member 王*")
            till.press(Key.MEMBER)
            await till.until(lambda: "Points to use here" in till.rows)
    assert held(tmp_path, HEAD_OFFICES) == 120
    assert kinds(tmp_path).count("members.loaded") == 1
    assert kinds(tmp_path).count("lease.granted") == 1


async def test_what_is_past_its_day_is_written_off_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "leases.jsonl").write_text(
        lease_line(120, expires_on="2025-12-31"), encoding="utf-8"
    )
    async with running(shop(tmp_path, hq_public_keys=[], leases="leases.jsonl")):
        pass
    assert held(tmp_path, HEAD_OFFICES) == 0
    assert kinds(tmp_path)[-1] == "account.expired"


async def test_a_file_that_is_refused_leaves_the_members_of_before(tmp_path: Path) -> None:
    settings = shop(tmp_path, members=members_csv(tmp_path, row_of(HEAD_OFFICES)))
    async with running(settings):
        pass
    members_csv(tmp_path, row_of(HEAD_OFFICES), row_of("9000000000"))
    with capture_logs() as logs:
        async with running(settings) as till:
            await shown(till, HEAD_OFFICES, "Member 王*")
    (refused,) = [log for log in logs if log["event"] == "members_refused"]
    assert "row 3, number: is no member's number" in refused["reason"]
    assert NAME not in str(logs)
    assert PHONE not in str(logs)
    assert kinds(tmp_path).count("members.loaded") == 1


async def test_leases_that_are_refused_move_nothing(tmp_path: Path) -> None:
    (tmp_path / "leases.jsonl").write_text(lease_line(120), encoding="utf-8")
    with capture_logs() as logs:
        # With headquarters' key in the settings, a lease must be signed.
        async with running(shop(tmp_path, leases="leases.jsonl")):
            pass
    assert [log["event"] for log in logs if log["log_level"] == "error"] == ["leases_refused"]
    assert held(tmp_path, HEAD_OFFICES) == 0


async def test_a_file_that_is_not_there_keeps_nobody_from_selling(tmp_path: Path) -> None:
    with capture_logs() as logs:
        async with running(shop(tmp_path, members="gone.csv", leases="gone.jsonl")) as till:
            await till.sell("Tea")
    refused = [log["event"] for log in logs if log["log_level"] == "error"]
    assert refused == ["members_refused", "leases_refused"]


async def test_a_code_is_good_once_over_restarts_and_no_other_is_taken(tmp_path: Path) -> None:
    settings = shop(tmp_path, members=members_csv(tmp_path, row_of(HEAD_OFFICES)))
    good = member_code(HQ_KEY, HEAD_OFFICES, SOON_S, "nonce-01")
    forged = member_code(FORGERS_KEY, HEAD_OFFICES, SOON_S, "nonce-02")
    expired = member_code(HQ_KEY, HEAD_OFFICES, NOW_MS // 1000, "nonce-03")
    async with running(settings) as till:
        await shown(till, forged, "Code is not ours - key the phone")
        await shown(till, expired, "Code has expired - show a new one")
        await shown(till, good, "Member 王*")
        await keyed(till, "CLEAR", "")
    async with running(settings) as till:
        await shown(till, good, "Code was used - show a new one")


async def test_nothing_personal_is_logged(tmp_path: Path) -> None:
    settings = shop(tmp_path, members=members_csv(tmp_path, row_of(HEAD_OFFICES, "+8613900001111")))
    with capture_logs() as logs:
        async with running(settings) as till:
            await keyed(till, f"MENU 41 {PHONE} ENTER", "Birthday MMDD or YYYYMMDD - ENTER")
            await keyed(till, "0228 ENTER 1 ENTER", f"Enrolled, card {CARD}")
            await keyed(till, f"{PHONE} MEMBER", "Member *0012")
            await till.sell("Tea")
    for secret in (PHONE, NAME, "02-28", "13900001111"):
        assert secret not in str(logs)


# --- edge check-config


def test_files_are_checked_before_a_till_needs_them(tmp_path: Path) -> None:
    files = {"members": members_csv(tmp_path, "1,2"), "leases": "leases.jsonl"}
    (tmp_path / "leases.jsonl").write_text("{}", encoding="utf-8")
    with pytest.raises(SettingsRefused, match="row 2, columns: 2 cells"):
        check_members(shop(tmp_path, **files))
    with pytest.raises(SettingsRefused, match=r"leases\.jsonl: row 1"):
        check_leases(shop(tmp_path, **files))
    members_csv(tmp_path, row_of(HEAD_OFFICES))
    check_members(shop(tmp_path, members="members.csv"))
    check_leases(shop(tmp_path, members="members.csv"))
    for check in (check_members, check_leases):
        check(simulated_settings(tmp_path))


def test_a_file_that_can_not_be_read_is_named(tmp_path: Path) -> None:
    with (tmp_path / "leases.jsonl").open("wb") as file:
        file.truncate(LARGEST_FILE_BYTES + 1)
    with pytest.raises(SettingsRefused, match=r"gone\.csv: can't be read: No such file"):
        check_members(shop(tmp_path, members="gone.csv"))
    with pytest.raises(SettingsRefused, match="more than"):
        check_leases(shop(tmp_path, leases="leases.jsonl"))
