"""Initials of Chinese names, worked out by a process of their own."""

import subprocess
import sys

import pytest

from edge.store import pinyin
from edge.store.pinyin import PinyinError, initials_of, spelled


def test_each_name_has_the_initials_by_which_people_read_it() -> None:
    names = ["可乐 330ml", "重庆小面", "长江", "银行卡", "茉莉花茶（大）"]
    assert initials_of(names) == {
        "可乐 330ml": "kl330ml",
        "重庆小面": "cqxm",
        "长江": "cj",
        "银行卡": "yhk",
        "茉莉花茶（大）": "mlhcd",
    }


def test_letters_and_digits_of_a_name_stand_for_themselves() -> None:
    assert spelled(["T恤", "维C饮料", "7喜", "卡拉OK", "Café"]) == [
        "tx",
        "wcyl",
        "7x",
        "klok",
        "caf",
    ]


def test_nobody_keys_more_of_them_than_are_kept() -> None:
    assert spelled(["很" * 40]) == ["h" * 12]


def test_names_without_chinese_need_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere")
    assert initials_of(["Cola", ""]) == {}


def test_the_till_itself_never_loads_the_dictionary() -> None:
    program = (
        "import sys; from edge.store.pinyin import initials_of; initials_of(['可乐']);"
        "print('pypinyin' in sys.modules)"
    )
    ran = subprocess.run(
        (sys.executable, "-c", program), capture_output=True, text=True, check=True
    )
    assert ran.stdout == "False\n"


def test_a_process_that_can_not_be_started_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere")
    with pytest.raises(PinyinError, match="No such file"):
        initials_of(["可乐"])


def test_a_process_that_fails_is_said_with_its_last_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pinyin, "__name__", "edge.no_such_module")
    with pytest.raises(PinyinError, match=r"No module named edge\.no_such_module"):
        initials_of(["可乐"])


def test_a_process_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pinyin, "LONGEST_S", 0.001)
    with pytest.raises(PinyinError, match="timed out"):
        initials_of(["可乐"])
