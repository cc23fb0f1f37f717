"""What a customer display has signs for, and what is shown in place of others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from edge.checkout.paper.width import display_width
from edge.checkout.screens import CustomerLine, CustomerScreen
from edge.drivers.charset import Charset
from edge.drivers.displays.display_commands import COMMAND_SETS, Codec, drawn
from edge.drivers.displays.display_serial import DisplaySerialSettings
from tests.support.glass import Cd5220Glass, EscposGlass, Glass

CHINESE = CustomerScreen(
    "农夫山泉 550ml",
    "合计           ¥4.00",
    (CustomerLine("Nongfu Spring"), CustomerLine("TOTAL", "¥4.00")),
)


def settings_of(**more: object) -> DisplaySerialSettings:
    given = {"driver": "display_serial", "name": "display", "path": "/dev/ttyS0", **more}
    return DisplaySerialSettings.model_validate(given)


def shown(
    screen: CustomerScreen,
    commands: str,
    charset: Charset,
    pages: dict[str, Codec],
    glass: Glass,
) -> tuple[str, str]:
    spoken = COMMAND_SETS[commands](charset, pages)
    return glass.feed(spoken.begin() + drawn(screen, spoken))


def test_a_chinese_display_shows_chinese_in_two_columns_a_character() -> None:
    screen = CustomerScreen("农夫山泉，冰 x2", "合计：     ¥4.00", CHINESE.plain)
    expected = ("农夫山泉，冰 x2" + " " * 5, "合计：     ¥4.00" + " " * 4)
    assert shown(screen, "escpos", "gb18030", {}, EscposGlass()) == expected
    assert shown(screen, "cd5220", "gbk", {}, Cd5220Glass("gbk")) == (
        expected[0],
        expected[1].replace("¥", "Y"),
    )


@pytest.mark.parametrize(
    ("commands", "pages", "glass", "sign"),
    [
        ("escpos", {}, EscposGlass(), "¥"),
        ("escpos", {"0": "cp866"}, EscposGlass({0: "cp866"}), "Y"),
        ("cd5220", {}, Cd5220Glass(), "Y"),
        ("cd5220", {"A": "cp437"}, Cd5220Glass(), "¥"),
    ],
)
def test_a_western_display_shows_the_plain_lines_with_the_sum_whole_at_the_edge(
    commands: str, pages: dict[str, Codec], glass: Glass, sign: str
) -> None:
    assert shown(CHINESE, commands, "western", pages, glass) == (
        "Nongfu Spring       ",
        f"TOTAL          {sign}4.00",
    )


def test_a_name_without_a_translation_is_spelled_and_leaves_the_sum_its_room() -> None:
    screen = CustomerScreen(
        "农夫山泉饮用天然水",
        "会员 王*          13",
        (CustomerLine("农夫山泉饮用天然水"), CustomerLine("会员 王小明积分", "¥13.00")),
    )
    assert shown(screen, "cd5220", "western", {}, Cd5220Glass()) == (
        "NongFuShanQuanYinYon",
        "HuiYuan WangX Y13.00",
    )


def test_a_western_display_shows_letters_and_a_sign_for_what_it_lacks() -> None:
    screen = CustomerScreen("Café ﾐﾙｸ Ａ", "Total €5 Łódź")
    assert shown(screen, "escpos", "western", {}, EscposGlass()) == (
        "Café ??? A          ",
        "Total €5 Łódź       ",
    )
    assert shown(screen, "cd5220", "western", {}, Cd5220Glass()) == (
        "Cafe ??? A          ",
        "Total E5 ?odz       ",
    )


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("2½ kg", "2? kg"),
        ("¼ ¾ ⅓", "? ? ?"),
        ("Nr ⑩", "Nr ?"),
        ("Nr ① m²", "Nr 1 m2"),
        ("Rice 5㎏", "Rice 5kg"),
        ("Milk 500㎖", "Milk 500ml"),
        ("Tea…", "Tea."),
        ("25℃", "25?"),
    ],
)
def test_of_a_sign_that_says_more_than_one_nobody_reads_a_part(name: str, read: str) -> None:
    screen = CustomerScreen("大", "", (CustomerLine(name, "1.00"), CustomerLine("")))
    upper, _ = shown(screen, "cd5220", "western", {}, Cd5220Glass())
    assert upper == f"{read:<16}1.00"


def test_a_display_says_its_only_code_page_and_gets_no_other() -> None:
    screen = CustomerScreen("Молоко", "Café")
    assert shown(screen, "escpos", "western", {"7": "cp866"}, EscposGlass({7: "cp866"})) == (
        "Молоко              ",
        "Cafe                ",
    )
    assert shown(screen, "cd5220", "western", {"R": "cp866"}, Cd5220Glass()) == (
        "Молоко              ",
        "Cafe                ",
    )


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"code_pages": {"256": "cp437"}}, "'256' is no number of ESC t"),
        ({"code_pages": {"A": "cp437"}}, "'A' is no number of ESC t"),
        ({"commands": "cd5220", "code_pages": {"0": "cp437"}}, "one of A, L and R"),
        ({"commands": "cd5220", "code_pages": {"A": "cp437", "R": "cp866"}}, "one of A, L and R"),
        (
            {"commands": "cd5220", "charset": "gbk", "code_pages": {"A": "cp437"}},
            "a Chinese CD5220 has none",
        ),
    ],
)
def test_code_pages_are_those_of_the_command_set(more: dict[str, object], reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        settings_of(**more)


@st.composite
def screens(draw: st.DrawFn) -> CustomerScreen:
    texts = st.text(max_size=60)
    plain = st.none() | st.tuples(
        st.builds(CustomerLine, texts, texts, st.booleans()),
        st.builds(CustomerLine, texts, texts, st.booleans()),
    )
    return draw(st.builds(CustomerScreen, texts, texts, plain))


WAYS: list[tuple[str, Charset, dict[str, Codec], str]] = [
    ("escpos", "gb18030", {}, ""),
    ("escpos", "gbk", {}, ""),
    ("escpos", "western", {}, ""),
    ("cd5220", "western", {}, "ascii"),
    ("cd5220", "western", {"L": "cp852"}, "ascii"),
    ("cd5220", "gbk", {}, "gbk"),
    ("cd5220", "gb18030", {}, "gbk"),
]


@given(screens(), st.sampled_from(WAYS), st.integers(min_value=1, max_value=9))
def test_whatever_is_shown_stays_on_its_line_and_is_no_command(
    screen: CustomerScreen, way: tuple[str, Charset, dict[str, Codec], str], portion: int
) -> None:
    """The glass asserts that each byte is a sign on its line, or a command that is known."""
    commands, charset, pages, switches = way
    spoken = COMMAND_SETS[commands](charset, pages)
    glass = EscposGlass() if commands == "escpos" else Cd5220Glass(switches)
    data = spoken.begin() + drawn(CustomerScreen("#" * 20, "#" * 20), spoken)
    data += drawn(screen, spoken) + drawn(screen, spoken)
    for start in range(0, len(data), portion):
        glass.feed(data[start : start + portion])
    assert [display_width(line) for line in glass.text] == [20, 20]
    assert "#" not in "".join(glass.text) or "#" in repr(screen)
