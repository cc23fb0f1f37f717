"""What comes out of the printer: profiles, code pages of other makes, codes and logos as pictures,
and a till's own receipt, as an independent reader of the bytes draws it.
"""

import json
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pydantic import ValidationError

from edge.checkout.effects import PrintReceipt
from edge.checkout.paper.receipt import (
    Align,
    Columns,
    Element,
    Feed,
    Picture,
    Qr,
    Receipt,
    Rule,
    Text,
)
from edge.checkout.paper.receipt_layout import lay_out
from edge.checkout.shop import Language
from edge.drivers.printers.printer_escpos import MAX_QR_BYTES, encode, wake
from edge.drivers.printers.printer_pictures import QUIET_MODULES, qr_picture
from edge.drivers.printers.printer_profiles import CODE_PAGES, PROFILES, PaperSettings
from tests.support.escpos_picture import picture_of, save_picture
from tests.support.escpos_reader import EscposReader, Paper, QrCode, Strip
from tests.support.playbook import SHOP, Till

WESTERN = "Café, Łódź, Ωmega, Привет, 5 €, ¥ 3 × 2, ğış"
# What prints as it is, so that the layout on the screen is the one on paper.
PRINTABLE = st.text("农夫山泉合计找零，。：（）！￥¥éüabc 123", max_size=70)
PLAIN_ELEMENTS: st.SearchStrategy[Element] = st.one_of(
    st.builds(Text, PRINTABLE, st.sampled_from(Align), st.booleans(), st.booleans()),
    st.builds(Columns, PRINTABLE, st.sampled_from(["¥2.00", "1,234.56", "合计"])),
    st.just(Rule()),
    st.builds(Feed, st.integers(1, 8)),
)


def settings(**given: object) -> PaperSettings:
    return PaperSettings.model_validate(given)


def printed(
    *elements: Element, paper: PaperSettings | None = None, pages: dict[int, str] | None = None
) -> Paper:
    paper = paper or PaperSettings()
    reader = EscposReader(paper.columns, dots=paper.dots, pages=pages)
    reader.feed(b"".join(encode(Receipt(1, copy=False, elements=elements), paper)))
    assert reader.complaints == []
    (only,) = reader.papers
    return only


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("profile", PROFILES)
def test_a_tills_receipt_is_read_from_its_bytes_as_it_was_laid_out(
    profile: str, language: Language
) -> None:
    logo = Picture(384, 48, bytes([0xFF, 0xF0, 0x0F] * 768))
    till = Till(replace(SHOP, language=language, logo=logo, footer=("谢谢惠顾！Café ￥", "¥")))
    till.scan("1001", "1002").press("3 X").scan("1003").press("5000 CASH").stored()
    effect = next(each for each in till.effects if isinstance(each, PrintReceipt))
    paper = settings(profile=profile)
    printed_paper = printed(*effect.receipt.elements, paper=paper)
    # A large sum stands in half as many columns as on the screen.
    wanted = [" ".join(line.split()) for line in lay_out(effect.receipt, paper.columns)]
    words = [line for line in wanted if not line.startswith("[")]
    assert [" ".join(line.split()) for line in printed_paper.text] == words
    total = next(line for line in printed_paper.lines if line.large and "¥35.50" in line.text)
    assert total.columns == paper.columns // 2
    (code,) = printed_paper.qr_codes
    assert f"[QR {code}]" in wanted
    assert b"".join(bits for _, bits in printed_paper.strips) == logo.bits
    path = save_picture(printed_paper, f"receipt-{profile}-{language.value}", paper.dots)
    with Image.open(path) as picture:
        assert picture.width == paper.dots + 48
        assert picture.height > 24 * len(printed_paper.lines)
        assert 0.5 < sum(picture.histogram()[128:]) / (picture.width * picture.height) < 0.99


@given(st.lists(PLAIN_ELEMENTS, max_size=12), st.sampled_from(sorted(PROFILES)))
def test_any_receipt_of_printable_words_is_read_back_word_by_word(
    elements: list[Element], profile: str
) -> None:
    paper = settings(profile=profile)
    wanted = lay_out(Receipt(1, copy=False, elements=tuple(elements)), paper.columns)
    assert [line.strip() for line in printed(*elements, paper=paper).text] == [
        line.strip() for line in wanted
    ]


@given(st.binary(max_size=400))
def test_no_bytes_upset_the_reader_itself(data: bytes) -> None:
    """What stands in for a printer takes what cables make of a receipt."""
    reader = EscposReader()
    try:
        reader.feed(data)
    except (UnicodeDecodeError, KeyError, IndexError):
        # A page, a character or an alignment that no printer has.
        return
    assert reader.bytes_fed == len(data)


# --- profiles


def test_a_profile_says_what_fits_and_may_be_overruled() -> None:
    assert (settings().columns, settings().dots) == (48, 576)
    narrow = settings(profile="58mm")
    assert (narrow.columns, narrow.dots) == (32, 384)
    assert settings(profile="80mm_42").columns == 42
    assert (settings(profile="58mm", columns=30).columns, narrow.dots) == (30, 384)
    assert (settings(columns=42).columns, settings(columns=42).dots) == (42, 504)


@pytest.mark.parametrize(
    "wrong",
    [
        {"profile": "110mm"},
        {"columns": "48"},
        {"code_pages": {}},
        {"code_pages": {"utf-8": 1}},
        {"code_pages": {"cp437": 256}},
        {"cut": "half"},
        "80mm",
    ],
)
def test_what_no_printer_has_is_refused(wrong: object) -> None:
    with pytest.raises(ValidationError):
        PaperSettings.model_validate(wrong)


@pytest.mark.parametrize(
    ("cut", "is_cut"), [("partial", "partial"), ("full", "full"), ("none", None)]
)
def test_the_paper_is_cut_as_the_settings_say(cut: str, is_cut: str | None) -> None:
    reader = EscposReader()
    reader.feed(b"".join(encode(Receipt(1, copy=False, elements=()), settings(cut=cut))))
    assert [paper.cut for paper in reader.papers] == ([is_cut] if is_cut else [])
    assert len(reader.unfinished.lines) == (0 if is_cut else 4)


# --- code pages


def pages_of(profile: str) -> dict[int, str]:
    """The numbers as python-escpos' data has them, of which the house's tables are a copy."""
    spec = find_spec("escpos")
    assert spec is not None
    assert spec.origin is not None
    data = json.loads(Path(spec.origin).with_name("capabilities.json").read_text("utf-8"))
    pages = data["profiles"][profile]["codePages"]
    return {int(number): name.lower() for number, name in pages.items()}


@pytest.mark.parametrize(
    ("family", "profile"),
    [("epson", "TM-T88V"), ("zjiang", "POS-5890"), ("rongta", "RP326"), ("star", "TSP600")],
)
def test_western_letters_come_out_on_other_makes(family: str, profile: str) -> None:
    pages = pages_of(profile)
    assert {page.number: page.codec for page in CODE_PAGES[family]}.items() <= pages.items()
    paper = settings(code_pages=family)
    assert printed(Text(WESTERN), paper=paper, pages=pages).text == [WESTERN]


def test_code_pages_may_be_numbered_one_by_one() -> None:
    paper = settings(charset="western", code_pages={"cp437": 3, "cp866": 41})
    assert printed(Text("é Привет Ω"), paper=paper, pages={3: "cp437", 41: "cp866"}).text == [
        "é Привет Ω"
    ]
    assert printed(Text("Ğ"), paper=paper, pages={3: "cp437"}).text == ["G"]


# --- pictures


def dots_of(paper: Paper) -> list[str]:
    """The rows of its picture, as # and dots."""
    rows = []
    for mark in paper.marks:
        assert isinstance(mark, Strip)
        for start in range(0, len(mark.bits), mark.width_bytes):
            row = mark.bits[start : start + mark.width_bytes]
            rows.append("".join(f"{byte:08b}" for byte in row).replace("0", ".").replace("1", "#"))
    return rows


@pytest.mark.parametrize("data", ["ET1:till-1:17", "https://shop.example/r/1?x=" + "a" * 300])
@pytest.mark.parametrize("profile", PROFILES)
def test_a_printer_without_qr_codes_gets_a_picture_with_the_very_modules(
    data: str, profile: str
) -> None:
    paper = settings(profile=profile, qr="image")
    rows = dots_of(printed(Qr(data), paper=paper))
    matrix = segno.make_qr(data, error="m").matrix
    modules = len(matrix) + 2 * QUIET_MODULES
    size = len(rows) // modules
    assert 1 <= size <= paper.qr_dots
    assert modules * size <= paper.dots
    read = [
        [
            rows[(QUIET_MODULES + y) * size + size // 2][(QUIET_MODULES + x) * size + size // 2]
            for x in range(len(matrix))
        ]
        for y in range(len(matrix))
    ]
    assert read == [["#" if module else "." for module in row] for row in matrix]
    quiet = QUIET_MODULES * size
    assert not any("#" in row for row in (*rows[:quiet], *rows[-quiet:]))
    assert all(not row[:quiet].strip(".") for row in rows)


def test_a_code_too_large_for_the_paper_is_a_bug() -> None:
    with pytest.raises(ValueError, match="does not fit the paper"):
        qr_picture("a" * 900, 6, 64)


def test_a_native_code_has_the_modules_of_the_settings() -> None:
    (code,) = printed(Qr("abc"), paper=settings(qr_dots=4)).marks
    assert code == QrCode("abc", 4, "centre")


@pytest.mark.parametrize("size", [1, 14, 15, 180, 181, 500, MAX_QR_BYTES])
@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("asked", [2, 8, 16])
def test_a_native_code_has_smaller_modules_where_it_would_not_fit(
    size: int, profile: str, asked: int
) -> None:
    """As large as the same code's picture, for which segno knows how many modules it has."""
    paper = settings(profile=profile, qr_dots=asked)
    (code,) = printed(Qr("m" * size), paper=paper).marks
    modules = len(segno.make_qr("m" * size, error="m").matrix) + 2 * QUIET_MODULES
    assert isinstance(code, QrCode)
    assert code.module_dots == min(asked, paper.dots // modules)


def test_a_logo_wider_than_the_paper_is_made_smaller_and_keeps_its_lines() -> None:
    frame = Image.new("1", (800, 400), 1)
    frame.paste(0, (2, 2, 798, 398))
    logo = Picture(800, 400, frame.tobytes())
    rows = dots_of(printed(logo, paper=settings(profile="58mm")))
    assert (len(rows[0]), len(rows)) == (384, 192)
    assert rows[0] == rows[-1] == "#" * 384
    assert {row[0] + row[-1] for row in rows} == {"##"}
    assert rows[96].count("#") <= 6


def test_a_logo_that_fits_stays_as_it_is() -> None:
    logo = Picture(12, 2, b"\xff\xf0\x00\x10")
    assert dots_of(printed(logo)) == ["############....", "...........#...."]


@pytest.mark.parametrize("second", [0x04, 0x05, 0x14])
def test_no_picture_spells_a_command_that_is_carried_out_wherever_it_stands(second: int) -> None:
    """DLE DC4 within a logo would open the drawer."""
    bits = bytes([0x10, second, 0x01, 0x00, 0x01, 0x10, 0x10, second])
    paper = printed(Picture(64, 1, bits))
    (only,) = paper.strips
    assert bytes([0x10, second]) not in only[1]
    # One dot more, and no other.
    assert only[1] == bits.replace(bytes([0x10, second]), bytes([0x11, second]))


@given(st.binary(min_size=72, max_size=720).map(lambda dots: dots[: len(dots) // 72 * 72]))
def test_dots_are_dots_whatever_they_spell(bits: bytes) -> None:
    spelt = bits.replace(b"\x00", b"\x10\x04\x01")[: len(bits)]
    paper = printed(Picture(576, len(spelt) // 72, spelt))
    drawn = b"".join(rows for _, rows in paper.strips)
    assert len(drawn) == len(spelt)
    assert all(ours | his == ours for ours, his in zip(drawn, spelt, strict=True))


# --- after a receipt that broke off


@given(st.data())
def test_whatever_half_a_receipt_left_the_next_one_comes_out_whole(data: st.DataObject) -> None:
    paper = settings(profile="58mm")
    logo = Picture(384, 30, bytes(range(256)) * 6)
    elements = (logo, Text("谢谢 Thanks", large=True), Columns("水", "2.00"), Qr("abc"), Text("é"))
    coded = b"".join(encode(Receipt(1, copy=False, elements=elements), paper))
    cut_off = data.draw(st.integers(0, len(coded)))
    reader = EscposReader(paper.columns, dots=paper.dots)
    reader.feed(coded[:cut_off])
    reader.feed(wake(paper, torn=True))
    before = len(reader.papers)
    reader.feed(coded)
    assert len(reader.papers) == before + 1
    assert reader.papers[-1].marks == printed(*elements, paper=paper).marks


def test_the_picture_for_eyes_has_ink_where_the_paper_has() -> None:
    blank, bold = printed(Text(" ")), printed(Text("MMMM", bold=True))
    assert picture_of(blank).getextrema() == (255, 255)
    assert picture_of(bold).getextrema() == (0, 255)
